"""Which templates are looked for, most specific first: WordPress's hierarchy with our file names.

WordPress tries one list after the other until a file is there; ours is those lists in one. A static
front page falls through to the page's own list, a category to the archive's, everything to `index`.
The core has `password`, `error` and `index` itself, so that a theme needs none of them.
"""

import re
from typing import Final

from core.contract.pages import Archive, ErrorPage, ListPage, Page, PasswordPage, SinglePage
from core.contract.views import PostView

__all__ = ["candidates"]

_PLAIN: Final = re.compile(r"[a-z0-9_-]{1,80}")
_OF_OTHERS: Final = re.compile(
    r"(?:index|home|search|date|password|error|[0-9]{3}|(?:archive|category|tag|taxonomy|author)(?:-.*)?)"
)
"""Templates of pages that are no post: they ask for what the page of a post does not have, so no post chooses them."""


def candidates(page: Page) -> tuple[str, ...]:
    """Return the template names for a page; the first one that the theme chain has is used."""
    if isinstance(page, ErrorPage):
        names = [str(page.status), "error"]
    elif isinstance(page, PasswordPage):
        names = ["password"]
    elif isinstance(page, SinglePage):
        names = _post(page.post, is_front=page.is_front)
    elif isinstance(page, ListPage):
        names = _list(page.archive)
    else:
        names = []
    return tuple(f"{name}.html" for name in dict.fromkeys([*names, "index"]))


def _named(*parts: str) -> list[str]:
    """Return a name made of parts, or nothing if a part can't stand in a file name."""
    return ["-".join(parts)] if all(_PLAIN.fullmatch(part) for part in parts) else []


def _post(post: PostView, *, is_front: bool) -> list[str]:
    front = ["front-page"] if is_front else []
    wish = post.template.removesuffix(".html")
    chosen = _named(wish) if _OF_OTHERS.fullmatch(wish) is None else []
    if post.type == "page":
        return [*front, *chosen, *_named("page", post.slug), f"page-{post.number}", "page", "singular"]
    own = [*_named("single", post.type, post.slug), *_named("single", post.type)]
    return [*front, *chosen, *own, "single", "singular"]


def _list(archive: Archive) -> list[str]:
    match archive.kind:
        case "front":
            return ["front-page", "home"]
        case "home":
            return ["home"]
        case "search":
            return ["search"]
        case "category" | "tag" if archive.term is not None:
            kind, term = archive.kind, archive.term
            return [*_named(kind, term.slug), f"{kind}-{term.number}", kind, "archive"]
        case "taxonomy" if archive.term is not None:
            term = archive.term
            return [
                *_named("taxonomy", term.taxonomy, term.slug),
                *_named("taxonomy", term.taxonomy, str(term.number)),
                *_named("taxonomy", term.taxonomy),
                "taxonomy",
                "archive",
            ]
        case "author" if archive.author is not None:
            author = archive.author
            return [*_named("author", author.slug), f"author-{author.number}", "author", "archive"]
        case "type":
            return [*_named("archive", archive.type), "archive"]
        case _:
            return [archive.kind, "archive"]
