"""What was imported already: by source, kind and identity, so that a second run creates nothing."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal
from uuid import UUID

from core.clock import now
from core.contract.work import ImportedItem
from core.db import execute, is_unique_violation
from core.errors import Conflict
from core.i18n import gettext as _
from core.ids import new_id

__all__ = ["Ledger", "OtherImport", "State", "imported_ids", "kept_items", "mark_done"]

_KIND, _IDENTITY = 60, 700
"""How many characters of them are kept."""
_NUMBERS = "number:"
"""Notes of terms by their number at the source begin with it: their identity is the slug."""
_MOST_IDS = 10_000

State = Literal["done", "kept", "skipped"]


class OtherImport(Conflict):
    """Another import brings the same items at this moment."""

    def __init__(self) -> None:
        super().__init__(
            _("Another import of the same site is running."),
            hint=_("Wait for its end and repeat yours: what is there is skipped."),
        )


class Ledger:
    """The import's book for one source site."""

    def __init__(self, source: str) -> None:
        self.source = source[:255]
        self._known: dict[tuple[str, str], UUID | None] = {}

    async def read(self) -> None:
        """Read what earlier runs wrote."""
        rows = await execute(
            "SELECT kind, identity, object_id FROM import_items WHERE tenant_id = {tenant} AND source = {}",
            self.source,
        )
        self._known = {(row["kind"], row["identity"]): row["object_id"] for row in rows}

    def has(self, kind: str, identity: str) -> bool:
        """Tell whether an item was imported or kept before."""
        return (kind[:_KIND], identity[:_IDENTITY]) in self._known

    async def number(self, kind: str, number: str, object_id: UUID) -> None:
        """Note the number that a term had at its source, inside the unit that imports it. The first of two counts."""
        if number and not self.has(f"{_NUMBERS}{kind}", number):
            await self.write(f"{_NUMBERS}{kind}", number, "done", object_id)

    def object_of(self, kind: str, identity: str) -> UUID | None:
        """Return our id of an item."""
        return self._known.get((kind[:_KIND], identity[:_IDENTITY]))

    def objects(self, kind: str) -> set[UUID | None]:
        """Return our ids of all items of a kind."""
        return {object_id for (name, _identity), object_id in self._known.items() if name == kind}

    async def write(
        self,
        kind: str,
        identity: str,
        state: State,
        object_id: UUID | None = None,
        *,
        handler: str = "core",
        raw: Any = None,
    ) -> None:
        """Note an item inside the unit of work that imports it.

        Raises:
            OtherImport: Somebody noted it since this import began.
        """
        kind, identity = kind[:_KIND], identity[:_IDENTITY]
        try:
            await self._insert(
                kind, identity, state, object_id, handler, json.dumps(raw or {}, ensure_ascii=False)
            )
        except Exception as error:
            if is_unique_violation(error):
                raise OtherImport from error
            raise
        self._known[kind, identity] = object_id

    async def _insert(
        self, kind: str, identity: str, state: State, object_id: UUID | None, handler: str, raw: str
    ) -> None:
        await execute(
            "INSERT INTO import_items (id, tenant_id, source, kind, identity, state, object_id, handler, raw, created_at)"
            " VALUES ({}, {tenant}, {}, {}, {}, {}, {}, {}, {}, {})",
            new_id(),
            self.source,
            kind,
            identity,
            state,
            object_id,
            handler,
            raw,
            now(),
        )


async def imported_ids(source: str, kind: str, numbers: Iterable[str]) -> dict[str, UUID]:
    """Return our ids of what was imported, by the number that it had at its source.

    For import handlers, whose items name others by number. Items come to handlers after all posts and terms.

    Args:
        source: The site it comes from, as `ImportedItem.source` has it.
        kind: A post type, or "term:" and a taxonomy.
        numbers: Numbers there; what is no number is left out, as is what did not come along.
    """
    wanted = [number for number in dict.fromkeys(numbers) if number.isascii() and number.isdigit()][
        :_MOST_IDS
    ]
    found: dict[str, UUID] = {}
    for start in range(0, len(wanted), 100):
        some = wanted[start : start + 100]
        of_term = kind.startswith("term:")
        keys = some if of_term else [f"{kind}|{number}|%" for number in some]
        one = "identity = {}" if of_term else "identity LIKE {}"
        rows = await execute(
            "SELECT identity, object_id FROM import_items WHERE tenant_id = {tenant} AND source = {} AND kind = {}"
            f" AND object_id IS NOT NULL AND ({' OR '.join([one] * len(keys))}) ORDER BY id",
            source[:255],
            f"{_NUMBERS}{kind}"[:_KIND] if of_term else kind[:_KIND],
            *keys,
        )
        for row in rows:
            number = row["identity"] if of_term else row["identity"].split("|", 2)[1]
            found.setdefault(number, row["object_id"])
    return found


async def kept_items(kinds: Iterable[str], limit: int) -> list[tuple[UUID, ImportedItem]]:
    """Return items that wait for a plugin that takes their kind, the oldest first, with the ids of their rows."""
    wanted: Sequence[str] = sorted(kinds)
    marks = ", ".join(["{}"] * len(wanted))
    rows = await execute(
        "SELECT id, source, kind, identity, raw FROM import_items WHERE tenant_id = {tenant} AND state = 'kept'"
        f" AND kind IN ({marks}) ORDER BY id LIMIT {{}}",
        *wanted,
        limit,
    )
    found = []
    for row in rows:
        raw = json.loads(row["raw"])
        parent = raw.pop("_parent_id", None)
        item = ImportedItem(
            source=row["source"],
            kind=row["kind"],
            identity=row["identity"],
            raw=raw,
            parent_id=UUID(parent) if parent else None,
        )
        found.append((row["id"], item))
    return found


async def mark_done(row_id: UUID, object_id: UUID | None, handler: str) -> None:
    """Note that a kept item was taken."""
    await execute(
        "UPDATE import_items SET state = {}, object_id = {}, handler = {}, raw = {} WHERE tenant_id = {tenant} AND id = {}",
        "done" if object_id else "skipped",
        object_id,
        handler,
        "{}",
        row_id,
    )
