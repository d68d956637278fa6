"""Sealed fields of rows, in batches: the one way for operations to write and read them.

    stored = await sealed.write("outbox", tenant.id, [row], ["body_sealed"], purpose="mail")
    rows = await sealed.read("outbox", tenant.id, stored, ["body_sealed"], purpose="mail")

Who seals depends on the purpose alone, so enabling or losing a plugin never changes who can open what
is stored: purposes of the core (`INSTALLATION_PURPOSES`) use the installation's key; everything else
goes to the site's cipher, which a plugin brings by `register_cipher`, one call per column.
"""

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from core.ambient import Using
from core.contract.work import Cipher, SealScope
from core.crypto.aad import SealContext
from core.crypto.errors import CannotOpen, CipherMissing, KeyMisused
from core.crypto.labels import INSTALLATION_PURPOSES
from core.crypto.ring import Keyring, keyring
from core.errors import Invalid
from core.i18n import gettext as _

__all__ = [
    "CipherSource",
    "blind_index",
    "open_bytes",
    "read",
    "rebind",
    "seal_bytes",
    "use_ciphers",
    "write",
]

CipherSource = Callable[[], Sequence[tuple[str, Cipher]]]
"""Asked for the ciphers that are enabled on the current site, each with its plugin's name."""

_PAD_STEP = 32
_PAD_MARK = b"\x80"

_ciphers: ContextVar[CipherSource] = ContextVar("vitral_ciphers", default=tuple)


def use_ciphers(source: CipherSource) -> Using[CipherSource]:
    """Ask `source` for the site's cipher inside the block.

    The application passes `lambda: collect_owned(platform.register_cipher)`; this room can't import the
    dispatcher, which lies above it.
    """
    return Using(_ciphers, source)


async def write(
    table: str, tenant: UUID, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, purpose: str
) -> list[dict[str, Any]]:
    """Return copies of `rows` with the text in `columns` sealed.

    Args:
        table: The rows' table.
        tenant: Their site, or `PLATFORM`.
        rows: Mappings with `id`, a UUID that the row has or will have. Other keys are kept.
        columns: Columns of `SealedText`. Their values are text or None; None stays None, and a column
            that a row doesn't have is left out.
        purpose: What the values are.

    Raises:
        CipherMissing: The purpose is not the core's, and no plugin brings a cipher.
        Invalid: A text holds lone surrogates.
        KeyMisused: A row has no id, or two rows have the same; a value isn't text.
    """
    cipher = _cipher(tenant, purpose)
    result = [dict(row) for row in rows]
    for column in columns:
        values = _by_row(result, column, str)
        packed = {row: _pack(value, column) for row, value in values.items()}
        sealed = await cipher.seal(
            SealScope(tenant_id=tenant, table=table, column=column, purpose=purpose), packed
        )
        _put(result, column, sealed)
    return result


async def read(
    table: str, tenant: UUID, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, purpose: str
) -> list[dict[str, Any]]:
    """Return copies of `rows` with `columns` opened: the reverse of `write`.

    Raises:
        CannotOpen: A value was changed, moved from another row, or its key is gone. Nothing is returned.
        CipherMissing: The purpose is not the core's, and no plugin brings a cipher.
        KeyMisused: A row has no id, or two rows have the same; a value isn't bytes.
    """
    cipher = _cipher(tenant, purpose)
    result = [dict(row) for row in rows]
    for column in columns:
        values = _by_row(result, column, bytes)
        opened = await cipher.open(
            SealScope(tenant_id=tenant, table=table, column=column, purpose=purpose), values
        )
        _put(result, column, {row: _unpack(value) for row, value in opened.items()})
    return result


async def seal_bytes(table: str, tenant: UUID, row: UUID, column: str, data: bytes, *, purpose: str) -> bytes:
    """Return bytes that belong to a row, such as those of its file, sealed.

    Raises:
        CipherMissing: The purpose is not the core's, and no plugin brings a cipher.
    """
    scope = SealScope(tenant_id=tenant, table=table, column=column, purpose=purpose)
    return (await _cipher(tenant, purpose).seal(scope, {row: data}))[row]


async def open_bytes(table: str, tenant: UUID, row: UUID, column: str, data: bytes, *, purpose: str) -> bytes:
    """Return what `seal_bytes` sealed.

    Raises:
        CannotOpen: It was changed, is another row's, or its key is gone.
        CipherMissing: The purpose is not the core's, and no plugin brings a cipher.
    """
    scope = SealScope(tenant_id=tenant, table=table, column=column, purpose=purpose)
    return (await _cipher(tenant, purpose).open(scope, {row: data}))[row]


