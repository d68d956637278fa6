"""WB01, T2: an unsafe request has to come from the site and carry this session's token."""

import hashlib
import hmac
from typing import Any

import pytest

from core.errors import Forbidden
from core.http import check_unsafe, cors_origin, parse_host

HOST = parse_host(b"clinica.example")


def scope_of(method: str = "POST", scheme: str = "https", **headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": method, "scheme": scheme, "headers": pairs}


def ours(token: str) -> bool:
    return token == "right"


SAME = {"sec_fetch_site": "same-origin", "x_csrf_token": "right"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY", "post"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x_csrf_token": "right"},
        {"sec_fetch_site": "cross-site", "x_csrf_token": "right"},
        {"sec_fetch_site": "same-site", "x_csrf_token": "right"},
        {"sec_fetch_site": "none", "x_csrf_token": "right"},
        {"sec_fetch_site": "cross-site", "origin": "https://clinica.example", "x_csrf_token": "right"},
        {"origin": "https://evil.test", "x_csrf_token": "right"},
        {"origin": "null", "x_csrf_token": "right"},
        {"origin": "http://clinica.example", "x_csrf_token": "right"},
        {"origin": "https://clinica.example:8443", "x_csrf_token": "right"},
        {"origin": "https://clinica.example.evil.test", "x_csrf_token": "right"},
        {"origin": "https://evil-clinica.example", "x_csrf_token": "right"},
        {"origin": "https://clinica.example/", "x_csrf_token": "right"},
        {"origin": "", "x_csrf_token": "right"},
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "same-origin", "x_csrf_token": ""},
        {"sec_fetch_site": "same-origin", "x_csrf_token": "wrong"},
    ],
)
def test_refused(method: str, headers: dict[str, str]) -> None:
    with pytest.raises(Forbidden):
        check_unsafe(scope_of(method, **headers), HOST, check_token=ours)


@pytest.mark.parametrize(
    "headers",
    [
        SAME,
        {**SAME, "origin": "https://clinica.example"},
        {"origin": "https://clinica.example", "x_csrf_token": "right"},
    ],
)
def test_taken(headers: dict[str, str]) -> None:
    check_unsafe(scope_of(**headers), HOST, check_token=ours)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_safe_methods_pass(method: str) -> None:
    check_unsafe(scope_of(method, sec_fetch_site="cross-site"), HOST, check_token=ours)


def test_the_token_may_come_from_the_form() -> None:
    check_unsafe(scope_of(sec_fetch_site="same-origin"), HOST, check_token=ours, field="right")
    with pytest.raises(Forbidden):
        check_unsafe(
            scope_of(sec_fetch_site="same-origin", x_csrf_token="wrong"),
            HOST,
            check_token=ours,
            field="right",
        )


def test_doubled_headers_are_no_answer() -> None:
    twice = scope_of(**SAME)
    twice["headers"].append((b"sec-fetch-site", b"cross-site"))
    with pytest.raises(Forbidden):
        check_unsafe(twice, HOST, check_token=ours)
    twice = scope_of(**SAME)
    twice["headers"].append((b"x-csrf-token", b"right"))
    with pytest.raises(Forbidden):
        check_unsafe(twice, HOST, check_token=ours)


def test_without_a_session_the_browser_decides_alone() -> None:
    check_unsafe(scope_of(sec_fetch_site="same-origin"), HOST)
    with pytest.raises(Forbidden):
        check_unsafe(scope_of(sec_fetch_site="cross-site"), HOST)


def test_websockets_compare_the_page_that_opens_them() -> None:
    scope = {"type": "websocket", "scheme": "wss", "headers": [(b"origin", b"https://clinica.example")]}
    check_unsafe(scope, HOST)
    scope["headers"] = [(b"origin", b"https://evil.test")]
    with pytest.raises(Forbidden):
        check_unsafe(scope, HOST)


def test_a_pair_forged_in_another_session_is_refused() -> None:
    """T2: a token and cookie that fit each other, minted by the attacker's own browser."""
    key = b"k" * 32

    def mint(session: str, random: str) -> str:
        return random + "." + hmac.digest(key, f"{session}|{random}".encode(), hashlib.sha256).hex()

    def checker(session: str) -> Any:
        def check(token: str) -> bool:
            random, _dot, _mac = token.partition(".")
            return hmac.compare_digest(token, mint(session, random))

        return check

    forged = mint("attackers-session", "r")
    attack = scope_of(sec_fetch_site="cross-site", x_csrf_token=forged, cookie=f"csrf={forged}")
    with pytest.raises(Forbidden, match="another site"):
        check_unsafe(attack, HOST, check_token=checker("victims-session"))
    # and even if the browser could be made to lie about where it comes from:
    attack = scope_of(sec_fetch_site="same-origin", x_csrf_token=forged, cookie=f"csrf={forged}")
    with pytest.raises(Forbidden, match="another session"):
        check_unsafe(attack, HOST, check_token=checker("victims-session"))
    fine = scope_of(sec_fetch_site="same-origin", x_csrf_token=mint("victims-session", "r"))
    check_unsafe(fine, HOST, check_token=checker("victims-session"))


@pytest.mark.parametrize(
    ("origin", "wanted"),
    [
        ("https://app.example", "https://app.example"),
        ("https://evil-app.example", None),
        ("https://app.example.evil.test", None),
        ("http://app.example", None),
        ("null", None),
        (None, None),
        ("", None),
    ],
)
def test_cors_is_exact(origin: str | None, wanted: str | None) -> None:
    assert cors_origin(origin, {"https://app.example", "null"}) == wanted
