"""What readers see: the thread below a post and the form under it, as a part of the theme's page."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import msgspec
from markupsafe import Markup

from core.accounts import LOGIN, current_visit, form_token
from core.context import current_actor
from core.contract.pages import Page, SinglePage
from core.contract.views import PostView
from core.errors import NotFound
from core.http import FormState
from core.plugins import settings
from core.site import post_feed_url
from core.text import whole_number
from core.themes import render_part
from plugins.comments.consent import asked_for, consent_wording
from plugins.comments.forms import CommentForm
from plugins.comments.operations import is_open, takes_comments
from plugins.comments.settings import CommentsSettings
from plugins.comments.store import get_by_number
from plugins.comments.threads import add_query, load_thread
from plugins.comments.views import Entry, Thread

__all__ = [
    "FOLLOWED",
    "HELD",
    "STOPPED",
    "Question",
    "asking",
    "discussion",
    "feed_links",
    "sent_form",
]

HELD: Final = "held"
"""Value of `?comment=` after a comment that waits for a moderator."""
FOLLOWED: Final = "followed"
"""After somebody confirmed that he wants to hear of answers."""
STOPPED: Final = "stopped"
"""After he wanted no more of it."""
_SAID: Final = frozenset({HELD, FOLLOWED, STOPPED})


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is asked who came by a link of a message."""

    stop: bool
    action: str
    """Where the answer goes."""


class Discussion(msgspec.Struct, frozen=True, kw_only=True):
    """What `comments/thread.html` and `comments/form.html` get."""

    thread: Thread
    open: bool
    action: str
    """Where the form posts to."""
    form: FormState[CommentForm]
    csrf_token: str = ""
    """Only people who are signed in need one: pages for visitors may be kept by a cache."""
    signed_in_as: str = ""
    login_url: str = ""
    """Where to sign in, if only people who are signed in may comment."""
    needs_identity: bool = True
    answering: Entry | None = None
    cancel_url: str = ""
    said: str = ""
    """What became of what was sent: "held", "followed", "stopped", or ""."""
    question: Question | None = None
    consent: str = ""
    """What visitors have to agree to, "" for nothing."""
    offers_answers: bool = False
    """The form has a box for people who want to hear of answers."""


_sent: ContextVar[FormState[CommentForm] | None] = ContextVar("vitral_comments_sent", default=None)


@contextmanager
def sent_form(state: FormState[CommentForm]) -> Iterator[None]:
    """Show a form that has to be corrected on the pages of the block."""
    token = _sent.set(state)
    try:
        yield
    finally:
        _sent.reset(token)


_question: ContextVar[Question | None] = ContextVar("vitral_comments_question", default=None)


@contextmanager
def asking(question: Question) -> Iterator[None]:
    """Ask a question above the discussions of the pages of the block."""
    token = _question.set(question)
    try:
        yield
    finally:
        _question.reset(token)


async def discussion(page: Page) -> Markup | None:
    """Return the discussion of the post that a page shows, None where there is none."""
    if not isinstance(page, SinglePage) or not takes_comments(page.post):
        return None
    post = page.post
    total, opened = _state(post), is_open(post)
    if not total and not opened and _question.get() is None:
        return None
    shown = await load_thread(post, page=_number("cpage") or 1, total=total, may_answer=opened)
    return await render_part(
        "comments/thread.html", discussion=await _with_form(post, shown, opened=opened), post=post
    )


def _state(post: PostView) -> int:
    return int((post.ext.get("comments") or {}).get("count", 0))


async def _with_form(post: PostView, thread: Thread, *, opened: bool) -> Discussion:
    wanted = settings(CommentsSettings)
    actor = current_actor()
    visit = current_visit()
    signed_in = actor.kind == "user"
    form: FormState[CommentForm] = _sent.get() or FormState()
    answering = await _answering(post, form) if opened else None
    said = visit.parameter("comment") if visit is not None else ""
    return Discussion(
        thread=thread,
        open=opened,
        action=f"/comments/{post.number}",
        form=form,
        csrf_token=form_token() if signed_in and opened else "",
        signed_in_as=actor.name if signed_in else "",
        login_url=LOGIN if wanted.signed_in_only and not signed_in else "",
        needs_identity=wanted.require_name_email,
        answering=answering,
        cancel_url=add_query(post.url, "reply") if answering else "",
        said=said if said in _SAID else "",
        question=_question.get(),
        consent=consent_wording() if asked_for() else "",
        offers_answers=wanted.offer_answers,
    )


async def _answering(post: PostView, form: FormState[CommentForm]) -> Entry | None:
    """Return the comment that the form answers: as it was sent, or as the address says (`?reply=3`)."""
    number = whole_number(form.value("parent"), digits=15) or _number("reply")
    if not number:
        return None
    try:
        found = await get_by_number(number)
    except NotFound:
        return None
    if found.post_id != post.id or found.status != "approved":
        return None
    return Entry(
        number=found.number,
        kind=found.kind,
        author=found.author_name,
        author_url="",
        by_post_author=False,
        html="",
        created_at=found.created_at,
        level=1,
        url=f"#comment-{found.number}",
    )


def _number(name: str) -> int:
    visit = current_visit()
    return whole_number(visit.parameter(name), digits=15) if visit is not None else 0


async def feed_links(page: Page) -> Markup:
    """Return the links by which feed readers find the comments of the site, and those of the post that is shown."""
    post = page.post if isinstance(page, SinglePage) else None
    if post is not None and not (post.status == "publish" and not post.has_password and is_open(post)):
        post = None
    url = post_feed_url(post) if post is not None else ""
    return await render_part("comments/head.html", site=page.site, post=post, post_feed_url=url)