async def rebind(
    table: str,
    tenant: UUID,
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    *,
    purpose: str,
    ids: Mapping[UUID, UUID],
) -> list[dict[str, Any]]:
    """Return sealed `rows` for other row ids: what copying a row takes, since a value opens in its row only.

    Args:
        table: The rows' table.
        tenant: Their site.
        rows: As stored.
        columns: The sealed ones.
        purpose: What the values are.
        ids: New id by old id. With every id its own, this renews the key and the salt.

    Raises:
        CannotOpen: A value doesn't belong to its row.
        KeyError: A row's id is not in `ids`.
    """
    opened = await read(table, tenant, rows, columns, purpose=purpose)
    moved = [{**row, "id": ids[row["id"]]} for row in opened]
    return await write(table, tenant, moved, columns, purpose=purpose)


async def blind_index(table: str, tenant: UUID, column: str, value: bytes, *, purpose: str) -> bytes:
    """Return the tag by which a sealed value is looked up, from the site's cipher.

    Args:
        table: The column's table.
        tenant: The site.
        column: The sealed column.
        value: The normalised value. Never of a column with few different values: the tag tells them apart.
        purpose: What the values are.

    Raises:
        CipherMissing: No plugin brings a cipher.
        KeyMisused: The purpose is the core's, which has no blind index.
    """
    if purpose in INSTALLATION_PURPOSES:
        raise KeyMisused(f"Values for {purpose!r} are found by their row, there is no index of them.")
    scope = SealScope(tenant_id=tenant, table=table, column=column, purpose=purpose)
    return await _cipher(tenant, purpose).blind_index(scope, value)


class _Installation:
    """The cipher of the core's own purposes."""

    def __init__(self, ring: Keyring) -> None:
        self._ring = ring

    async def seal(self, scope: SealScope, values: Mapping[UUID, bytes]) -> Mapping[UUID, bytes]:
        return {row: self._ring.seal(value, _context(scope, row)) for row, value in values.items()}

    async def open(self, scope: SealScope, values: Mapping[UUID, bytes]) -> Mapping[UUID, bytes]:
        return {row: self._ring.open(value, _context(scope, row)) for row, value in values.items()}

    async def blind_index(self, scope: SealScope, value: bytes) -> bytes:
        raise KeyMisused(f"Values for {scope.purpose!r} have no blind index.")


def _context(scope: SealScope, row: UUID) -> SealContext:
    return SealContext(scope.tenant_id, scope.table, scope.column, row, scope.purpose)


def _cipher(tenant: UUID, purpose: str) -> Cipher:
    if purpose in INSTALLATION_PURPOSES:
        return _Installation(keyring())
    ciphers = _ciphers.get()()
    if not ciphers:
        raise CipherMissing(
            f"A field sealed for {purpose!r} can't be read or written: this site ({tenant}) has no cipher.",
            hint="Enable a plugin that brings one (the vault); values that are stored already stay as they are.",
        )
    if len(ciphers) > 1:
        names = ", ".join(sorted(owner for owner, _cipher in ciphers))
        raise CipherMissing(
            f"This site has {len(ciphers)} ciphers ({names}), so none of them is used.",
            hint="Disable all but the one that sealed what is stored.",
        )
    return ciphers[0][1]


def _by_row(rows: Sequence[Mapping[str, Any]], column: str, kind: type) -> dict[UUID, Any]:
    """Return the values of a column by row id, None left out."""
    values: dict[UUID, Any] = {}
    seen: set[UUID] = set()
    for row in rows:
        row_id = row.get("id")
        if not isinstance(row_id, UUID) or row_id in seen:
            raise KeyMisused(
                f"A row to seal {column!r} in has no `id` of its own.",
                hint="Give each row the UUID from `new_id()` before sealing; it is part of what is sealed.",
            )
        seen.add(row_id)
        value = row.get(column)
        if value is None:
            continue
        if not isinstance(value, kind):
            raise KeyMisused(
                f"The sealed column {column!r} takes {kind.__name__} here, not {type(value).__name__}."
            )
        values[row_id] = value
    return values


def _put(rows: Sequence[dict[str, Any]], column: str, values: Mapping[UUID, Any]) -> None:
    for row in rows:
        if row.get(column) is None:
            continue
        try:
            row[column] = values[row["id"]]
        except KeyError:
            raise CannotOpen from None


def _pack(text: str, column: str) -> bytes:
    """Return text as padded bytes, so that a sealed value tells its length in steps of 32 only (ISO/IEC 7816-4)."""
    try:
        raw = text.encode() + _PAD_MARK
    except UnicodeEncodeError:
        raise Invalid({column: _("This text has characters that can't be stored.")}) from None
    return raw + bytes(-len(raw) % _PAD_STEP)


def _unpack(value: bytes) -> str:
    raw, mark, rest = value.rpartition(_PAD_MARK)
    if not mark or len(value) % _PAD_STEP or rest.strip(b"\x00") or len(rest) >= _PAD_STEP:
        raise CannotOpen
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise CannotOpen from None
