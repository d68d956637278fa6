"""Sentences of a plugin, and what its catalogue makes of them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

__all__ = ["catalogue_of", "sentences_of"]

_MARKED = re.compile(r"""\b(?:_|ngettext)\(\s*(["'])(.+?)\1""")


def _of_view(node: ast.ClassDef) -> Iterator[str]:
    """Yield what an `AdminView` says of itself."""
    if not any("AdminView" in ast.unparse(base) for base in node.bases):
        return
    for line in node.body:
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant):
            names = {name.id for name in line.targets if isinstance(name, ast.Name)}
            if names & {"title", "singular", "description"}:
                yield str(line.value.value)


def _in_code(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from _of_view(node)
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in ("_", "ngettext") and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)
        for word in node.keywords:
            wanted = {
                "Meta": ("title", "description"),
                "Plugin": ("title", "description"),
                "Capability": ("title", "group"),
                "Personal": ("purpose", "retention"),
                "DashboardPanel": ("title",),
                "JobKind": ("title",),
                "Column": ("title",),
                "Action": ("title", "confirm"),
                "AdminMenuItem": ("title",),
                "Empty": ("title", "text"),
                "EditPanel": ("title",),
                "MediaIntake": ("title",),
                "AccessLevel": ("title",),
                "WidgetType": ("title", "description"),
            }.get(name, ())
            if word.arg in wanted and isinstance(word.value, ast.Constant):
                yield str(word.value.value)
            if name == "Action" and word.arg == "done" and isinstance(word.value, ast.Tuple):
                yield str(ast.literal_eval(word.value)[0])
            if name == "Meta" and word.arg == "extra_json_schema":
                extra = ast.literal_eval(word.value)
                yield from extra.get("labels", {}).values()
                yield from filter(None, [extra.get("group")])
            if name == "Column" and word.arg == "labels" and isinstance(word.value, ast.Dict):
                yield from (label for label, _tone in ast.literal_eval(word.value).values())


def sentences_of(folder: Path) -> set[str]:
    """Return every sentence of a plugin that people read: marked ones, and those in its declarations."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        if path.name != "api.py":  # descriptions of the API are English, as its document is
            found |= set(_in_code(ast.parse(path.read_text("utf-8"))))
    for path in folder.rglob("*.html"):
        found |= {match[2] for match in _MARKED.finditer(path.read_text("utf-8"))}
    return {text for text in found if any(ch.isalpha() for ch in text)}


def catalogue_of(folder: Path) -> dict[str, str | tuple[str, ...]]:
    """Return the Portuguese of a plugin's sentences."""
    with (folder / "locale/pt_BR/LC_MESSAGES/messages.po").open("rb") as source:
        catalog = read_po(source, locale="pt_BR")
    said: dict[str, str | tuple[str, ...]] = {}
    for message in catalog:
        if message.id:
            first = message.id[0] if isinstance(message.id, tuple) else message.id
            said[first] = message.string
    return said
