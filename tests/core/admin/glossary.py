"""The plugin of the how-to page, with its words in memory: its `admin.py` is the page's own code."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import msgspec

from core.clock import now
from core.context import current_tenant
from core.errors import Conflict, Invalid, NotFound, Refused
from core.ids import new_id
from core.plugins import Plugin

__all__ = ["PAGE", "Words", "blocks", "installed"]

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "admin-view.md"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A word."""

    id: UUID
    word: str
    meaning: str
    published: bool = False
    changed_at: Any
    version: int = 1


class Found(msgspec.Struct, frozen=True):
    """One page of words."""

    items: list[Entry]
    total: int


class Words(ModuleType):
    """What `glossary.operations` would do with a table."""

    Entry = Entry

    def __init__(self) -> None:
        super().__init__("glossary.operations")
        self.kept: dict[UUID, dict[UUID, Entry]] = {}

    def _here(self) -> dict[UUID, Entry]:
        return self.kept.setdefault(current_tenant().id, {})

    async def list_entries(self, search: str, sort: str, descending: bool, page: int, per_page: int) -> Found:
        found = [entry for entry in self._here().values() if search.lower() in entry.word.lower()]
        found.sort(key=lambda entry: getattr(entry, sort or "word"), reverse=descending)
        return Found(found[(page - 1) * per_page : page * per_page], len(found))

    async def get_entry(self, entry_id: UUID) -> Entry:
        if entry_id not in self._here():
            raise NotFound("There is no such word.")
        return self._here()[entry_id]

    async def create_entry(self, word: str, meaning: str) -> Entry:
        self._check(word)
        entry = Entry(id=new_id(), word=word, meaning=meaning, changed_at=now())
        self._here()[entry.id] = entry
        return entry

    def _check(self, word: str) -> None:
        if word == "proibida":
            raise Refused("This word is not for here.")
        if word.isdigit():
            raise Invalid({"word": "A number is no word."})

    async def change_entry(self, entry_id: UUID, word: str, meaning: str, *, version: int | None) -> Entry:
        entry = await self.get_entry(entry_id)
        self._check(word)
        if version != entry.version:
            raise Conflict("Somebody else changed it first.", current={"meaning": entry.meaning})
        changed = Entry(id=entry.id, word=word, meaning=meaning, changed_at=now(), version=entry.version + 1)
        self._here()[entry.id] = changed
        return changed

    async def publish_entry(self, entry_id: UUID) -> None:
        entry = await self.get_entry(entry_id)
        if entry.word.startswith("x"):
            raise Refused("It begins with an x.")
        self._here()[entry.id] = msgspec.structs.replace(entry, published=True)

    async def delete_entry(self, entry_id: UUID) -> None:
        del self._here()[entry_id]

    async def count(self) -> int:
        return len(self._here())


def blocks() -> dict[str, str]:
    """Return the page's Python by its first comment."""
    found = re.findall(r"```python\n# ([^\n]+)\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    return dict(found)


@contextmanager
def installed() -> Iterator[tuple[Plugin, Words, list[Any]]]:
    """Make the plugin of the page; its modules are importable inside the block."""
    words = Words()
    package = ModuleType("glossary")
    package.operations = words  # type: ignore[attr-defined]  # as the package has it
    module = ModuleType("glossary.admin")
    made = {"glossary": package, "glossary.operations": words, "glossary.admin": module}
    sys.modules.update(made)
    space = module.__dict__
    space["operations"] = words
    try:
        code = blocks()
        exec(code["admin.py"], space)  # noqa: S102  # the page's own code
        exec(code["an action"], space)  # noqa: S102  # as above
        exec(code["routes.py"], space)  # noqa: S102  # as above
        view = space["EntriesView"]
        view.actions = (space["publish"],)
        plugin = Plugin(
            name="glossary",
            version="1.0.0",
            title="Glossary",
            parts={"admin": space["views"], "routes": space["handlers"]},
        )
        yield plugin, words, space["views"]
    finally:
        for name in made:
            del sys.modules[name]
