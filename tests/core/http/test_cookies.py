"""SE03: names that siblings can't forge, and a parser that takes anything."""

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.http import CookieError, Cookies, parse_cookies


def read(*values: str) -> dict[str, str]:
    return parse_cookies([(b"cookie", value.encode("latin-1")) for value in values])


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (["a=1; b=2"], {"a": "1", "b": "2"}),
        (["a=1;b=2;"], {"a": "1", "b": "2"}),
        (["a=1", "b=2"], {"a": "1", "b": "2"}),
        (["a=x=y="], {"a": "x=y="}),
        (["a="], {"a": ""}),
        (["a=%41"], {"a": "%41"}),
        (["a=1; a=1"], {"a": "1"}),
        (["sid=good; sid=planted"], {}),
        (["sid=good; ok=1", "sid=planted"], {"ok": "1"}),
        (['a="quoted"; b=2'], {"b": "2"}),
        (["a b=1; c=2"], {"c": "2"}),
        (["=1; ; novalue; c=2"], {"c": "2"}),
        (["a=\xe9; b=2"], {"b": "2"}),
        (["a=1,2; b=\x01; c=3"], {"c": "3"}),
        (["".join(f"c{index}=1; " for index in range(500))], {f"c{index}": "1" for index in range(100)}),
        ([], {}),
    ],
)
def test_parsing(values: list[str], wanted: dict[str, str]) -> None:
    assert read(*values) == wanted


@given(st.lists(st.tuples(st.just(b"cookie") | st.binary(max_size=8), st.binary(max_size=200)), max_size=5))
@example([(b"cookie", b"\xff\x00=;=;;=" * 50)])
def test_never_raises(headers: list[tuple[bytes, bytes]]) -> None:
    for name, value in parse_cookies(headers).items():
        assert name
        assert value.isascii()


def attributes(header: tuple[bytes, bytes]) -> tuple[str, set[str]]:
    name, value = header
    assert name == b"set-cookie"
    pair, *rest = value.decode().split("; ")
    return pair, set(rest)


def test_https_uses_the_host_prefix() -> None:
    cookies = Cookies(https=True)
    pair, rest = attributes(cookies.set("sid", "abc", same_site="Strict", max_age=3600))
    assert pair == "__Host-sid=abc"
    assert rest == {"Path=/", "SameSite=Strict", "Max-Age=3600", "HttpOnly", "Secure"}
    scope = {"headers": [(b"cookie", b"sid=planted; __Host-sid=abc")]}
    assert cookies.read(scope, "sid") == "abc"


def test_loopback_uses_plain_names() -> None:
    cookies = Cookies(https=False)
    pair, rest = attributes(cookies.set("sid", "abc", http_only=False))
    assert (pair, rest) == ("sid=abc", {"Path=/", "SameSite=Lax"})
    assert cookies.read({"headers": [(b"cookie", b"sid=abc")]}, "sid") == "abc"
    assert cookies.read({"headers": []}, "sid") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a b", "x"),
        ("", "x"),
        ("a;", "x"),
        ("a", "x;Domain=evil"),
        ("a", "x\r\nX: y"),
        ("a", "é"),
        ("a", '"'),
        ("a", "x y"),
    ],
)
def test_what_no_cookie_can_carry(name: str, value: str) -> None:
    with pytest.raises(CookieError):
        Cookies(https=True).set(name, value)


def test_limits() -> None:
    with pytest.raises(CookieError, match="longer"):
        Cookies(https=True).set("a", "x" * 4096)
    with pytest.raises(CookieError, match="SameSite=None"):
        Cookies(https=False).set("a", "x", same_site="None")


@given(
    st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9_.=-]{0,60}", fullmatch=True),
)
def test_what_is_set_is_read_back(name: str, value: str) -> None:
    cookies: Any = Cookies(https=True)
    sent = attributes(cookies.set(name, value))[0].encode()
    assert cookies.read({"headers": [(b"cookie", b"other=1; " + sent)]}, name) == value
    assert re.match(rb"__Host-", sent)
