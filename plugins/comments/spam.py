"""What speaks against a comment: signs with points that add up. Nothing here leaves the site."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec

from core.accounts import bucket_name, current_signals, limit
from core.clock import now
from core.errors import RateLimited
from core.hooks import apply_filters
from core.i18n import gettext as _
from core.i18n import ngettext
from core.plugins import settings
from core.text import plain_text
from plugins.comments import hookspecs
from plugins.comments.settings import CommentsSettings
from plugins.comments.tables import Comment
from plugins.comments.views import CommentStatus, CommentView, SpamSign

__all__ = ["find_signs", "packed", "points_of", "verdict_of"]

CERTAIN: Final = 1000
_LINK: Final = re.compile(r"https?://|<a\s|\bwww\.", re.I)
_ADDRESS_IN_NAME: Final = re.compile(r"https?:|www\.|\.(?:com|net|org|ru|xyz|shop|top|info)\b", re.I)
_HASTE: Final = (8, 60)
"""So many comments in so many seconds from one network are what a person may send without haste."""
_RECENT: Final = timedelta(days=30)
_SAME_TEXT_FROM: Final = 30
"""Characters from which on two people hardly write the same by chance."""
_MOST_POINTS: Final = 1000


async def find_signs(draft: CommentView, *, trapped: bool, known: bool) -> tuple[SpamSign, ...]:
    """Return what speaks for and against a comment, plugins' signs among it.

    Args:
        draft: The comment as it would be written.
        trapped: The field that nobody sees was filled in.
        known: A comment of the same person was approved before.
    """
    signs = [*_in_the_form(draft, trapped=trapped), *await _elsewhere(draft)]
    if known:
        signs.append(SpamSign("known", -40, _("Approved here before.")))
    found = await apply_filters(hookspecs.filter_comments_spam_signs, tuple(signs), draft)
    return tuple(
        msgspec.structs.replace(sign, points=max(-_MOST_POINTS, min(_MOST_POINTS, sign.points)))
        for sign in found
    )


def points_of(signs: Sequence[SpamSign]) -> int:
    """Return the sum of points, 0 at least."""
    return max(0, sum(sign.points for sign in signs))


def verdict_of(signs: Sequence[SpamSign]) -> CommentStatus:
    """Return what becomes of a comment by these signs alone."""
    wanted, points = settings(CommentsSettings), points_of(signs)
    if points >= wanted.spam_at:
        return "spam"
    return "pending" if points >= wanted.hold_at else "approved"


def packed(signs: Sequence[SpamSign]) -> str:
    """Return signs as they are stored."""
    return msgspec.json.encode(signs).decode() if signs else ""


def _in_the_form(draft: CommentView, *, trapped: bool) -> list[SpamSign]:
    wanted = settings(CommentsSettings)
    signs = []
    if trapped:
        signs.append(SpamSign("trap", CERTAIN, _("Filled in the field that nobody sees.")))
    links = len(_LINK.findall(draft.content))
    if links > wanted.most_links:
        note = ngettext("%(num)s link.", "%(num)s links.", links) % {"num": links}
        signs.append(SpamSign("links", 25 * (links - wanted.most_links), note))
    if links and len(re.sub(r"https?://\S+", "", plain_text(draft.content))) < 15 * links:
        signs.append(SpamSign("little_text", 30, _("Hardly any text beside its links.")))
    if _ADDRESS_IN_NAME.search(draft.author_name):
        signs.append(SpamSign("name", 60, _("An address as a name.")))
    for rule, listed, points in (
        ("spam_words", wanted.spam_words, CERTAIN),
        ("hold_words", wanted.hold_words, wanted.hold_at),
    ):
        if word := _word_in(draft, listed):
            signs.append(SpamSign(rule, points, _("Has “{word}” in it.").format(word=word)))
    return signs


def _plain(text: str) -> str:
    """Return text without what words are disguised by: capitals, accents, other forms of a letter."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(ch for ch in apart if not unicodedata.combining(ch))


def _word_in(draft: CommentView, listed: str) -> str:
    """Return the first word of a list that a comment has, "" for none. It counts where a word begins."""
    words = [line.strip() for line in listed.splitlines() if line.strip()]
    if not words:
        return ""
    said = _plain(
        " ".join((plain_text(draft.content), draft.author_name, draft.author_email, draft.author_url))
    )
    return next((word for word in words if re.search(rf"(?<!\w){re.escape(_plain(word))}", said)), "")


async def _elsewhere(draft: CommentView) -> list[SpamSign]:
    """Return what other comments, and the network, say of this one."""
    signs = []
    if await _in_haste():
        signs.append(SpamSign("haste", 40, _("Several comments within a minute.")))
    since = now() - _RECENT
    if len(plain_text(draft.content)) >= _SAME_TEXT_FROM and await Comment.exists().where(
        Comment.created_at > since, Comment.content == draft.content, Comment.post_id != draft.post_id
    ):
        signs.append(SpamSign("same_text", 60, _("The same text stands below another post.")))
    if await _sent_spam(draft):
        signs.append(SpamSign("sender", 60, _("Spam came from the same address before.")))
    return signs


async def _in_haste() -> bool:
    network = str(current_signals().get("network", ""))
    if not network:
        return False
    try:
        await limit(bucket_name("comments:haste", network), *_HASTE)
    except RateLimited:
        return True
    return False


async def _sent_spam(draft: CommentView) -> bool:
    """Tell whether what is spam now came from the same e-mail address, or named the same website."""
    same: list[Any] = []
    if draft.author_email:
        same.append(Comment.author_email == draft.author_email)
    if draft.author_url:
        same.append(Comment.author_url == draft.author_url)
    if not same:
        return False
    either = same[0] if len(same) == 1 else same[0] | same[1]
    return bool(await Comment.exists().where(Comment.status == "spam", either))
