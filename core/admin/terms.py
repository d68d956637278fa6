"""Terms of every taxonomy: categories as a tree, tags as a list."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Meta, Struct

from core.accounts import load_extensions
from core.admin.confirm import confirm_first
from core.admin.content_filters import options_of
from core.admin.flash import flash
from core.admin.forms import form_groups, submitted
from core.admin.pieces import Column, Empty, Option, Query, Rows
from core.admin.shell import AnyRequest, go, part, screen
from core.admin.table import build_table, read_query
from core.admin.view import AdminView
from core.admin.view_routes import FormProblem, change_row, edit_row, problem_of, run_action, status_of
from core.content import (
    TermData,
    TermNode,
    TermQuery,
    create_term,
    delete_term,
    get_term,
    list_terms,
    taxonomy,
    term_tree,
    update_term,
)
from core.contract.content import Taxonomy
from core.contract.views import TermView
from core.errors import Conflict, Invalid, NotFound, Refused
from core.http import FormState, line_of, page_or_part, text_of
from core.i18n import gettext as _

__all__ = ["TermForm", "TermList", "handlers"]


class TermForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of a term."""

    name: Annotated[str, Meta(title="Name", min_length=1, max_length=200)]
    slug: Annotated[
        str,
        line_of(200),
        Meta(title="Last part of the address", description="Empty makes one of the name."),
    ] = ""
    parent_id: Annotated[UUID | None, Meta(title="Below")] = None
    description: Annotated[
        str,
        text_of(50_000),
        Meta(title="Description", description="Themes may show it above the list of posts."),
    ] = ""


class FlatTermForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of a term of a taxonomy that is no tree."""

    name: Annotated[str, Meta(title="Name", min_length=1, max_length=200)]
    slug: Annotated[
        str,
        line_of(200),
        Meta(title="Last part of the address", description="Empty makes one of the name."),
    ] = ""
    description: Annotated[
        str,
        text_of(50_000),
        Meta(title="Description", description="Themes may show it above the list of posts."),
    ] = ""


def _data(form: Any, ext: Mapping[str, Any]) -> TermData:
    parent = form.parent_id if isinstance(form, TermForm) else msgspec.UNSET
    return TermData(
        name=form.name,
        slug=form.slug,
        description=form.description,
        parent_id=parent,
        ext=ext or msgspec.UNSET,
    )


class TermList(AdminView[TermView, Any]):
    """The terms of one taxonomy, with the form for a new one beside them."""

    searchable = True
    default_sort = "name"
    per_page = 50
    columns = (
        Column(name="name", title="Name", sort=True, template="admin/terms/name.html"),
        Column(name="slug", title="Address", kind="code", wide=True),
        Column(name="count", title="Posts", kind="number", sort=True),
    )

    def __init__(self, found: Taxonomy) -> None:
        super().__init__()
        self.taxonomy = found
        self.title, self.singular = found.title, found.singular
        self.capability = "manage_categories"
        self.form = TermForm if found.hierarchical else FlatTermForm
        self.empty = Empty(title="Nothing here yet", text="Add the first one beside this list.")

    @property
    def path(self) -> str:
        """The list's address."""
        return f"/admin/terms/{self.taxonomy.name}"

    @property
    def menu_key(self) -> str:
        """Key of the menu entry."""
        return f"terms.{self.taxonomy.name}"

    @property
    def new_path(self) -> str:
        """There is none: the form stands beside the list."""
        return ""

    def address(self, row: TermView) -> str:
        """Return the term's archive."""
        return row.url if self.taxonomy.public else ""

    async def rows(self, query: Query) -> Rows[TermView]:
        """Return the terms: the whole tree, or a page of a search or of a flat list."""
        if self.taxonomy.hierarchical and not query.search and query.sort == "name" and not query.descending:
            found = _flat(await term_tree(self.taxonomy.name))
            return Rows(found, len(found), whole=True)
        listing = await list_terms(
            TermQuery(
                taxonomy=self.taxonomy.name,
                search=query.search,
                order="count" if query.sort == "count" else "name",
                descending=query.descending,
                page=query.page,
                per_page=query.per_page,
            )
        )
        return Rows(listing.items, listing.total)

    async def get(self, key: str) -> TermView:
        """Return a term of this taxonomy."""
        found = await get_term(self.uuid(key))
        if found.taxonomy != self.taxonomy.name:
            raise NotFound(_("There is nothing at this address."))
        return found

    async def create(self, data: Any) -> TermView:
        """Make a term."""
        return await create_term(self.taxonomy.name, _data(data, {}))

    async def change(self, row: TermView, data: Any, version: int | None) -> TermView:
        """Change a term."""
        return await self.change_extended(row, data, {}, version)

    @property
    def extends(self) -> tuple[str, str]:
        """What plugins keep with terms."""
        return "term", self.taxonomy.name

    async def kept(self, row: TermView) -> tuple[TermView, Mapping[str, Any]]:
        """Return the term, and what plugins keep with it."""
        return row, (await load_extensions("term", [row.id]))[row.id]

    async def change_extended(
        self, row: TermView, data: Any, ext: Mapping[str, Any], version: int | None
    ) -> TermView:
        """Change a term and what plugins keep with it."""
        return await update_term(row.id, _data(data, ext), version=version)

    async def delete(self, row: TermView) -> None:
        """Delete a term; what is below it moves up."""
        await delete_term(row.id)

    def values(self, row: TermView) -> Any:
        """Return the form of a term."""
        if self.taxonomy.hierarchical:
            return TermForm(
                name=row.name, slug=row.slug, description=row.description, parent_id=row.parent_id
            )
        return FlatTermForm(name=row.name, slug=row.slug, description=row.description)

    async def options(self, field: str) -> Sequence[Option] | None:
        """Return the tree for the choice of a parent."""
        if field != "parent_id":
            return None
        return [Option("", _("At the top")), *options_of(await term_tree(self.taxonomy.name))]


