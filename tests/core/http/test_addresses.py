"""SS01: which addresses are public."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.http.addresses import is_public, looks_like_a_number


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.1.2.3", "10.0.0.1", "172.16.0.1",
        "0.0.0.0",  # noqa: S104  an address to refuse, not to bind to
        "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8",
        "192.0.2.1", "198.18.0.1",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1",
        "255.255.255.255", "192.88.99.1",
        "::", "::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::8.8.8.8", "64:ff9b::8.8.8.8", "64:ff9b:1::1",
        "100::1",
        "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001::1", "2001:db8::1",
        "2001:10::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1", "4000::1",
        "", "localhost", "8.8.8", "8.8.8.8.8", "0177.0.0.1", "2130706433", "0x7f000001",
    ],
)  # fmt: skip
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "2606:4700::1111", "2a00:1450::1"],
)
def test_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_never_more_generous_than_the_standard_library(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if is_public(str(address)):
        assert address.is_global
        assert not address.is_multicast


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1", "0x7f000001", "1.2.3.4.", "a.0x"]
)
def test_numbers(host: str) -> None:
    assert looks_like_a_number(host)


@pytest.mark.parametrize("host", ["example.org", "1and1.example", "a.x0", "127.0.0.1.example", "0xg"])
def test_names(host: str) -> None:
    assert not looks_like_a_number(host)
