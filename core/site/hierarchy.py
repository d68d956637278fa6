"""Which templates are looked for, most specific first: WordPress's hierarchy with our file names."""

import re
from typing import Final

from core.contract.pages import ErrorPage, ListPage, Page, PasswordPage, SinglePage
from core.contract.views import PostView

__all__ = ["candidates"]

_PLAIN: Final = re.compile(r"^[a-z0-9_-]{1,80}$")


def candidates(page: Page) -> tuple[str, ...]:
    """Return the template names for a page; the first one that the theme chain has is used."""
    if isinstance(page, ErrorPage):
        names = [str(page.status), "error", "index"]
    elif isinstance(page, PasswordPage):
        names = ["password"]
    elif isinstance(page, SinglePage):
        names = _single(page.post, is_front=page.is_front)
    elif isinstance(page, ListPage):
        names = _list(page)
    else:
        names = ["index"]
    return tuple(f"{name}.html" for name in dict.fromkeys(names))


def _named(*parts: str) -> list[str]:
    """Return a name made of parts, or nothing if a part can't stand in a file name."""
    return ["-".join(parts)] if all(_PLAIN.match(part) for part in parts) else []


def _single(post: PostView, *, is_front: bool) -> list[str]:
    names = ["front-page"] if is_front else []
    chosen = [post.template] if post.template and _PLAIN.match(post.template.replace("/", "-")) else []
    if post.type == "page":
        return [
            *names,
            *chosen,
            *_named("page", post.slug),
            f"page-{post.number}",
            "page",
            "singular",
            "single",
            "index",
        ]
    return [
        *names,
        *chosen,
        *_named("single", post.type, post.slug),
        *_named("single", post.type),
        "single",
        "singular",
        "index",
    ]


def _list(page: ListPage) -> list[str]:
    archive = page.archive
    match archive.kind:
        case "front":
            return ["front-page", "home", "index"]
        case "home":
            return ["home", "index"]
        case "search":
            return ["search", "index"]
        case "category" | "tag" if archive.term is not None:
            kind = archive.kind
            return [
                *_named(kind, archive.term.slug),
                f"{kind}-{archive.term.number}",
                kind,
                "archive",
                "index",
            ]
        case "taxonomy" if archive.term is not None:
            name = archive.term.taxonomy
            return [
                *_named("taxonomy", name, archive.term.slug),
                *_named("taxonomy", name, str(archive.term.number)),
                *_named("taxonomy", name),
                "taxonomy",
                "archive",
                "index",
            ]
        case "author" if archive.author is not None:
            return [
                *_named("author", archive.author.slug),
                f"author-{archive.author.number}",
                "author",
                "archive",
                "index",
            ]
        case "date":
            return ["date", "archive", "index"]
        case _:
            return [*(_named("archive", page.posts[0].type) if page.posts else []), "archive", "index"]
