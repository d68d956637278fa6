"""T4 and IO09: what no JSON body may be, each with a message that says so."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadRequest
from core.http.json_body import MAX_DEPTH, parse_json


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"[" * 100_000, "nested more than 64"),
        (b'{"a":' * 100_000, "nested more than 64"),
        (b"[" * 100_000 + b"]" * 100_000, "nested more than 64"),
        (b"[" * 65 + b"]" * 65, "nested more than 64"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "nested more than 64"),
        (b'{"a": "\xff"}', "not valid UTF-8"),
        (b'"\xed\xa0\x80"', "not valid UTF-8"),
        ('"é"'.encode("latin-1"), "not valid UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "malformed"),
        (b"\xef\xbb\xbf{}", "malformed at byte 0"),
        (b'{"title": "a\\u0000b"}', "NUL"),
        (b'{"a\\u0000b": 1}', "NUL"),
        (b'[[{"a": ["\\u0000"]}]]', "NUL"),
        (b'"a\x00b"', "malformed"),
        (b'{"title": "x", "title": "y"}', "“title” twice"),
        (b'{"a": [{"b": 1, "c": {}, "\\u0062": 2}]}', "“b” twice"),
        (b'"\\ud800 and more text"', "malformed"),
        (b'"\\udc00 and more text"', "malformed"),
        (b'{"\\ud800 and more": 1}', "malformed"),
        (b"99999999999999999999", "too large"),
        (b'{"a": [-9223372036854775809]}', "too large"),
        (b"1" * 5000, "malformed"),
        (b"NaN", "malformed"),
        (b"1e999", "malformed"),
        (b"{'a': 1}", "malformed at byte 1"),
        (b'{"a": 1,}', "malformed"),
        (b"{} {}", "malformed"),
        (b"", "ends too early"),
        (b'{"a": ', "ends too early"),
    ],
)
def test_refused_with_a_reason(body: bytes, says: str) -> None:
    with pytest.raises(BadRequest) as caught:
        parse_json(body)
    assert caught.value.status == 400
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"[" * 64 + b"]" * 64, None),
        (b'{"a": "\\\\u0000"}', {"a": "\\u0000"}),
        (b'"\\ud83d\\ude00"', "😀"),
        (b"9223372036854775807", 2**63 - 1),
        (b"0.1234567890123456789012", 0.12345678901234568),
        (b'{"a": 1, "b": {"a": 1}}', {"a": 1, "b": {"a": 1}}),
        (b"[" + b"[]," * 99 + b"[]]", [[]] * 100),
    ],
)
def test_accepted(body: bytes, value: Any) -> None:
    found = parse_json(body)
    assert value is None or found == value


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=30,
)


@given(values)
def test_everything_else_is_read_as_it_is(value: Any) -> None:
    assert parse_json(json.dumps(value).encode()) == value
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_a_refusal(body: bytes) -> None:
    with suppress(BadRequest):
        json.dumps(parse_json(body))


def test_depth_limit_is_the_documented_one() -> None:
    assert MAX_DEPTH == 64
