"""A post's page for one reader: opened by its password, or shown again with a form that stands on it."""

from typing import Any

from litestar import Request, Response

from core.content import PASSWORD_COOKIE_DAYS, check_post_password, unlock_post
from core.contract.views import PostView
from core.http import Cookies, send_cookie
from core.mail import current_mail
from core.site.answers import private_page
from core.site.frames import allow_frames
from core.site.lookups import FoundPost, is_front
from core.site.pages import build_single, rendered

__all__ = ["open_post", "opened_post", "post_page"]

AnyRequest = Request[Any, Any, Any]
_DAY = 86_400


def _cookies() -> Cookies:
    return Cookies(https=current_mail().https)


def _cookie_name(post: PostView) -> str:
    return f"post-{post.number}"


async def opened_post(request: AnyRequest, post: PostView) -> PostView:
    """Return a post as this visitor may read it: unlocked if he gave its password before."""
    if post.unlocked:
        return post
    return await unlock_post(post, _cookies().read(request.scope, _cookie_name(post)))


async def open_post(request: AnyRequest, post: PostView, password: str) -> bool:
    """Tell whether a password opens a post; if so, this browser need not say it again for some days.

    Raises:
        RateLimited: Too many tries from this network.
        Unavailable: Too many passwords are being checked.
    """
    value = await check_post_password(post.id, password)
    if value is None:
        return False
    life = PASSWORD_COOKIE_DAYS * _DAY
    send_cookie(request, _cookies().set(_cookie_name(post), value, max_age=life, same_site="Lax"))
    return True


async def post_page(
    request: AnyRequest, post: PostView, *, part: int = 1, status: int = 200
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
    page = await build_single(FoundPost(await opened_post(request, post), part, is_front(post)))
    allow_frames(request, page)
    return private_page(await rendered(page), status)
