"""WB08, RL03: one exact host, and forwarded headers from listed proxies only."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Request, get

from core.errors import BadRequest, StartError
from core.http import Host, ProxyHeaders, client_address, host_of, network_of, parse_host


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (b"clinica.example", Host("clinica.example", None)),
        (b"Clinica.EXAMPLE", Host("clinica.example", None)),
        (b"clinica.example.", Host("clinica.example", None)),
        (b"clinica.example:8443", Host("clinica.example", 8443)),
        (b"clinica.example.:80", Host("clinica.example", 80)),
        (b"clinica.example:", Host("clinica.example", None)),
        (b"localhost:8000", Host("localhost", 8000)),
        (b"127.0.0.1", Host("127.0.0.1", None)),
        (b"[::1]:8000", Host("::1", 8000)),
        (b"[2001:DB8:0:0::1]", Host("2001:db8::1", None)),
        (b"xn--sade-yra.example", Host("xn--sade-yra.example", None)),
        (b"a_b.example", Host("a_b.example", None)),
    ],
)
def test_parsed(raw: bytes, wanted: Host) -> None:
    assert parse_host(raw) == wanted


@pytest.mark.parametrize(
    "raw",
    [
        b"", b".", b"..", b"a..b", b".a", b"-a.example", b"a b", b"a/b", b"a@b", b"user:pw@a",
        b"a?b", b"a#b", b"a,b",
        b"a:b", b"a:0", b"a:65536", b"a:80:80", b"a:+80",
        b"a:\xb2", b"\xc3\xa9.example", b"a\x00", b"a\n", b" a",
        b"[::1", b"::1", b"[::1]x", b"[::1]:", b"[::1]:x", b"[a]", b"[fe80::1%eth0]", b"%61.example",
        b"a" * 64, b"a." * 200, b"https://a", b"a\\b",
    ],
)  # fmt: skip
def test_refused(raw: bytes) -> None:
    if raw == b"[::1]:":
        assert parse_host(raw) == Host("::1", None)
        return
    with pytest.raises(BadRequest):
        parse_host(raw)


@given(st.binary(max_size=60))
def test_any_bytes(raw: bytes) -> None:
    try:
        found = parse_host(raw)
    except BadRequest:
        return
    assert found.name == found.name.lower()
    assert not found.name.endswith(".")
    assert parse_host(found.origin("http").removeprefix("http://").encode()) in (
        found,
        Host(found.name, None),
    )


def test_lookalikes_stay_apart() -> None:
    """Litestar's patterns were unescaped regular expressions once: exampleXcom matched example.com."""
    assert parse_host(b"exampleXcom").name != "example.com"


@pytest.mark.parametrize("hosts", [[], [b"a.example", b"b.example"], [b"a.example", b"a.example"]])
def test_exactly_one_host_header(hosts: list[bytes]) -> None:
    with pytest.raises(BadRequest):
        host_of({"headers": [(b"host", host) for host in hosts]})


@pytest.mark.parametrize(
    ("host", "scheme", "wanted"),
    [
        (Host("a.example", None), "https", "https://a.example"),
        (Host("a.example", 443), "https", "https://a.example"),
        (Host("a.example", 443), "http", "http://a.example:443"),
        (Host("localhost", 8000), "http", "http://localhost:8000"),
        (Host("::1", 8000), "http", "http://[::1]:8000"),
    ],
)
def test_origins(host: Host, scheme: str, wanted: str) -> None:
    assert host.origin(scheme) == wanted


@get("/who")
async def who(request: Request[Any, Any, Any]) -> dict[str, Any]:
    return {
        "client": client_address(request.scope),
        "scheme": request.scope["scheme"],
        "host": host_of(request.scope).name,
        "forwarding": [name for name in request.headers if "forward" in name or "-ip" in name],
    }


FORGED = {
    "x-forwarded-for": "203.0.113.9",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "evil.test",
    "forwarded": "for=203.0.113.9;host=evil.test",
    "x-real-ip": "203.0.113.9",
}


async def test_a_stranger_is_not_believed(edge: Any) -> None:
    async with edge(who, trusted=("10.0.0.0/8",)) as client:
        answer = (await client.get("/who", headers=FORGED)).json()
    assert answer == {"client": "127.0.0.1", "scheme": "http", "host": "site.test", "forwarding": []}


async def test_a_thousand_forged_addresses_are_one_client(edge: Any) -> None:
    seen = set()
    async with edge(who) as client:
        for number in range(1000):
            forged = {"x-forwarded-for": f"198.51.{number // 256}.{number % 256}"}
            seen.add((await client.get("/who", headers=forged)).json()["client"])
    assert seen == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("headers", "client", "scheme"),
    [
        ({"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}, "203.0.113.9", "https"),
        ({"x-forwarded-for": "1.2.3.4, 203.0.113.9"}, "203.0.113.9", "http"),
        ({"x-forwarded-for": "1.2.3.4, 203.0.113.9, 10.1.2.3"}, "203.0.113.9", "http"),
        ({"x-forwarded-for": "10.1.2.3"}, "10.1.2.3", "http"),
        ({"x-forwarded-for": "203.0.113.9, rubbish"}, "127.0.0.1", "http"),
        ({"x-forwarded-for": "rubbish, 203.0.113.9"}, "203.0.113.9", "http"),
        ({"x-forwarded-for": "::ffff:203.0.113.9"}, "203.0.113.9", "http"),
        ({"x-forwarded-for": "[2001:db8::1]"}, "2001:db8::1", "http"),
        ({"x-forwarded-proto": "gopher"}, "127.0.0.1", "http"),
        ({"x-forwarded-for": ""}, "127.0.0.1", "http"),
    ],
)
async def test_a_listed_proxy_is_believed(
    edge: Any, headers: dict[str, str], client: str, scheme: str
) -> None:
    async with edge(who, trusted=("127.0.0.1", "10.0.0.0/8")) as session:
        answer = (await session.get("/who", headers={**headers, "x-forwarded-host": "evil.test"})).json()
    assert (answer["client"], answer["scheme"]) == (client, scheme)
    assert answer["host"] == "site.test"
    assert answer["forwarding"] == []


async def test_hsts_behind_a_proxy(edge: Any) -> None:
    async with edge(who, trusted=("127.0.0.1",)) as client:
        answer = await client.get("/who", headers={"x-forwarded-proto": "https"})
    assert "strict-transport-security" in answer.headers


async def test_websockets_get_their_own_scheme() -> None:
    seen = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["scheme"])

    scope = {
        "type": "websocket",
        "scheme": "ws",
        "client": ("127.0.0.1", 1),
        "headers": [(b"x-forwarded-proto", b"https")],
    }
    await ProxyHeaders(inner, ["127.0.0.1"])(scope, None, None)  # type: ignore[arg-type]
    assert seen == ["wss"]


def test_a_wrong_setting_stops_the_start() -> None:
    with pytest.raises(StartError, match=r"proxy\.local"):
        ProxyHeaders(None, ["proxy.local"])  # type: ignore[arg-type]


def test_networks_for_rate_limits() -> None:
    assert network_of("203.0.113.9") == "203.0.113.0/24"
    assert network_of("2001:db8:1:2:3::4") == "2001:db8:1:2::/64"
    assert network_of("::ffff:203.0.113.9") == "203.0.113.0/24"
    assert network_of("") == ""
    assert client_address({"client": None}) == ""
