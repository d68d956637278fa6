"""Passwords: sealed for one user, nothing cut or folded, the same work for everybody, never a pile-up."""

import asyncio
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.crypto import (
    CannotOpen,
    Keyring,
    Parameters,
    Passwords,
    RootKey,
    SealContext,
    hash_password,
    reseal_password,
    use_keyring,
    verify_password,
)
from core.errors import Invalid, Unavailable
from tests.core.crypto.conftest import OTHER_ROW, OTHER_TENANT, ROW, TENANT

CHEAP = Parameters.for_tests()
GOOD = "sete gatos dormem na varanda"


class Counting(Passwords):
    """Remembers the verifiers that were worked on, None for the one that stands for nobody."""

    def __init__(self) -> None:
        super().__init__(CHEAP)
        self.seen: list[bytes | None] = []

    async def verify(self, verifier: bytes | None, secret: bytes) -> bool:
        self.seen.append(verifier)
        return await super().verify(verifier, secret)

    async def hash(self, secret: bytes) -> bytes:
        self.seen.append(b"hash")
        return await super().hash(secret)


@pytest.fixture
def counting() -> Iterator[Counting]:
    made = Counting()
    with use_keyring(Keyring(RootKey.generate(), passwords=made)):
        yield made
    made.close()


async def test_the_right_password_and_no_other() -> None:
    stored = await hash_password(GOOD, tenant=TENANT, user=ROW)
    assert (await verify_password(stored, GOOD, tenant=TENANT, user=ROW)).ok
    for wrong in (GOOD[:-1], GOOD + " ", GOOD.upper(), " " + GOOD, "", GOOD + "\x00"):
        outcome = await verify_password(stored, wrong, tenant=TENANT, user=ROW)
        assert (outcome.ok, outcome.needs_rehash, outcome.damaged) == (False, False, False)


async def test_what_is_stored_is_an_envelope_around_an_argon2id_verifier(ring: Keyring) -> None:
    stored = await hash_password(GOOD, tenant=TENANT, user=ROW)
    assert b"argon2" not in stored
    inside = ring.open(stored, SealContext(TENANT, "users", "password_sealed", ROW, "password"))
    assert inside.startswith(b"$argon2id$v=19$m=64,t=1,p=1$")
    assert await hash_password(GOOD, tenant=TENANT, user=ROW) != stored


async def test_the_standard_cost_is_46_mib_in_2_passes() -> None:
    with use_keyring(Keyring(RootKey.generate())) as _:
        from core.crypto import keyring

        ring = keyring()
        stored = await hash_password(GOOD, tenant=TENANT, user=ROW)
        inside = ring.open(stored, SealContext(TENANT, "users", "password_sealed", ROW, "password"))
        assert inside.startswith(b"$argon2id$v=19$m=47104,t=2,p=1$")
        assert (await verify_password(stored, GOOD, tenant=TENANT, user=ROW)).ok
        ring.passwords.close()


async def test_a_verifier_of_somebody_else_is_damaged_not_right() -> None:
    stored = await hash_password(GOOD, tenant=TENANT, user=ROW)
    places = [
        {"tenant": TENANT, "user": OTHER_ROW},
        {"tenant": OTHER_TENANT, "user": ROW},
        {"tenant": TENANT, "user": ROW, "table": "operators"},
        {"tenant": TENANT, "user": ROW, "column": "old_password"},
    ]
    for place in places:
        outcome = await verify_password(stored, GOOD, **place)  # type: ignore[arg-type]
        assert (outcome.ok, outcome.damaged) == (False, True)
    assert (await verify_password(stored[:-1] + b"x", GOOD, tenant=TENANT, user=ROW)).damaged
    assert (await verify_password(b"", GOOD, tenant=TENANT, user=ROW)).damaged


