"""The event loop of the tests: uvloop that reaches this machine only.

uvloop connects without Python's `socket` module, so guarding that one alone would guard nothing.
"""

import ipaddress
import socket
from typing import Any

import uvloop

__all__ = ["Loop", "is_here"]


def is_here(host: object) -> bool:
    """Return whether a host is this machine: a loopback address, `localhost` or a name below it."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "localhost")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


class Loop(uvloop.Loop):
    """Fails a test that connects or sends to the outside, or asks what address a name has."""

    async def create_connection(
        self, protocol_factory: Any, host: Any = None, port: Any = None, **options: Any
    ) -> Any:
        """Connect to a host of this machine.

        Raises:
            AssertionError: The host is another one.
        """
        if options.get("sock") is None and not is_here(host):
            raise AssertionError(f"A test tried to reach {host}.")
        return await super().create_connection(protocol_factory, host, port, **options)

    async def create_datagram_endpoint(
        self, protocol_factory: Any, local_addr: Any = None, remote_addr: Any = None, **options: Any
    ) -> Any:
        """Open an endpoint that sends to this machine.

        Raises:
            AssertionError: It would send elsewhere.
        """
        if remote_addr is not None and not is_here(remote_addr[0]):
            raise AssertionError(f"A test tried to reach {remote_addr[0]}.")
        return await super().create_datagram_endpoint(protocol_factory, local_addr, remote_addr, **options)

    async def sock_connect(self, sock: Any, address: Any) -> Any:
        """Connect a socket that somebody made, within this machine.

        Raises:
            AssertionError: The address is another machine's.
        """
        if sock.family in (socket.AF_INET, socket.AF_INET6) and not is_here(address[0]):
            raise AssertionError(f"A test tried to reach {address[0]}.")
        return await super().sock_connect(sock, address)

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        """Resolve names of this machine; every other is unknown, as without a network.

        Raises:
            socket.gaierror: The name is not of this machine, and not an address.
        """
        try:
            ipaddress.ip_address(host.decode("ascii") if isinstance(host, bytes) else str(host or "::1"))
        except ValueError:
            if not is_here(host):
                raise socket.gaierror(socket.EAI_NONAME, f"no network in tests: {host}") from None
        return await super().getaddrinfo(host, port, **options)
