"""Roles: who may do what, at a glance, and roles of the site's own."""

from typing import Any, Final

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from core.accounts import (
    ADMINISTRATOR,
    CORE_ROLES,
    RoleInput,
    RoleView,
    catalogue,
    delete_role,
    lacking,
    list_roles,
    save_role,
)
from core.admin.confirm import confirm_first
from core.admin.flash import flash
from core.admin.shell import AnyRequest, Crumb, go, screen
from core.admin.view_routes import FormProblem, problem_of, status_of, version_of
from core.contract.accounts import Capability
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from core.http import FormState, fill_form, read_request_form
from core.i18n import gettext as _
from core.text import slugify

__all__ = ["handlers"]

_OPT: Final = {"capability": "promote_users"}
_PATH: Final = "/admin/roles"
_FIXED: Final = frozenset(role.name for role in CORE_ROLES)


class RightGroup(Struct, frozen=True, kw_only=True):
    """Rights under one heading."""

    title: str
    rights: tuple[Capability, ...]


def _groups() -> tuple[RightGroup, ...]:
    groups: dict[str, list[Capability]] = {}
    for right in catalogue().values():
        groups.setdefault(_(right.group) if right.group else _("Other"), []).append(right)
    return tuple(RightGroup(title=title, rights=tuple(found)) for title, found in groups.items())


@get(_PATH, opt=_OPT, include_in_schema=False)
async def matrix(request: AnyRequest) -> Response[str]:
    """Show which role may do what."""
    return await screen(
        request,
        "admin/roles/matrix.html",
        key="roles",
        title=_("Roles"),
        roles=await list_roles(),
        groups=_groups(),
    )


async def _form(
    request: AnyRequest,
    state: FormState[Any],
    role: RoleView | None,
    *,
    problem: FormProblem | None = None,
    version: int | None = None,
) -> Response[str]:
    return await screen(
        request,
        "admin/roles/form.html",
        key="roles",
        title=_("New role") if role is None else _(role.title),
        crumbs=(Crumb(_("Roles"), _PATH),),
        status=status_of(state, problem),
        role=role,
        fixed=role is not None and role.name == ADMINISTRATOR,
        deletes=role is not None and role.name not in _FIXED and role.users == 0,
        state=state,
        problem=problem,
        version=version if version is not None else (role.version if role is not None else None),
        groups=_groups(),
        # what one lacks oneself can't be given
        beyond=lacking(catalogue()),
        action=f"{_PATH}/new" if role is None else f"{_PATH}/{role.name}",
    )


async def _known(name: str) -> RoleView:
    for role in await list_roles():
        if role.name == name:
            return role
    raise NotFound(_("There is no role “%(name)s”.") % {"name": name})


@get(f"{_PATH}/new", opt=_OPT, include_in_schema=False)
async def new(request: AnyRequest) -> Response[str]:
    """Show an empty form, or one that begins as a copy."""
    start = request.query_params.get("like", "")
    like = next((role for role in await list_roles() if role.name == start), None)
    chosen = sorted(like.capabilities - lacking(like.capabilities)) if like is not None else ["read"]
    return await _form(request, FormState({"capabilities": chosen}), None)


@get(f"{_PATH}/{{name:str}}", opt=_OPT, include_in_schema=False)
async def edit(request: AnyRequest, name: FromPath[str]) -> Response[str]:
    """Show the form of a role."""
    role = await _known(name)
    data = RoleInput(name=role.name, title=role.title, capabilities=role.capabilities)
    return await _form(request, fill_form(data), role)


def _named(request: AnyRequest, role: RoleView | None) -> FormState[RoleInput]:
    """Read the form; a role without a name gets one made of its title."""
    state = read_request_form(request, RoleInput)
    if state.data is None:
        return state
    title = state.data.title
    name = role.name if role is not None else state.data.name or slugify(title, limit=50).replace("-", "_")
    # rights of plugins that are off have no box to tick: they stay until the plugin is back
    hidden = role.capabilities - frozenset(catalogue()) if role is not None else frozenset[str]()
    return FormState(
        state.values, {}, RoleInput(name=name, title=title, capabilities=state.data.capabilities | hidden)
    )


async def _save(request: AnyRequest, role: RoleView | None) -> Response[Any]:
    state, version = _named(request, role), version_of(request, needed=role is not None)
    if state.data is None:
        return await _form(request, state, role, version=version)
    try:
        saved = await save_role(state.data, version=version if role is not None else None)
    except Invalid as error:
        return await _form(request, state.failed(error.errors), role, version=version)
    except Conflict as error:
        fresh = await _known(role.name) if role is not None else None
        return await _form(request, state, fresh, problem=problem_of(error))
    except (Refused, Forbidden) as error:
        return await _form(request, state, role, problem=problem_of(error), version=version)
    flash(request, _("“%(what)s” was saved.") % {"what": _(saved.title)})
    return go(request, _PATH)


@post(f"{_PATH}/new", opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def create(request: AnyRequest) -> Response[Any]:
    """Make a role of the site's own."""
    return await _save(request, None)


@post(f"{_PATH}/{{name:str}}", opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def change(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Change a role."""
    return await _save(request, await _known(name))


@post(f"{_PATH}/{{name:str}}/delete", opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def delete(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Delete a role that nobody holds."""
    role = await _known(name)
    try:
        await delete_role(role.name)
    except (Conflict, Forbidden) as error:
        flash(request, str(error), "error")
        return go(request, f"{_PATH}/{role.name}")
    flash(request, _("“%(what)s” was deleted.") % {"what": _(role.title)})
    return go(request, _PATH)


handlers = [matrix, new, edit, create, change, delete]
