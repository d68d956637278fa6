"""Where everything is: the routers of `/api/v1` and what each takes to be used."""

from typing import Any

from litestar import Router

from core.api.document import openapi_route
from core.api.index import BASE, index_routes, nothing_here
from core.api.media import media_routes
from core.api.posts import TYPE, post_changes, post_reads, post_removal
from core.api.terms import term_routes
from core.api.users import user_routes

__all__ = ["api_routes"]


def api_routes() -> list[Any]:
    """Return the routes of `/api/v1`, for the app.

    The capability of a route is the least that it takes; what is asked about one thing (`edit_post`)
    is asked by the operation behind it.
    """
    return [
        nothing_here,
        Router(
            BASE,
            route_handlers=[
                Router("/", route_handlers=[*index_routes, openapi_route], tags=["index"]),
                *_post_routers("/posts", "posts", write="edit_posts", remove="delete_posts", kind="post"),
                *_post_routers("/pages", "pages", write="edit_pages", remove="delete_pages", kind="page"),
                *_post_routers("/content/{type:str}", "content", write="read", remove="read", kind=""),
                Router("/terms/{taxonomy:str}", route_handlers=list(term_routes), tags=["terms"]),
                Router("/media", route_handlers=list(media_routes), tags=["media"]),
                Router("/users", route_handlers=list(user_routes), tags=["users"]),
            ],
        ),
    ]


def _post_routers(path: str, tag: str, *, write: str, remove: str, kind: str) -> list[Any]:
    opt: dict[str, Any] = {TYPE: kind}
    return [
        Router(path, route_handlers=list(post_reads), tags=[tag], opt=opt),
        Router(path, route_handlers=list(post_changes), tags=[tag], opt={**opt, "capability": write}),
        Router(path, route_handlers=list(post_removal), tags=[tag], opt={**opt, "capability": remove}),
    ]
