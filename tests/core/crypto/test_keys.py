"""The root key file: who may read it, what may stand in it, and where it may be used."""

import base64
import os
import threading
from pathlib import Path

import pytest

from core.crypto import (
    CannotOpen,
    KeyMisused,
    Keyring,
    Parameters,
    Passwords,
    RootKey,
    SealContext,
    ensure_root_key,
    keyring,
    load_root_key,
    new_root_key,
)
from core.errors import StartError
from tests.core.crypto.conftest import ROW, TENANT

CONTEXT = SealContext(TENANT, "users", "totp", ROW, "totp")


def _line(seed: int = 0) -> str:
    return base64.urlsafe_b64encode(bytes((seed + 7 * i) % 256 for i in range(32))).decode().rstrip("=")


def _file(path: Path, content: str | bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def test_development_makes_a_key_once_that_only_the_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "var" / "root.key"
    first = ensure_root_key(path, development=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().startswith("development:")
    assert ensure_root_key(path, development=True).public_name() == first.public_name()
    assert [each.name for each in path.parent.iterdir()] == ["root.key"], "a temporary file was left"


def test_a_development_key_is_refused_in_production(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    ensure_root_key(path, development=True)
    with pytest.raises(StartError, match=r"development key.*VITRAL_ROOT_KEY_FILE"):
        ensure_root_key(path, development=False)


def test_a_development_key_is_refused_below_a_production_key_too(tmp_path: Path) -> None:
    path = _file(tmp_path / "root.key", f"{_line()}\ndevelopment:{_line(1)}\n")
    with pytest.raises(StartError, match="development key"):
        load_root_key(path, production=True)


def test_production_makes_no_key_by_itself(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"does not exist.*doctor --new-key"):
        ensure_root_key(tmp_path / "root.key", development=False)
    assert list(tmp_path.iterdir()) == []


def test_a_new_key_serves_production_and_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    made = new_root_key(path)
    assert made.production
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    with pytest.raises(StartError, match="left as it is"):
        new_root_key(path)
    assert path.read_bytes() == before
    assert ensure_root_key(path, development=False).public_name() == made.public_name()


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_modes_that_keep_others_out(tmp_path: Path, mode: int) -> None:
    assert load_root_key(_file(tmp_path / "k", _line(), mode), production=True)


@pytest.mark.parametrize("mode", [0o640, 0o644, 0o604, 0o660, 0o620, 0o602, 0o700])
@pytest.mark.parametrize("production", [True, False])
def test_modes_that_let_others_in(tmp_path: Path, mode: int, production: bool) -> None:
    with pytest.raises(StartError, match=rf"{mode:04o}.*chmod 600"):
        load_root_key(_file(tmp_path / "k", _line(), mode), production=production)


def test_a_file_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _file(tmp_path / "k", _line())
    if os.geteuid() == 0:
        os.chown(path, 4242, -1)
    else:
        monkeypatch.setattr("os.geteuid", lambda: 4242)
    with pytest.raises(StartError, match="another user"):
        load_root_key(path, production=True)


def test_a_link_is_followed_and_its_target_checked(tmp_path: Path) -> None:
    target = _file(tmp_path / "data", _line())
    link = tmp_path / "root.key"
    link.symlink_to(target)
    assert load_root_key(link, production=True)
    target.chmod(0o644)
    with pytest.raises(StartError, match="0644"):
        load_root_key(link, production=True)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    with pytest.raises(StartError, match="not a file"):
        load_root_key(pipe, production=True)
    with pytest.raises(StartError, match="not a file"):
        load_root_key(tmp_path, production=True)


RAW = bytes((11 * i + 3) % 256 for i in range(32))


@pytest.mark.parametrize(
    "content",
    [RAW, _line(), _line() + "\n", _line() + "=\n", f"# made 2026\n\n  {_line()}  \n", f"{_line()}\r\n"],
    ids=["raw", "base64url", "newline", "padded", "comment", "crlf"],
)
def test_forms_of_a_key(tmp_path: Path, content: str | bytes) -> None:
    assert load_root_key(_file(tmp_path / "k", content), production=True).previous == ()


def test_raw_and_text_form_are_the_same_key(tmp_path: Path) -> None:
    text = base64.urlsafe_b64encode(RAW).decode()
    raw_key = load_root_key(_file(tmp_path / "raw", RAW), production=True)
    text_key = load_root_key(_file(tmp_path / "text", text), production=True)
    assert raw_key.public_name() == text_key.public_name()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "no root key"),
        ("# only a comment\n", "no root key"),
        (b"\xff\xfe" * 20, "no root key"),
        ("x" * 9000, "no root key"),
        (RAW[:31] + b"\xff\xff", "no root key"),
        ("correct horse battery staple 123", "32 characters of text"),
        (RAW.hex(), "not 32 bytes"),
        (_line()[:-1], "not 32 bytes"),
        (_line() + "A", "not 32 bytes"),
        ("!" * 43, "not 32 bytes"),
        ("A" * 43, "not random"),
        (bytes(32), "not random"),
        (f"{_line()}\n{_line()}\n", "same key twice"),
    ],
)
def test_what_is_no_key_is_refused(tmp_path: Path, content: str | bytes, says: str) -> None:
    path = _file(tmp_path / "k", content)
    with pytest.raises(StartError, match=says) as caught:
        load_root_key(path, production=True)
    assert str(path) in str(caught.value)


