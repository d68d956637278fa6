"""Signing in and out, showing the password again, and setting a new one."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from core.accounts import (
    LOGIN,
    RESET,
    STEP_UP,
    LoginForm,
    NewPasswordForm,
    ResetForm,
    StepUpForm,
    check_reset_token,
    form_token,
    log_in,
    log_out,
    request_reset,
    reset_password,
    step_up,
)
from core.admin.confirm import ask_to_confirm
from core.admin.flash import flash
from core.admin.shell import AnyRequest, bare, go
from core.context import current_actor
from core.errors import Invalid, RateLimited
from core.http import FormState, form_of, read_request_form, safe_next
from core.i18n import gettext as _
from core.tenancy import site_settings

__all__ = ["dead_link", "handlers"]

_PUBLIC = {"capability": "public"}
_HOME = "/admin"


async def _login(
    request: AnyRequest, state: FormState[LoginForm], status: int = 200, problem: str = ""
) -> Response[str]:
    return await bare(
        request,
        "admin/gate/login.html",
        title=_("Sign in"),
        status=status,
        state=state,
        problem=problem,
        registration=site_settings().registration,
    )


@get(LOGIN, opt=_PUBLIC, include_in_schema=False)
async def login_form(request: AnyRequest) -> Response[Any]:
    """Show the sign-in form, or go on for somebody who is signed in."""
    target = safe_next(request.query_params.get("next"), "")
    if current_actor().kind == "user":
        return go(request, target or _HOME)
    return await _login(request, FormState({"next": target}))


@post(LOGIN, opt=_PUBLIC, include_in_schema=False)
async def login(request: AnyRequest) -> Response[Any]:
    """Sign somebody in."""
    state = read_request_form(request, LoginForm)
    if state.data is None:
        return await _login(request, state, 422)
    try:
        result = await log_in(state.data)
    except Invalid as error:
        return await _login(request, state.failed(error.errors), 422)
    except RateLimited as error:
        response = await _login(request, state, 429, error.message)
        response.headers["retry-after"] = str(error.retry_after)
        return response
    return go(request, result.path)


@post("/admin/logout", opt=_PUBLIC, include_in_schema=False)
async def logout(request: AnyRequest) -> Response[Any]:
    """End the session."""
    await log_out()
    return go(request, LOGIN)


@get("/admin/session", opt={"capability": "read"}, include_in_schema=False)
async def session(request: AnyRequest) -> dict[str, str]:
    """Tell a page that is still open which form token is good now, after somebody signed in again elsewhere."""
    return {"token": form_token()}


@get(STEP_UP, opt={"capability": "read"}, include_in_schema=False)
async def step_up_form(request: AnyRequest) -> Response[Any]:
    """Ask for the password."""
    return await ask_to_confirm(request, then=safe_next(request.query_params.get("next"), _HOME))


@post(STEP_UP, opt={"capability": "read"}, include_in_schema=False)
async def confirm(request: AnyRequest) -> Response[Any]:
    """Note that the password was just shown, and go on."""
    state = read_request_form(request, StepUpForm)
    errors = state.errors
    if state.data is not None:
        try:
            return go(request, await step_up(state.data))
        except Invalid as error:
            errors = error.errors
    target = safe_next(form_of(request).get("next"), _HOME)
    return await ask_to_confirm(request, error=next(iter(errors.values())), then=target)


@get(RESET, opt=_PUBLIC, include_in_schema=False)
async def reset_form(request: AnyRequest) -> Response[Any]:
    """Ask for the address that a link goes to."""
    return await bare(
        request, "admin/gate/reset.html", title=_("Set a new password"), state=FormState(), sent=""
    )


@post(RESET, opt=_PUBLIC, include_in_schema=False)
async def reset(request: AnyRequest) -> Response[Any]:
    """Note that somebody asked for a link; the answer is the same for every address."""
    state = read_request_form(request, ResetForm)
    status, sent = 422, ""
    if state.data is not None and not state.data.email.strip():
        state = state.failed({"email": _("This field is required.")})
    if state.data is not None:
        await request_reset(state.data)
        status, sent = 200, state.data.email
    title = _("Look into your mail") if sent else _("Set a new password")
    return await bare(request, "admin/gate/reset.html", title=title, status=status, state=state, sent=sent)


async def _new_password(
    request: AnyRequest, token: str, state: FormState[Any], status: int = 200
) -> Response[str]:
    return await bare(
        request,
        "admin/gate/new_password.html",
        title=_("Choose a new password"),
        status=status,
        state=state,
        token=token,
    )


@get(f"{RESET}/{{token:str}}", opt=_PUBLIC, include_in_schema=False)
async def new_password_form(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Show the form for a new password, if the link may still be used."""
    try:
        await check_reset_token(token)
    except Invalid as error:
        return await dead_link(request, error)
    return await _new_password(request, token, FormState())


@post(f"{RESET}/{{token:str}}", opt=_PUBLIC, include_in_schema=False)
async def new_password(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Set the new password."""
    state = read_request_form(request, NewPasswordForm)
    if state.data is None:
        return await _new_password(request, token, state, 422)
    try:
        await reset_password(NewPasswordForm(token=token, password=state.data.password))
    except Invalid as error:
        if "token" in error.errors:
            return await dead_link(request, error)
        return await _new_password(request, token, state.failed(error.errors), 422)
    flash(request, _("The new password is set. Sign in with it."))
    return go(request, LOGIN)


async def dead_link(request: AnyRequest, error: Invalid) -> Response[str]:
    """Answer that a link can't be used, and why."""
    return await bare(
        request,
        "admin/gate/dead_link.html",
        title=_("This link no longer works"),
        status=422,
        message=next(iter(error.errors.values())),
    )


handlers = [
    login_form,
    login,
    logout,
    session,
    step_up_form,
    confirm,
    reset_form,
    reset,
    new_password_form,
    new_password,
]
