"""How people get in: registration, invitation, the first administrator, and a new address confirmed."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from core.accounts import (
    CONFIRM_EMAIL,
    FIRST_ADMIN,
    JOIN,
    LOGIN,
    AcceptForm,
    FirstAdminForm,
    RegisterForm,
    accept,
    check_first_admin_token,
    check_join_token,
    confirm_email,
    first_admin,
    request_registration,
    require_open_registration,
)
from core.admin.auth import dead_link
from core.admin.flash import flash
from core.admin.shell import AnyRequest, bare, go
from core.context import current_actor
from core.errors import Conflict, Invalid
from core.http import FormState, read_request_form
from core.i18n import gettext as _

__all__ = ["handlers"]

_PUBLIC = {"capability": "public"}
_HOME = "/admin"


async def _register(
    request: AnyRequest, state: FormState[Any], status: int = 200, sent: str = ""
) -> Response[str]:
    title = _("Look into your mail") if sent else _("Get an account")
    return await bare(request, "admin/gate/register.html", title=title, status=status, state=state, sent=sent)


@get(JOIN, opt=_PUBLIC, include_in_schema=False)
async def register_form(request: AnyRequest) -> Response[Any]:
    """Ask for the address of somebody who wants an account, where the site lets everybody."""
    require_open_registration()
    return await _register(request, FormState())


@post(JOIN, opt=_PUBLIC, include_in_schema=False)
async def register(request: AnyRequest) -> Response[Any]:
    """Note that somebody wants an account; the answer is the same for every address."""
    require_open_registration()
    state = read_request_form(request, RegisterForm)
    if state.data is None:
        return await _register(request, state, 422)
    try:
        await request_registration(state.data)
    except Invalid as error:
        return await _register(request, state.failed(error.errors), 422)
    return await _register(request, state, sent=state.data.email)


async def _join(
    request: AnyRequest, token: str, email: str, state: FormState[Any], status: int = 200
) -> Response[str]:
    return await bare(
        request,
        "admin/gate/join.html",
        title=_("Welcome"),
        status=status,
        state=state,
        token=token,
        email=email,
    )


@get(f"{JOIN}/{{token:str}}", opt=_PUBLIC, include_in_schema=False)
async def join_form(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Show the form that takes an account, if the link may still be used."""
    try:
        email = await check_join_token(token)
    except Invalid as error:
        return await dead_link(request, error)
    return await _join(request, token, email, FormState())


@post(f"{JOIN}/{{token:str}}", opt=_PUBLIC, include_in_schema=False)
async def join(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Take the account, and sign in."""
    state = read_request_form(request, AcceptForm)
    email = ""
    try:
        email = await check_join_token(token)
        if state.data is None:
            return await _join(request, token, email, state, 422)
        form = state.data
        await accept(AcceptForm(token=token, display_name=form.display_name, password=form.password))
    except Invalid as error:
        if "token" in error.errors:
            return await dead_link(request, error)
        return await _join(request, token, email, state.failed(error.errors), 422)
    except Conflict as error:
        return await _join(request, token, email, state.failed({"display_name": str(error)}), 409)
    flash(request, _("Welcome! Your account is ready."))
    return go(request, _HOME)


async def _first(request: AnyRequest, token: str, state: FormState[Any], status: int = 200) -> Response[str]:
    return await bare(
        request,
        "admin/gate/first.html",
        title=_("Make this site yours"),
        status=status,
        state=state,
        token=token,
    )


@get(f"{FIRST_ADMIN}/{{token:str}}", opt=_PUBLIC, include_in_schema=False)
async def first_form(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Show the form of the first administrator, if the link may still be used."""
    try:
        await check_first_admin_token(token)
    except Invalid as error:
        return await dead_link(request, error)
    return await _first(request, token, FormState())


@post(f"{FIRST_ADMIN}/{{token:str}}", opt=_PUBLIC, include_in_schema=False)
async def first(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Make the first administrator, and sign in."""
    state = read_request_form(request, FirstAdminForm)
    if state.data is None:
        return await _first(request, token, state, 422)
    form = state.data
    try:
        await first_admin(
            FirstAdminForm(
                token=token, email=form.email, display_name=form.display_name, password=form.password
            )
        )
    except Invalid as error:
        if "token" in error.errors:
            return await dead_link(request, error)
        return await _first(request, token, state.failed(error.errors), 422)
    return go(request, _HOME)


@get(f"{CONFIRM_EMAIL}/{{token:str}}", opt=_PUBLIC, include_in_schema=False)
async def confirm_form(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Ask whether the new address is to count: following a link changes nothing by itself."""
    return await bare(
        request, "admin/gate/confirm_email.html", title=_("Confirm your new address"), token=token
    )


@post(f"{CONFIRM_EMAIL}/{{token:str}}", opt=_PUBLIC, include_in_schema=False)
async def confirm(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Make the new address count."""
    try:
        await confirm_email(token)
    except Invalid as error:
        return await dead_link(request, error)
    flash(request, _("Your new address counts from now on."))
    return go(request, "/admin/profile" if current_actor().kind == "user" else LOGIN)


handlers: list[Any] = [
    register_form,
    register,
    join_form,
    join,
    first_form,
    first,
    confirm_form,
    confirm,
]
