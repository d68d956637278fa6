"""The first screen: what the site holds, what waits, and boxes of plugins."""

import logging
from typing import Any

import msgspec
from litestar import Response, get, post

from core.accounts import UserChanges, get_user, update_user
from core.admin.menu import holds
from core.admin.shell import APPEARANCE, AnyRequest, go, screen
from core.content import DashboardStats, dashboard_stats, list_posts
from core.context import current_actor
from core.contract.admin import DashboardPanel
from core.contract.content import ListingQuery
from core.hooks import collect
from core.http import Cookies, form_of, safe_next, send_cookie
from core.i18n import LANGUAGES
from core.i18n import gettext as _
from core.tenancy import site_settings
from core.themes import render_admin
from hookspecs import admin

__all__ = ["attention", "handlers", "own_drafts", "recently_published"]

log = logging.getLogger("vitral.admin")
_YEAR = 365 * 86_400


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a new site's administrator does first."""

    title: str
    text: str
    url: str
    done: bool


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """A panel, rendered. `html` is made by an escaping template."""

    key: str
    title: str
    html: str
    wide: bool


async def own_drafts() -> dict[str, Any]:
    """Return what the current person was last writing on."""
    query = ListingQuery(
        types=_writable(),
        statuses=("draft", "pending"),
        author_id=current_actor().id,
        order="updated",
        per_page=5,
        count=False,
    )
    return {"posts": (await list_posts(query, "admin", ext=False)).items}


async def attention() -> dict[str, Any]:
    """Return what waits for somebody: reviews, and what goes out soon."""
    pending = ListingQuery(types=_writable(), statuses=("pending",), order="updated", per_page=4, count=False)
    planned = ListingQuery(types=_writable(), statuses=("future",), order="updated", per_page=4, count=False)
    found = [
        *(await list_posts(pending, "admin", ext=False)).items,
        *(await list_posts(planned, "admin", ext=False)).items,
    ]
    return {"posts": found[:6]}


async def recently_published() -> dict[str, Any]:
    """Return what went out last."""
    query = ListingQuery(types=_writable(), per_page=5, count=False)
    return {"posts": (await list_posts(query, "admin", ext=False)).items}


def _writable() -> tuple[str, ...]:
    return tuple(
        name for name, right in (("post", "edit_posts"), ("page", "edit_pages")) if holds(right)
    ) or ("post",)


def _steps(stats: DashboardStats) -> tuple[Step, ...]:
    """Return the first steps while one of them is left; none for people who could not do them."""
    if not holds("manage_options"):
        return ()
    site = site_settings()
    steps = (
        Step(
            title=_("Say what the site is about"),
            text=_("Its title, a tagline, language and time zone."),
            url="/admin/settings",
            done=bool(site.title and site.tagline),
        ),
        Step(
            title=_("Choose how it looks"),
            text=_("A theme, light and dark, in your colours."),
            url="/admin/themes",
            done=stats.published_posts > 0,
        ),
        Step(
            title=_("Write the first post"),
            text=_("It stays a draft until you publish it."),
            url="/admin/posts/new",
            done=stats.published_posts > 0,
        ),
        Step(
            title=_("Invite those who write with you"),
            text=_("Each with the role that fits."),
            url="/admin/users/invite",
            done=stats.users > 1,
        ),
    )
    return () if all(step.done for step in steps) else steps


async def _boxes() -> tuple[Box, ...]:
    boxes: list[Box] = []
    for panel in sorted(
        collect(admin.register_dashboard_panels), key=lambda panel: (panel.position, panel.key)
    ):
        if holds(panel.capability) and (box := await _box(panel)) is not None:
            boxes.append(box)
    return tuple(boxes)


async def _box(panel: DashboardPanel) -> Box | None:
    try:
        context = await panel.context()
        html = await render_admin(panel.template, {"panel": panel, **context})
    except Exception:  # one plugin's box must not take the dashboard down
        log.exception("The dashboard panel %s failed and is left out.", panel.key)
        return None
    return Box(key=panel.key, title=_(panel.title), html=html, wide=panel.wide)


@get("/admin", opt={"capability": "read"}, include_in_schema=False)
async def dashboard(request: AnyRequest) -> Response[str]:
    """Show the dashboard."""
    stats = await dashboard_stats()
    return await screen(
        request,
        "admin/dashboard/dashboard.html",
        key="dashboard",
        title=_("Dashboard"),
        stats=stats if stats.posts else None,
        steps=_steps(stats),
        boxes=await _boxes() if stats.posts else (),
        writes=holds("edit_posts"),
        name=current_actor().name.split(" ")[0],
    )


@post("/admin/appearance", opt={"capability": "read"}, include_in_schema=False)
async def appearance(request: AnyRequest) -> Response[Any]:
    """Keep the choice between light and dark in this browser."""
    form = form_of(request)
    wanted = form.get("appearance")
    if wanted in ("auto", "light", "dark"):
        cookies = Cookies(https=request.scope["scheme"] == "https")
        send_cookie(request, cookies.set(APPEARANCE, wanted, same_site="Lax", max_age=_YEAR))
    return go(request, safe_next(form.get("next"), "/admin"))


@post("/admin/language", opt={"capability": "read"}, include_in_schema=False)
async def language(request: AnyRequest) -> Response[Any]:
    """Speak another language to the current person, here and in mail."""
    form = form_of(request)
    wanted, actor = form.get("language"), current_actor()
    if wanted in LANGUAGES and actor.id is not None:
        account = await get_user(actor.id)
        await update_user(
            account.id, msgspec.convert({"language": wanted}, UserChanges), version=account.version
        )
    return go(request, safe_next(form.get("next"), "/admin"))


handlers = [dashboard, appearance, language]
