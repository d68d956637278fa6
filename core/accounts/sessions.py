"""Strict sessions: a row per signed-in browser, found by the SHA-256 of its token (controls SE01 to SE06).

An id that we did not issue finds no row and is never adopted. Each request reads the row, so ending
a session takes effect with the next request, in every process.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from core.accounts.keys import digest, new_token
from core.accounts.matrix import ADMIN_CAPABILITIES
from core.accounts.rights import user_actor
from core.accounts.tables import Session
from core.accounts.views import view_of
from core.clock import now
from core.context import Actor
from core.contract.views import UserView
from core.db import execute, tenant_work

__all__ = [
    "Found",
    "SessionView",
    "end_sessions",
    "find_session",
    "forget_expired",
    "limits_of",
    "open_session",
    "refresh_session",
    "renew_session",
    "sessions_of",
    "touch_session",
]

TOUCH_EVERY: Final = timedelta(minutes=1)
"""How exactly the last use is known: a write per request would cost more than it tells."""

_ADMIN_LIMITS: Final = (timedelta(minutes=15), timedelta(hours=12))
_LIMITS: Final = (timedelta(hours=1), timedelta(hours=24))


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its owner sees it."""

    id: UUID
    user_id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    authenticated_at: datetime
    network: str = ""
    agent: str = ""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a valid token stands for."""

    session: SessionView
    user: UserView
    actor: Actor
    language: str = ""


def limits_of(capabilities: frozenset[str]) -> tuple[timedelta, timedelta]:
    """Return how long a session may idle and how long it may last: shorter for administrators."""
    return _ADMIN_LIMITS if capabilities & ADMIN_CAPABILITIES else _LIMITS


def _view(row: Mapping[str, Any]) -> SessionView:
    return SessionView(**{name: row[name] for name in SessionView.__struct_fields__})


async def open_session(
    user_id: UUID, stamp: int, capabilities: frozenset[str], *, network: str = "", agent: str = ""
) -> tuple[str, SessionView]:
    """Begin a session for somebody who has just shown a factor, inside the unit in progress.

    Args:
        user_id: Who.
        stamp: The user's `security_stamp`; when it moves, the session is over.
        capabilities: What the user holds; decides how long the session may last.
        network: Where from.
        agent: What the browser calls itself.

    Returns:
        The token, which is shown to nobody else and stored nowhere, and the session.
    """
    token, at = new_token(), now()
    row = Session(
        token_hash=digest(token),
        user_id=user_id,
        created_at=at,
        last_seen_at=at,
        expires_at=at + limits_of(capabilities)[1],
        authenticated_at=at,
        security_stamp=stamp,
        network=network,
        agent=agent,
    )
    await Session.insert(row)
    return token, _view(row.to_dict())


_FIND = """
SELECT s.id AS session_id, s.user_id AS user_id, s.created_at AS created_at, s.last_seen_at AS last_seen_at,
       s.expires_at AS expires_at, s.authenticated_at AS authenticated_at, s.network AS network, s.agent AS agent,
       s.security_stamp AS stamp, u.security_stamp AS user_stamp, u.number AS number, u.username AS username,
       u.display_name AS display_name, u.slug AS slug, u.bio AS bio, u.url AS url, u.language AS language,
       r.role_name AS role_name, r.capabilities AS capabilities
FROM sessions s
JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
LEFT JOIN role_assignments a ON a.tenant_id = u.tenant_id AND a.user_id = u.id
LEFT JOIN user_roles r ON r.tenant_id = a.tenant_id AND r.id = a.role_id
WHERE s.tenant_id = {tenant} AND s.token_hash = {} AND u.status = 'active' AND u.deleted_at IS NULL
"""


async def find_session(token: str) -> Found | None:
    """Return what a session token stands for, None if it is none of ours, over, or its user may not sign in.

    One query, whatever the number of roles.
    """
    rows = await execute(_FIND, digest(token))
    if not rows:
        return None
    first, at = rows[0], now()
    if first["stamp"] != first["user_stamp"] or first["expires_at"] <= at:
        return None
    roles = frozenset(row["role_name"] for row in rows if row["role_name"])
    listed = frozenset(
        name for row in rows if row["capabilities"] for name in json.loads(row["capabilities"])
    )
    session = _view({**first, "id": first["session_id"]})
    user = view_of({**first, "id": first["user_id"]})
    actor = await user_actor(user, roles, listed, session=session.id)
    idle, overall = limits_of(actor.capabilities)
    if session.last_seen_at + idle <= at or session.created_at + overall <= at:
        return None
    return Found(session=session, user=user, actor=actor, language=first["language"])


async def touch_session(session: SessionView) -> None:
    """Note that a session is in use, at most once a minute. Opens a write unit of its own if it is time."""
    at = now()
    if at - session.last_seen_at < TOUCH_EVERY:
        return
    async with tenant_work():
        await Session.update({Session.last_seen_at: at}).where(Session.id == session.id)


async def refresh_session(session_id: UUID) -> str:
    """Note that a factor was just shown, inside the unit in progress.

    Returns:
        The session's new token; the old one is dead.
    """
    token = new_token()
    await Session.update({Session.token_hash: digest(token), Session.authenticated_at: now()}).where(
        Session.id == session_id
    )
    return token


async def renew_session(session_id: UUID, stamp: int) -> str:
    """Let a session go on after its user's security stamp moved, inside the unit in progress.

    Returns:
        The session's new token; the old one is dead.
    """
    token = new_token()
    await Session.update({Session.token_hash: digest(token), Session.security_stamp: stamp}).where(
        Session.id == session_id
    )
    return token


async def sessions_of(user_id: UUID) -> tuple[SessionView, ...]:
    """Return somebody's sessions that are not over, the one used last first."""
    rows = await execute(
        "SELECT s.id AS id, s.user_id AS user_id, s.created_at AS created_at, s.last_seen_at AS last_seen_at,"
        " s.expires_at AS expires_at, s.authenticated_at AS authenticated_at, s.network AS network, s.agent AS agent"
        " FROM sessions s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id"
        " WHERE s.tenant_id = {tenant} AND s.user_id = {} AND s.expires_at > {}"
        " AND s.security_stamp = u.security_stamp ORDER BY s.last_seen_at DESC",
        user_id,
        now(),
    )
    return tuple(_view(row) for row in rows)


async def end_sessions(user_id: UUID, *, only: UUID | None = None, keep: UUID | None = None) -> int:
    """End sessions of one person, inside the unit in progress.

    Args:
        user_id: Whose.
        only: End just this one.
        keep: End all but this one.

    Returns:
        How many there were.
    """
    query = Session.delete().where(Session.user_id == user_id)
    if only is not None:
        query = query.where(Session.id == only)
    if keep is not None:
        query = query.where(Session.id != keep)
    return len(await query.returning(Session.id))


async def forget_expired() -> None:
    """Remove sessions that are over, inside the unit in progress."""
    at = now()
    await Session.delete().where((Session.expires_at < at) | (Session.last_seen_at < at - _LIMITS[0]))
