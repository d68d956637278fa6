"""What an import did, in numbers."""

from collections import Counter
from pathlib import Path

import msgspec

__all__ = ["ImportOptions", "ImportReport", "Skipped", "count_name"]

_NAMES = {
    "post": "posts",
    "page": "pages",
    "attachment": "attachments",
    "comment": "comments",
    "nav_menu_item": "menu_items",
    "author": "authors",
    "category": "categories",
    "post_tag": "tags",
}
_ALWAYS = (
    "posts",
    "pages",
    "attachments",
    "categories",
    "tags",
    "terms",
    "comments",
    "menu_items",
    "authors",
)


def count_name(kind: str) -> str:
    """Return the name that items of a kind are counted under."""
    if kind.startswith("term:"):
        return _NAMES.get(kind.removeprefix("term:"), "terms")
    return _NAMES.get(kind, f"{kind}s")


class ImportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to import."""

    fetch_media: bool = False
    """Fetch attached files from the source site; otherwise pages show them from there."""
    var: Path = Path("var")


class Skipped(msgspec.Struct, frozen=True):
    """An item that was left out, and why."""

    what: str
    why: str


class ImportReport(msgspec.Struct, kw_only=True):
    """What was done. `created` counts kept items too: they are here, waiting for their plugin."""

    created: dict[str, int] = msgspec.field(default_factory=lambda: dict.fromkeys(_ALWAYS, 0))
    skipped: list[Skipped] = []
    kept: dict[str, int] = {}
    image_hosts: tuple[str, ...] = ()
    """Hosts that files stayed on, and that pages of the site may show pictures of from now on."""

    def count(self, kind: str, *, kept: bool = False, number: int = 1) -> None:
        """Count items of a kind as created, and as kept if no plugin took them."""
        name = count_name(kind)
        self.created[name] = self.created.get(name, 0) + number
        if kept:
            self.kept[name] = self.kept.get(name, 0) + number

    def skip(self, what: str, why: str) -> None:
        """Note an item that was left out."""
        self.skipped.append(Skipped(what, why))

    def total(self) -> Counter[str]:
        """Return what was created."""
        return Counter({name: count for name, count in self.created.items() if count})