def test_processes_that_start_together_use_one_key(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    names: list[str] = []
    gate = threading.Barrier(8)

    def start() -> None:
        gate.wait()
        names.append(ensure_root_key(path, development=True).public_name())

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 8
    assert len(set(names)) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["root.key"]


def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    blocked = _file(tmp_path / "file", "x")
    with pytest.raises(StartError, match=r"can't be made"):
        ensure_root_key(blocked / "root.key", development=True)


def test_rotation_reads_old_values_and_writes_under_the_new_key(tmp_path: Path) -> None:
    path = _file(tmp_path / "k", f"{_line(1)}\n")
    old = Keyring(load_root_key(path, production=True))
    blob, tag = old.seal(b"seed", CONTEXT), old.mac("csrf", b"x")

    _file(path, f"{_line(2)}\n{_line(1)}\n")
    both = Keyring(load_root_key(path, production=True))
    assert both.open(blob, CONTEXT) == b"seed"
    assert both.verify_mac("csrf", tag, b"x")
    assert not both.is_current(blob, "totp")
    renewed = both.reseal(blob, CONTEXT, CONTEXT)
    assert both.is_current(renewed, "totp")

    _file(path, f"{_line(2)}\n")
    new = Keyring(load_root_key(path, production=True))
    assert new.open(renewed, CONTEXT) == b"seed"
    with pytest.raises(CannotOpen):
        new.open(blob, CONTEXT)
    assert not new.verify_mac("csrf", tag, b"x")


def test_each_purpose_has_its_own_key(ring: Keyring) -> None:
    blob = ring.seal(b"seed", CONTEXT)
    with pytest.raises(CannotOpen):
        ring.open(blob, SealContext(TENANT, "users", "totp", ROW, "token"))
    assert ring.mac("csrf", b"x") != ring.mac("signing", b"x")


def test_a_moved_row_is_sealed_again(ring: Keyring) -> None:
    target = SealContext(TENANT, "users", "totp", TENANT, "totp")
    moved = ring.reseal(ring.seal(b"seed", CONTEXT), CONTEXT, target)
    assert ring.open(moved, target) == b"seed"
    with pytest.raises(CannotOpen):
        ring.open(moved, CONTEXT)


def test_parts_of_a_mac_do_not_run_together(ring: Keyring) -> None:
    tag = ring.mac("signing", b"ab", b"c")
    assert ring.verify_mac("signing", tag, b"ab", b"c")
    for parts in ([b"a", b"bc"], [b"abc"], [b"ab", b"c", b""], [b"c", b"ab"]):
        assert not ring.verify_mac("signing", tag, *parts)
    assert not ring.verify_mac("signing", tag[:-1], b"ab", b"c")
    assert not ring.verify_mac("signing", b"", b"ab", b"c")


@pytest.mark.parametrize("purpose", ["field", "csrf", "", "passwrd"])
def test_no_key_seals_what_it_is_not_for(ring: Keyring, purpose: str) -> None:
    with pytest.raises(KeyMisused, match=r"sealed\.write"):
        ring.seal(b"x", SealContext(TENANT, "t", "c", ROW, purpose))


@pytest.mark.parametrize("purpose", ["field", "password", ""])
def test_no_key_signs_what_it_is_not_for(ring: Keyring, purpose: str) -> None:
    with pytest.raises(KeyMisused, match="csrf, pseudonym, signing"):
        ring.mac(purpose, b"x")


def test_there_is_no_keyring_outside_an_application() -> None:
    import contextvars

    with pytest.raises(KeyMisused, match="use_keyring"):
        contextvars.Context().run(keyring)


def test_parameters_below_the_floor_stop_the_start(tmp_path: Path) -> None:
    production = new_root_key(tmp_path / "k")
    development = RootKey.generate()
    weak = (Parameters(memory=46 * 1024 - 1), Parameters(time=0), Parameters(memory=19 * 1024, time=5))
    for parameters in weak:
        for root in (production, development):
            with pytest.raises(StartError, match="47104 KiB"):
                Keyring(root, passwords=Passwords(parameters))
    with pytest.raises(StartError, match="below the floor"):
        Keyring(production, passwords=Passwords(Parameters.for_tests()))
    assert Keyring(development, passwords=Passwords(Parameters.for_tests()))
    assert Keyring(production, passwords=Passwords(Parameters(memory=46 * 1024, time=1)))
