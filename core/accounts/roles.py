"""Roles of a site: WordPress's five, those that plugins bring, and the site's own."""

import json
import re
from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

import msgspec

from core.accounts.capabilities import catalogue
from core.accounts.decide import require
from core.accounts.events import record
from core.accounts.freshness import require_fresh
from core.accounts.matrix import ADMIN_CAPABILITIES, ADMINISTRATOR, CORE_ROLES
from core.accounts.rights import lacking
from core.accounts.tables import RoleAssignment, UserRole
from core.accounts.views import RoleView, count_by_role, role_view
from core.clock import now
from core.contract.accounts import RoleDefinition
from core.db import execute, is_unique_violation, savepoint, tenant_work
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.hooks import collect_owned
from core.http import name_of
from core.i18n import gettext as _
from core.tenancy import site_settings
from hookspecs import accounts

__all__ = [
    "RoleInput",
    "delete_role",
    "find_roles",
    "list_roles",
    "save_role",
    "seed_plugin_roles",
    "seed_roles",
]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")
_RESERVED = frozenset({"new"})
"""`/admin/roles/new` is the form of a new role: a role of this name could not be opened."""


class RoleInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is written to a role."""

    name: Annotated[str, msgspec.Meta(max_length=50)]
    title: Annotated[str, name_of(100)]
    capabilities: frozenset[str] = frozenset()


async def seed_roles() -> None:
    """Make WordPress's five roles on the current site, inside the unit in progress. Those there stay as they are."""
    for definition in CORE_ROLES:
        await _seed(definition, "core")


async def seed_plugin_roles(plugin: str) -> None:
    """Make the roles that a plugin brings, inside the unit in progress. Those there stay as they are.

    The roles that its capabilities name get them.
    """
    for owner, definition in collect_owned(accounts.register_roles):
        if owner == plugin:
            await _seed(definition, owner)
    for owner, capability in collect_owned(accounts.register_capabilities):
        if owner == plugin and capability.roles:
            for row in await UserRole.select().where(UserRole.role_name.is_in(sorted(capability.roles))):
                held = frozenset(json.loads(row["capabilities"]))
                await _write(row["id"], held | {capability.name})


async def _seed(definition: RoleDefinition, owner: str) -> None:
    if await UserRole.exists().where(UserRole.role_name == definition.name):
        return
    names = json.dumps(sorted(definition.capabilities))
    await UserRole.insert(
        UserRole(role_name=definition.name, title=definition.title, capabilities=names, brought_by=owner)
    )


async def _write(role_id: UUID, capabilities: frozenset[str]) -> None:
    await UserRole.update(
        {
            UserRole.capabilities: json.dumps(sorted(capabilities)),
            UserRole.updated_at: now(),
            UserRole.version: UserRole.version + 1,
        }
    ).where(UserRole.id == role_id)


async def list_roles() -> tuple[RoleView, ...]:
    """Return the site's roles, the core's first as WordPress orders them, then by title, with their people counted."""
    counts = await count_by_role()
    order = {definition.name: index for index, definition in enumerate(CORE_ROLES)}
    found = [role_view(row, counts.get(row["id"], 0)) for row in await UserRole.select()]
    return tuple(sorted(found, key=lambda role: (order.get(role.name, len(order)), role.title, role.name)))


async def find_roles(names: Iterable[str]) -> tuple[RoleView, ...]:
    """Return roles by name.

    Raises:
        Invalid: One does not exist; the message names it and those there are.
    """
    wanted = frozenset(names)
    found = [role_view(row) for row in await UserRole.select()]
    unknown = wanted - {role.name for role in found}
    if unknown:
        known = ", ".join(sorted(role.name for role in found))
        raise Invalid(
            {
                "roles": _("There is no role %(names)s. Roles: %(known)s.")
                % {"names": ", ".join(sorted(unknown)), "known": known}
            }
        )
    return tuple(role for role in found if role.name in wanted)


def _check(data: RoleInput, before: RoleView | None) -> None:
    errors: dict[str, str] = {}
    if before is None and not _NAME.fullmatch(data.name):
        errors["name"] = _("Use a to z, digits and underscores, and begin with a letter.")
    elif before is None and data.name in _RESERVED:
        errors["name"] = _("This name is taken by an address of the admin.")
    if not data.title.strip():
        errors["title"] = _("A role needs a title.")
    kept = before.capabilities if before else frozenset()
    unknown = data.capabilities - kept - frozenset(catalogue())
    if unknown:
        errors["capabilities"] = _("There is no such right: %(names)s.") % {
            "names": ", ".join(sorted(unknown))
        }
    elif data.name == site_settings().default_role and (data.capabilities - kept) & ADMIN_CAPABILITIES:
        errors["capabilities"] = _("New people begin with this role: it can't give rights of administrators.")
    if errors:
        raise Invalid(errors)


