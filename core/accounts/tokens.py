"""API tokens: scoped, expiring, revocable, shown once. They never ride on cookies and open no admin page."""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from core.accounts.capabilities import catalogue, granted
from core.accounts.decide import require
from core.accounts.events import record
from core.accounts.forms import TokenForm
from core.accounts.freshness import require_fresh
from core.accounts.rights import user_actor
from core.accounts.store import account_by_id
from core.accounts.tables import ApiToken
from core.accounts.views import view_of
from core.clock import now
from core.context import Actor, current_actor
from core.crypto import new_api_token, parse_api_token
from core.db import execute, tenant_work
from core.errors import Forbidden, Invalid, NotFound, Unauthenticated
from core.i18n import gettext as _
from core.mail import send

__all__ = ["TokenView", "create_token", "find_token", "list_tokens", "revoke_token"]

KIND: Final = "api"
_TOUCH_EVERY: Final = timedelta(minutes=1)
_MOST: Final = 50


class TokenView(msgspec.Struct, frozen=True, kw_only=True):
    """A token as its owner sees it: without the secret."""

    id: UUID
    key: str
    """Its public part: the token begins with `cms_api_<key>_`."""
    title: str
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


def _view(row: Mapping[str, Any]) -> TokenView:
    return TokenView(
        id=row["id"],
        key=row["token_key"],
        title=row["title"],
        scopes=frozenset(json.loads(row["scopes"])),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        last_used_at=row["last_used_at"],
        revoked_at=row["revoked_at"],
    )


async def create_token(form: TokenForm) -> tuple[str, TokenView]:
    """Make a token for the current user.

    Args:
        form: Title, capabilities and days it lasts. Every token ends.

    Returns:
        The token, to be shown this once, and what is kept of it.

    Raises:
        Invalid: No capability, one that the user does not hold, or too many tokens.
        StepUp: The password was shown too long ago.
        Unauthenticated: Nobody is signed in.
        Forbidden: An API token asks for another one.
    """
    owner = _owner()
    require_fresh()
    await _check(form, owner)
    text = new_api_token(KIND)
    account = await account_by_id(owner)
    async with tenant_work():
        row = ApiToken(
            token_key=text.key,
            token_hash=text.digest,
            user_id=owner,
            title=form.title,
            scopes=json.dumps(sorted(form.scopes)),
            created_at=now(),
            expires_at=now() + timedelta(days=form.days),
        )
        await ApiToken.insert(row)
        await send(
            "token-created",
            account.email,
            {"name": account.view.name, "title": form.title},
            language=account.language,
        )
        detail = {"title": form.title, "scopes": sorted(form.scopes), "days": form.days}
        await record("token.create", resource_type="token", resource_id=row.id, detail=detail)
    return text.text, _view(row.to_dict())


def _owner() -> UUID:
    actor = current_actor()
    if actor.kind != "user" or actor.id is None:
        raise Unauthenticated(_("Sign in to do this."))
    if actor.scopes is not None:
        raise Forbidden(_("This can't be done with an API token."), hint=_("Sign in to do it."))
    return actor.id


async def _check(form: TokenForm, owner: UUID) -> None:
    errors: dict[str, str] = {}
    if not form.scopes:
        errors["scopes"] = _("Choose at least one right.")
    beyond = form.scopes - (granted(current_actor().capabilities) & frozenset(catalogue()))
    if beyond:
        errors["scopes"] = _("You don't have these rights yourself: %(names)s.") % {
            "names": ", ".join(sorted(beyond))
        }
    live = await ApiToken.count().where(
        ApiToken.user_id == owner, ApiToken.revoked_at.is_null(), ApiToken.expires_at > now()
    )
    if live >= _MOST:
        errors["title"] = _("There are %(count)s tokens already. Revoke one first.") % {"count": live}
    if errors:
        raise Invalid(errors)


async def list_tokens(user_id: UUID | None = None) -> tuple[TokenView, ...]:
    """Return the current user's tokens, or with `edit_users` somebody else's, the newest first."""
    owner = _owner() if user_id is None else user_id
    if owner != current_actor().id:
        await require("edit_user", (await account_by_id(owner)).view)
    rows = (
        await ApiToken.select()
        .where(ApiToken.user_id == owner)
        .order_by(ApiToken.created_at, ascending=False)
    )
    return tuple(_view(row) for row in rows)


async def revoke_token(token_id: UUID) -> None:
    """Make a token worthless at once: one's own, or with `edit_users` somebody else's.

    Raises:
        NotFound: There is none of this id.
    """
    rows = await ApiToken.select().where(ApiToken.id == token_id)
    if not rows:
        raise NotFound(_("There is no such token."))
    if rows[0]["user_id"] != current_actor().id:
        await require("edit_user", (await account_by_id(rows[0]["user_id"])).view)
    async with tenant_work():
        await ApiToken.update({ApiToken.revoked_at: now()}).where(
            ApiToken.id == token_id, ApiToken.revoked_at.is_null()
        )
        await record("token.revoke", resource_type="token", resource_id=token_id)


_FIND = """
SELECT t.id AS token_id, t.token_hash AS token_hash, t.scopes AS scopes, t.expires_at AS expires_at,
       t.revoked_at AS revoked_at, t.last_used_at AS last_used_at,
       u.id AS user_id, u.number AS number, u.username AS username, u.display_name AS display_name,
       u.slug AS slug, u.bio AS bio, u.url AS url, r.role_name AS role_name, r.capabilities AS capabilities
FROM api_tokens t
JOIN users u ON u.tenant_id = t.tenant_id AND u.id = t.user_id
LEFT JOIN role_assignments a ON a.tenant_id = u.tenant_id AND a.user_id = u.id
LEFT JOIN user_roles r ON r.tenant_id = a.tenant_id AND r.id = a.role_id
WHERE t.tenant_id = {tenant} AND t.token_key = {} AND u.status = 'active' AND u.deleted_at IS NULL
"""


async def find_token(text: str) -> Actor | None:
    """Return whom a token stands for, None if it is unknown, over, revoked, or its owner may not sign in.

    The actor can do what both the owner and the token's scopes allow. When it was last used is kept to
    the minute, in a write unit of its own.
    """
    parsed = parse_api_token(text)
    if parsed is None or parsed.kind != KIND:
        return None
    rows = await execute(_FIND, parsed.key)
    if not rows or not hmac.compare_digest(bytes(rows[0]["token_hash"]), parsed.digest):
        return None
    first, at = rows[0], now()
    if first["revoked_at"] is not None or first["expires_at"] <= at:
        return None
    roles = frozenset(row["role_name"] for row in rows if row["role_name"])
    listed = frozenset(
        name for row in rows if row["capabilities"] for name in json.loads(row["capabilities"])
    )
    scopes = frozenset(json.loads(first["scopes"]))
    actor = await user_actor(view_of({**first, "id": first["user_id"]}), roles, listed, scopes=scopes)
    if first["last_used_at"] is None or at - first["last_used_at"] >= _TOUCH_EVERY:
        async with tenant_work():
            await ApiToken.update({ApiToken.last_used_at: at}).where(ApiToken.id == first["token_id"])
    return actor
