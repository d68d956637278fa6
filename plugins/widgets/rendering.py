"""What a page shows in a region."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec
from markupsafe import Markup

from core.context import current_actor
from core.contract.pages import Page
from core.hooks import report_failure
from core.i18n import gettext as _
from core.site import kept
from core.themes import render_part
from plugins.widgets.operations import ASIDE, list_widgets
from plugins.widgets.types import KnownType, decoded, known_types
from plugins.widgets.views import WidgetView
from plugins.widgets.visibility import is_shown

__all__ = ["region_html"]


class _Placed(msgspec.Struct, frozen=True):
    """A widget whose plugin is on, with its settings decoded."""

    view: WidgetView
    known: KnownType
    settings: Any


async def region_html(region: str, page: Page, level: int) -> str:
    """Return the widgets of a region that a page shows to whoever reads it."""
    placed = (await kept("widgets", _placed, for_everybody=True)).get(region, ())
    actor = current_actor()
    parts = []
    for widget in placed:
        if is_shown(widget.view.visibility, page, actor):
            make = partial(_framed, widget, page, level)
            if widget.known.type.shared:
                view = widget.view
                parts.append(await kept(f"widgets.{view.number}.{view.version}.{level}", make))
            else:
                parts.append(await make())
    return "\n".join(filter(None, parts))


async def _placed() -> Mapping[str, tuple[_Placed, ...]]:
    """Return what can be shown, by region: one query."""
    types = known_types()
    found: dict[str, list[_Placed]] = {}
    for view in await list_widgets():
        known = types.get(view.type)
        if known is not None and view.region != ASIDE:
            placed = _Placed(view, known, decoded(known.type.settings, view.settings))
            found.setdefault(view.region, []).append(placed)
    return {region: tuple(row) for region, row in found.items()}


async def _framed(widget: _Placed, page: Page, level: int) -> str:
    """Return a widget with its title; "" where it has nothing to show, or fails."""
    view, known = widget.view, widget.known
    try:
        made = await known.type.render(widget.settings, page)
    except Exception as error:  # the rest of the page stands
        report_failure(known.owner, f"the widget {view.type} ({view.number})", error)
        return ""
    if not made.strip():
        return ""
    title = (view.title or _(known.type.title)) if view.show_title else ""
    return str(
        await render_part(
            "widgets/frame.html",
            number=view.number,
            kind=view.type.replace(".", "-").replace("_", "-"),
            title=title,
            level=level,
            html=Markup(made),  # noqa: S704  # HTML by contract
        )
    )
