"""Key material shows nowhere: not in repr, logs, tracebacks, pickles or copies (control CR12)."""

import copy
import logging
import pickle
import re
import traceback
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from core.crypto import (
    CannotOpen,
    DataKey,
    Keyring,
    Label,
    RootKey,
    SealContext,
    inventory,
    new_api_token,
    verify_password,
)
from core.crypto.labels import SEALING
from tests.core.crypto import reference
from tests.core.crypto.conftest import ROW, TENANT

CANARY = b"CANARY-key-material-0123456789ab"
HOLDERS: dict[str, Callable[[], Any]] = {
    "root": lambda: RootKey(CANARY),
    "data key": lambda: DataKey(bytes(8), CANARY),
    "keyring": lambda: Keyring(RootKey(CANARY)),
    "api token": lambda: new_api_token("api"),
}


def _secrets() -> list[bytes]:
    root = RootKey(CANARY)
    return [
        CANARY,
        *(root.mac_key(label) for label in Label if label.use == "mac"),
        *(root.data_key(label).material() for label in SEALING.values()),
    ]


def _shows(text: str) -> bool:
    return any(
        form in text
        for secret in _secrets()
        for form in (repr(secret)[2:-1], secret.hex(), str(list(secret))[1:-1])
    )


@pytest.mark.parametrize("make", HOLDERS.values(), ids=HOLDERS)
def test_it_can_be_shown_but_shows_nothing(make: Callable[[], Any]) -> None:
    holder = make()
    for text in (
        repr(holder),
        str(holder),
        f"{holder}",
        f"{holder!r:>200}",
        repr([holder]),
        repr({"key": holder}),
    ):
        assert not _shows(text)
        assert re.search(r"<\w+ [\w]+>", text), text


def test_a_token_shows_its_public_part_only() -> None:
    token = new_api_token("api")
    assert token.key in repr(token)
    assert token.text.split("_")[3][:20] not in repr(token)


@pytest.mark.parametrize("make", HOLDERS.values(), ids=HOLDERS)
def test_it_can_not_be_copied_out(make: Callable[[], Any]) -> None:
    holder = make()
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="key material"):
            pickle.dumps(holder, protocol)
    for copier in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="key material"):
            copier(holder)
    with pytest.raises(TypeError):
        msgspec.json.encode(holder)
    with pytest.raises(TypeError):
        vars(holder)


def test_tracebacks_with_local_variables_hold_no_key() -> None:
    ring = Keyring(RootKey(CANARY))
    context = SealContext(TENANT, "users", "totp", ROW, "totp")
    blob = bytearray(ring.seal(CANARY, context))
    blob[-1] ^= 1
    with pytest.raises(CannotOpen) as caught:
        ring.open(bytes(blob), context)
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    data_key = ring.data_keys()["totp"][0]
    info = b"cms/v1/field\x01" + data_key.key_id + bytes(blob[10:34])
    assert "open_envelope" in shown
    assert not _shows(shown)
    assert repr(reference.expand(data_key.material(), info, 32))[2:-1] not in shown


async def test_a_damaged_password_is_logged_without_it(
    ring: Keyring, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        outcome = await verify_password(b"garbage", "uma frase que ninguem ve", tenant=TENANT, user=ROW)
    assert outcome.damaged
    assert str(ROW) in caplog.text
    assert "ninguem" not in caplog.text


def test_the_inventory_is_complete_and_holds_no_secret() -> None:
    found = inventory(Keyring(RootKey(CANARY)))
    text = "\n".join(f"{entry.kind} {entry.name} {entry.detail}" for entry in found)
    assert not _shows(text)
    assert {label.value for label in Label} == {entry.name for entry in found if entry.kind == "purpose"}
    keys = [entry for entry in found if entry.kind == "key"]
    assert len(keys) == 1 + len(SEALING)
    assert RootKey(CANARY).public_name() in {entry.name for entry in keys}
    for name in (
        "AES-256-GCM",
        "CHACHA20-POLY1305",
        "AES-256-GCM-SIV",
        "Argon2id",
        "HKDF-SHA-256",
        "cryptography",
    ):
        assert name in {entry.name for entry in found}
    assert "m=47104 KiB, t=2, p=1" in text


def test_the_inventory_tells_older_keys_apart() -> None:
    old, new = RootKey.generate(), RootKey.generate()
    ring = Keyring(RootKey(new.data_key(Label.WRAP).material(), previous=(old,)))
    details = [entry.detail for entry in inventory(ring) if "cms/v1/totp" in entry.detail]
    assert [detail.split(": ")[1] for detail in details] == ["seals and opens.", "opens only."]
