"""The screen that a menu is built on."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from core.accounts import list_roles
from core.admin import Crumb, flash, go, part, screen
from core.context import current_tenant
from core.errors import Conflict, Invalid
from core.http import form_of, page_or_part
from core.i18n import gettext as _
from core.i18n import language, load
from core.themes import current_themes
from plugins.navigation.addresses import checked_url
from plugins.navigation.builder import Draft, Row, add_rows, draft_of, move, place_row, read_draft, remove_row
from plugins.navigation.checking import check_draft, items_for_titles
from plugins.navigation.operations import EDIT, save_menu
from plugins.navigation.store import all_menus, get_menu, items_of
from plugins.navigation.targets import Choice, Target, choices, fixed_choices, ref_of, targets_of
from plugins.navigation.views import MAX_LEVELS, MenuView

__all__ = ["PATH", "handlers", "places_of_theme"]

AnyRequest = Request[Any, Any, Any]
PATH: Final = "/admin/navigation"
_MOVES: Final = ("up", "down", "in", "out")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place of the theme."""

    name: str
    title: str
    other: str = ""
    """Name of another menu that stands there."""


def places_of_theme() -> dict[str, str]:
    """Return the titles of the places that the site's theme has, by name, in the reader's language."""
    themes, tenant = current_themes(), current_tenant()
    words = load(themes.locale_folders(tenant), language())  # titles are the theme's words
    return {name: words.gettext(title) for name, title in themes.menus(tenant.theme).items()}


async def _places(menu: MenuView) -> list[Place]:
    menus = await all_menus()
    by_place = {place: other.name for other in menus if other.id != menu.id for place in other.places}
    named = places_of_theme()
    kept = [place for place in menu.places if place not in named]
    return [
        Place(name=name, title=title, other=by_place.get(name, ""))
        for name, title in [*named.items(), *((name, name) for name in kept)]
    ]


@get(f"{PATH}/{{number:int}}", opt={"capability": EDIT}, include_in_schema=False)
async def show_menu(request: AnyRequest, number: FromPath[int]) -> Response[str]:
    """Show a menu to build it."""
    menu = await get_menu(number)
    return await _answer(request, menu, draft_of(menu, await items_of(menu.id)))


@post(
    f"{PATH}/{{number:int}}",
    opt={"capability": EDIT, "body_limit": 2_000_000},
    status_code=200,
    include_in_schema=False,
)
async def change_menu(request: AnyRequest, number: FromPath[int]) -> Response[Any]:
    """Do what a button says with the menu that the form holds, and show it again; "save" keeps it."""
    menu = await get_menu(number)
    form = form_of(request)
    draft = read_draft(form, menu)
    what, _colon, key = form.get("do").partition(":")
    if what == "enter":  # the key, not a button: what was typed beside the menu comes first
        what = "link" if draft.link_url.strip() else "find" if draft.find.strip() else "save"
    if what == "save":
        return await _save(request, menu, draft)
    titles = await targets_of(items_for_titles(draft), everything=True)
    before = list(draft.rows)
    if what in _MOVES:
        _tell(draft, titles, key, done=move(draft, key, what))
    elif what == "place":
        moved = form.get("move_what")
        _tell(draft, titles, moved, done=place_row(draft, moved, form.get("move_how"), form.get("move_to")))
    elif what == "remove":
        gone = next((row for row in before if row.key == key), None)
        if remove_row(draft, key) and gone is not None:
            draft.said = _("“{title}” is out of the menu. Save to keep that.").format(
                title=_title(gone, titles)
            )
    elif what in ("add", "link", "heading"):
        _add(draft, what, form.all("pick"))
    else:
        draft.focus = "find"
    return await _answer(request, menu, draft)


