"""People as values: as everybody may see them, and as those who manage them do."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from core.accounts.tables import RoleAssignment, User, UserRole
from core.contract.views import UserView
from core.db import execute
from core.tenancy import author_path

__all__ = [
    "Account",
    "AccountStatus",
    "RoleView",
    "account_of",
    "find_author",
    "load_accounts",
    "role_view",
    "roles_of",
    "user_views",
    "view_of",
]

AccountStatus = Literal["active", "invited", "disabled"]

_CHUNK = 500
_SEEN = (User.id, User.number, User.username, User.display_name, User.slug, User.bio, User.url)
"""What everybody may see of a person."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person as those see him who manage accounts, and he himself."""

    id: UUID
    number: int
    email: str
    username: str
    display_name: str
    slug: str
    first_name: str = ""
    last_name: str = ""
    url: str = ""
    bio: str = ""
    language: str = ""
    """Interface language, "" for the site's."""
    status: AccountStatus
    roles: frozenset[str] = frozenset()
    capabilities: frozenset[str] = frozenset()
    """What the roles list; plugins may add and take when it is asked (`filter_user_capabilities`)."""
    has_password: bool = False
    created_at: datetime
    updated_at: datetime
    last_login_at: datetime | None = None
    version: int = 1
    ext: Mapping[str, Any] = {}
    """What plugins keep about the person, by plugin; filled by `get_user` only."""

    @property
    def view(self) -> UserView:
        """The same person as others may see him."""
        return UserView(
            id=self.id,
            number=self.number,
            name=self.display_name or self.username,
            slug=self.slug,
            bio=self.bio,
            website=self.url,
            url=author_path(self.slug, self.number),
        )


class RoleView(msgspec.Struct, frozen=True, kw_only=True):
    """A role of the site."""

    id: UUID
    name: str
    title: str
    capabilities: frozenset[str]
    owner: str
    """"core", a plugin, or "site" for one made here."""
    users: int = 0
    version: int = 1


def view_of(row: Mapping[str, Any]) -> UserView:
    """Return a row of `users` as everybody may see it."""
    return UserView(
        id=row["id"],
        number=row["number"],
        name=row["display_name"] or row["username"],
        slug=row["slug"],
        bio=row["bio"],
        website=row["url"],
        url=author_path(row["slug"], row["number"]),
    )


def account_of(row: Mapping[str, Any], roles: Iterable[RoleView] = ()) -> Account:
    """Return a row of `users` with its roles."""
    held = tuple(roles)
    return Account(
        **{name: row[name] for name in _PLAIN},
        roles=frozenset(role.name for role in held),
        capabilities=frozenset().union(*(role.capabilities for role in held)),
        has_password=row["password_sealed"] is not None,
    )


_PLAIN = tuple(
    name for name in Account.__struct_fields__ if name not in ("roles", "capabilities", "has_password", "ext")
)


def role_view(row: Mapping[str, Any], users: int = 0) -> RoleView:
    """Return a row of `user_roles`."""
    return RoleView(
        id=row["id"],
        name=row["role_name"],
        title=row["title"],
        capabilities=frozenset(json.loads(row["capabilities"])),
        owner=row["brought_by"],
        users=users,
        version=row["version"],
    )


async def user_views(ids: Iterable[UUID]) -> dict[UUID, UserView]:
    """Return people by id as everybody may see them: one query, however many. Unknown ids are left out."""
    wanted = list(dict.fromkeys(ids))
    found: dict[UUID, UserView] = {}
    for start in range(0, len(wanted), _CHUNK):
        rows = await User.select(*_SEEN).where(User.id.is_in(wanted[start : start + _CHUNK]))
        found.update((row["id"], view_of(row)) for row in rows)
    return found


async def roles_of(ids: Iterable[UUID]) -> dict[UUID, list[RoleView]]:
    """Return the roles of people by id: two queries, however many people."""
    wanted = list(dict.fromkeys(ids))
    found: dict[UUID, list[RoleView]] = {user_id: [] for user_id in wanted}
    if not wanted:
        return found
    roles = {row["id"]: role_view(row) for row in await UserRole.select()}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        for row in await RoleAssignment.select().where(RoleAssignment.user_id.is_in(chunk)):
            if (role := roles.get(row["role_id"])) is not None:  # made a moment ago, by somebody else
                found[row["user_id"]].append(role)
    return found


async def load_accounts(rows: Iterable[Mapping[str, Any]]) -> tuple[Account, ...]:
    """Return rows of `users` as accounts, in their order."""
    listed = list(rows)
    roles = await roles_of(row["id"] for row in listed)
    return tuple(account_of(row, roles[row["id"]]) for row in listed)


async def count_by_role() -> dict[UUID, int]:
    """Return how many people hold each role, by the role's id."""
    rows = await execute(
        "SELECT a.role_id AS role_id, count(*) AS n FROM role_assignments a"
        " JOIN users u ON u.tenant_id = a.tenant_id AND u.id = a.user_id"
        " WHERE a.tenant_id = {tenant} AND u.deleted_at IS NULL GROUP BY a.role_id"
    )
    return {row["role_id"]: int(row["n"]) for row in rows}


async def find_author(*, slug: str = "", number: int = 0) -> UserView | None:
    """Return a person by the slug or the number of an author's archive, None if there is nobody: one query."""
    condition = User.slug == slug if slug else User.number == number
    rows = await User.select(*_SEEN).where(condition, User.deleted_at.is_null())
    return view_of(rows[0]) if rows else None
