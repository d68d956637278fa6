"""The formats are what vectors.json says, now and for ever: it stands for what databases hold."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.clock import use_clock
from core.crypto import (
    DataKey,
    Keyring,
    Label,
    RootKey,
    SealContext,
    Suite,
    csrf,
    from_text,
    open_envelope,
    parse_api_token,
    read_header,
    seal_envelope,
    sign,
    to_text,
    unsign,
    use_keyring,
)
from core.crypto.aad import encode_aad
from core.crypto.hashing import STANDARD, Passwords
from core.crypto.labels import SEALING
from core.crypto.sealed import _pack, _unpack
from tests.core.crypto import reference

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))


def _context(values: dict[str, str]) -> SealContext:
    return SealContext(
        UUID(values["tenant"]), values["table"], values["column"], UUID(values["row"]), values["purpose"]
    )


def _ring(root: str) -> Keyring:
    return Keyring(RootKey(bytes.fromhex(root)))


def test_second_implementation_gives_the_stored_vectors() -> None:
    assert reference.vectors() == VECTORS


def test_second_implementation_expands_as_rfc_5869_says() -> None:
    # Appendix A.1, the expand step.
    prk = bytes.fromhex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
    okm = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    assert reference.expand(prk, bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"), 42).hex() == okm


@pytest.mark.parametrize("vector", VECTORS["aad"])
def test_associated_data(vector: dict[str, Any]) -> None:
    assert encode_aad(_context(vector["context"]), bytes.fromhex(vector["header"])).hex() == vector["aad"]


@pytest.mark.parametrize(
    "vector", VECTORS["envelopes"], ids=lambda v: f"suite{v['suite']}-{len(v['plaintext'])}"
)
def test_envelope_both_ways(vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    key = DataKey(bytes.fromhex(vector["key_id"]), bytes.fromhex(vector["key"]), Suite(vector["suite"]))
    context, blob = _context(vector["context"]), bytes.fromhex(vector["envelope"])
    assert open_envelope(key, blob, context).hex() == vector["plaintext"]
    assert read_header(blob).salt.hex() == vector["salt"]
    assert (to_text(blob), from_text(vector["text"])) == (vector["text"], blob)
    monkeypatch.setattr("os.urandom", lambda size: bytes.fromhex(vector["salt"]))
    assert seal_envelope(key, bytes.fromhex(vector["plaintext"]), context) == blob


def test_keys_of_the_root() -> None:
    vector = VECTORS["root"]
    root = RootKey(bytes.fromhex(vector["root"]))
    assert root.public_name() == vector["fingerprint"]
    made = {purpose: root.data_key(label) for purpose, label in SEALING.items()}
    assert {p: {"key_id": k.key_id.hex(), "key": k.material().hex()} for p, k in made.items()} == vector[
        "data_keys"
    ]


@pytest.mark.parametrize("vector", VECTORS["root"]["mac"])
def test_mac(vector: dict[str, Any]) -> None:
    ring = _ring(VECTORS["root"]["root"])
    parts = [bytes.fromhex(part) for part in vector["parts"]]
    assert ring.mac(vector["purpose"], *parts).hex() == vector["tag"]


def test_forgery_token(monkeypatch: pytest.MonkeyPatch) -> None:
    vector = VECTORS["csrf"]
    session = bytes.fromhex(vector["session"])
    with use_keyring(_ring(vector["root"])):
        assert csrf.check(vector["token"], session)
        monkeypatch.setattr("os.urandom", lambda size: bytes.fromhex(vector["random"]))
        assert csrf.make(session) == vector["token"]


def test_signed_value() -> None:
    vector = VECTORS["signed"]
    tenant, expires = UUID(vector["tenant"]), datetime.fromtimestamp(vector["expires"], UTC)
    payload = bytes.fromhex(vector["payload"])
    just_before = datetime.fromtimestamp(vector["expires"] - 1, UTC)
    with use_keyring(_ring(vector["root"])), use_clock(lambda: just_before):
        assert sign(payload, vector["purpose"], expires, tenant=tenant) == vector["text"]
        assert unsign(vector["text"], vector["purpose"], tenant=tenant) == payload


def test_api_token() -> None:
    vector = VECTORS["api_token"]
    parsed = parse_api_token(vector["text"])
    assert parsed is not None
    assert (parsed.kind, parsed.key, parsed.text) == (vector["kind"], vector["key"], vector["text"])


@pytest.mark.parametrize("vector", VECTORS["padded"])
def test_padded_text(vector: dict[str, Any]) -> None:
    assert _pack(vector["text"], "column").hex() == vector["bytes"]
    assert _unpack(bytes.fromhex(vector["bytes"])) == vector["text"]


async def test_argon2id_verifier(monkeypatch: pytest.MonkeyPatch) -> None:
    vector = VECTORS["argon2id"]
    passwords = Passwords(STANDARD)
    assert await passwords.verify(vector["verifier"].encode(), vector["password"].encode())
    assert not passwords.needs_rehash(vector["verifier"].encode())
    monkeypatch.setattr("os.urandom", lambda size: bytes.fromhex(vector["salt"]))
    assert await passwords.hash(vector["password"].encode()) == vector["verifier"].encode()
    passwords.close()


def test_every_sealing_label_has_a_vector() -> None:
    assert set(VECTORS["root"]["data_keys"]) == {label.purpose for label in Label if label.use == "seal"}
