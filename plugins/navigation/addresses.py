"""Addresses that people give to entries: which ones may stand in a page (controls IO04, RD01)."""

import re
from typing import Final

from core.http import check_text
from core.i18n import gettext as _

__all__ = ["MAX_URL", "checked_classes", "checked_url"]

MAX_URL: Final = 2000
_SCHEMES: Final = ("http:", "https:", "mailto:", "tel:", "sms:", "whatsapp:")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_WEB: Final = re.compile(r"https?://[^\s/?#@]+(?:[/?#]|$)", re.IGNORECASE)
_HOST: Final = re.compile(r"(?:[\w-]+\.)+[A-Za-z]{2,24}(?:[:/?#]|$)")
_CLASS: Final = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]{0,59}")
_MOST_CLASSES: Final = 10


def checked_url(value: str) -> tuple[str, str]:
    """Return an address as it is stored, and what is wrong with it ("" if nothing is).

    Addresses of the web, of mail and of phones may be used, paths of the site ("/sobre/"), and places on
    the page ("#contato"). "exemplo.org" means "https://exemplo.org".
    """
    url = value.strip()
    if not url:
        return "", _("Give the address.")
    if len(url) > MAX_URL:
        return url, _("Use at most {most} characters.").format(most=MAX_URL)
    if wrong := check_text(url, "line"):
        return url, wrong
    if any(ch.isspace() or ch in "<>\"'`\\" for ch in url):
        return url, _("An address has no spaces, quotation marks or backslashes.")
    if url.startswith(("#", "?")) or (url.startswith("/") and not url.startswith("//")):
        return url, ""
    scheme = _SCHEME.match(url)
    if scheme is None or _HOST.match(url):
        return (f"https://{url}", "") if _HOST.match(url) else (url, _odd())
    if scheme[0].lower() not in _SCHEMES:
        return url, _odd()
    if scheme[0].lower() in ("http:", "https:") and not _WEB.match(url):
        return url, _odd()
    return url, ""


def _odd() -> str:
    return _(
        "Begin with https://, mailto:, tel:, a slash for a page of this site, or # for a place on the page."
    )


def checked_classes(value: str) -> tuple[str, str]:
    """Return classes of a style sheet as they are stored, and what is wrong with them ("" if nothing is)."""
    names = list(dict.fromkeys(value.split()))
    if len(names) > _MOST_CLASSES or len(" ".join(names)) > 200:
        return value, _("Use at most {most} classes.").format(most=_MOST_CLASSES)
    odd = next((name for name in names if not _CLASS.fullmatch(name)), "")
    if odd:
        return value, _("“{name}” is no name of a class: use letters, digits, - and _.").format(name=odd[:60])
    return " ".join(names), ""
