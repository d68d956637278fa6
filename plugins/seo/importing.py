"""Titles and descriptions that came with an import: Yoast's and Rank Math's meta become what is said here."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Literal
from uuid import UUID

from core.content import posts_with_meta, terms_with_meta
from core.db import tenant_work
from plugins.seo.addresses import check_canonical
from plugins.seo.fields import NOTHING, SeoFields, has_fields, save_fields

__all__ = ["adopt", "fields_from"]

_BATCH: Final = 200
_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("_yoast_wpseo_title", "rank_math_title"),
    "description": ("_yoast_wpseo_metadesc", "rank_math_description"),
    "keywords": ("_yoast_wpseo_focuskw", "rank_math_focus_keyword"),
    "canonical": ("_yoast_wpseo_canonical", "rank_math_canonical_url"),
    "share_title": ("_yoast_wpseo_opengraph-title", "_yoast_wpseo_twitter-title", "rank_math_facebook_title"),
    "share_description": (
        "_yoast_wpseo_opengraph-description",
        "_yoast_wpseo_twitter-description",
        "rank_math_facebook_description",
    ),
}
"""Our fields, and the keys of theirs; the first that says something counts."""
_ROBOTS: Final = ("_yoast_wpseo_meta-robots-noindex", "_yoast_wpseo_meta-robots-nofollow", "rank_math_robots")
_KEYS: Final = (*(key for keys in _TEXTS.values() for key in keys), *_ROBOTS)
_LIMITS: Final = {"title": 160, "share_title": 160, "keywords": 255}
_WORDS: Final = {
    "title": "title",
    "term_title": "title",
    "term": "title",
    "name": "title",
    "sitename": "site",
    "sitedesc": "tagline",
    "page": "page",
    "sep": "sep",
    "separator_sa": "sep",
}
_VARIABLE: Final = re.compile(r"%%?([a-z_]+)(?:\([^)%]*\))?%%?")
_TITLE_ALONE: Final = re.compile(r"^\{title\}(\s*\{(page|sep|site)\})*$")


def fields_from(meta: Mapping[str, str]) -> SeoFields:
    """Return what the meta of a post or a term says in our fields; what does not fit is left out."""
    values: dict[str, Any] = {}
    for name, keys in _TEXTS.items():
        text = next((said for key in keys if (said := _plain(meta.get(key, "")))), "")
        text = _spoken(text) if name != "canonical" else text
        values[name] = text[: _LIMITS.get(name, 320)] if name != "canonical" else text
    if _TITLE_ALONE.match(values["title"]):
        values["title"] = ""  # what their pattern says by itself, ours does too
    if check_canonical(values["canonical"]) or len(values["canonical"]) > 2000:
        values["canonical"] = ""
    robots = meta.get("rank_math_robots", "")
    values["noindex"] = meta.get("_yoast_wpseo_meta-robots-noindex") == "1" or '"noindex"' in robots
    values["nofollow"] = meta.get("_yoast_wpseo_meta-robots-nofollow") == "1" or '"nofollow"' in robots
    return SeoFields(**values)


def _plain(text: str) -> str:
    return " ".join("".join(ch if ch.isprintable() else " " for ch in text).split())


def _spoken(text: str) -> str:
    """Return a text whose variables are ours; those that we have no word for are left out."""
    made = _VARIABLE.sub(lambda found: f"{{{_WORDS[found[1]]}}}" if found[1] in _WORDS else "", text)
    return " ".join(made.split())


async def adopt() -> int:
    """Take over what imports brought for posts and terms of which nothing is said here yet; return for how many.

    It may be repeated at any time: what editors wrote since is theirs.
    """
    return await _adopt("post", posts_with_meta) + await _adopt("term", terms_with_meta)


async def _adopt(
    owner: Literal["post", "term"], read: Callable[..., Awaitable[dict[UUID, dict[str, str]]]]
) -> int:
    done, after = 0, None
    while True:
        async with tenant_work():  # also for reading: a site that is being made has only its platform unit
            found = await read(_KEYS, after=after, limit=_BATCH)
            said = await has_fields(owner, list(found))
            for owner_id, meta in found.items():
                fields = fields_from(meta) if owner_id not in said else NOTHING
                if fields != NOTHING:
                    await save_fields(owner, owner_id, fields)
                    done += 1
        if len(found) < _BATCH:
            return done
        after = max(found)
