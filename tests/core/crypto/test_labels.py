"""Labels and associated data: no two different inputs look alike."""

from dataclasses import astuple, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import INSTALLATION_PURPOSES, KeyMisused, Label, RootKey, SealContext
from core.crypto.aad import encode_aad, length_prefixed
from core.crypto.labels import SEALING
from tests.core.crypto.conftest import ROW, TENANT

names = st.text(max_size=20)
contexts = st.builds(SealContext, tenant=st.uuids(), table=names, column=names, row=st.uuids(), purpose=names)


def test_labels_are_unique_and_prefix_free() -> None:
    values = [label.value for label in Label]
    assert len(set(values)) == len(Label.__members__)
    clashes = [(a, b) for a in values for b in values if a != b and b.startswith(a)]
    assert clashes == []
    assert all(value.startswith("cms/v1/") and value.isascii() for value in values)


def test_no_two_labels_give_one_key() -> None:
    root = RootKey.generate()
    keys = [root.mac_key(label) for label in Label]
    ids = [root.data_key(label).key_id for label in SEALING.values()]
    assert len(set(keys)) == len(keys)
    assert len({*ids, bytes.fromhex(root.public_name())}) == len(ids) + 1


def test_purposes_of_the_installation_are_fixed() -> None:
    # Adding one moves values out of the reach of a site's own keys: a decision, not an accident.
    assert {"password", "totp", "token", "mail", "page-password", "wrap"} == INSTALLATION_PURPOSES


@given(st.lists(st.binary(max_size=12), max_size=6), st.lists(st.binary(max_size=12), max_size=6))
def test_length_prefixes_are_injective(first: list[bytes], second: list[bytes]) -> None:
    assert (length_prefixed(*first) == length_prefixed(*second)) == (first == second)


@given(contexts, contexts, st.binary(max_size=70), st.binary(max_size=70))
def test_associated_data_is_injective(one: SealContext, two: SealContext, head: bytes, tail: bytes) -> None:
    same = astuple(one) == astuple(two) and head == tail
    assert (encode_aad(one, head) == encode_aad(two, tail)) == same


@given(table=names, column=names, purpose=names, cut=st.integers(0, 60))
def test_moving_a_character_between_names_changes_it(table: str, column: str, purpose: str, cut: int) -> None:
    joined = table + column + purpose
    first, rest = joined[: cut % (len(joined) + 1)], joined[cut % (len(joined) + 1) :]
    one = SealContext(TENANT, table, column, ROW, purpose)
    two = replace(one, table=first, column=rest, purpose="")
    assert (encode_aad(one, b"") == encode_aad(two, b"")) == (one == two)


def test_a_name_too_long_to_bind_is_refused() -> None:
    with pytest.raises(KeyMisused, match="65,535"):
        encode_aad(SealContext(TENANT, "t" * 65_536, "c", ROW, "p"), b"")
