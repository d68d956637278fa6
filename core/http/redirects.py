"""Where a redirect may lead: to a path of the same site, nowhere else (security control WB09)."""

import re
from urllib.parse import quote

__all__ = ["safe_next"]

_LONGEST = 2048
_FORBIDDEN = re.compile("[\x00-\x20\x7f-\xa0\\\\\u2028\u2029\ud800-\udfff]")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def safe_next(target: str | None, default: str = "/") -> str:
    """Return `target` if it is a path of this site, ready for a Location header, else `default`.

    Browsers read `//host`, `/\\host` and addresses with tabs or line feeds in them as other sites;
    none of those passes, nor does anything with a scheme.

    Args:
        target: What came in as `?next=` or a form field: path, query and fragment, no host.
        default: Where to go instead. Not checked.

    Returns:
        An ASCII path; other characters are percent-encoded.
    """
    if (
        not target
        or len(target) > _LONGEST
        or target[0] != "/"
        or target[1:2] == "/"
        or _FORBIDDEN.search(target)
        or _BAD_ESCAPE.search(target)
    ):
        return default
    return quote(target, safe="/?#[]@!$&'()*+,;=:%~-._")
