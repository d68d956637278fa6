"""Every sentence of the plugin is there in Portuguese, and none is left over."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[3] / "plugins" / "widgets"
_MARKED = re.compile(r"""\b(?:_|ngettext)\(\s*(["'])(.+?)\1""")


def _in_code(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in ("_", "ngettext") and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)
        for word in node.keywords:
            wanted = {
                "Meta": ("title", "description"),
                "Plugin": ("title", "description"),
                "AdminMenuItem": ("title",),
            }.get(name, ())
            if word.arg in wanted and isinstance(word.value, ast.Constant):
                yield str(word.value.value)
            if name == "Meta" and word.arg == "extra_json_schema":
                extra = ast.literal_eval(word.value)
                yield from extra.get("labels", {}).values()
                yield from filter(None, [extra.get("group")])


def _wanted() -> set[str]:
    found: set[str] = set()
    for path in FOLDER.rglob("*.py"):
        found |= set(_in_code(ast.parse(path.read_text("utf-8"))))
    for path in FOLDER.rglob("*.html"):
        found |= {match[2] for match in _MARKED.finditer(path.read_text("utf-8"))}
    return found


def test_every_sentence_is_translated_and_used() -> None:
    with (FOLDER / "locale/pt_BR/LC_MESSAGES/messages.po").open("rb") as source:
        catalog = read_po(source, locale="pt_BR")
    said = {}
    for message in catalog:
        if message.id:
            first = message.id[0] if isinstance(message.id, tuple) else message.id
            said[first] = message.string
    wanted = _wanted()
    assert sorted(wanted - said.keys()) == []
    assert sorted(said.keys() - wanted) == []
    assert all(all(text) if isinstance(text, tuple) else text for text in said.values())
