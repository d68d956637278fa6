"""The one client for requests that leave the installation (security controls SS01, SS02).

A host name is resolved once, every address it has is vetted, and the connection goes to a vetted
address, so a name that changes its answer between check and use gains nothing.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from core.errors import VitralError
from core.http.addresses import is_public, looks_like_a_number
from core.i18n import gettext as _

if TYPE_CHECKING:  # imported where it is used: it takes 6 MB, and most processes never ask anybody
    import httpx

__all__ = ["Fetched", "Outbound", "OutboundError", "OutboundFailed", "OutboundRefused", "Resolver"]

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host for a port. Raises OSError where there are none."""

MAX_BYTES = 5_000_000
MAX_REDIRECTS = 3
CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 10.0
_AGENT = "Vitral"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PRIVATE_HEADERS = ("authorization", "cookie", "proxy-authorization")


class OutboundError(VitralError):
    """A request to another server gave nothing. The message never holds what that server sent."""

    status = 502
    slug = "outbound"


class OutboundRefused(OutboundError):
    """The address is not one this installation sends requests to."""

    status = 422
    slug = "outbound-refused"


class OutboundFailed(OutboundError):
    """The other server could not be reached, took too long, or sent too much."""

    slug = "outbound-failed"


class Fetched(NamedTuple):
    """What came back: `url` after redirects, header names in lower case, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses that the system's resolver has for `host`, in its order of preference."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Target(NamedTuple):
    url: httpx.URL
    addresses: Sequence[str]


class Outbound:
    """Sends requests to other servers, under limits that no caller can forget.

    Args:
        hosts: The only hosts that may be asked, as a plugin's manifest names them; "*.example.org"
            allows what lies below. None allows every public host.
        ports: The only ports that may be asked.
        plain_http: Whether http is allowed besides https.
        allowed: Decides about each resolved address; tests let it pass a loopback one.
        resolver: Resolves host names.
        ssl_context: For certificates that the system doesn't know. Verification is never off.
    """

    def __init__(
        self,
        *,
        hosts: Collection[str] | None = None,
        ports: Collection[int] = (80, 443),
        plain_http: bool = True,
        allowed: Callable[[str], bool] = is_public,
        resolver: Resolver = resolve,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.hosts = None if hosts is None else frozenset(host.lower() for host in hosts)
        self.ports = frozenset(ports)
        self.plain_http = plain_http
        self.allowed = allowed
        self.resolver = resolver
        self._ssl = ssl_context

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        seconds: float = TOTAL_SECONDS,
    ) -> Fetched:
        """Fetch `url`, following up to three redirects, each checked like the first address.

        Args:
            url: An absolute http or https address.
            headers: Sent along; credentials among them only to the first host.
            max_bytes: The longest body that is taken.
            seconds: For everything together.

        Raises:
            OutboundRefused: An address is not allowed.
            OutboundFailed: No answer in time, a broken one, or one that is too long.
        """
        parts: list[bytes] = []
        status, found, last = await self._request("GET", url, headers, b"", max_bytes, seconds, parts.append)
        return Fetched(status, found, b"".join(parts), last)

    async def save(
        self,
        url: str,
        file: BinaryIO,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        seconds: float = 60.0,
    ) -> Fetched:
        """Fetch `url` into an open file, as `get` does. The body of the result is empty."""
        status, found, last = await self._request("GET", url, headers, b"", max_bytes, seconds, file.write)
        return Fetched(status, found, b"", last)

    async def post(
        self,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        seconds: float = TOTAL_SECONDS,
    ) -> Fetched:
        """Send `body` to `url`. Redirects are not followed: a 3xx comes back as it is.

        Raises:
            OutboundRefused: The address is not allowed.
            OutboundFailed: No answer in time, a broken one, or one that is too long.
        """
        parts: list[bytes] = []
        status, found, last = await self._request(
            "POST", url, headers, body, max_bytes, seconds, parts.append
        )
        return Fetched(status, found, b"".join(parts), last)

    async def _request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        body: bytes,
        max_bytes: int,
        seconds: float,
        sink: Callable[[bytes], object],
    ) -> tuple[int, Mapping[str, str], str]:
        current = _parse(url)
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        try:
            async with asyncio.timeout(seconds):
                for _hop in range(MAX_REDIRECTS + 1):
                    target = await self._vetted(current)
                    async with self._open(method, target, sent, body) as response:
                        location = response.headers.get("location")
                        if method != "GET" or response.status_code not in _REDIRECTS or not location:
                            await _read(response, max_bytes, sink)
                            return response.status_code, _plain(response.headers), str(current)
                    current = _next(current, location, sent)
        except TimeoutError:
            raise OutboundFailed(_("{host} took too long to answer.").format(host=_host(current))) from None
        raise OutboundFailed(_("{host} redirects too often.").format(host=_host(current)))

    async def _vetted(self, url: httpx.URL) -> _Target:
        """Check everything about an address and return it with the addresses that may be connected to."""
        if url.scheme != "https" and not (url.scheme == "http" and self.plain_http):
            raise OutboundRefused(
                _("Only https addresses are fetched, not “{scheme}”.").format(scheme=url.scheme)
            )
        if url.userinfo:
            raise OutboundRefused(_("An address with a user name or password in it is not fetched."))
        host = _host(url).removesuffix(".")
        port = url.port or (443 if url.scheme == "https" else 80)
        if port not in self.ports:
            raise OutboundRefused(_("Port {port} is not one that requests are sent to.").format(port=port))
        if not host or not self._names(host):
            raise OutboundRefused(
                _("{host} is not among the hosts that may be asked.").format(host=host or "?")
            )
        try:
            addresses: Sequence[str] = [str(ip_address(host))]
        except ValueError:
            if looks_like_a_number(host):
                raise OutboundRefused(_("{host} is no host name.").format(host=host)) from None
            try:
                addresses = await self.resolver(host, port)
            except (OSError, UnicodeError):
                addresses = []
        if not addresses:
            raise OutboundFailed(_("There is no server called {host}.").format(host=host))
        # one bad address among several is an attempt at rebinding, not a second choice
        if not all(self.allowed(address) for address in addresses):
            raise OutboundRefused(
                _("{host} points into a private network.").format(host=host),
                hint=_("Only servers on the public internet are asked."),
            )
        return _Target(url, addresses)

    def _names(self, host: str) -> bool:
        if self.hosts is None or host in self.hosts:
            return True
        labels = host.split(".")
        return any("*." + ".".join(labels[index:]) in self.hosts for index in range(1, len(labels)))

    @asynccontextmanager
    async def _open(
        self, method: str, target: _Target, headers: Mapping[str, str], body: bytes
    ) -> AsyncIterator[httpx.Response]:
        """Connect to the first vetted address that answers; TLS and Host still use the name."""
        import httpx

        if self._ssl is None:
            self._ssl = httpx.create_ssl_context(trust_env=False)
        host = _host(target.url)
        async with httpx.AsyncHTTPTransport(
            verify=self._ssl,
            trust_env=False,
            # a kept connection was verified for one name and must not serve another on its address
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=0),
        ) as transport:
            for index, address in enumerate(target.addresses):
                request = httpx.Request(
                    method,
                    target.url.copy_with(host=address, fragment=None),
                    headers={
                        "user-agent": _AGENT,
                        "accept": "*/*",
                        **headers,
                        "host": target.url.netloc.decode("ascii"),
                        # so that a small answer can't unpack into a large one
                        "accept-encoding": "identity",
                        "connection": "close",
                    },
                    content=body if method == "POST" else None,
                    extensions={
                        "sni_hostname": host,
                        "timeout": {"connect": CONNECT_SECONDS, "read": None, "write": None, "pool": None},
                    },
                )
                try:
                    response = await transport.handle_async_request(request)
                except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                    if index + 1 < len(target.addresses):
                        continue
                    if "certificate" in str(error).lower():
                        raise OutboundFailed(
                            _("{host} has no valid certificate.").format(host=host)
                        ) from error
                    raise OutboundFailed(_("{host} can't be reached.").format(host=host)) from error
                except httpx.HTTPError as error:
                    raise OutboundFailed(_("{host} broke the connection off.").format(host=host)) from error
                try:
                    yield response
                finally:
                    await response.aclose()
                return


def _host(url: httpx.URL) -> str:
    """Return the host as it goes over the wire: lower case, international names in their ASCII form."""
    return url.raw_host.decode("ascii").lower()


def _parse(url: str) -> httpx.URL:
    import httpx

    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, TypeError):
        raise OutboundRefused(_("This is not an address that can be fetched.")) from None
    if not parsed.is_absolute_url or any(ch <= " " or ch == "\x7f" for ch in url):
        raise OutboundRefused(_("This is not an address that can be fetched."))
    return parsed


def _next(current: httpx.URL, location: str, sent: dict[str, str]) -> httpx.URL:
    import httpx

    try:
        following = current.join(location)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise OutboundFailed(_("{host} redirects to nowhere.").format(host=_host(current))) from None
    if current.scheme == "https" and following.scheme != "https":
        raise OutboundRefused(_("{host} redirects to an unencrypted address.").format(host=_host(current)))
    if (following.scheme, following.host, following.port) != (current.scheme, current.host, current.port):
        for name in _PRIVATE_HEADERS:
            sent.pop(name, None)
    return following


async def _read(response: httpx.Response, max_bytes: int, sink: Callable[[bytes], Any]) -> None:
    import httpx

    too_long = OutboundFailed(_("The answer is longer than {limit} bytes.").format(limit=max_bytes))
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > max_bytes:
        raise too_long
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise OutboundFailed(_("The answer came compressed, though it was asked for as it is."))
    size = 0
    try:
        async for chunk in response.aiter_raw():
            size += len(chunk)
            if size > max_bytes:
                raise too_long
            sink(chunk)
    except httpx.HTTPError as error:
        raise OutboundFailed(_("The answer broke off.")) from error


def _plain(headers: httpx.Headers) -> Mapping[str, str]:
    return {name.lower(): value for name, value in headers.items()}
