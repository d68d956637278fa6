"""Addresses of the site and of the API."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from core.content import get_post, get_post_by_number
from core.contract.views import PostView
from core.errors import Forbidden, Invalid, NotFound
from core.http import FormState, read_request_form, redirect
from core.i18n import gettext as _
from core.site import opened_post, post_page
from plugins.comments.api import api_handlers
from plugins.comments.feed import comments_feed
from plugins.comments.followers import confirm, read_link, stop
from plugins.comments.forms import CommentForm
from plugins.comments.operations import count_tries, create_comment, takes_comments
from plugins.comments.site import FOLLOWED, HELD, STOPPED, Question, asking, sent_form
from plugins.comments.store import get_by_id
from plugins.comments.threads import add_query, link_to

__all__ = ["handlers"]

AnyRequest = Request[Any, Any, Any]

_BODY_LIMIT = 400_000
"""Bytes of the form: the longest comment, every character of it percent-encoded."""


async def _readable(request: AnyRequest, number: int) -> PostView:
    return await opened_post(request, await get_post_by_number(number))


@post(
    "/comments/{number:int}",
    opt={
        "capability": "public",
        # the form stands on pages that a cache may keep: visitors have no token, the browser's word decides
        "csrf": "origin",
        "accepts": ("form", "multipart"),
        "body_limit": _BODY_LIMIT,
    },
    status_code=303,
    include_in_schema=False,
)
async def send_comment(request: AnyRequest, number: FromPath[int]) -> Response[Any]:
    """Take a comment on the post of this number; what has to be corrected comes back with what was typed."""
    about = await _readable(request, number)
    if not takes_comments(about):
        raise Forbidden(_("There is no discussion here."))
    state = read_request_form(request, CommentForm)
    if state.data is None:
        return await _again(request, about, state)
    try:
        made = await create_comment(about, state.data)
    except Invalid as error:
        return await _again(request, about, state.failed(error.errors))
    if made.status == "approved":
        return redirect(await link_to(about, made))
    return redirect(add_query(about.url, "reply", comment=HELD))


async def _again(request: AnyRequest, about: PostView, state: FormState[CommentForm]) -> Response[Any]:
    with sent_form(state):
        return await post_page(request, about, status=422)


@get("/comments/{number:int}", opt={"capability": "public"}, include_in_schema=False)
async def show_post(request: AnyRequest, number: FromPath[int]) -> Response[None]:
    """Lead to the post: whoever reloads a form that was to be corrected comes here."""
    about = await _readable(request, number)
    return redirect(f"{about.url}#comments", 302)


async def _by_link(request: AnyRequest, word: str, token: str) -> tuple[Mapping[str, Any], PostView]:
    """Return whom a link speaks of, and the post of his comment.

    Raises:
        NotFound: The link is not ours, too old or used up, or the post is gone.
    """
    await count_tries()
    follower = await read_link(word, token)
    if follower is None:
        raise NotFound(_("This link does not work any more."))
    comment = await get_by_id(follower["comment_id"])
    return follower, await opened_post(request, await get_post(comment.post_id))


@get("/comments/answers/{word:str}/{token:str}", opt={"capability": "public"}, include_in_schema=False)
async def ask_follower(request: AnyRequest, word: FromPath[str], token: FromPath[str]) -> Response[Any]:
    """Ask whoever follows a link of a message what he wants: programs that look at mail follow links, too."""
    _follower, about = await _by_link(request, word, token)
    with asking(Question(stop=word == "stop", action=f"/comments/answers/{word}/{token}")):
        return await post_page(request, about, status=200)


@post(
    "/comments/answers/{word:str}/{token:str}",
    opt={"capability": "public", "csrf": "origin", "accepts": ("form", "multipart"), "body_limit": 10_000},
    status_code=303,
    include_in_schema=False,
)
async def take_answer(request: AnyRequest, word: FromPath[str], token: FromPath[str]) -> Response[Any]:
    """Write down what somebody wants to hear of."""
    follower, about = await _by_link(request, word, token)
    await (stop if word == "stop" else confirm)(follower)
    return redirect(add_query(about.url, "comments", comment=STOPPED if word == "stop" else FOLLOWED))


handlers = [send_comment, show_post, ask_follower, take_answer, *comments_feed, *api_handlers]