async def test_what_was_sealed_but_is_no_verifier_is_damaged(ring: Keyring) -> None:
    for inside in (
        b"",
        b"plain",
        b"$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA",
        b"$argon2id$v=19$m=x$a$b",
        b"\xff",
    ):
        stored = ring.seal(inside, SealContext(TENANT, "users", "password_sealed", ROW, "password"))
        outcome = await verify_password(stored, GOOD, tenant=TENANT, user=ROW)
        assert (outcome.ok, outcome.damaged) == (False, True), inside


async def test_an_unknown_user_costs_what_a_known_one_does(counting: Counting) -> None:
    stored = await hash_password(GOOD, tenant=TENANT, user=ROW)
    counting.seen.clear()
    outcomes = [
        await verify_password(None, GOOD, tenant=TENANT, user=ROW),
        await verify_password(b"damaged", GOOD, tenant=TENANT, user=ROW),
        await verify_password(stored, "something else entirely", tenant=TENANT, user=ROW),
    ]
    assert [outcome.ok for outcome in outcomes] == [False] * 3
    assert [verifier is None for verifier in counting.seen] == [True, True, False]
    head = CHEAP.phc.encode()
    assert counting._nobody.startswith(head)
    assert counting.seen[2] is not None
    assert len(counting._nobody) == len(counting.seen[2]), "another salt or tag length is other work"


async def test_nobody_s_password_is_never_right() -> None:
    passwords = Passwords(CHEAP)
    assert not await passwords.verify(None, b"")
    passwords.close()


async def test_a_hash_of_another_cost_is_renewed_at_the_next_sign_in() -> None:
    root = RootKey.generate()
    with use_keyring(Keyring(root, passwords=Passwords(replace(CHEAP, time=2)))):
        stored = await hash_password(GOOD, tenant=TENANT, user=ROW)
        assert not (await verify_password(stored, GOOD, tenant=TENANT, user=ROW)).needs_rehash
    with use_keyring(Keyring(root, passwords=Passwords(CHEAP))):
        outcome = await verify_password(stored, GOOD, tenant=TENANT, user=ROW)
        assert outcome.ok
        assert outcome.needs_rehash
        wrong = await verify_password(stored, "not this one at all", tenant=TENANT, user=ROW)
        assert not wrong.needs_rehash, "a wrong password must not be hashed over the right one"


async def test_the_pepper_rotates_without_the_password() -> None:
    old = RootKey.generate()
    with use_keyring(Keyring(old, passwords=Passwords(CHEAP))):
        stored = await hash_password(GOOD, tenant=TENANT, user=ROW)
    fresh = Keyring(RootKey.generate(), passwords=Passwords(CHEAP))
    with use_keyring(fresh):
        assert (await verify_password(stored, GOOD, tenant=TENANT, user=ROW)).damaged
    new = RootKey(b"0123456789abcdef0123456789ABCDEF", previous=(old,))
    with use_keyring(Keyring(new, passwords=Passwords(CHEAP))):
        assert (await verify_password(stored, GOOD, tenant=TENANT, user=ROW)).needs_rehash
        renewed = reseal_password(stored, tenant=TENANT, user=ROW)
        with pytest.raises(CannotOpen):
            reseal_password(stored, tenant=TENANT, user=OTHER_ROW)
    with use_keyring(Keyring(RootKey(b"0123456789abcdef0123456789ABCDEF"), passwords=Passwords(CHEAP))):
        outcome = await verify_password(renewed, GOOD, tenant=TENANT, user=ROW)
        assert (outcome.ok, outcome.needs_rehash) == (True, False)


@pytest.mark.parametrize("password", ["😀" * 128, "a" * 128, "ﷺ" * 128, "x" * 1024])
async def test_128_characters_of_any_kind_are_taken_whole(password: str) -> None:
    stored = await hash_password(password, tenant=TENANT, user=ROW)
    assert (await verify_password(stored, password, tenant=TENANT, user=ROW)).ok
    assert not (await verify_password(stored, password[:-1] + "b", tenant=TENANT, user=ROW)).ok


