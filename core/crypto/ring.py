"""The keys that operations use, built once by the application and found through a context variable."""

from collections.abc import Mapping

from cryptography.hazmat.primitives import constant_time, hashes
from cryptography.hazmat.primitives.hmac import HMAC

from core.ambient import Ambient
from core.crypto.aad import SealContext
from core.crypto.envelope import DataKey, open_envelope, read_header, seal_envelope
from core.crypto.errors import CannotOpen, KeyMisused
from core.crypto.hashing import Passwords
from core.crypto.keys import RootKey
from core.crypto.labels import SEALING, Label
from core.crypto.secret import Masked

__all__ = ["Keyring", "keyring", "use_keyring"]

_MAC_PURPOSES: Mapping[str, Label] = {label.purpose: label for label in Label if label.use == "mac"}
_SHA256 = hashes.SHA256()


class Keyring(Masked):
    """The installation's derived keys: one per purpose, and the older ones that still open and verify.

    Args:
        root: The installation's root key.
        passwords: Where passwords are hashed; a new one with the standard parameters unless given.

    Raises:
        StartError: The password parameters are weaker than the floor (control AU01).
    """

    __slots__ = ("_data", "_mac", "_root", "passwords")

    def __init__(self, root: RootKey, *, passwords: Passwords | None = None) -> None:
        roots = (root, *root.previous)
        self._root = root
        self._data: dict[str, tuple[DataKey, ...]] = {
            purpose: tuple(each.data_key(label) for each in roots) for purpose, label in SEALING.items()
        }
        self._mac: dict[str, tuple[bytes, ...]] = {
            purpose: tuple(each.mac_key(label) for each in roots) for purpose, label in _MAC_PURPOSES.items()
        }
        self.passwords = passwords if passwords is not None else Passwords()
        self.passwords.check(production=root.production)

    def public_name(self) -> str:
        """Return the root key's fingerprint."""
        return self._root.public_name()

    def opens(self, name: str) -> bool:
        """Tell whether what was sealed under the root key of a fingerprint opens here."""
        return name in {root.public_name() for root in (self._root, *self._root.previous)}

    def seal(self, plaintext: bytes, context: SealContext) -> bytes:
        """Seal a value of the core under the installation's key.

        Args:
            plaintext: At most 16 MiB.
            context: Where it will live; its purpose must be one of `INSTALLATION_PURPOSES`.

        Raises:
            KeyMisused: The purpose has no key here. Fields of a site go through `sealed.write`.
        """
        return seal_envelope(self._keys(context.purpose)[0], plaintext, context)

    def open(self, blob: bytes, context: SealContext) -> bytes:
        """Return what was sealed for this place.

        Raises:
            CannotOpen: It was changed, moved, or sealed with another key.
            KeyMisused: The purpose has no key here.
        """
        key_id = read_header(blob).key_id
        for key in self._keys(context.purpose):
            if key.key_id == key_id:
                return open_envelope(key, blob, context)
        raise CannotOpen

    def reseal(self, blob: bytes, source: SealContext, target: SealContext) -> bytes:
        """Return the value of `source` sealed for `target`, under the newest key.

        The one way to copy or move a sealed value, and, with both places the same, to rotate its key.

        Raises:
            CannotOpen: It doesn't belong to `source`.
        """
        return self.seal(self.open(blob, source), target)

    def is_current(self, blob: bytes, purpose: str) -> bool:
        """Tell whether a value is sealed under the newest key of its purpose.

        Raises:
            CannotOpen: It isn't an envelope.
        """
        return read_header(blob).key_id == self._keys(purpose)[0].key_id

    def mac(self, purpose: str, *parts: bytes) -> bytes:
        """Return the HMAC-SHA-256 of the list `parts`, 32 bytes.

        Each part is led by its length, so moving a byte from one part to the next changes the tag.

        Raises:
            KeyMisused: There is no such key.
        """
        return _hmac(self._macs(purpose)[0], parts)

    def verify_mac(self, purpose: str, tag: bytes, *parts: bytes) -> bool:
        """Tell, in constant time, whether `tag` was made by `mac` here, under any root key in the file."""
        same = False
        for key in self._macs(purpose):  # all of them, so that time doesn't tell which one it was
            same |= constant_time.bytes_eq(_hmac(key, parts), tag)
        return same

    def data_keys(self) -> Mapping[str, tuple[DataKey, ...]]:
        """Return the data keys by purpose, newest first, for the inventory."""
        return self._data

    def _keys(self, purpose: str) -> tuple[DataKey, ...]:
        try:
            return self._data[purpose]
        except KeyError:
            raise KeyMisused(
                f"The installation's key seals nothing for the purpose {purpose!r}.",
                hint="Write fields of a site with `sealed.write`, which goes to the site's cipher.",
            ) from None

    def _macs(self, purpose: str) -> tuple[bytes, ...]:
        try:
            return self._mac[purpose]
        except KeyError:
            raise KeyMisused(
                f"There is no MAC key for {purpose!r}; there is {', '.join(sorted(_MAC_PURPOSES))}.",
                hint="Use `sign` for values that are signed; new keys need a label of their own.",
            ) from None


def _hmac(key: bytes, parts: tuple[bytes, ...]) -> bytes:
    state = HMAC(key, _SHA256)
    for part in parts:
        state.update(len(part).to_bytes(8, "big"))
        state.update(part)
    return state.finalize()


_keyring = Ambient[Keyring]("keyring", "use_keyring(keyring)", KeyMisused)
keyring, use_keyring = _keyring.get, _keyring.use
