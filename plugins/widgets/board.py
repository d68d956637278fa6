"""What the screen of widgets shows: the regions of the theme side by side, each with its widgets."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from core.content import TermQuery, content_types, list_posts, list_terms, taxonomies
from core.contract.content import ListingQuery
from core.i18n import gettext as _
from core.i18n import ngettext
from plugins.widgets.operations import ASIDE, list_widgets, regions
from plugins.widgets.types import KnownType, decoded, known_types
from plugins.widgets.views import WidgetView
from plugins.widgets.visibility import Visibility

__all__ = ["Board", "Card", "Kind", "Region", "build_board", "kinds", "label_of", "place_of"]

_PLACES: Final[Mapping[str, str]] = {
    "front": "Front page",
    "posts": "Posts",
    "pages": "Pages",
    "lists": "Lists of posts",
    "search": "Results of a search",
    "missing": "Pages that are not there",
}
_READERS: Final[Mapping[str, str]] = {
    "visitors": "Visitors who are not signed in",
    "people": "People who are signed in",
    "roles": "People with one of these roles",
}


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A widget as the board shows it."""

    number: int
    label: str
    kind: str
    """What its kind is called; the bare name where its plugin is off."""
    icon: str
    version: int
    on: bool
    """Its plugin is on, so it can be changed and shown."""
    rules: tuple[str, ...] = ()
    """Where and to whom it is shown, in a few words; nothing where that is everywhere and everybody."""
    problem: str = ""
    """What it names that is gone."""


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """A column of the board."""

    name: str
    title: str
    cards: tuple[Card, ...] = ()
    known: bool = True
    """The theme has it."""


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of it."""

    regions: tuple[Region, ...]
    """Those of the theme, then those that only other themes have and that hold something."""
    aside: Region


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of widgets to choose from."""

    name: str
    title: str
    description: str
    icon: str


def kinds() -> tuple[Kind, ...]:
    """Return the kinds that can be placed, in their order."""
    found = sorted(
        (known.type for known in known_types().values()), key=lambda kind: (kind.position, kind.name)
    )
    return tuple(
        Kind(
            name=kind.name,
            title=_(kind.title),
            description=_(kind.description) if kind.description else "",
            icon=kind.icon,
        )
        for kind in found
    )


def label_of(widget: WidgetView) -> str:
    """Return what a widget is called: its title, or that of its kind."""
    known = known_types().get(widget.type)
    return widget.title or (_(known.type.title) if known is not None else widget.type)


async def build_board() -> Board:
    """Return what the screen shows."""
    types, titles = known_types(), regions()
    cards: dict[str, list[Card]] = {name: [] for name in titles}
    widgets = await list_widgets()
    there = await _there(widgets)
    for widget in widgets:
        cards.setdefault(widget.region, []).append(await _card(widget, types.get(widget.type), there))
    aside = Region(name=ASIDE, title=_("Kept aside"), cards=tuple(cards.pop(ASIDE, ())))
    found = [
        Region(name=name, title=titles.get(name, name), cards=tuple(row), known=name in titles)
        for name, row in cards.items()
    ]
    return Board(regions=tuple(found), aside=aside)


async def _card(widget: WidgetView, known: KnownType | None, there: frozenset[UUID]) -> Card:
    return Card(
        number=widget.number,
        label=label_of(widget),
        kind=_(known.type.title) if known is not None else widget.type,
        icon=known.type.icon if known is not None else "puzzle",
        version=widget.version,
        on=known is not None,
        rules=_rules(widget.visibility),
        problem=await _problem(widget, known, there),
    )


def _rules(rule: Visibility) -> tuple[str, ...]:
    found: list[str] = []
    if rule.where != "everywhere":
        chosen = [_(_PLACES[place]) for place in rule.places]
        more = len(rule.types) + len(rule.terms) + len(rule.content)
        if more:
            chosen.append(
                ngettext("%(num)d more", "%(num)d more", more) % {"num": more} if chosen else _chosen(more)
            )
        names = ", ".join(chosen)
        found.append(
            (_("Only: %(names)s") if rule.where == "only" else _("Not: %(names)s")) % {"names": names}
        )
    if rule.who != "everybody":
        found.append(_(_READERS[rule.who]))
    return tuple(found)


def _chosen(count: int) -> str:
    return ngettext("%(num)d place", "%(num)d places", count) % {"num": count}


async def _problem(widget: WidgetView, known: KnownType | None, there: frozenset[UUID]) -> str:
    if known is None:
        return _("The plugin that it belongs to is off. It comes back with it, as it is.")
    if known.type.problem is not None:
        found = await known.type.problem(decoded(known.type.settings, widget.settings))
        if found:
            return found
    gone = len(_named(widget.visibility) - there)
    if gone:
        return ngettext(
            "%(num)d thing that says where it is shown was deleted.",
            "%(num)d things that say where it is shown were deleted.",
            gone,
        ) % {"num": gone}
    return ""


def _named(rule: Visibility) -> frozenset[UUID]:
    return frozenset((*rule.terms, *rule.content)) if rule.where != "everywhere" else frozenset()


async def _there(widgets: Sequence[WidgetView]) -> frozenset[UUID]:
    """Return which of the terms and items that conditions name are there: a few queries, however many widgets."""
    terms = {term for widget in widgets for term in widget.visibility.terms}
    content = sorted({post for widget in widgets for post in widget.visibility.content})
    found: set[UUID] = set()
    if terms:
        for taxonomy in taxonomies():
            query = TermQuery(taxonomy=taxonomy.name, ids=tuple(terms), per_page=1000)
            found |= {term.id for term in (await list_terms(query)).items}
    for start in range(0, len(content), 100):
        asked = ListingQuery(
            types=tuple(kind.name for kind in content_types()),
            statuses=("publish", "private", "future", "draft", "pending"),
            ids=tuple(content[start : start + 100]),
            per_page=100,
            count=False,
        )
        found |= {post.id for post in (await list_posts(asked, "admin", ext=False, parts=False)).items}
    return frozenset(found)


def place_of(board: Board, number: int) -> str:
    """Return where a widget stands now, in a sentence to be read out."""
    columns: Sequence[Region] = (*board.regions, board.aside)
    for region in columns:
        for index, card in enumerate(region.cards, start=1):
            if card.number == number:
                return _("“%(what)s” is number %(place)d of %(count)d in “%(region)s” now.") % {
                    "what": card.label,
                    "place": index,
                    "count": len(region.cards),
                    "region": region.title,
                }
    return ""