async def test_80_bytes_that_differ_in_the_last_one_are_two_passwords() -> None:
    one, two = "k" * 79 + "1", "k" * 79 + "2"
    stored = await hash_password(one, tenant=TENANT, user=ROW)
    assert not (await verify_password(stored, two, tenant=TENANT, user=ROW)).ok


@pytest.mark.parametrize("password", ["x" * 1025, "é" * 513, "x" * 1_000_000, "\ud800" + GOOD])
async def test_what_is_too_long_is_refused_before_any_hashing(counting: Counting, password: str) -> None:
    with pytest.raises(Invalid) as caught:
        await hash_password(password, tenant=TENANT, user=ROW)
    assert set(caught.value.errors) == {"password"}
    stored = await hash_password(GOOD, tenant=TENANT, user=ROW)
    counting.seen.clear()
    for sealed in (stored, None):
        assert not (await verify_password(sealed, password, tenant=TENANT, user=ROW)).ok
    assert counting.seen == []


async def test_two_ways_to_type_one_character_are_the_same_password() -> None:
    composed = unicodedata.normalize("NFC", "São João não dorme")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    stored = await hash_password(composed, tenant=TENANT, user=ROW)
    assert (await verify_password(stored, decomposed, tenant=TENANT, user=ROW)).ok
    assert not (await verify_password(stored, "Sao Joao nao dorme", tenant=TENANT, user=ROW)).ok


async def test_a_flood_is_refused_at_once_and_what_waits_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    running: list[int] = []
    lock = threading.Lock()
    most = 0

    def slow(*args: object) -> bytes:
        nonlocal most
        with lock:
            running.append(1)
            most = max(most, len(running))
        gate.wait(10)
        with lock:
            running.pop()
        return b"verifier"

    monkeypatch.setattr("core.crypto.hashing.hash_secret", slow)
    passwords = Passwords(CHEAP, workers=2, queue=3)
    waiting = [asyncio.ensure_future(passwords.hash(b"x")) for _ in range(5)]
    await asyncio.sleep(0)
    for _ in range(3):
        with pytest.raises(Unavailable) as caught:
            await passwords.hash(b"x")
        assert caught.value.status == 503
        assert caught.value.retry_after > 0
    gate.set()
    assert await asyncio.gather(*waiting) == [b"verifier"] * 5
    assert most <= 2
    assert await passwords.hash(b"x") == b"verifier", "the places of those that were served are free again"
    passwords.close()


async def test_somebody_who_leaves_gives_the_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    monkeypatch.setattr("core.crypto.hashing.hash_secret", lambda *args: gate.wait(10) and b"verifier")
    passwords = Passwords(CHEAP, workers=1, queue=1)
    first, second = (asyncio.ensure_future(passwords.hash(b"x")) for _ in range(2))
    await asyncio.sleep(0.01)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    third = asyncio.ensure_future(passwords.hash(b"x"))
    await asyncio.sleep(0.01)
    gate.set()
    assert await asyncio.gather(first, third) == [b"verifier"] * 2
    passwords.close()


async def test_other_work_goes_on_while_a_password_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    monkeypatch.setattr("core.crypto.hashing.hash_secret", lambda *args: gate.wait(10) and b"verifier")
    passwords = Passwords(CHEAP, workers=1)
    task = asyncio.ensure_future(passwords.hash(b"x"))
    await asyncio.sleep(0.01)
    assert not task.done()
    gate.set()  # only reached if the loop was not blocked by the hash
    assert await task == b"verifier"
    passwords.close()


async def test_running_out_of_memory_is_no_answer_about_the_password() -> None:
    passwords = Passwords(CHEAP)
    verifier = (await passwords.hash(b"x")).replace(b"m=64", b"m=4294967295")
    with pytest.raises(Unavailable):
        await passwords.verify(verifier, b"x")
    passwords.close()


def test_two_run_per_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    assert Passwords(CHEAP).workers == 6
