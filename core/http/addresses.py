"""Which network addresses lie on the public internet (security control SS01).

The lists are IANA's special-purpose registries (RFC 6890 and its successors), written out: the
`is_global` of the standard library differs between Python versions.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

__all__ = ["is_public", "looks_like_a_number"]

_REFUSED_4 = [
    ip_network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]
_GLOBAL_6 = ip_network("2000::/3")
_REFUSED_6 = [
    ip_network(block)
    for block in (
        # protocol assignments, Teredo and ORCHID among them
        "2001::/23",
        "2001:db8::/32",
        # 6to4 carries an IPv4 address of anybody's choice
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
]
_NUMBER = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)")


def is_public(address: str) -> bool:
    """Tell whether `address` is one that anybody on the internet could reach.

    Private, loopback, link-local, carrier-grade NAT, documentation, multicast and reserved addresses
    are not, nor is any IPv6 address that stands for an IPv4 one (mapped, NAT64, 6to4, Teredo).
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in block for block in _REFUSED_4)
    return _is_public_6(found)


def _is_public_6(found: IPv6Address) -> bool:
    if found.scope_id is not None or found not in _GLOBAL_6:
        return False
    return not any(found in block for block in _REFUSED_6)


def looks_like_a_number(host: str) -> bool:
    """Tell whether `host` ends in a number, so that resolvers may take it for an address.

    `2130706433`, `0x7f.1` and `0177.0.0.1` all mean 127.0.0.1 to the C library. The only such form
    that is taken is the usual one, four decimal numbers.
    """
    last = host.removesuffix(".").rpartition(".")[2]
    return _NUMBER.fullmatch(last) is not None
