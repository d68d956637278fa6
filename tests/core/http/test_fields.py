"""IO08: what each kind of text may not hold."""

import re
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.http import Line, Name, Slug, Text, check_text, convert, line_of


class Fields(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    line: Line = ""
    text: Text = ""
    name: Name = "x"
    slug: Slug = "x"
    short: Annotated[str, line_of(3)] = ""


LINES = [
    "a\nb",
    "a\n",
    "a\rb",
    "a\x00",
    "a\x7f",
    "a\x9f",
    "a\u2028b",
    "a\u202eb",
    "a\u2066b",
    "a\ufeff",
    "a\uffff",
    "\ud800",
]
TEXTS = ["a\x00", "a\x0b", "a\x1b[31m", "a\x7f", "a\ufffe"]
NAMES = [*LINES, "Jo\u200bão", "p\u0430ypal", "\u0391lpha", "soft\u00adhyphen", "a\u200eb"]
SLUGS = ["A", "a b", "a--b", "-a", "a-", "é", "a_b", "a\n", "a/b", "..", "\u0430"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (kind, value)
        for kind, values in (("line", LINES), ("text", TEXTS), ("name", NAMES), ("slug", SLUGS))
        for value in values
    ],
)
def test_refused_by_function_and_by_type(kind: Any, value: str) -> None:
    assert check_text(value, kind)
    if "\ud800" not in value:
        with pytest.raises(Invalid) as caught:
            convert({kind: value}, Fields)
        assert set(caught.value.errors) == {kind}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("line", "Olá, “mundo” — 100 % 😀"),
        ("line", "مرحبا \u200f123"),
        ("line", "👨\u200d👩\u200d👧"),
        ("text", "a\r\n\tb\n"),
        ("text", "שלום \u2067abc\u2069"),
        ("name", "João d'Ávila-Souza"),
        ("name", "Дмитрий Smith"),
        ("name", "Ωμέγα"),
        ("name", "田中 太郎"),
        ("slug", "a-1-b"),
    ],
)
def test_taken(kind: Any, value: str) -> None:
    assert check_text(value, kind) is None
    assert getattr(convert({kind: value}, Fields), kind) == value


def test_over_length_is_refused_and_says_by_how_much() -> None:
    with pytest.raises(Invalid) as caught:
        convert({"short": "abcd", "line": "x" * 256}, Fields)
    assert caught.value.errors == {
        "short": "Use at most 3 characters; there are 4.",
        "line": "Use at most 255 characters; there are 256.",
    }


@given(st.text(max_size=40))
def test_function_and_pattern_agree(value: str) -> None:
    for kind in ("line", "text", "slug"):
        try:
            convert({kind: value}, Fields)
            fits = True
        except Invalid:
            fits = False
        assert fits == (
            check_text(value, kind) is None
            or (kind != "slug" and re.search("[\ud800-\udfff]", value) is not None)
        )
