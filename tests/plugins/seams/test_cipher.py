"""Who can read this field? `register_cipher`: filled, refusing, failing, absent, and two at once."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from core.contract.work import SealScope
from core.crypto import CannotOpen
from core.db import execute, tenant_read, tenant_work
from core.errors import Refused
from core.plugins import Plugin
from tests.kit.client import Browser
from tests.kit.plugin import entered
from tests.plugins.seams.diary.plugin import plugin as diary
from tests.plugins.seams.world import brings

WORDS = "Hoje dormi bem."


class ToyCipher:
    """Enough of a cipher to see what the seam does: bound to scope and row, and it can be told to fail."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.calls: list[tuple[str, SealScope, int]] = []

    def _stream(self, scope: SealScope, row: UUID, size: int) -> bytes:
        label = f"{scope.tenant_id}/{scope.table}/{scope.column}/{scope.purpose}/{row}".encode()
        return hashlib.shake_256(label).digest(size)

    def _check(self, verb: str, scope: SealScope, count: int) -> None:
        self.calls.append((verb, scope, count))
        if self.error is not None:
            raise self.error

    async def seal(self, scope: SealScope, values: Mapping[UUID, bytes]) -> Mapping[UUID, bytes]:
        self._check("seal", scope, len(values))
        sealed = {}
        for row, value in values.items():
            body = bytes(a ^ b for a, b in zip(value, self._stream(scope, row, len(value)), strict=True))
            sealed[row] = hmac.digest(self._stream(scope, row, 32), body, "sha256") + body
        return sealed

    async def open(self, scope: SealScope, values: Mapping[UUID, bytes]) -> Mapping[UUID, bytes]:
        self._check("open", scope, len(values))
        opened = {}
        for row, value in values.items():
            mac, body = value[:32], value[32:]
            if not hmac.compare_digest(mac, hmac.digest(self._stream(scope, row, 32), body, "sha256")):
                raise CannotOpen
            opened[row] = bytes(a ^ b for a, b in zip(body, self._stream(scope, row, len(body)), strict=True))
        return opened

    async def blind_index(self, scope: SealScope, value: bytes) -> bytes:
        return hmac.digest(self._stream(scope, scope.tenant_id, 32), value, "sha256")


def vault(cipher: ToyCipher, name: str = "toyvault") -> Plugin:
    return brings(name, "register_cipher", cipher)


async def pages(app: Any, site: str) -> list[dict[str, Any]]:
    with entered(app, site):
        async with tenant_read():
            return await execute(
                "SELECT id, words FROM diary_pages WHERE tenant_id = {tenant} ORDER BY number"
            )


async def test_a_field_is_sealed_and_opened_by_the_plugin(app_with: Any) -> None:
    cipher = ToyCipher()
    app = await app_with(diary, vault(cipher), on=("alfa",))
    async with Browser(app, "alfa") as visitor:
        sent = await visitor.post("/diary", data={"words": WORDS})
        assert sent.status_code == 303
        assert (await visitor.get(sent.headers["location"])).text == WORDS
    (row,) = await pages(app, "alfa")
    assert b"dormi" not in bytes(row["words"])
    (verb, scope, count), _opened = cipher.calls
    assert (verb, scope.table, scope.column, scope.purpose, count) == (
        "seal",
        "diary_pages",
        "words",
        "diary",
        1,
    )


async def test_a_value_moved_to_another_row_does_not_open(app_with: Any) -> None:
    app = await app_with(diary, vault(ToyCipher()), on=("alfa",))
    async with Browser(app, "alfa") as visitor:
        for words in (WORDS, "Outra noite."):
            await visitor.post("/diary", data={"words": words})
        first, second = await pages(app, "alfa")
        with entered(app, "alfa"):
            async with tenant_work():
                await execute(
                    "UPDATE diary_pages SET words = {} WHERE tenant_id = {tenant} AND id = {}",
                    second["words"],
                    first["id"],
                )
        answer = await visitor.get("/diary/1")
        assert answer.status_code == 500 and "noite" not in answer.text
        assert (await visitor.get("/diary/2")).text == "Outra noite."


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (Refused("The key of this site was destroyed."), 422, "The key of this site was destroyed."),
        (RuntimeError("secret inside"), 500, ""),
    ],
)
async def test_a_cipher_that_will_not_or_can_not_leaves_nothing_behind(
    app_with: Any, error: Exception, status: int, told: str
) -> None:
    cipher = ToyCipher()
    app = await app_with(diary, vault(cipher), on=("alfa",))
    async with Browser(app, "alfa") as visitor:
        await visitor.post("/diary", data={"words": WORDS})
        cipher.error = error
        written = await visitor.post("/diary", data={"words": "Mais uma."})
        read = await visitor.get("/diary/1")
        for answer in (written, read):
            assert answer.status_code == status
            assert told in answer.text and "secret inside" not in answer.text
            assert "dormi" not in answer.text
        assert len(await pages(app, "alfa")) == 1
        cipher.error = None
        assert (await visitor.get("/diary/1")).text == WORDS


async def test_without_a_cipher_it_is_said_what_is_missing(app_with: Any) -> None:
    app = await app_with(diary, on=("alfa", "beta"))
    async with Browser(app, "beta") as visitor:
        answer = await visitor.post("/diary", data={"words": WORDS}, headers={"accept": "application/json"})
        assert answer.status_code == 503
        problem = answer.json()
        assert problem["type"].endswith("cipher-missing") and "diary" in problem["detail"]
    assert await pages(app, "beta") == []


async def test_two_ciphers_are_none(app_with: Any) -> None:
    app = await app_with(diary, vault(ToyCipher()), vault(ToyCipher(), "spare"), on=("alfa",))
    async with Browser(app, "alfa") as visitor:
        answer = await visitor.post("/diary", data={"words": WORDS}, headers={"accept": "application/json"})
    assert answer.status_code == 503 and "spare, toyvault" in answer.json()["detail"]
    assert await pages(app, "alfa") == []