def _check_reach(data: RoleInput, before: RoleView | None) -> None:
    """Nobody gives what he lacks, and nobody changes a role that reaches beyond himself."""
    missing = lacking(data.capabilities | (before.capabilities if before else frozenset()))
    if missing:
        names = ", ".join(sorted(missing))
        raise Forbidden(
            _("A role can't give, and you can't take, rights that you don't have yourself."),
            hint=_("You lack: %(names)s.") % {"names": names},
            reasons=(_("You lack: %(names)s.") % {"names": names},),
        )


async def save_role(data: RoleInput, *, version: int | None = None) -> RoleView:
    """Make a role, or change it if `version` is given.

    Args:
        data: Name, title and capabilities. A name can't change.
        version: The version that was edited; None for a new role.

    Raises:
        Invalid: A name or capability can't be used.
        Conflict: The name is taken, or somebody else changed the role first.
        Forbidden: The administrator's role is fixed, or the actor lacks a capability that it lists.
        NotFound: There is no such role to change.
        StepUp: The password was shown too long ago.
    """
    await require("promote_users")
    require_fresh()
    data = msgspec.structs.replace(data, title=data.title.strip())
    async with tenant_work():
        before = await _current(data.name) if version is not None else None
        _check(data, before)
        _check_reach(data, before)
        if before is None:
            await _insert(data)
        else:
            await _change(data, before, version)
        saved = await _current(data.name)
        await record(
            "role.save",
            resource_type="role",
            resource_id=saved.id,
            before=_state(before) if before else None,
            after=_state(saved),
        )
    return saved


def _state(role: RoleView) -> dict[str, object]:
    return {"name": role.name, "title": role.title, "capabilities": sorted(role.capabilities)}


async def _current(name: str) -> RoleView:
    rows = await UserRole.select().where(UserRole.role_name == name)
    if not rows:
        raise NotFound(_("There is no role “%(name)s”.") % {"name": name})
    return role_view(rows[0])


async def _insert(data: RoleInput) -> None:
    try:
        async with savepoint():
            await UserRole.insert(
                UserRole(
                    role_name=data.name,
                    title=data.title,
                    capabilities=json.dumps(sorted(data.capabilities)),
                    brought_by="site",
                )
            )
    except Exception as error:
        if is_unique_violation(error):
            raise Conflict(_("There is a role of this name already.")) from error
        raise


async def _change(data: RoleInput, before: RoleView, version: int | None) -> None:
    if before.name == ADMINISTRATOR:
        raise Forbidden(
            _("The administrator's role can't be changed: somebody must be able to do everything."),
            hint=_("Make a role of your own instead."),
        )
    rows = await execute(
        "UPDATE user_roles SET title = {}, capabilities = {}, updated_at = {}, version = version + 1"
        " WHERE tenant_id = {tenant} AND id = {} AND version = {} RETURNING id",
        data.title,
        json.dumps(sorted(data.capabilities)),
        now(),
        before.id,
        version,
    )
    if not rows:
        raise Conflict(
            _("Somebody else changed this role first."),
            current=_state(before),
            yours={"name": data.name, "title": data.title, "capabilities": sorted(data.capabilities)},
        )


async def delete_role(name: str) -> None:
    """Delete a role that nobody holds. The core's five stay.

    Raises:
        NotFound: There is none.
        Forbidden: It is one of the core's, or reaches beyond the actor.
        Conflict: Somebody holds it.
        StepUp: The password was shown too long ago.
    """
    await require("promote_users")
    require_fresh()
    async with tenant_work():
        role = await _current(name)
        if role.name in {definition.name for definition in CORE_ROLES}:
            raise Forbidden(_("This role belongs to the frame and can't be deleted."))
        _check_reach(RoleInput(name=role.name, title=role.title), role)
        if await RoleAssignment.exists().where(RoleAssignment.role_id == role.id):
            raise Conflict(
                _("Some people have this role, so it can't be deleted."),
                hint=_("Give them another role first."),
            )
        await UserRole.delete().where(UserRole.id == role.id)
        await record("role.delete", resource_type="role", resource_id=role.id, before=_state(role))
