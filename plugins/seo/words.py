"""Titles from patterns: known words in braces stand for what they say, everything else for itself."""

import re
from functools import lru_cache
from typing import Final

from core.contract.pages import Page
from core.i18n import gettext as _

__all__ = ["VARIABLES", "filled_in"]

VARIABLES: Final = ("title", "site", "tagline", "page", "sep")
_WORD: Final = re.compile(r"\{(title|site|tagline|page|sep)\}")
_SPACE: Final = re.compile(r"\s+")


def filled_in(pattern: str, page: Page, *, title: str, number: int, separator: str) -> str:
    """Return a title made from a pattern; separators around what is empty are left out.

    Args:
        pattern: Such as "{title} {sep} {site}".
        page: The page it is for.
        title: What the page is called.
        number: Its number, 1 for the first.
        separator: What stands between the parts.
    """
    site = page.site
    same = title == site.title  # nobody wants to read the name of the site twice
    return _made(pattern, "" if same else title, site.title, site.tagline, _number(number), separator)


def _number(number: int) -> str:
    return _("Page {number}").format(number=number) if number > 1 else ""


@lru_cache(maxsize=2048)
def _made(pattern: str, title: str, site: str, tagline: str, page: str, separator: str) -> str:
    values = {"title": title, "site": site, "tagline": tagline, "page": page, "sep": "\x00"}
    made = _WORD.sub(lambda found: values[found[1]], pattern)
    parts = (_SPACE.sub(" ", part).strip() for part in made.split("\x00"))
    joined = f" {separator} ".join(part for part in parts if part)
    return joined or site
