"""A keyring of its own for each test, with password hashing that costs nothing."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from core.crypto import Keyring, Parameters, Passwords, RootKey, use_keyring
from core.i18n import use_language

TENANT = UUID("0190a000-0000-7000-8000-00000000000a")
OTHER_TENANT = UUID("0190a000-0000-7000-8000-00000000000b")
ROW = UUID("0190a000-0000-7000-8000-000000000001")
OTHER_ROW = UUID("0190a000-0000-7000-8000-000000000002")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use_language("en"):
        yield


@pytest.fixture(autouse=True)
def ring() -> Iterator[Keyring]:
    made = Keyring(RootKey.generate(), passwords=Passwords(Parameters.for_tests()))
    with use_keyring(made):
        yield made
    made.passwords.close()
