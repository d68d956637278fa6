"""Is this request ours? What a browser says about where an unsafe request comes from.

Two independent answers have to agree before anything changes (security control WB01): the browser's
own word (`Sec-Fetch-Site`, else `Origin`), and a token bound to the session, whose check is passed in.
"""

from collections.abc import Callable, Collection

from core.errors import Forbidden
from core.http.asgi import Scope
from core.http.host import Host
from core.i18n import gettext as _

__all__ = ["SAFE_METHODS", "TOKEN_FIELD", "TOKEN_HEADER", "check_unsafe", "cors_origin", "is_same_origin"]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing. TRACE is not among them: no route takes it."""

TOKEN_HEADER = b"x-csrf-token"
TOKEN_FIELD = "_csrf"  # noqa: S105  the name of the field, not a token


def _values(scope: Scope, name: bytes) -> list[bytes]:
    return [value for header, value in scope["headers"] if header == name]


def is_same_origin(scope: Scope, host: Host) -> bool:
    """Tell whether the browser says that this request comes from a page of the same site.

    `Sec-Fetch-Site` decides where the browser sends it; pages can't set it. A sibling host
    (`same-site`) is another tenant, so only `same-origin` counts. Older browsers, and all browsers
    over plain http, send `Origin` alone, which then has to be this very scheme, host and port.
    """
    sites = _values(scope, b"sec-fetch-site")
    if sites:
        return sites == [b"same-origin"]
    scheme: str = scope["scheme"]
    scheme = {"ws": "http", "wss": "https"}.get(scheme, scheme)
    return _values(scope, b"origin") == [host.origin(scheme).encode("ascii")]


def check_unsafe(
    scope: Scope,
    host: Host,
    *,
    check_token: Callable[[str], bool] | None = None,
    field: str = "",
) -> None:
    """Refuse an unsafe request that doesn't come from the site itself.

    Safe methods pass. Call it for every request whose actor was found by cookie, and for anonymous
    ones too (log-in can be forged as well); requests that carry their own API token skip it.

    Args:
        scope: The request; `scheme` already corrected by `ProxyHeaders`.
        host: The host the request is for.
        check_token: Tells whether a token belongs to this session. None where there is no session
            to bind one to: then the browser's word alone decides.
        field: Token from the form field `TOKEN_FIELD`, used where there is no `X-CSRF-Token` header.

    Raises:
        Forbidden: It comes from another origin, or without a token of this session.
    """
    if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
        return
    if not is_same_origin(scope, host):
        raise Forbidden(
            _("This request came from another site, so nothing was changed."),
            hint=_("Open the page on this site and try again."),
        )
    if check_token is None:
        return
    headers = _values(scope, TOKEN_HEADER)
    token = headers[0].decode("latin-1") if len(headers) == 1 else field
    if len(headers) > 1 or not token or not check_token(token):
        raise Forbidden(
            _("This page was open for too long or in another session, so nothing was changed."),
            hint=_("Reload the page and send it again."),
        )


def cors_origin(origin: str | None, allowed: Collection[str]) -> str | None:
    """Return the origin to allow in a CORS answer, or None.

    The comparison is exact: no suffixes, no wildcards, and `null` (sandboxed frames, files) never passes.
    """
    return origin if origin and origin != "null" and origin in allowed else None