def _add(draft: Draft, what: str, picked: Sequence[str]) -> None:
    if what == "link":
        url, wrong = checked_url(draft.link_url)
        if wrong or not draft.link_label.strip():
            draft.errors |= {"link_url": wrong} if wrong else {"link_label": _("Give it a label.")}
            draft.focus = "link_url" if wrong else "link_label"
            return
        rows = [Row(key="", ref="custom", url=url, label=draft.link_label.strip())]
        draft.link_url = draft.link_label = ""
    elif what == "heading":
        if not draft.heading.strip():
            draft.errors["heading"] = _("Give it a label.")
            draft.focus = "heading"
            return
        rows = [Row(key="", ref="heading", label=draft.heading.strip())]
        draft.heading = ""
    else:
        rows = [Row(key="", ref=ref) for ref in dict.fromkeys(picked) if ref_of(ref) is not None]
        if not rows:
            draft.errors["find"] = _("Choose something to add.")
            draft.focus = "find"
            return
    add_rows(draft, rows)
    if "items" not in draft.errors:
        draft.said = _("Added at the end of the menu. Save to keep that.")


def _title(row: Row, titles: dict[Any, Target]) -> str:
    found = next((target.title for key, target in titles.items() if str(key) == row.key), "")
    return row.label or found or _("(untitled)")


def _tell(draft: Draft, titles: dict[Any, Target], key: str, *, done: bool) -> None:
    """Say where an entry is now, for those who do not see it."""
    index = draft.index(key)
    if index < 0:
        return
    title = _title(draft.rows[index], titles)
    if not done:
        draft.said = _("“{title}” can't be moved that way.").format(title=title)
        return
    beside, above = draft.siblings(index), draft.above(index)
    values = {"title": title, "place": beside.index(index) + 1, "count": len(beside)}
    if above < 0:
        draft.said = _("“{title}” is number {place} of {count} at the top.").format(**values)
    else:
        draft.said = _("“{title}” is number {place} of {count} below “{parent}”.").format(
            **values, parent=_title(draft.rows[above], titles)
        )


async def _save(request: AnyRequest, menu: MenuView, draft: Draft) -> Response[Any]:
    known = {role.name for role in await list_roles()}
    allowed = {*places_of_theme(), *menu.places}
    items = check_draft(draft, await items_of(menu.id), known)
    where = [place for place in dict.fromkeys(draft.places) if place in allowed]
    if draft.errors:
        return await _answer(request, menu, draft, status=422)
    try:
        saved = await save_menu(menu.id, draft.name, items, where, version=draft.version)
    except Invalid as error:
        draft.errors |= error.errors
        return await _answer(request, menu, draft, status=422)
    except Conflict as error:
        draft.errors["conflict"] = f"{error.message} {error.hint}"
        draft.version = int(error.current["version"])  # saving again then replaces what is there, knowingly
        return await _answer(request, menu, draft, status=409)
    flash(request, _("“%(what)s” was saved.") % {"what": saved.name})
    if page_or_part(request) == "part":
        fresh = draft_of(saved, await items_of(saved.id))
        fresh.focus = "save"
        return await _answer(request, saved, fresh)
    return go(request, f"{PATH}/{saved.number}")


async def _answer(request: AnyRequest, menu: MenuView, draft: Draft, *, status: int = 200) -> Response[Any]:
    targets = await targets_of(items_for_titles(draft), everything=True)
    found: list[Choice] = await choices(draft.find)
    context: dict[str, Any] = {
        "menu": menu,
        "draft": draft,
        "rows": [
            (row, targets.get(item.id)) for row, item in zip(draft.rows, items_for_titles(draft), strict=True)
        ],
        "places": await _places(menu),
        "roles": await list_roles(),
        "choices": [*([] if draft.find.strip() else fixed_choices()), *found],
        "last_level": MAX_LEVELS - 1,
        "path": f"{PATH}/{menu.number}",
    }
    if page_or_part(request) == "part":
        return await part(request, "navigation/admin/part.html", status=status, **context)
    return await screen(
        request,
        "navigation/admin/builder.html",
        key="navigation",
        title=menu.name,
        crumbs=(Crumb(_("Menus"), PATH),),
        status=status,
        **context,
    )


handlers = [show_menu, change_menu]
