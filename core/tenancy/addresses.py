"""Addresses that nothing but the permalink structure makes: those of authors."""

from urllib.parse import quote, urlencode

from core.tenancy.enter import site_settings
from core.tenancy.structure import split_structure

__all__ = ["author_path"]


def author_path(slug: str, number: int = 0) -> str:
    """Return the address of an author's archive."""
    structure = split_structure(site_settings().permalink_structure)
    if structure.plain:
        return "/?" + urlencode({"author": number} if number else {"author_name": slug})
    return f"{structure.front}author/{quote(slug)}{structure.slash}"
