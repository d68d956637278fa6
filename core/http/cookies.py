"""Cookies: names that can't be forged from a sibling site, and a parser that never raises.

With https a cookie is called `__Host-name`: the browser then insists on Secure, Path=/ and no
Domain (security control SE03). Development on loopback has no https, so there the plain name is used.
"""

import re
from collections.abc import Iterable
from typing import Any, Literal

from litestar.connection import ASGIConnection

from core.errors import VitralError
from core.http.asgi import Scope

__all__ = ["COOKIES_KEY", "CookieError", "Cookies", "SameSite", "parse_cookies", "send_cookie"]

SameSite = Literal["Strict", "Lax", "None"]

COOKIES_KEY = "set_cookie"

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")
_MOST = 100
_LONGEST = 4096


class CookieError(VitralError):
    """A cookie was given a name or value that no cookie can have. Always a programming mistake."""


def parse_cookies(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the cookies of a request. Never raises.

    Names and values are taken as they are: no unquoting, no percent-decoding. A name that comes
    twice with different values is left out, because a sibling site may have planted one of them.

    Args:
        headers: Raw header pairs with lower-case names.
    """
    found: dict[str, str] = {}
    ambiguous: set[str] = set()
    seen = 0
    for header, raw in headers:
        if header != b"cookie":
            continue
        for part in raw.decode("latin-1").split(";", _MOST)[:_MOST]:
            name, equals, value = part.strip(" \t").partition("=")
            seen += 1
            if seen > _MOST or not equals or not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
                continue
            if found.setdefault(name, value) != value:
                ambiguous.add(name)
    for name in ambiguous:
        del found[name]
    return found


def send_cookie(connection: ASGIConnection[Any, Any, Any, Any] | Scope, header: tuple[bytes, bytes]) -> None:
    """Have the response to this request carry a Set-Cookie header, whatever the response turns out to be.

    Args:
        connection: The request or its scope.
        header: From `Cookies.set` or `Cookies.delete`.
    """
    scope: Scope = connection.scope if isinstance(connection, ASGIConnection) else connection
    scope.setdefault("state", {}).setdefault(COOKIES_KEY, []).append(header)


class Cookies:
    """Sets and reads cookies the way this installation does.

    Args:
        https: Whether browsers reach it over https. Only then are names prefixed and cookies Secure.
    """

    def __init__(self, *, https: bool) -> None:
        self.https = https

    def name(self, name: str) -> str:
        """Return what the browser knows the cookie `name` as."""
        return f"__Host-{name}" if self.https else name

    def read(self, scope: Scope, name: str) -> str | None:
        """Return the value of the cookie `name`, or None."""
        return parse_cookies(scope["headers"]).get(self.name(name))

    def set(
        self,
        name: str,
        value: str,
        *,
        same_site: SameSite = "Lax",
        max_age: int | None = None,
        http_only: bool = True,
    ) -> tuple[bytes, bytes]:
        """Return the header that sets a cookie.

        Args:
            name: Name without prefix.
            value: Printable ASCII without spaces, quotes, commas, semicolons and backslashes.
            same_site: Strict for the admin, Lax for the public site.
            max_age: Seconds to live; None means until the browser closes.
            http_only: Whether scripts are kept from reading it.

        Raises:
            CookieError: The name or the value can't be sent, or is longer than 4096 bytes.
        """
        if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
            raise CookieError(f"The cookie {name!r} has a name or value with characters no cookie can carry.")
        if same_site == "None" and not self.https:
            raise CookieError(
                f"The cookie {name!r} asks for SameSite=None, which browsers only take over https."
            )
        parts = [f"{self.name(name)}={value}", "Path=/", f"SameSite={same_site}"]
        if max_age is not None:
            parts.append(f"Max-Age={max_age}")
        if http_only:
            parts.append("HttpOnly")
        if self.https:
            parts.append("Secure")
        encoded = "; ".join(parts).encode("ascii")
        if len(encoded) > _LONGEST:
            raise CookieError(f"The cookie {name!r} is longer than {_LONGEST} bytes; browsers would drop it.")
        return (b"set-cookie", encoded)

    def delete(self, name: str, *, same_site: SameSite = "Lax") -> tuple[bytes, bytes]:
        """Return the header that makes the browser forget the cookie `name`."""
        return self.set(name, "", same_site=same_site, max_age=0)
