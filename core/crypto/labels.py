"""Every name under which a key is derived. One enum, so that no key can serve two purposes.

A label is mixed into HKDF, followed by other bytes; labels are therefore prefix-free, so that no two
different inputs can look alike (proven in tests/core/crypto/test_labels.py).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

__all__ = ["INSTALLATION_PURPOSES", "SEALING", "Label", "Use"]

Use = Literal["message", "id", "seal", "mac"]

_PREFIX = "cms/v1/"


class Label(StrEnum):
    """A label `cms/v1/<purpose>` and what the key behind it may do.

    A label is never reused and never changed: a new meaning is a new label, a new construction is
    `cms/v2/...`.
    """

    use: Use
    """`message`: key and commitment of one message. `id`: the public name of a key. `seal`: a data key
    of the installation. `mac`: an HMAC key."""
    about: str

    def __new__(cls, purpose: str, use: Use, about: str) -> "Label":
        """Make a member whose value is the whole label."""
        member = str.__new__(cls, _PREFIX + purpose)
        member._value_ = _PREFIX + purpose
        member.use = use
        member.about = about
        return member

    FIELD = "field", "message", "Key and commitment of one sealed message, derived from a data key."
    KEY_ID = "key-id", "id", "Public 8-byte name of a data key that is derived from the root key."

    PASSWORD = "password", "seal", "Password verifiers (Argon2id strings): the pepper."
    TOTP = "totp", "seal", "Seeds of authenticator apps."
    TOKEN = "token", "seal", "Tokens that have to be shown or sent again, such as those of webhooks."
    MAIL = "mail", "seal", "Messages that wait in the outbox; they carry one-time links."
    PAGE_PASSWORD = "page-password", "seal", "Passwords that a protected post is shared with."
    WRAP = "wrap", "seal", "Keys of a site under the installation's key."

    CSRF = "csrf", "mac", "Tokens that bind a form to a session."
    PSEUDONYM = "pseudonym", "mac", "What stands for identifiers that nobody may trace back."
    SIGNING = "signing", "mac", "Signed values in cookies and addresses."

    @property
    def purpose(self) -> str:
        """The part after `cms/v1/`: what a `SealContext` calls its purpose."""
        return self.value.removeprefix(_PREFIX)


SEALING: Mapping[str, Label] = MappingProxyType(
    {label.purpose: label for label in Label if label.use == "seal"}
)
"""Labels of the installation's data keys by purpose."""

INSTALLATION_PURPOSES = frozenset(SEALING)
"""Purposes sealed with the installation's key: what signs people in, and what the core must read
while a site's own keys are out of reach. Everything else belongs to the cipher of a site."""
