"""Terms over the API: `/terms/{taxonomy}`, for categories, tags and what plugins register."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, patch, post
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Meta, UnsetType

from core.accounts import load_extensions
from core.api.changes import begin_change
from core.api.document import PARAMETERS
from core.api.index import BASE
from core.api.inputs import TermChanges, TermIn
from core.api.lookups import id_of, ids_of, numbers_of
from core.api.names import api_names
from core.api.paging import base_url, page_answer, read_cursor, write_cursor
from core.api.parameters import (
    ListParameters,
    NoParameters,
    Number,
    NumberIn,
    SearchText,
    read_parameters,
)
from core.api.present import whole_url
from core.api.problems import READS, WRITES, may_answer
from core.api.respond import answer, created
from core.api.shapes import TermOut, TermPage
from core.content import (
    TermData,
    TermQuery,
    create_term,
    delete_term,
    get_term,
    list_terms,
    taxonomies,
    term_by_slug,
    update_term,
)
from core.contract.content import ListingPosition
from core.contract.views import TermView
from core.errors import Conflict, Invalid, NotFound
from core.i18n import gettext as _

__all__ = ["term_routes"]

AnyRequest = Request[Any, Any, Any]

_BODY_LIMIT = 200_000
_ORDER = "number:asc"


class TermListParameters(ListParameters, kw_only=True, frozen=True):
    """What a list of terms takes. They come in the order of their numbers."""

    search: SearchText = ""
    slug: Annotated[str, Meta(max_length=200, description="Exactly this slug.")] = ""
    parent: Annotated[NumberIn | None, Meta(description="Number of the parent.")] = None


def _taxonomy(name: str) -> str:
    """Return the name of a taxonomy that the API shows on this site.

    Raises:
        NotFound: There is none of this name.
    """
    if any(found.name == name and found.public and found.show_in_api for found in taxonomies()):
        return name
    raise NotFound(_("There is no such taxonomy here."))


async def _items(terms: tuple[TermView, ...], base: str) -> list[TermOut]:
    parents = await numbers_of("terms", (term.parent_id for term in terms))
    kept = await load_extensions("term", [term.id for term in terms])
    return [
        TermOut(
            id=term.id,
            number=term.number,
            taxonomy=term.taxonomy,
            name=term.name,
            slug=term.slug,
            url=whole_url(base, term.url),
            description=term.description,
            parent=parents.get(term.parent_id) if term.parent_id is not None else None,
            level=term.level,
            count=term.count,
            version=term.version,
            ext=kept[term.id],
        )
        for term in terms
    ]


async def _one(request: AnyRequest, term: TermView) -> TermOut:
    return (await _items((term,), base_url(request)))[0]


async def _read(taxonomy: str, number: int) -> TermView:
    """Return the term that the address is about.

    Raises:
        NotFound: There is none of this number in this taxonomy.
    """
    name = _taxonomy(taxonomy)
    term = await get_term(await id_of("terms", number))
    if term.taxonomy != name:
        raise NotFound(_("There is nothing with this number here."))
    return term


@get(
    "/",
    opt={"capability": "public", PARAMETERS: TermListParameters},
    responses=may_answer(*READS),
    summary="List terms",
)
async def list_of_terms(request: AnyRequest, taxonomy: FromPath[str]) -> Response[TermPage]:
    """List the terms of a taxonomy, in the order of their numbers."""
    name = _taxonomy(taxonomy)
    asked = read_parameters(request, TermListParameters)
    listing = f"terms:{name}"
    position = read_cursor(asked.cursor, listing, _ORDER)
    parent = None
    if asked.parent is not None:
        parent = (await ids_of("terms", (asked.parent,))).get(asked.parent)
        if parent is None:
            return answer(request, TermPage(items=[]))
    if asked.slug:
        found = await term_by_slug(name, asked.slug)
        return answer(request, TermPage(items=await _items((found,) if found else (), base_url(request))))
    query = TermQuery(
        taxonomy=name,
        search=asked.search,
        parent_id=parent,
        order="number",
        above=int(str(position.value)) if position is not None else 0,
        per_page=asked.limit + 1,
    )
    terms = (await list_terms(query)).items
    items = await _items(terms[: asked.limit], base_url(request))
    if len(terms) <= asked.limit:
        return answer(request, TermPage(items=items))
    last = items[-1]
    return page_answer(request, items, write_cursor(listing, _ORDER, ListingPosition(last.number, last.id)))


@get("/{number:int}", opt={"capability": "public"}, responses=may_answer(*READS), summary="One term")
async def get_one_term(request: AnyRequest, taxonomy: FromPath[str], number: Number) -> Response[TermOut]:
    """Return one term."""
    read_parameters(request, NoParameters)
    return answer(request, await _one(request, await _read(taxonomy, number)))


@post(
    "/",
    opt={"capability": "edit_posts", "body_limit": _BODY_LIMIT},
    responses=may_answer(*WRITES),
    summary="Make a term",
)
async def post_term(
    request: AnyRequest, taxonomy: FromPath[str], data: JSONBody[TermIn]
) -> Response[TermOut]:
    """Make a term. Trees are for those who manage categories, flat taxonomies for all who write."""
    await begin_change(request, NoParameters)
    name = _taxonomy(taxonomy)
    with api_names():
        written = TermData(
            name=data.name,
            slug=data.slug,
            description=data.description,
            parent_id=await _parent(data.parent) if data.parent is not None else UNSET,
            ext=data.ext or UNSET,
        )
        term = await create_term(name, written)
    location = f"{base_url(request)}{BASE}/terms/{name}/{term.number}"
    return created(request, await _one(request, term), location)


@patch(
    "/{number:int}",
    opt={"capability": "manage_categories", "body_limit": _BODY_LIMIT},
    responses=may_answer(*WRITES),
    summary="Change a term",
)
async def patch_term(
    request: AnyRequest, taxonomy: FromPath[str], number: Number, data: JSONBody[TermChanges]
) -> Response[TermOut]:
    """Change a term. With another parent, everything below it moves along."""
    await begin_change(request, NoParameters)
    term = await _read(taxonomy, number)
    try:
        with api_names():
            written = TermData(
                name=data.name,
                slug=data.slug,
                description=data.description,
                parent_id=await _parent(data.parent),
                ext=data.ext,
            )
            changed = await update_term(term.id, written, version=data.version)
    except Conflict as error:
        if not error.current:
            raise
        current = msgspec.to_builtins(await _one(request, await _read(taxonomy, number)))
        raise Conflict(
            error.message, hint=error.hint, current=current, yours=msgspec.to_builtins(data)
        ) from None
    return answer(request, await _one(request, changed))


async def _parent(number: int | UnsetType | None) -> UUID | UnsetType | None:
    if number is None or number is UNSET:
        return number
    found = (await ids_of("terms", (number,))).get(number)
    if found is None:
        raise Invalid({"parent": _("There is nothing with this number here.")})
    return found


@delete(
    "/{number:int}",
    opt={"capability": "manage_categories"},
    status_code=204,
    responses=may_answer(*WRITES),
    summary="Delete a term",
)
async def delete_one_term(request: AnyRequest, taxonomy: FromPath[str], number: Number) -> None:
    """Delete a term. What is below it moves up, its items are released."""
    await begin_change(request, NoParameters)
    await delete_term((await _read(taxonomy, number)).id)


term_routes = [list_of_terms, get_one_term, post_term, patch_term, delete_one_term]
