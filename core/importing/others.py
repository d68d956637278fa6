"""Items that plugins take: comments, menu entries and whatever the core knows no type for."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from core.contract.work import ImportedItem, ImportHandler
from core.db import tenant_work
from core.hooks import collect_owned
from core.importing.ledger import Ledger, kept_items, mark_done
from core.importing.report import ImportReport
from core.importing.wxr import Item
from hookspecs import platform

__all__ = ["Others", "hand_over"]

_BATCH = 100


def _handlers() -> dict[str, tuple[str, ImportHandler]]:
    """Return who takes what: plugin and handler by kind."""
    return {
        kind: (owner, handler)
        for owner, handler in collect_owned(platform.register_import_handlers)
        for kind in handler.kinds
    }


class Others:
    """Hands items to the plugins that claim them, and keeps the rest as they are."""

    def __init__(self, ledger: Ledger, report: ImportReport) -> None:
        self._ledger = ledger
        self._report = report
        self._handlers = _handlers()
        self._waiting: list[ImportedItem] = []
        self._noted: set[tuple[str, str]] = set()
        """Kind and identity of what waits: a file may hold an item twice."""

    async def note(self, item: Item) -> None:
        """Remember an item of a type that is not the core's."""
        if not self._ledger.has(item.type, item.identity) and (item.type, item.identity) not in self._noted:
            self._noted.add((item.type, item.identity))
            raw: dict[str, Any] = msgspec.to_builtins(item)
            raw.pop("comments", None)
            self._waiting.append(
                ImportedItem(source=self._ledger.source, kind=item.type, identity=item.identity, raw=raw)
            )
            if len(self._waiting) >= _BATCH:
                await self._flush()

    async def term(self, kind: str, identity: str, raw: Mapping[str, Any]) -> None:
        """Hand over a term of a taxonomy that is not the core's, such as a menu."""
        if not self._ledger.has(kind, identity):
            await self._hand(
                [ImportedItem(source=self._ledger.source, kind=kind, identity=identity, raw=raw)]
            )

    async def comments(self, item: Item, post_id: UUID | None) -> int:
        """Hand over the comments of a post; return how many the file has."""
        fresh: dict[str, ImportedItem] = {}
        for place, comment in enumerate(item.comments, 1):
            # without a number of its own (old files) it is known by its place
            identity = f"{item.identity[:650]}|{comment.comment_id or f'at {place}'}"[:700]
            if identity in fresh:
                self._report.skip(f"comment {comment.comment_id}", "the item has another one of this number")
            elif not self._ledger.has("comment", identity):
                fresh[identity] = ImportedItem(
                    source=self._ledger.source,
                    kind="comment",
                    identity=identity,
                    raw={**comment.raw, "post": item.identity},
                    parent_id=post_id,
                )
        if post_id is not None and fresh:
            await self._hand(list(fresh.values()))
        return len(item.comments)

    async def finish(self) -> None:
        """Hand over what is left."""
        await self._flush()

    async def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._noted.clear()
        by_kind: dict[str, list[ImportedItem]] = {}
        for item in waiting:
            by_kind.setdefault(item.kind, []).append(item)
        for items in by_kind.values():
            await self._hand(items)

    async def _hand(self, items: Sequence[ImportedItem]) -> None:
        """Give items of one kind to their plugin, or keep them."""
        kind = items[0].kind
        owner, handler = self._handlers.get(kind, ("core", None))
        async with tenant_work():
            taken = dict(await handler.take(items)) if handler is not None else {}
            for item in items:
                if handler is None:
                    parent = {"_parent_id": str(item.parent_id)} if item.parent_id else {}
                    await self._ledger.write(kind, item.identity, "kept", raw={**item.raw, **parent})
                elif item.identity in taken:
                    await self._ledger.write(kind, item.identity, "done", taken[item.identity], handler=owner)
                else:
                    await self._ledger.write(kind, item.identity, "skipped", handler=owner)
        for item in items:
            if handler is None:
                self._report.count(kind, kept=True)
            elif item.identity in taken:
                self._report.count(kind)
            else:
                self._report.skip(f"{kind} {item.identity}", f"the plugin {owner} did not take it")


async def hand_over(plugin: str) -> int:
    """Give a plugin that was just enabled what earlier imports kept for it; return how many items it took."""
    mine = {kind: handler for kind, (owner, handler) in _handlers().items() if owner == plugin}
    done = 0
    while mine:
        rows = await kept_items(mine, _BATCH)
        if not rows:
            break
        kind = rows[0][1].kind
        batch = [(row_id, item) for row_id, item in rows if item.kind == kind]
        async with tenant_work():
            taken = dict(await mine[kind].take([item for _row, item in batch]))
            for row_id, item in batch:
                await mark_done(row_id, taken.get(item.identity), plugin)
        done += len(taken)
    return done
