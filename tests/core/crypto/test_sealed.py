"""Sealed fields: whose key, one call per column, and what happens when there is no cipher."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contract.work import SealScope
from core.crypto import CannotOpen, CipherMissing, KeyMisused, Keyring, SealContext, sealed, use_ciphers
from core.crypto.sealed import _pack, _unpack
from core.errors import Invalid
from tests.core.crypto.conftest import OTHER_ROW, OTHER_TENANT, ROW, TENANT


class Vault:
    """Seals by turning bytes round, and remembers what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, str, int]] = []

    async def seal(self, scope: SealScope, values: Mapping[UUID, bytes]) -> Mapping[UUID, bytes]:
        self.calls.append(("seal", scope.table, scope.column, len(values)))
        return {row: value[::-1] for row, value in values.items()}

    async def open(self, scope: SealScope, values: Mapping[UUID, bytes]) -> Mapping[UUID, bytes]:
        self.calls.append(("open", scope.table, scope.column, len(values)))
        return {row: value[::-1] for row, value in values.items()}

    async def blind_index(self, scope: SealScope, value: bytes) -> bytes:
        return scope.column.encode() + value


class Forgetful(Vault):
    async def open(self, scope: SealScope, values: Mapping[UUID, bytes]) -> Mapping[UUID, bytes]:
        return {}


ROWS: list[dict[str, Any]] = [
    {"id": ROW, "subject": "Olá", "body": "x" * 100, "status": "queued"},
    {"id": OTHER_ROW, "subject": None, "body": "", "status": "sent"},
]


async def test_rows_come_back_as_they_were() -> None:
    stored = await sealed.write("outbox", TENANT, ROWS, ["subject", "body"], purpose="mail")
    assert [row["status"] for row in stored] == ["queued", "sent"]
    assert isinstance(stored[0]["subject"], bytes)
    assert stored[1]["subject"] is None
    assert ROWS[0]["subject"] == "Olá", "the caller's rows are left alone"
    assert await sealed.read("outbox", TENANT, stored, ["subject", "body"], purpose="mail") == ROWS


async def test_columns_that_a_row_does_not_have_stay_away() -> None:
    stored = await sealed.write("outbox", TENANT, [{"id": ROW}], ["subject"], purpose="mail")
    assert stored == [{"id": ROW}]
    assert await sealed.read("outbox", TENANT, stored, ["subject"], purpose="mail") == [{"id": ROW}]


async def test_values_of_two_rows_can_not_change_places() -> None:
    rows = [{"id": ROW, "body": "a"}, {"id": OTHER_ROW, "body": "b"}]
    one, two = await sealed.write("outbox", TENANT, rows, ["body"], purpose="mail")
    swapped = [{**one, "body": two["body"]}, {**two, "body": one["body"]}]
    with pytest.raises(CannotOpen):
        await sealed.read("outbox", TENANT, swapped, ["body"], purpose="mail")
    for table, tenant, column, purpose in (
        ("outbox", OTHER_TENANT, "body", "mail"),
        ("inbox", TENANT, "body", "mail"),
        ("outbox", TENANT, "subject", "mail"),
        ("outbox", TENANT, "body", "token"),
    ):
        moved = [{"id": ROW, column: one["body"]}]
        with pytest.raises(CannotOpen):
            await sealed.read(table, tenant, moved, [column], purpose=purpose)


async def test_a_copied_row_is_bound_to_its_new_id() -> None:
    stored = await sealed.write("outbox", TENANT, ROWS, ["body"], purpose="mail")
    new = {ROW: UUID(int=7), OTHER_ROW: UUID(int=8)}
    moved = await sealed.rebind("outbox", TENANT, stored, ["body"], purpose="mail", ids=new)
    opened = await sealed.read("outbox", TENANT, moved, ["body"], purpose="mail")
    assert [(row["id"], row["body"]) for row in opened] == [(UUID(int=7), "x" * 100), (UUID(int=8), "")]
    with pytest.raises(CannotOpen):
        await sealed.read("outbox", TENANT, [{**moved[0], "id": ROW}], ["body"], purpose="mail")
    with pytest.raises(CannotOpen):
        await sealed.rebind("outbox", OTHER_TENANT, stored, ["body"], purpose="mail", ids=new)


async def test_without_a_cipher_a_field_of_the_site_is_neither_written_nor_read() -> None:
    for call in (sealed.write, sealed.read):
        with pytest.raises(CipherMissing, match=r"'field'.*no cipher.*Enable a plugin"):
            await call("patients", TENANT, [{"id": ROW, "cpf": None}], ["cpf"], purpose="field")
    with pytest.raises(CipherMissing):
        await sealed.blind_index("patients", TENANT, "cpf", b"1", purpose="field")
    assert CipherMissing.status == 503


