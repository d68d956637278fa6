"""Whose pictures and frames a page may load: what its theme, the site's settings and the page itself name."""

from functools import lru_cache
from typing import Any, Final

from litestar import Request

from core.context import maybe_tenant
from core.contract.pages import ListPage, Page, SinglePage
from core.http import CspHosts
from core.tenancy import site_settings
from core.themes import current_themes

__all__ = ["allow_frames", "csp_hosts", "frames_of"]

_KEY: Final = "frames"
_NO_HOSTS: Final = CspHosts()


def frames_of(page: Page) -> tuple[str, ...]:
    """Return the hosts of the frames that the posts of a page may load."""
    if isinstance(page, SinglePage):
        return page.post.frames
    if isinstance(page, ListPage):
        return tuple(sorted({host for post in page.posts for host in post.frames}))
    return ()


def allow_frames(request: Request[Any, Any, Any], page: Page) -> None:
    """Let the answer load the frames of its page, and no others."""
    frames = frames_of(page)
    if frames:
        request.scope["state"][_KEY] = frames


@lru_cache(maxsize=512)
def _hosts(of_theme: CspHosts, images: tuple[str, ...], frames: tuple[str, ...]) -> CspHosts:
    return of_theme.merged(CspHosts(images=images, media=images, frames=frames))


def csp_hosts(scope: Any) -> CspHosts:
    """Return the other hosts that a page may load from."""
    tenant = maybe_tenant()
    if tenant is None:
        return _NO_HOSTS
    frames = scope.get("state", {}).get(_KEY, ())
    # the same object for the same hosts: the headers that are made of it are kept by it
    return _hosts(current_themes().hosts(tenant.theme), site_settings().image_hosts, frames)
