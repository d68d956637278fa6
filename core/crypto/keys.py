"""The installation's root key: a file that only the server's user can read, and what is derived from it."""

import base64
import binascii
import contextlib
import logging
import os
import secrets
import stat
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from core.crypto.envelope import KEY_ID_SIZE, KEY_SIZE, DataKey
from core.crypto.labels import Label
from core.crypto.secret import Masked
from core.errors import StartError

__all__ = ["RootKey", "ensure_root_key", "load_root_key", "new_root_key"]

log = logging.getLogger("vitral.crypto")

DEVELOPMENT_MARK = "development:"
_LONGEST_FILE = 8192
_HOW_TO_MAKE = "`vitral doctor --new-key` makes one; keep a copy away from the database and its backups."


class RootKey(Masked):
    """The root key of an installation, and older ones that still open what they sealed.

    Args:
        material: 32 uniformly random bytes.
        previous: Older root keys, newest first.
        production: Whether it was loaded under the rules of production.
    """

    __slots__ = ("_material", "previous", "production")

    def __init__(
        self, material: bytes, *, previous: tuple["RootKey", ...] = (), production: bool = False
    ) -> None:
        if len(material) != KEY_SIZE:
            raise ValueError(f"A root key is {KEY_SIZE} bytes.")
        self._material = material
        self.previous = previous
        self.production = production

    @classmethod
    def generate(cls) -> "RootKey":
        """Return a new root key that is written nowhere (tests, rehearsals)."""
        return cls(os.urandom(KEY_SIZE))

    def public_name(self) -> str:
        """Return a fingerprint that identifies the key without telling anything of it."""
        return self._expand(Label.KEY_ID, b"root", KEY_ID_SIZE).hex()

    def data_key(self, label: Label) -> DataKey:
        """Return the data key for one purpose of sealing."""
        name = self._expand(Label.KEY_ID, label.encode(), KEY_ID_SIZE)
        return DataKey(name, self._expand(label, b"", KEY_SIZE))

    def mac_key(self, label: Label) -> bytes:
        """Return the HMAC-SHA-256 key for one purpose."""
        return self._expand(label, b"", KEY_SIZE)

    def _expand(self, label: Label, rest: bytes, size: int) -> bytes:
        # Expand only: the material is uniform, so HKDF's extract step would add nothing.
        return HKDFExpand(hashes.SHA256(), size, label.encode() + rest).derive(self._material)


def ensure_root_key(path: Path, *, development: bool) -> RootKey:
    """Return the root key of `path`; in development, make the file first if it isn't there.

    Safe when several processes start at once: one of them makes the file, all read the same key.

    Args:
        path: The key file.
        development: Whether the installation runs in development mode.

    Raises:
        StartError: As `load_root_key`, or the file can't be made.
    """
    if development and not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if _write_once(path, DEVELOPMENT_MARK + _new_line()):
                log.warning(
                    "Made a development key in %s. Sealed values of an older database need the old one.", path
                )
        except OSError as error:
            raise StartError(
                f"The development key {path} can't be made: {error.strerror}.",
                hint="Let the user who runs Vitral write in that folder, or set VITRAL_VAR.",
            ) from error
    return load_root_key(path, production=not development)


def new_root_key(path: Path) -> RootKey:
    """Make a root key file for production, mode 0600. An existing file is never replaced.

    Raises:
        StartError: The file exists or can't be written.
    """
    try:
        made = _write_once(path, _new_line())
    except OSError as error:
        raise StartError(f"The key file {path} can't be written: {error.strerror}.") from error
    if not made:
        raise StartError(
            f"{path} exists already and was left as it is.",
            hint="Without the old key nothing that it sealed opens again. To rotate, put a new line above the old.",
        )
    return load_root_key(path, production=True)


