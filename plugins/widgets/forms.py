"""The form of a widget: what every one has, what its kind has, and where it is shown."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from core.accounts import list_roles
from core.admin import FormGroup, Option, form_groups
from core.content import TermQuery, content_types, get_post_by_number, list_posts, list_terms, taxonomies
from core.contract.content import ListingQuery
from core.contract.views import PostView
from core.errors import Invalid, NotFound
from core.http import line_of, text_of
from core.i18n import gettext as _
from core.text import whole_number
from plugins.widgets.operations import WidgetData
from plugins.widgets.types import KnownType, decoded
from plugins.widgets.views import WidgetView
from plugins.widgets.visibility import Place, Visibility

__all__ = ["ANY", "WidgetForm", "data_of", "form_of_type", "groups_of", "public_types", "shown_as"]

_MOST_TERMS: Final = 150
_MOST_CONTENT: Final = 50
ANY: Final = ("publish", "private", "future", "draft", "pending")
"""Statuses of what may be named in a condition: all but the trash."""


class VisibilityForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where and to whom."""

    where: Annotated[
        Literal["everywhere", "only", "except"],
        Meta(
            title="Shown",
            extra_json_schema={
                "widget": "radio",
                "labels": {
                    "everywhere": "On every page",
                    "only": "Only on what is chosen here",
                    "except": "Everywhere but on what is chosen here",
                },
            },
        ),
    ] = "everywhere"
    places: Annotated[
        tuple[Place, ...],
        Meta(
            title="Kinds of pages",
            extra_json_schema={
                "labels": {
                    "front": "Front page",
                    "posts": "Posts",
                    "pages": "Pages",
                    "lists": "Lists of posts",
                    "search": "Results of a search",
                    "missing": "Pages that are not there",
                }
            },
        ),
    ] = ()
    types: Annotated[tuple[str, ...], Meta(title="Other types of content")] = ()
    terms: Annotated[
        tuple[UUID, ...],
        Meta(title="Categories and tags", description="Their lists, and the posts that carry one."),
    ] = ()
    content: Annotated[
        str,
        text_of(20_000),
        Meta(
            title="Certain posts and pages",
            description="Their address, such as /about/, or their number. One per line.",
            extra_json_schema={"widget": "textarea"},
        ),
    ] = ""
    who: Annotated[
        Literal["everybody", "visitors", "people", "roles"],
        Meta(
            title="To",
            extra_json_schema={
                "widget": "radio",
                "labels": {
                    "everybody": "Everybody",
                    "visitors": "Visitors who are not signed in",
                    "people": "People who are signed in",
                    "roles": "People with one of these roles",
                },
            },
        ),
    ] = "everybody"
    roles: Annotated[tuple[str, ...], Meta(title="Roles")] = ()


class WidgetForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every widget has. `settings` is added for each kind."""

    title: Annotated[
        str, line_of(200), Meta(title="Title", description="Left empty, it is that of its kind.")
    ] = ""
    show_title: Annotated[bool, Meta(title="Show the title")] = True
    visibility: VisibilityForm = VisibilityForm()


@lru_cache(maxsize=256)
def form_of_type(model: type[msgspec.Struct]) -> type[WidgetForm]:
    """Return the form of a kind of widgets, by the Struct of its settings."""
    made: Any = msgspec.defstruct(
        f"{model.__name__}Widget",
        [("settings", model, msgspec.field(default_factory=model))],
        bases=(WidgetForm,),
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
    )
    return made  # type: ignore[no-any-return]  # a class made of WidgetForm


async def groups_of(known: KnownType) -> tuple[FormGroup, ...]:
    """Return what a form of this kind shows."""

    async def choices(field: str) -> Sequence[Option] | None:
        found = await known.type.choices(field) if known.type.choices is not None else None
        return [Option(one.value, one.label, one.level) for one in found] if found is not None else None

    own = await form_groups(WidgetForm)
    settings = await form_groups(known.type.settings, choices)
    rules = await form_groups(VisibilityForm, _rule_choices)
    common = tuple(field for group in own for field in group.fields if field.name != "visibility")
    return (
        FormGroup(title=_("Title"), fields=common),
        *(
            _within(group, "settings", group.title or _("What it shows"))
            for group in settings
            if group.fields
        ),
        *(_within(group, "visibility", _("Where it is shown")) for group in rules),
    )


def _within(group: FormGroup, prefix: str, title: str) -> FormGroup:
    fields = tuple(
        msgspec.structs.replace(field, name=f"{prefix}.{field.name}")
        for field in group.fields
        if field.kind != "ticks" or field.options
    )
    return FormGroup(title=title, help=group.help, fields=fields)


async def _rule_choices(field: str) -> Sequence[Option] | None:
    match field:
        case "types":
            # posts and pages stand among the kinds of pages
            known = [kind for kind in content_types() if kind.public and kind.name not in ("post", "page")]
            return [Option(kind.name, _(kind.title)) for kind in known]
        case "terms":
            return await _terms()
        case "roles":
            return [Option(role.name, _(role.title)) for role in await list_roles()]
    return None


async def _terms() -> list[Option]:
    found: list[Option] = []
    for taxonomy in taxonomies():
        if taxonomy.public:
            query = TermQuery(taxonomy=taxonomy.name, order="count", descending=True, per_page=_MOST_TERMS)
            named = sorted((await list_terms(query)).items, key=lambda term: term.name.casefold())
            found += [Option(str(term.id), f"{_(taxonomy.singular)}: {term.name}") for term in named]
    return found


async def shown_as(known: KnownType, widget: WidgetView) -> WidgetForm:
    """Return the form that shows a widget. What it names and is gone is left out."""
    rule = widget.visibility
    posts = await _posts(rule.content)
    return form_of_type(known.type.settings)(
        title=widget.title,
        show_title=widget.show_title,
        visibility=VisibilityForm(
            where=rule.where,
            places=rule.places,
            types=rule.types,
            terms=rule.terms,
            content="\n".join(post.url for post in posts),
            who=rule.who,
            roles=rule.roles,
        ),
        settings=decoded(known.type.settings, widget.settings),  # type: ignore[call-arg]  # the field that defstruct added
    )


async def _posts(ids: Sequence[UUID]) -> tuple[PostView, ...]:
    if not ids:
        return ()
    query = ListingQuery(
        types=public_types(),
        statuses=ANY,
        ids=tuple(ids[:_MOST_CONTENT]),
        per_page=_MOST_CONTENT,
        count=False,
    )
    return (await list_posts(query, "admin", ext=False, parts=False)).items


def public_types() -> tuple[str, ...]:
    """Return the names of the types that have pages of their own."""
    return tuple(kind.name for kind in content_types() if kind.public)


async def data_of(form: Any) -> WidgetData:
    """Return what a filled form says.

    Raises:
        Invalid: It names posts or pages that are not here.
    """
    given: VisibilityForm = form.visibility
    return WidgetData(
        title=form.title,
        show_title=form.show_title,
        settings=msgspec.to_builtins(form.settings),
        visibility=Visibility(
            where=given.where,
            places=given.places,
            types=given.types,
            terms=given.terms,
            content=await _content(given.content),
            who=given.who,
            roles=given.roles,
        ),
    )


async def _content(text: str) -> tuple[UUID, ...]:
    lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if len(lines) > _MOST_CONTENT:
        raise Invalid({"visibility.content": _("Name %(most)d at most.") % {"most": _MOST_CONTENT}})
    found, unknown = [], []
    for line in lines:
        post = await _post(line)
        if post is None:
            unknown.append(line[:80])
        else:
            found.append(post.id)
    if unknown:
        text = _("There is nothing here at: %(names)s") % {"names": ", ".join(unknown)}
        raise Invalid({"visibility.content": text})
    return tuple(dict.fromkeys(found))


async def _post(line: str) -> PostView | None:
    number = whole_number(line)
    if number:
        try:
            return await get_post_by_number(number)
        except NotFound:
            return None
    wanted = "/" + line.split("//", 1)[-1].partition("/")[2] if "//" in line else "/" + line.lstrip("/")
    slug = wanted.split("?")[0].rstrip("/").rpartition("/")[2]
    if not slug:
        return None
    query = ListingQuery(types=public_types(), statuses=ANY, slug=slug, per_page=20, count=False)
    posts = (await list_posts(query, "admin", ext=False, parts=False)).items
    return next((post for post in posts if post.url.rstrip("/") == wanted.rstrip("/")), None)
