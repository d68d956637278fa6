"""Envelope version 1: opens in one place, under one key, or not at all, and never says why."""

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import (
    CannotOpen,
    DataKey,
    SealContext,
    Suite,
    from_text,
    open_envelope,
    read_header,
    seal_envelope,
    to_text,
)
from core.crypto.envelope import MAX_PLAINTEXT, OVERHEAD
from core.errors import TooLarge
from tests.core.crypto.conftest import OTHER_ROW, OTHER_TENANT, ROW, TENANT

CONTEXT = SealContext(TENANT, "users", "totp", ROW, "totp")
names = st.text(max_size=40)
contexts = st.builds(SealContext, tenant=st.uuids(), table=names, column=names, row=st.uuids(), purpose=names)


def _fails(key: DataKey, blob: bytes, context: SealContext = CONTEXT) -> None:
    with pytest.raises(CannotOpen) as caught:
        open_envelope(key, blob, context)
    # One message for every reason, and no chain that would tell them apart.
    assert str(caught.value) == str(CannotOpen())
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@given(plain=st.binary(max_size=300), context=contexts, suite=st.sampled_from(Suite))
def test_round_trip(plain: bytes, context: SealContext, suite: Suite) -> None:
    key = DataKey.generate(suite)
    blob = seal_envelope(key, plain, context)
    assert len(blob) == len(plain) + OVERHEAD
    assert open_envelope(key, blob, context) == plain
    assert from_text(to_text(blob)) == blob


@pytest.mark.parametrize("suite", Suite)
def test_every_single_bit_flip_fails(suite: Suite) -> None:
    key = DataKey.generate(suite)
    blob = seal_envelope(key, b"JBSWY3DPEHPK3PXP", CONTEXT)
    for position in range(len(blob) * 8):
        changed = bytearray(blob)
        changed[position // 8] ^= 1 << position % 8
        _fails(key, bytes(changed))


@pytest.mark.parametrize("suite", Suite)
def test_every_cut_and_every_addition_fails(suite: Suite) -> None:
    key = DataKey.generate(suite)
    blob = seal_envelope(key, b"JBSWY3DPEHPK3PXP", CONTEXT)
    for size in range(len(blob)):
        _fails(key, blob[:size])
    _fails(key, blob + b"\x00")
    _fails(key, b"\x00" + blob)


@pytest.mark.parametrize(
    "other",
    [
        replace(CONTEXT, tenant=OTHER_TENANT),
        replace(CONTEXT, table="operators"),
        replace(CONTEXT, column="password_sealed"),
        replace(CONTEXT, row=OTHER_ROW),
        replace(CONTEXT, purpose="password"),
        replace(CONTEXT, table="user", column="stotp"),
        replace(CONTEXT, tenant=ROW, row=TENANT),
    ],
)
def test_a_value_opens_in_its_own_place_only(other: SealContext) -> None:
    key = DataKey.generate()
    _fails(key, seal_envelope(key, b"seed", CONTEXT), other)


def test_another_key_fails_also_with_the_same_id() -> None:
    key = DataKey.generate()
    blob = seal_envelope(key, b"seed", CONTEXT)
    _fails(DataKey.generate(), blob)
    _fails(DataKey(key.key_id, DataKey.generate().material()), blob)


@pytest.mark.parametrize("suite", Suite)
def test_a_message_does_not_choose_its_suite(suite: Suite) -> None:
    key = DataKey.generate(suite)
    blob = seal_envelope(key, b"seed", CONTEXT)
    for other in set(Suite) - {suite}:
        same_material = DataKey(key.key_id, key.material(), other)
        _fails(same_material, blob)
        _fails(same_material, blob[:1] + bytes((other,)) + blob[2:])


@pytest.mark.parametrize("first", [0, 2, 255])
def test_other_versions_and_suites_are_refused(first: int) -> None:
    key = DataKey.generate()
    blob = seal_envelope(key, b"seed", CONTEXT)
    _fails(key, bytes((first,)) + blob[1:])
    _fails(key, blob[:1] + bytes((4 if first == 2 else first,)) + blob[2:])


@given(blob=st.binary(max_size=200))
def test_no_bytes_do_anything_but_open_or_fail(blob: bytes) -> None:
    key = DataKey(bytes(8), bytes(32))
    for candidate in (blob, b"\x01\x01" + bytes(8) + blob):
        _fails(key, candidate)


@given(text=st.text())
def test_no_text_does_anything_but_decode_or_fail(text: str) -> None:
    for candidate in (text, "cmsf1." + text):
        try:
            assert to_text(from_text(candidate)) == candidate
        except CannotOpen:
            continue


def test_text_form_is_unique() -> None:
    text = to_text(
        seal_envelope(DataKey.generate(), b"x", CONTEXT)
    )  # 83 bytes: spare bits in the last character
    for other in (text + "=", text + "\n", " " + text, text.removeprefix("cmsf1."), "cmsf2." + text[6:]):
        with pytest.raises(CannotOpen):
            from_text(other)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spare = text[:-1] + alphabet[alphabet.index(text[-1]) ^ 1]
    with pytest.raises(CannotOpen):
        from_text(spare)


def test_salts_do_not_repeat() -> None:
    key = DataKey.generate()
    blobs = [seal_envelope(key, b"same", CONTEXT) for _ in range(2000)]
    assert len({read_header(blob).salt for blob in blobs}) == 2000
    assert len({blob[34:] for blob in blobs}) == 2000


def test_salts_do_not_repeat_in_a_forked_process() -> None:
    program = """
import os
from uuid import UUID
from core.crypto import DataKey, SealContext, read_header, seal_envelope
key = DataKey.generate()
context = SealContext(UUID(int=1), "t", "c", UUID(int=2), "p")
seal_envelope(key, b"", context)
child = os.fork()
if child:
    os.waitpid(child, 0)
print(read_header(seal_envelope(key, b"", context)).salt.hex(), flush=True)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    salts = run.stdout.split()
    assert len(salts) == 2
    assert salts[0] != salts[1]


def test_values_longer_than_a_field_are_refused_with_the_limit() -> None:
    with pytest.raises(TooLarge, match="16 MiB"):
        seal_envelope(DataKey.generate(), bytes(MAX_PLAINTEXT + 1), CONTEXT)


@pytest.mark.parametrize(("key_id", "material"), [(b"short", bytes(32)), (bytes(8), bytes(16))])
def test_keys_of_another_size_are_refused(key_id: bytes, material: bytes) -> None:
    with pytest.raises(ValueError, match="32"):
        DataKey(key_id, material)
