"""What visitors agree to before anything of theirs is kept (LGPD, articles 7, I, and 8)."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from core.clock import now
from core.context import current_actor
from core.db import execute
from core.i18n import gettext as _
from core.ids import new_id
from core.plugins import settings
from plugins.comments.settings import CommentsSettings
from plugins.comments.tables import Consent
from plugins.comments.views import in_list

__all__ = ["asked_for", "consent_wording", "keep_wording", "wordings_of"]


def asked_for() -> bool:
    """Tell whether whoever comments now has to agree first. People with an account did so when they got it."""
    return settings(CommentsSettings).ask_consent and current_actor().kind == "visitor"


def consent_wording() -> str:
    """Return the sentence that visitors agree to: the site's, or the plugin's own."""
    return settings(CommentsSettings).consent_text.strip() or _(
        "I agree that this site keeps my comment with my name and publishes it. My e-mail address is not published."
        " I can have all of it deleted at any time."
    )


async def keep_wording() -> UUID:
    """Return the id of today's wording, kept as proof of what was agreed to; in the unit in progress."""
    wording = consent_wording()
    digest = hashlib.sha256(wording.encode()).hexdigest()
    await execute(
        "INSERT INTO comments_consents (id, tenant_id, digest, wording, created_at) VALUES ({}, {tenant}, {}, {}, {})"
        " ON CONFLICT (tenant_id, digest) DO NOTHING",
        new_id(),
        digest,
        wording,
        now(),
    )
    rows = await Consent.select(Consent.id).where(Consent.digest == digest)
    found: UUID = rows[0]["id"]
    return found


async def wordings_of(comments: Sequence[UUID]) -> dict[UUID, str]:
    """Return what was agreed to, by comment: one query. Comments that came without agreement are left out."""
    if not comments:
        return {}
    rows = await execute(
        "SELECT comments.id, wording FROM comments JOIN comments_consents c"  # noqa: S608  # marks are ours
        " ON c.tenant_id = comments.tenant_id AND c.id = comments.consent_id"
        f" WHERE comments.tenant_id = {{tenant}} AND comments.id IN {in_list(comments)}",
        *comments,
    )
    return {row["id"]: row["wording"] for row in rows}
