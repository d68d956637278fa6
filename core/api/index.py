"""What there is: the index of the API, types of content and taxonomies."""

from typing import Any

from litestar import Request, Response, get, route
from litestar.params import FromPath

from core.api.paging import base_url
from core.api.parameters import NoParameters, read_parameters
from core.api.problems import READS, may_answer
from core.api.respond import answer
from core.api.shapes import IndexOut, TaxonomyOut, TaxonomyPage, TypeOut, TypePage
from core.content import content_types, taxonomies
from core.contract.content import ContentType
from core.errors import NotFound
from core.i18n import gettext as _
from core.tenancy import SITE_PREFIX, site_settings

__all__ = ["BASE", "index_routes", "items_path", "nothing_here", "open_types"]

AnyRequest = Request[Any, Any, Any]

BASE = "/api/v1"
_OWN_ADDRESS = {"post": "posts", "page": "pages"}
"""Types with an address of their own; the others are under `content/`."""


def open_types() -> tuple[ContentType, ...]:
    """Return the types of content that the API shows on this site."""
    return tuple(kind for kind in content_types() if kind.public and kind.show_in_api)


def items_path(kind: ContentType) -> str:
    """Return the path of a type's items, below `BASE`."""
    return _OWN_ADDRESS.get(kind.name) or f"content/{kind.name}"


@get("/", opt={"capability": "public"}, responses=may_answer(*READS), summary="What there is")
async def get_index(request: AnyRequest) -> Response[IndexOut]:
    """Name the site, the addresses of its lists, and the ways to say who one is."""
    read_parameters(request, NoParameters)
    base = base_url(request)
    site = site_settings()
    links = {items_path(kind): f"{base}{BASE}/{items_path(kind)}" for kind in open_types()}
    for name in ("types", "taxonomies", "media", "users", "users/me", "openapi.json"):
        links[name] = f"{base}{BASE}/{name}"
    return answer(
        request,
        IndexOut(
            title=site.title,
            tagline=site.tagline,
            url=f"{base}/",
            language=site.language,
            timezone=site.timezone,
            links=links,
            authentication={
                "token": _("Authorization: Bearer cms_api_..., made in the admin under your own profile."),
                "session": _("The cookie of somebody who is signed in; changes need X-CSRF-Token, too."),
            },
        ),
    )


@get("/types", opt={"capability": "public"}, responses=may_answer(*READS), summary="Types of content")
async def list_types(request: AnyRequest) -> Response[TypePage]:
    """List the types of content that this site has."""
    read_parameters(request, NoParameters)
    base = base_url(request)
    shown = {taxonomy.name for taxonomy in taxonomies() if taxonomy.public and taxonomy.show_in_api}
    items = [
        TypeOut(
            name=kind.name,
            title=_(kind.title),
            singular=_(kind.singular),
            hierarchical=kind.hierarchical,
            has_archive=kind.has_archive,
            taxonomies=[name for name in kind.taxonomies if name in shown],
            supports=sorted(kind.supports),
            items=f"{base}{BASE}/{items_path(kind)}",
        )
        for kind in open_types()
    ]
    return answer(request, TypePage(items=items))


@get("/taxonomies", opt={"capability": "public"}, responses=may_answer(*READS), summary="Taxonomies")
async def list_taxonomies(request: AnyRequest) -> Response[TaxonomyPage]:
    """List the ways to sort content that this site has."""
    read_parameters(request, NoParameters)
    base = base_url(request)
    items = [
        TaxonomyOut(
            name=taxonomy.name,
            title=_(taxonomy.title),
            singular=_(taxonomy.singular),
            hierarchical=taxonomy.hierarchical,
            types=[kind.name for kind in open_types() if taxonomy.name in kind.taxonomies],
            items=f"{base}{BASE}/terms/{taxonomy.name}",
        )
        for taxonomy in taxonomies()
        if taxonomy.public and taxonomy.show_in_api
    ]
    return answer(request, TaxonomyPage(items=items))


@route(
    f"{SITE_PREFIX}/api/{{rest:path}}",
    http_method=["GET", "POST", "PUT", "PATCH", "DELETE"],
    opt={"capability": "public", "csrf": False, "auth": "token"},
    include_in_schema=False,
)
async def nothing_here(rest: FromPath[str]) -> None:
    """Answer for every address below `/api/` that is nobody's here, whatever the method.

    `TenantASGI` hands such addresses to the site's pages, which know GET only.
    """
    raise NotFound(_("There is nothing at this address."))


index_routes = [get_index, list_types, list_taxonomies]