def load_root_key(path: Path, *, production: bool) -> RootKey:
    """Read a root key file: 32 raw bytes, or lines of base64url with `#` comments, newest key first.

    Args:
        path: The key file; a symbolic link is followed, as secret mounts are made of them.
        production: Whether a development key is refused (control CR06).

    Raises:
        StartError: It's missing, readable by others, not a key, or a development key in production.
    """
    found = _parse(_read(path), path)
    if production and any(marked for _material, marked in found):
        raise StartError(
            f"{path} holds a development key, and this is production.",
            hint=f"Point VITRAL_ROOT_KEY_FILE to a key of its own. {_HOW_TO_MAKE}",
        )
    previous = tuple(RootKey(material, production=production) for material, _marked in found[1:])
    return RootKey(found[0][0], previous=previous, production=production)


def _read(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise StartError(f"The root key file {path} does not exist.", hint=_HOW_TO_MAKE) from None
    except OSError as error:
        raise StartError(
            f"The root key file {path} can't be read: {error.strerror}.",
            hint="It must belong to the user who runs Vitral.",
        ) from error
    try:
        # Looked at after opening: what is checked is what is read.
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise StartError(f"The root key file {path} is not a file.", hint=_HOW_TO_MAKE)
        if status.st_mode & 0o177:
            raise StartError(
                f"The root key file {path} has mode {stat.S_IMODE(status.st_mode):04o}, so others may reach it.",
                hint=f"Run: chmod 600 {path}",
            )
        if status.st_uid not in (0, os.geteuid()):
            raise StartError(
                f"The root key file {path} belongs to another user (uid {status.st_uid}).",
                hint=f"Run: chown {os.geteuid()} {path}",
            )
        return os.read(descriptor, _LONGEST_FILE + 1)
    finally:
        os.close(descriptor)


def _parse(content: bytes, path: Path) -> list[tuple[bytes, bool]]:
    """Return the keys of a file, each with whether it is marked for development only."""
    if len(content) == KEY_SIZE:
        if all(0x20 <= byte < 0x7F or byte in b"\r\n\t" for byte in content):
            raise StartError(f"{path} holds 32 characters of text, not a random key.", hint=_HOW_TO_MAKE)
        return [(_not_trivial(content, path), False)]
    try:
        lines = [line.strip() for line in content.decode("ascii").splitlines()]
    except UnicodeDecodeError:
        lines = []
    lines = [line for line in lines if line and not line.startswith("#")]
    if not lines or len(content) > _LONGEST_FILE:
        raise StartError(
            f"{path} holds no root key: expected 32 raw bytes or 43 characters.", hint=_HOW_TO_MAKE
        )
    found = []
    for number, line in enumerate(lines, start=1):
        text = line.removeprefix(DEVELOPMENT_MARK)
        try:
            material = base64.b64decode(text.rstrip("=") + "=", altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            material = b""
        if len(material) != KEY_SIZE:
            raise StartError(
                f"Key {number} in {path} is not 32 bytes in base64url (43 characters).", hint=_HOW_TO_MAKE
            )
        found.append((_not_trivial(material, path), text != line))
    if len({material for material, _marked in found}) != len(found):
        raise StartError(f"{path} holds the same key twice.", hint="Remove one of the lines.")
    return found


def _not_trivial(material: bytes, path: Path) -> bytes:
    """Refuse what no random source gives: random keys have about 30 different bytes, practically never under 16."""
    if len(set(material)) < 16:
        raise StartError(f"The key in {path} is not random.", hint=_HOW_TO_MAKE)
    return material


def _new_line() -> str:
    return base64.urlsafe_b64encode(os.urandom(KEY_SIZE)).decode("ascii").rstrip("=") + "\n"


def _write_once(path: Path, text: str) -> bool:
    """Write a file that nobody else can read, whole or not at all. Returns whether it was this call that made it."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "wb") as target:
            target.write(text.encode("ascii"))
            target.flush()
            os.fsync(descriptor)
        try:
            os.link(temporary, path)  # unlike rename, this never replaces a key that is already there
        except FileExistsError:
            return False
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return True
