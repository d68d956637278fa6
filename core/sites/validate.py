"""Names and hosts of sites."""

import re

from core.errors import Invalid
from core.i18n import gettext as _

__all__ = ["RESERVED_SLUGS", "check_hosts", "check_slug"]

RESERVED_SLUGS = frozenset({"admin", "api", "static", "media", "www", "platform", "default", "core"})
_SLUG = re.compile(r"^[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")
_LABEL = re.compile(r"^(?!-)[a-z0-9-]{1,63}(?<!-)\Z")
_ADDRESS = re.compile(r"^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\])\Z")


def check_slug(slug: str) -> str:
    """Return `slug` if it can name a site.

    Raises:
        Invalid: It can't; the message says why.
    """
    if not _SLUG.match(slug):
        raise Invalid({"slug": _("Use 2 to 63 lower-case letters, digits and hyphens, a letter first.")})
    if slug in RESERVED_SLUGS:
        raise Invalid({"slug": _("This name is taken by the system.")})
    return slug


def check_hosts(hosts: tuple[str, ...]) -> tuple[str, ...]:
    """Return host names in lower case, without a trailing dot.

    Raises:
        Invalid: None was given, or one is no host name.
    """
    cleaned = []
    for given in hosts:
        host = given.strip().lower().rstrip(".")
        labels = host.split(".")
        fits = len(host) <= 253 and all(_LABEL.match(label) for label in labels)
        if not fits and not _ADDRESS.match(host):
            raise Invalid({"hosts": _("%(host)s is no host name.") % {"host": given}})
        cleaned.append(host)
    if not cleaned:
        raise Invalid({"hosts": _("A site needs at least one host name.")})
    return tuple(dict.fromkeys(cleaned))
