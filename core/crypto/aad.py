"""Associated data of a sealed value: the place it belongs to, as bytes. Recomputed, never stored.

Items in fixed order, each as a 2-byte big-endian length and the bytes. There are no separators, so no
choice of names can make two places look alike. A further item is a new version (`cms-aad-2`).
"""

from dataclasses import dataclass
from uuid import UUID

from core.crypto.errors import KeyMisused

__all__ = ["AAD_VERSION", "PLATFORM", "SealContext", "encode_aad", "length_prefixed"]

AAD_VERSION = b"cms-aad-1"

PLATFORM = UUID(int=0)
"""The tenant of rows that belong to no site: operators, installation-wide keys."""


@dataclass(frozen=True, slots=True)
class SealContext:
    """Where a sealed value lives and what it is for. All of it is bound into the ciphertext.

    Args:
        tenant: The site, or `PLATFORM`.
        table: Table name.
        column: Column name.
        row: Id of the row, known before the row is inserted.
        purpose: What the value is, such as `password`; chooses the key.
    """

    tenant: UUID
    table: str
    column: str
    row: UUID
    purpose: str


def length_prefixed(*items: bytes) -> bytes:
    """Return `items`, each led by its length in two bytes: an injective encoding of the list.

    Raises:
        KeyMisused: An item is longer than 65,535 bytes.
    """
    try:
        return b"".join([part for item in items for part in (len(item).to_bytes(2, "big"), item)])
    except OverflowError:
        raise KeyMisused("A name that is bound into a sealed value is longer than 65,535 bytes.") from None


def encode_aad(context: SealContext, header: bytes) -> bytes:
    """Return the associated data for a value at `context`.

    Args:
        context: The value's place.
        header: The 66 bytes of the envelope that come before the ciphertext.
    """
    return length_prefixed(
        AAD_VERSION,
        context.tenant.bytes,
        context.table.encode(),
        context.column.encode(),
        context.row.bytes,
        context.purpose.encode(),
        header,
    )
