"""One's own account: who one is, password and address, sessions, API tokens."""

from typing import Annotated, Any, Final

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Meta, Struct

from core.accounts import (
    Account,
    EmailForm,
    PasswordForm,
    TokenForm,
    UserChanges,
    catalogue,
    change_email,
    change_password,
    create_token,
    current_visit,
    end_other_sessions,
    end_own_session,
    get_user,
    list_tokens,
    own_sessions,
    revoke_token,
    update_user,
)
from core.admin.agents import browser_of
from core.admin.confirm import confirm_first
from core.admin.flash import flash
from core.admin.forms import filled, form_groups, submitted
from core.admin.panels import panels_of, read_ext, shown_ext, with_ext
from core.admin.pieces import Option
from core.admin.shell import AnyRequest, Crumb, go, screen
from core.admin.users import users
from core.admin.view_routes import FormProblem, problem_of, status_of, version_of
from core.context import current_actor
from core.errors import Conflict, Invalid, RateLimited, Refused, Unauthenticated
from core.http import FormState, form_of, line_of, name_of, read_request_form, text_of
from core.i18n import gettext as _

__all__ = ["ProfileForm", "handlers"]

_OPT: Final = {"capability": "read"}
_PATH: Final = "/admin/profile"


class ProfileForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What everybody may change of himself."""

    display_name: Annotated[
        str, name_of(250), Meta(title="Your name", description="It stands above what you write.")
    ]
    first_name: Annotated[
        str, name_of(100, min_length=0), Meta(title="First name", extra_json_schema={"width": "half"})
    ] = ""
    last_name: Annotated[
        str, name_of(100, min_length=0), Meta(title="Last name", extra_json_schema={"width": "half"})
    ] = ""
    bio: Annotated[
        str,
        text_of(10_000),
        Meta(title="About you", description="Shown beside your posts, if the theme does."),
    ] = ""
    url: Annotated[str, line_of(255), Meta(title="Website", extra_json_schema={"widget": "url"})] = ""
    language: Annotated[
        str, line_of(10), Meta(title="Language", description="Of the admin, and of mail to you.")
    ] = ""


async def _own() -> Account:
    actor = current_actor()
    if actor.id is None:
        raise Unauthenticated(_("Sign in to do this."))
    return await get_user(actor.id)


def _values(account: Account) -> ProfileForm:
    return ProfileForm(**{name: getattr(account, name) for name in ProfileForm.__struct_fields__})


async def _choices(field: str) -> list[Option] | None:
    if field != "language":
        return None
    return [Option("", _("The site's")), Option("pt-BR", "Português (Brasil)"), Option("en", "English")]


async def _profile(
    request: AnyRequest,
    account: Account,
    state: FormState[Any],
    problem: FormProblem | None = None,
    version: int | None = None,
) -> Response[str]:
    return await screen(
        request,
        "admin/profile/profile.html",
        key="profile",
        title=_("Your profile"),
        status=status_of(state, problem),
        account=account,
        groups=await form_groups(ProfileForm, _choices),
        panels=await panels_of("user", "", account.view, state),
        state=state,
        problem=problem,
        version=version if version is not None else account.version,
    )


@get(_PATH, opt=_OPT, include_in_schema=False)
async def profile(request: AnyRequest) -> Response[str]:
    """Show the own profile."""
    account = await _own()
    state = filled(_values(account))
    values = {**state.values, **shown_ext("user", account.ext)}
    return await _profile(request, account, FormState(values, {}, state.data))


@post(_PATH, opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def save_profile(request: AnyRequest) -> Response[Any]:
    """Change the own profile."""
    account = await _own()
    version = version_of(request, needed=True)
    form = form_of(request)
    read = read_ext(form, "user")
    state = with_ext(
        submitted(request, ProfileForm, also=[name for name in form if name.startswith("ext.")]), read
    )
    if state.data is None:
        return await _profile(request, account, state, version=version)
    try:
        values = {**msgspec.structs.asdict(state.data), "ext": dict(read.data)}
        changes = msgspec.convert(values, UserChanges)
        await update_user(account.id, changes, version=version or account.version)
    except Invalid as error:
        return await _profile(request, account, state.failed(error.errors), version=version)
    except Conflict as error:
        return await _profile(request, await _own(), state, problem_of(error))
    except Refused as error:
        return await _profile(request, account, state, problem_of(error), version=version)
    except msgspec.ValidationError:
        wrong = {"language": _("Choose one of the languages.")}
        return await _profile(request, account, state.failed(wrong), version=version)
    flash(request, _("Saved."))
    return go(request, _PATH)


async def _security(
    request: AnyRequest,
    *,
    password: FormState[Any] | None = None,
    email: FormState[Any] | None = None,
    token: FormState[Any] | None = None,
    status: int = 200,
    problem: str = "",
    shown_once: str = "",
) -> Response[str]:
    visit = current_visit()
    account = await _own()
    held = account.capabilities | current_actor().capabilities
    rights = [right for name, right in catalogue().items() if name in held]
    return await screen(
        request,
        "admin/profile/security.html",
        key="profile",
        title=_("Password and sessions"),
        crumbs=(Crumb(_("Your profile"), _PATH),),
        status=status,
        account=account,
        password=password or FormState(),
        email=email or FormState(),
        token=token or FormState({"days": "90"}),
        problem=problem,
        shown_once=shown_once,
        sessions=[(session, browser_of(session.agent)) for session in await own_sessions()],
        present=visit.session.id if visit is not None and visit.session is not None else None,
        tokens=await list_tokens(),
        rights=[(right.name, _(right.title), _(right.group)) for right in rights],
    )


@get(f"{_PATH}/security", opt=_OPT, include_in_schema=False)
async def security(request: AnyRequest) -> Response[str]:
    """Show password, address, sessions and API tokens."""
    return await _security(request)


@post(f"{_PATH}/password", opt=_OPT, include_in_schema=False)
async def save_password(request: AnyRequest) -> Response[Any]:
    """Change the own password."""
    state = read_request_form(request, PasswordForm)
    if state.data is None:
        return await _security(request, password=state, status=422)
    try:
        await change_password(state.data)
    except Invalid as error:
        return await _security(request, password=state.failed(error.errors), status=422)
    flash(request, _("The new password counts. All other sessions have ended."))
    return go(request, f"{_PATH}/security")


@post(f"{_PATH}/email", opt=_OPT, include_in_schema=False)
async def save_email(request: AnyRequest) -> Response[Any]:
    """Ask for another address."""
    state = read_request_form(request, EmailForm)
    if state.data is None:
        return await _security(request, email=state, status=422)
    try:
        await change_email(state.data)
    except Invalid as error:
        return await _security(request, email=state.failed(error.errors), status=422)
    except RateLimited as error:
        return await _security(request, email=state, status=429, problem=error.message)
    flash(request, _("Follow the link that was mailed to the new address: then it counts."))
    return go(request, f"{_PATH}/security")


@post(f"{_PATH}/sessions/end", opt=_OPT, include_in_schema=False)
async def end_others(request: AnyRequest) -> Response[Any]:
    """End all sessions but this one."""
    await end_other_sessions()
    flash(request, _("All other sessions have ended."))
    return go(request, f"{_PATH}/security")


@post(f"{_PATH}/sessions/{{key:str}}/end", opt=_OPT, include_in_schema=False)
async def end_one(request: AnyRequest, key: FromPath[str]) -> Response[Any]:
    """End one of the own sessions."""
    await end_own_session(users.uuid(key))
    flash(request, _("The session has ended."))
    return go(request, f"{_PATH}/security")


@get(f"{_PATH}/tokens", opt=_OPT, include_in_schema=False)
async def tokens(request: AnyRequest) -> Response[Any]:
    """Lead to the screen: the address stands in the browser while somebody confirms a new token."""
    return go(request, f"{_PATH}/security")


@post(f"{_PATH}/tokens", opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def make_token(request: AnyRequest) -> Response[Any]:
    """Make an API token, and show it this once."""
    state = read_request_form(request, TokenForm)
    if state.data is None:
        return await _security(request, token=state, status=422)
    try:
        text, _view = await create_token(state.data)
    except Invalid as error:
        return await _security(request, token=state.failed(error.errors), status=422)
    return await _security(request, shown_once=text)


@post(f"{_PATH}/tokens/{{key:str}}/revoke", opt=_OPT, include_in_schema=False)
async def end_token(request: AnyRequest, key: FromPath[str]) -> Response[Any]:
    """Revoke an API token."""
    await revoke_token(users.uuid(key))
    flash(request, _("The token was revoked: programs that use it are out."))
    return go(request, f"{_PATH}/security")


handlers = [
    profile,
    save_profile,
    security,
    save_password,
    save_email,
    end_others,
    end_one,
    tokens,
    make_token,
    end_token,
]
