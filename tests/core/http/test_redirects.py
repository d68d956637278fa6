"""WB09: a redirect target is a path of this site or it is not taken."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.http import safe_next


@pytest.mark.parametrize(
    "target",
    [
        "//evil.test",
        "///evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/\\/evil.test",
        "https:evil.test",
        "https://evil.test/",
        "HTTPS://evil.test/",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.test",
        "",
        None,
        " //evil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        "\t//evil.test",
        "\x00/a",
        "/a\x00",
        "/a\r\nSet-Cookie: x=1",
        "/a b",
        "/\u2028/evil.test",
        "/\xa0/evil.test",
        "/a\\b",
        "/%",
        "/%zz",
        "/\ud800",
        "?a=1",
        "#x",
        "/" + "a" * 3000,
    ],
)
def test_refused(target: str | None) -> None:
    assert safe_next(target) == "/"
    assert safe_next(target, "/admin") == "/admin"


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ("/", "/"),
        ("/admin/posts?page=2&q=a%20b#row-3", "/admin/posts?page=2&q=a%20b#row-3"),
        ("/ação/", "/a%C3%A7%C3%A3o/"),
        ("/a//b", "/a//b"),
        ("/@user:x", "/@user:x"),
        ("/%2f%2fevil.test", "/%2f%2fevil.test"),
        ('/"><script>', "/%22%3E%3Cscript%3E"),
    ],
)
def test_taken(target: str, wanted: str) -> None:
    assert safe_next(target) == wanted


@given(st.text(max_size=30).map(lambda text: "/" + text) | st.text(max_size=30))
def test_never_leaves_the_site(target: str) -> None:
    found = safe_next(target)
    assert found.isascii()
    assert found.isprintable()
    assert " " not in found
    assert urlsplit(urljoin("https://site.test/here", found))[:2] == ("https", "site.test")