async def test_the_site_s_cipher_is_asked_once_per_column() -> None:
    vault = Vault()
    with use_ciphers(lambda: [("vault", vault)]):
        stored = await sealed.write("patients", TENANT, ROWS, ["subject", "body"], purpose="field")
        assert await sealed.read("patients", TENANT, stored, ["subject", "body"], purpose="field") == ROWS
        assert await sealed.blind_index("patients", TENANT, "cpf", b"1", purpose="field") == b"cpf1"
    assert vault.calls == [
        ("seal", "patients", "subject", 1),
        ("seal", "patients", "body", 2),
        ("open", "patients", "subject", 1),
        ("open", "patients", "body", 2),
    ]


async def test_what_signs_people_in_never_depends_on_a_plugin(ring: Keyring) -> None:
    stored = await sealed.write("users", TENANT, [{"id": ROW, "totp": "JBSWY3DP"}], ["totp"], purpose="totp")
    vault = Vault()
    with use_ciphers(lambda: [("vault", vault)]):
        opened = await sealed.read("users", TENANT, stored, ["totp"], purpose="totp")
    assert opened[0]["totp"] == "JBSWY3DP"
    assert vault.calls == []
    assert ring.open(stored[0]["totp"], SealContext(TENANT, "users", "totp", ROW, "totp")).startswith(
        b"JBSWY3DP\x80"
    )


async def test_two_ciphers_are_none() -> None:
    with (
        use_ciphers(lambda: [("vault", Vault()), ("other", Vault())]),
        pytest.raises(CipherMissing, match="other, vault"),
    ):
        await sealed.write("patients", TENANT, ROWS, ["body"], purpose="field")


async def test_a_cipher_that_leaves_rows_out_is_a_failure() -> None:
    with use_ciphers(lambda: [("vault", Forgetful())]):
        stored = await sealed.write("patients", TENANT, ROWS, ["body"], purpose="field")
        with pytest.raises(CannotOpen):
            await sealed.read("patients", TENANT, stored, ["body"], purpose="field")


async def test_a_cipher_is_there_only_inside_its_block() -> None:
    with use_ciphers(lambda: [("vault", Vault())]):
        await sealed.write("patients", TENANT, ROWS, ["body"], purpose="field")
    with pytest.raises(CipherMissing):
        await sealed.write("patients", TENANT, ROWS, ["body"], purpose="field")


@pytest.mark.parametrize(
    "rows",
    [[{"body": "x"}], [{"id": str(ROW), "body": "x"}], [{"id": ROW, "body": "x"}, {"id": ROW, "body": "y"}]],
)
async def test_rows_need_an_id_of_their_own(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(KeyMisused, match="new_id"):
        await sealed.write("outbox", TENANT, rows, ["body"], purpose="mail")


async def test_text_goes_in_and_bytes_come_out() -> None:
    with pytest.raises(KeyMisused, match="takes str"):
        await sealed.write("outbox", TENANT, [{"id": ROW, "body": b"x"}], ["body"], purpose="mail")
    with pytest.raises(KeyMisused, match="takes bytes"):
        await sealed.read("outbox", TENANT, [{"id": ROW, "body": "x"}], ["body"], purpose="mail")
    with pytest.raises(Invalid) as caught:
        await sealed.write("outbox", TENANT, [{"id": ROW, "body": "\ud800"}], ["body"], purpose="mail")
    assert set(caught.value.errors) == {"body"}


async def test_there_is_no_index_of_what_the_core_seals() -> None:
    with pytest.raises(KeyMisused, match="no index"):
        await sealed.blind_index("users", TENANT, "totp", b"x", purpose="totp")


async def test_lengths_show_in_steps_of_32_only() -> None:
    rows = [{"id": UUID(int=size + 1), "body": "x" * size} for size in range(31)]
    stored = await sealed.write("outbox", TENANT, rows, ["body"], purpose="mail")
    assert len({len(row["body"]) for row in stored}) == 1


@given(st.text())
def test_padding_round_trips(text: str) -> None:
    packed = _pack(text, "c")
    assert len(packed) % 32 == 0
    assert _unpack(packed) == text


@given(st.binary(max_size=100))
def test_padding_is_unique_or_refused(value: bytes) -> None:
    try:
        text = _unpack(value)
    except CannotOpen:
        return
    assert _pack(text, "c") == value
