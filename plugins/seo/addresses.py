"""Addresses as redirects and canonical links have them: written in one way, compared in one way."""

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from core.http import safe_next
from core.i18n import gettext as _
from core.text import has_forbidden

__all__ = [
    "MAX_SOURCE",
    "MAX_TARGET",
    "check_canonical",
    "check_profile",
    "check_source",
    "check_target",
    "clean_target",
    "key_of",
    "keys_of",
]

MAX_SOURCE: Final = 1000
MAX_TARGET: Final = 2000
_STEPS: Final = 40
"""So many parent folders of an address are looked at for a redirect of everything below."""
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


def key_of(path: str) -> str:
    """Return what a path is looked up by: decoded, in small letters, without a query and the last slash.

    Addresses of a site differ in nothing else for readers, who type them.
    """
    bare = unquote(path.partition("?")[0].partition("#")[0]).lower()
    joined = "/" + "/".join(part for part in bare.split("/") if part)
    return joined[:MAX_SOURCE]


def keys_of(path: str) -> list[str]:
    """Return the sources that fit a path, the closest first: its own, then those of everything below a folder."""
    own = key_of(path)
    keys, at = [own], own
    while at not in ("", "/") and len(keys) <= _STEPS:
        keys.append(f"{at}/*")
        at = at.rpartition("/")[0]
    return keys


def check_source(text: str) -> str:
    """Return what is wrong with where a redirect leads from, "" if nothing is."""
    path = text.strip()
    if not path.startswith("/") or path.startswith("//"):
        return _("Write the path on this site, beginning with a slash: /old-page/")
    if "*" in path.removesuffix("/*"):
        return _("An asterisk may stand only at the end, after a slash: /old-folder/*")
    if "?" in path or "#" in path:
        return _("Leave out what follows “?” or “#”: it goes along by itself.")
    if len(path) > MAX_SOURCE or has_forbidden(unquote(path)):
        return _("This address is too long, or holds characters that no address has.")
    if key_of(path) in ("/", "/*") or key_of(path).split("/")[1] in ("admin", "api", "static", "media"):
        return _("The site answers this address itself.")
    return ""


def check_target(text: str) -> str:
    """Return what is wrong with where a redirect leads to, "" if nothing is."""
    target = text.strip()
    if len(target) > MAX_TARGET:
        return _("This address is too long.")
    if target.startswith("/"):
        wrong = "*" in target.removesuffix("/*") or safe_next(target, default="") == ""
        return _("This is no path of this site. Write it like /new-page/.") if wrong else ""
    return _check_outside(target, ("https",)) and _(
        "Write a path of this site, beginning with a slash, or a whole address that begins with https://."
    )


def clean_target(text: str) -> str:
    """Return where a redirect leads to as it is kept: ASCII, as a Location header has it."""
    target = text.strip()
    return safe_next(target, default="") if target.startswith("/") else target


def check_canonical(text: str) -> str:
    """Return what is wrong with an address for search engines, "" if nothing is."""
    if not text or (text.startswith("/") and safe_next(text, default="")):
        return ""
    return _check_outside(text, ("https", "http")) and _(
        "Write a path of this site, or a whole address that begins with https://."
    )


def check_profile(text: str) -> str:
    """Return what is wrong with the address of a profile, "" if nothing is."""
    return _check_outside(text, ("https",)) and _("Write a whole address that begins with https://.")


def _check_outside(text: str, schemes: tuple[str, ...]) -> bool:
    """Tell whether a text is no whole address: of these schemes, with a host, without a name or password in it."""
    if not text.isascii() or has_forbidden(text) or any(ch in text for ch in " \\\"'<>\t\r\n"):
        return True
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return True
    bare = parts.netloc.lower().removesuffix(f":{port}")
    return parts.scheme not in schemes or "@" in parts.netloc or not _HOST.fullmatch(bare)
