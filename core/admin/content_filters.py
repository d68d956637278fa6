"""What lists of content can be narrowed to: categories, months, authors."""

from collections.abc import Callable, Iterable
from typing import Any

from babel.dates import format_skeleton

from core.accounts import UserQuery, list_users
from core.admin.menu import holds
from core.admin.pieces import Option
from core.content import TermNode, published_months, taxonomy, term_tree
from core.contract.content import ContentType
from core.i18n import language

__all__ = ["authors", "months_of", "options_of", "terms_of", "tree_of"]


def tree_of(kind: ContentType) -> str:
    """Return the first taxonomy of a type that is a tree, "" if it has none."""
    for name in kind.taxonomies:
        found = taxonomy(name)
        if found is not None and found.hierarchical:
            return name
    return ""


def options_of(nodes: Iterable[TermNode]) -> list[Option]:
    """Return a tree of terms as options."""
    found: list[Option] = []
    for node in nodes:
        found.append(Option(str(node.term.id), node.term.name, node.term.level))
        found += options_of(node.children)
    return found


def terms_of(name: str) -> Callable[[], Any]:
    """Return what returns the terms of a taxonomy as options."""

    async def options() -> list[Option]:
        return options_of(await term_tree(name))

    return options


def months_of(name: str, sees_private: str) -> Callable[[], Any]:
    """Return what returns the months that have posts of a type as options, the newest first.

    Args:
        name: The type.
        sees_private: The right by which private posts count, too.
    """

    async def options() -> list[Option]:
        locale = language().replace("-", "_")
        months = await published_months(name, private=holds(sees_private))
        return [Option(f"{day:%Y-%m}", format_skeleton("yMMMM", day, locale=locale)) for day in months]

    return options


async def authors() -> list[Option]:
    """Return the people of the site as options."""
    found = await list_users(UserQuery(per_page=100))
    return [Option(str(account.id), account.view.name) for account in found.items]
