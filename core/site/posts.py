"""A post's page for handlers of plugins whose form stands on it: shown again with what was typed."""

from typing import Any

from litestar import Request, Response

from core.content import unlock_post
from core.contract.views import PostView
from core.hooks import apply_filters
from core.http import Cookies, html
from core.mail import current_mail
from core.site.hierarchy import candidates
from core.site.lookups import FoundPost
from core.site.pages import build_single
from core.tenancy import site_settings
from core.themes import render
from hookspecs import site as hooks

__all__ = ["opened_post", "post_page"]


async def opened_post(request: Request[Any, Any, Any], post: PostView) -> PostView:
    """Return a post as this visitor may read it: unlocked if he gave its password before."""
    cookie = Cookies(https=current_mail().https).read(request.scope, f"post-{post.number}")
    return await unlock_post(post, cookie)


async def post_page(
    request: Request[Any, Any, Any], post: PostView, *, part: int = 1, status: int = 200
) -> Response[str]:
    """Return the page of a post as its own address shows it, for this visitor alone.

    Args:
        request: Whose answer it is.
        post: With its content.
        part: Which part of a paged post.
        status: Status of the answer, such as 422 for a form that has to be corrected.

    Raises:
        NotFound: The post has no such part.
    """
    is_front = post.id == site_settings().page_on_front and post.url == "/"
    page = await build_single(FoundPost(await opened_post(request, post), part, is_front))
    names = await apply_filters(hooks.filter_template_candidates, candidates(page), page)
    return html(await render(names, page), status, headers={"cache-control": "private, no-store"})
