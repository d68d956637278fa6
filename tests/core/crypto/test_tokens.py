"""Tokens, signed values and anti-forgery tokens: parsers never raise, and nothing passes for something else."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import now, use_clock
from core.crypto import (
    PLATFORM,
    Keyring,
    RootKey,
    csrf,
    hash_token,
    new_api_token,
    new_token,
    parse_api_token,
    sign,
    unsign,
    use_keyring,
)
from core.errors import VitralError
from tests.core.crypto.conftest import OTHER_TENANT, TENANT

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
RING = Keyring(RootKey.generate())
SESSION, OTHER_SESSION = hash_token("a"), hash_token("b")
URL_SAFE = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_tokens_are_256_random_bits() -> None:
    tokens = {new_token() for _ in range(2000)}
    assert len(tokens) == 2000
    assert {len(token) for token in tokens} == {43}


def test_what_is_stored_is_the_sha_256() -> None:
    assert hash_token("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert len(hash_token("\ud800")) == 32


def test_api_tokens_survive_parsing() -> None:
    for kind in ("api", "ci", "webhooksecre"):
        token = new_api_token(kind)
        parsed = parse_api_token(token.text)
        assert parsed is not None
        assert (parsed.kind, parsed.key, parsed.digest) == (kind, token.key, token.digest)
        assert len(token.key) == 8
        assert set(token.text) <= URL_SAFE


@pytest.mark.parametrize("kind", ["", "a", "API", "a_b", "ab1", "abcdefghijklm", "ápi", "ab\n"])
def test_kinds_of_token_are_letters(kind: str) -> None:
    with pytest.raises(ValueError, match="a to z"):
        new_api_token(kind)


def test_one_wrong_character_is_noticed_anywhere() -> None:
    text = new_api_token("api").text
    for position, char in enumerate(text):
        for other in "xY7_-":
            if other != char:
                assert parse_api_token(text[:position] + other + text[position + 1 :]) is None


@pytest.mark.parametrize(
    "change", [lambda t: t + "\n", lambda t: " " + t, lambda t: t[:-1], lambda t: t.upper(), lambda t: t + t]
)
def test_api_tokens_are_taken_whole(change: object) -> None:
    assert callable(change)
    assert parse_api_token(change(new_api_token("api").text)) is None


@given(st.text() | st.from_regex(r"cms_[a-z]{2,4}_[a-z0-9]{8}_[A-Za-z0-9_-]{43}_[0-9a-f]{8}"))
def test_the_token_parser_never_raises(text: str) -> None:
    parsed = parse_api_token(text)
    assert parsed is None or parsed.text == text


@given(payload=st.binary(max_size=500), purpose=st.text(max_size=20), tenant=st.uuids())
def test_signed_values_round_trip(payload: bytes, purpose: str, tenant: object) -> None:
    with use_keyring(RING):
        text = sign(payload, purpose, now() + timedelta(minutes=1), tenant=tenant)  # type: ignore[arg-type]
        assert unsign(text, purpose, tenant=tenant) == payload  # type: ignore[arg-type]
        assert set(text) <= URL_SAFE


def test_a_signed_value_counts_for_one_purpose_on_one_site_until_its_end() -> None:
    with use_keyring(RING), use_clock(lambda: NOON):
        text = sign(b"post 7", "preview", NOON + timedelta(minutes=10), tenant=TENANT)
        assert unsign(text, "preview", tenant=TENANT) == b"post 7"
        assert unsign(text, "unsubscribe", tenant=TENANT) is None
        assert unsign(text, "preview", tenant=OTHER_TENANT) is None
        assert unsign(text, "preview", tenant=PLATFORM) is None
    with use_keyring(RING), use_clock(lambda: NOON + timedelta(minutes=9, seconds=59)):
        assert unsign(text, "preview", tenant=TENANT) == b"post 7"
    for late in (timedelta(minutes=10), timedelta(days=900)):
        with use_keyring(RING), use_clock(lambda late=late: NOON + late):  # type: ignore[misc]
            assert unsign(text, "preview", tenant=TENANT) is None
    with use_keyring(Keyring(RootKey.generate())), use_clock(lambda: NOON):
        assert unsign(text, "preview", tenant=TENANT) is None


def test_a_changed_signed_value_is_nothing() -> None:
    with use_keyring(RING):
        text = sign(b"post 7", "preview", now() + timedelta(minutes=10), tenant=TENANT)
        for position, char in enumerate(text):
            for other in "A9.-":
                if other != char:
                    assert (
                        unsign(text[:position] + other + text[position + 1 :], "preview", tenant=TENANT)
                        is None
                    )
        version, end, payload, tag = text.split(".")
        for forged in (
            f"{version}.{int(end) + 3600}.{payload}.{tag}",
            f"{version}.0{end}.{payload}.{tag}",
            f"{version}.{end}.{payload}=.{tag}",
            f"{version}.{end}..{tag}",
            text + "\n",
            f"{version}.{end}.{payload}.",
            f"{version}.99999999999999999999.{payload}.{tag}",
        ):
            assert unsign(forged, "preview", tenant=TENANT) is None


@given(st.text() | st.from_regex(r"v1\.[0-9]{1,20}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{43}"))
def test_the_parser_of_signed_values_never_raises(text: str) -> None:
    with use_keyring(RING):
        assert unsign(text, "preview", tenant=TENANT) is None


def test_what_no_cookie_can_carry_is_refused_when_it_is_signed() -> None:
    with use_keyring(RING):
        end = now() + timedelta(minutes=1)
        assert unsign(sign(bytes(6000), "x", end, tenant=TENANT), "x", tenant=TENANT) == bytes(6000)
        with pytest.raises(VitralError, match="8192"):
            sign(bytes(6200), "x", end, tenant=TENANT)
        with pytest.raises(ValueError, match="aware"):
            sign(b"", "x", datetime(2026, 3, 2), tenant=TENANT)  # noqa: DTZ001  # that is the mistake


def test_a_form_token_belongs_to_its_session() -> None:
    with use_keyring(RING):
        token = csrf.make(SESSION)
        assert csrf.check(token, SESSION)
        assert not csrf.check(token, OTHER_SESSION)
        assert csrf.make(SESSION) != token, "the same bytes on each page help a compression attack"
    with use_keyring(Keyring(RootKey.generate())):
        assert not csrf.check(token, SESSION)


def test_a_changed_form_token_is_nothing() -> None:
    with use_keyring(RING):
        token = csrf.make(SESSION)
        assert len(token) == 64
        for position, char in enumerate(token):
            assert not csrf.check(
                token[:position] + ("A" if char != "A" else "B") + token[position + 1 :], SESSION
            )
        for other in ("", token[:-1], token + "A", token + "\n", token[:63] + "=", " " * 64, "é" * 64):
            assert not csrf.check(other, SESSION)


@given(st.text() | st.text("ABCab01-_", min_size=64, max_size=64))
def test_the_form_token_parser_never_raises(text: str) -> None:
    with use_keyring(RING):
        assert not csrf.check(text, SESSION)


@pytest.mark.parametrize("session", [b"", b"x", bytes(31), bytes(33)])
def test_no_form_token_is_made_for_no_session(session: bytes) -> None:
    with use_keyring(RING), pytest.raises(ValueError, match="SHA-256"):
        csrf.make(session)
