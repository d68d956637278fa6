"""Which site is asked for, by whom and over what: the Host header and what proxies forward.

Only addresses listed in the settings may speak for a client (security controls WB08, RL03).
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

from core.errors import BadRequest, StartError
from core.http.asgi import ASGIApp, Receive, Scope, Send
from core.i18n import gettext as _

__all__ = ["Host", "ProxyHeaders", "client_address", "host_of", "network_of", "parse_host"]

_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_FORWARDING = frozenset(
    {b"forwarded", b"x-real-ip", b"x-client-ip", b"true-client-ip", b"cf-connecting-ip"}
    | {
        b"x-forwarded-" + what
        for what in (
            b"for",
            b"proto",
            b"protocol",
            b"scheme",
            b"ssl",
            b"host",
            b"server",
            b"port",
            b"prefix",
            b"by",
        )
    }
)


class Host(NamedTuple):
    """A parsed Host header: lower case, no trailing dot; `port` is None where the header has none."""

    name: str
    port: int | None

    def origin(self, scheme: str) -> str:
        """Return the origin a browser calls this host, such as "https://clinica.example:8443"."""
        shown = f"[{self.name}]" if ":" in self.name else self.name
        if self.port is None or self.port == _DEFAULT_PORTS.get(scheme):
            return f"{scheme}://{shown}"
        return f"{scheme}://{shown}:{self.port}"


def _bad_host() -> BadRequest:
    return BadRequest(
        _("The request doesn't name one site."),
        hint=_("Send exactly one Host header with a plain host name."),
    )


@lru_cache(maxsize=4096)
def parse_host(raw: bytes) -> Host:
    """Parse the value of a Host header.

    Raises:
        BadRequest: It is empty, no host name, or has a port that is none.
    """
    if not raw or len(raw) > 300 or not raw.isascii():
        raise _bad_host()
    value = raw.decode("ascii").lower()
    if value.startswith("["):
        literal, closed, rest = value[1:].partition("]")
        if not closed:
            raise _bad_host()
        try:
            found = IPv6Address(literal).compressed
        except ValueError:
            raise _bad_host() from None
        # a zone ("fe80::1%eth0") names an interface of ours, nobody outside may
        if "%" in found:
            raise _bad_host()
        return Host(found, _port(rest))
    bare, colon, port = value.partition(":")
    bare = bare.removesuffix(".")
    if _NAME.fullmatch(bare) is None:
        raise _bad_host()
    return Host(bare, _port(colon + port))


def _port(value: str) -> int | None:
    if value in ("", ":"):
        return None
    digits = value[1:]
    if value[0] != ":" or not digits.isdecimal() or len(digits) > 5 or not 0 < int(digits) < 65536:
        raise _bad_host()
    return int(digits)


def host_of(scope: Scope) -> Host:
    """Return the host a request is for, from its one Host header.

    A request line with an absolute URI carries a second name; servers drop it and pass the Host
    header, and that is compared exactly with the hosts of the sites, so it can't choose another site.

    Raises:
        BadRequest: No Host header, several, or one that is no host name.
    """
    found = [value for name, value in scope["headers"] if name == b"host"]
    if len(found) != 1:
        raise _bad_host()
    return parse_host(found[0])


@lru_cache(maxsize=4096)
def _address(value: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(value.strip().removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


def client_address(scope: Scope) -> str:
    """Return the address of the client, "" where the server knows none (a Unix socket).

    IPv4 addresses mapped into IPv6 come back as IPv4, so that one client has one address.
    """
    client = scope.get("client")
    found = _address(client[0]) if client else None
    return str(found) if found is not None else ""


def network_of(address: str) -> str:
    """Return the network that rate limits count an address by: /24 for IPv4, /64 for IPv6."""
    found = _address(address)
    if found is None:
        return ""
    return str(ip_network((found, 24 if found.version == 4 else 64), strict=False))


class ProxyHeaders:
    """ASGI layer that believes `X-Forwarded-For` and `-Proto` from listed proxies, and nobody else.

    It rewrites `scope["client"]` and `scope["scheme"]` in place and takes all forwarding headers
    out, so that no code behind it can be fooled by them. `X-Forwarded-Host` is never used: a
    proxy has to pass the Host header on.

    Args:
        app: The next layer.
        trusted: Addresses and networks of the proxies in front of the server, such as
            "127.0.0.1" or "10.0.0.0/8".

    Raises:
        StartError: One of `trusted` is neither an address nor a network.
    """

    def __init__(self, app: ASGIApp, trusted: Iterable[str] = ()) -> None:
        self.app = app
        self.trusted: tuple[IPv4Network | IPv6Network, ...] = tuple(_network(entry) for entry in trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "lifespan":
            forwarded = [pair for pair in scope["headers"] if pair[0] in _FORWARDING]
            if forwarded:
                if self.trusted and self._trusts(client_address(scope)):
                    self._believe(scope, forwarded)
                scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in _FORWARDING]
        await self.app(scope, receive, send)

    def _trusts(self, address: str) -> bool:
        found = _address(address)
        return found is not None and any(found in network for network in self.trusted)

    def _believe(self, scope: Scope, forwarded: list[tuple[bytes, bytes]]) -> None:
        hops = [
            hop.strip()
            for name, value in forwarded
            if name == b"x-forwarded-for"
            for hop in value.decode("latin-1").split(",")
        ]
        # from the right: our own proxies, then the first address that none of ours wrote down
        for hop in reversed(hops):
            found = _address(hop)
            if found is None:
                break
            scope["client"] = (str(found), 0)
            if not self._trusts(hop):
                break
        schemes = [value for name, value in forwarded if name == b"x-forwarded-proto"]
        if len(schemes) == 1 and schemes[0].lower() in (b"http", b"https"):
            secure = schemes[0].lower() == b"https"
            if scope["type"] == "websocket":
                scope["scheme"] = "wss" if secure else "ws"
            else:
                scope["scheme"] = "https" if secure else "http"


def _network(entry: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(entry.strip(), strict=False)
    except ValueError:
        raise StartError(
            f"The trusted proxy {entry!r} is neither an address nor a network.",
            hint="Write it like 127.0.0.1 or 10.0.0.0/8.",
        ) from None