def _flat(nodes: Sequence[TermNode]) -> list[TermView]:
    found: list[TermView] = []
    for node in nodes:
        found.append(node.term)
        found += _flat(node.children)
    return found


def _view(name: str) -> TermList:
    found = taxonomy(name)
    if found is None or found.name == "post_format":
        raise NotFound(_("There is nothing at this address."))
    return TermList(found)


async def _list(
    request: AnyRequest, view: TermList, state: FormState[Any], problem: FormProblem | None = None
) -> Response[str]:
    query = read_query(request, view)
    table = await build_table(view, query, await view.rows(query))
    if page_or_part(request) == "part" and problem is None and not state.errors:
        return await part(request, "admin/list/rows.html", view=view, table=table)
    assert view.form is not None
    return await screen(
        request,
        "admin/terms/terms.html",
        key=view.menu_key,
        title=_(view.title),
        status=status_of(state, problem),
        view=view,
        table=table,
        state=state,
        problem=problem,
        groups=await form_groups(view.form, view.options),
    )


_OPT = {"capability": "manage_categories"}


@get("/admin/terms/{name:str}", opt=_OPT, include_in_schema=False)
async def listing(request: AnyRequest, name: FromPath[str]) -> Response[str]:
    """Show the terms of a taxonomy."""
    return await _list(request, _view(name), FormState())


@post("/admin/terms/{name:str}", opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def create(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Make a term."""
    view = _view(name)
    assert view.form is not None
    state: FormState[Any] = submitted(request, view.form)
    if state.data is None:
        return await _list(request, view, state)
    try:
        made = await view.create(state.data)
    except Invalid as error:
        return await _list(request, view, state.failed(error.errors))
    except (Conflict, Refused) as error:
        return await _list(request, view, state, problem_of(error))
    flash(request, _("“%(what)s” was added.") % {"what": made.name})
    return go(request, view.path)


@get("/admin/terms/{name:str}/{key:str}", opt=_OPT, include_in_schema=False)
async def edit(request: AnyRequest, name: FromPath[str], key: FromPath[str]) -> Response[str]:
    """Show the form of a term."""
    return await edit_row(request, _view(name), key)


@post("/admin/terms/{name:str}/{key:str}", opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def change(request: AnyRequest, name: FromPath[str], key: FromPath[str]) -> Response[Any]:
    """Change a term, or do something with several (`do`)."""
    view = _view(name)
    if key == "do":
        return await run_action(request, view)
    return await change_row(request, view, key)


handlers = [listing, create, edit, change]
