"""Where and to whom a widget is shown. Decided in memory: it costs a page no query."""

from typing import Literal
from uuid import UUID

import msgspec

from core.context import Actor
from core.contract.pages import ErrorPage, ListPage, Page, PasswordPage, SinglePage

__all__ = ["ALWAYS", "Place", "Visibility", "is_shown"]

Place = Literal["front", "posts", "pages", "lists", "search", "missing"]


class Visibility(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Conditions. A page fits if any of what is chosen fits it; who it is shown to counts beside that."""

    where: Literal["everywhere", "only", "except"] = "everywhere"
    """Whether the choices below are where it is shown, or where it is not."""
    places: tuple[Place, ...] = ()
    """The front page, posts, pages, lists of posts, results of a search, pages that are not there."""
    types: tuple[str, ...] = ()
    """Content types: their items, and lists of one."""
    terms: tuple[UUID, ...] = ()
    """Terms: their archives, and what carries one itself."""
    content: tuple[UUID, ...] = ()
    """Single posts, pages and items."""
    who: Literal["everybody", "visitors", "people", "roles"] = "everybody"
    """Whoever reads; who is not signed in; who is; who has one of `roles`."""
    roles: tuple[str, ...] = ()


ALWAYS = Visibility()


def is_shown(rule: Visibility, page: Page, actor: Actor) -> bool:
    """Tell whether a widget is shown on a page to whoever reads it."""
    if rule is ALWAYS:
        return True
    return _for_reader(rule, actor) and (
        rule.where == "everywhere" or _fits(rule, page) == (rule.where == "only")
    )


def _for_reader(rule: Visibility, actor: Actor) -> bool:
    match rule.who:
        case "visitors":
            return actor.kind != "user"
        case "people":
            return actor.kind == "user"
        case "roles":
            return actor.kind == "user" and not actor.roles.isdisjoint(rule.roles)
    return True


def _fits(rule: Visibility, page: Page) -> bool:
    if page.is_front and "front" in rule.places:
        return True
    if isinstance(page, SinglePage | PasswordPage):
        post = page.post
        return (
            (post.type == "post" and "posts" in rule.places)
            or (post.type == "page" and "pages" in rule.places)
            or post.type in rule.types
            or post.id in rule.content
            or any(term.id in rule.terms for terms in post.terms.values() for term in terms)
        )
    if isinstance(page, ListPage):
        archive = page.archive
        if archive.kind == "search":
            return "search" in rule.places
        return (
            "lists" in rule.places
            or (archive.kind == "type" and archive.type in rule.types)
            or (archive.term is not None and archive.term.id in rule.terms)
        )
    return isinstance(page, ErrorPage) and "missing" in rule.places
