"""The page that maps the schema documents names only what there is, and leaves nothing of them out."""

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "schema.md"
DOCUMENTS = ROOT.parent / "shared" / "spec"
_COLUMN = re.compile(r"`([a-z_]+)\.([a-z_]+)`")
_INDEX = re.compile(r"index `([a-z_]+)`")
_ELSEWHERE = re.compile(r"plugin `[a-z_]+`|later: (?:Authoring|The trust base)|not kept")


def rows() -> list[list[str]]:
    """Return the rows of the page's tables as cells."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| 0")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


async def _live(database: Any) -> tuple[dict[str, set[str]], set[str]]:
    async with database.reading(None) as connection:
        if database.kind == "postgres":
            found = await connection.fetch(
                "SELECT table_name AS t, column_name AS c FROM information_schema.columns WHERE table_schema = 'public'",
                (),
            )
            indexes = await connection.fetch(
                "SELECT indexname AS i FROM pg_indexes WHERE schemaname = 'public'", ()
            )
        else:
            found = await connection.fetch(
                "SELECT m.name AS t, c.name AS c FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'",
                (),
            )
            indexes = await connection.fetch("SELECT name AS i FROM sqlite_master WHERE type = 'index'", ())
    columns: dict[str, set[str]] = {}
    for row in found:
        columns.setdefault(row["t"], set()).add(row["c"])
    return columns, {row["i"] for row in indexes}


async def test_every_place_that_is_named_exists(database: Any) -> None:
    columns, indexes = await _live(database)
    assert len(rows()) > 150
    for row in rows():
        here = row[2]
        named = [(table, column) for table, column in _COLUMN.findall(here)]
        for table, column in named:
            assert column in columns.get(table, set()), f"{here} ({row[1]})"
        for index in _INDEX.findall(here):
            assert index in indexes, f"{here} ({row[1]})"
        assert named or _INDEX.search(here) or _ELSEWHERE.search(here), row


def test_what_is_not_kept_says_why() -> None:
    assert all(row[3] for row in rows() if row[2] == "not kept")


def _of_documents() -> set[tuple[str, str]]:
    """Return the tables' columns and the indexes of the documents, those of the core's tables."""
    wanted: set[tuple[str, str]] = set()
    for path in DOCUMENTS.glob("00[01]_*.md"):
        text = path.read_text("utf-8")
        for name, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\n\);", text, re.S):
            if name not in ("users", "user_meta", "user_roles", "posts", "post_meta", "categories", "media"):
                wanted.add(("table", name))
                continue
            for column in re.findall(r"^\s+([a-z_]+)\s+[A-Z]", body, re.M):
                wanted.add((name, column))
    return wanted


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the schema documents do not lie beside this checkout")
def test_nothing_of_the_documents_is_left_out() -> None:
    text = PAGE.read_text("utf-8")
    sections = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", text, re.S | re.M))
    place = {
        "users": "Users",
        "user_meta": "User meta and roles",
        "user_roles": "User meta and roles",
        "posts": "Posts",
        "post_meta": "Post meta",
        "categories": "Categories",
        "media": "Media",
        "table": "Tables of plugins",
    }
    missing = []
    for table, column in sorted(_of_documents()):
        if column in ("tenant_id", "inserted_at") or (
            column == "id" and table in ("user_meta", "user_roles", "post_meta")
        ):
            continue
        names = (f"`{column}`", f"`{table}.{column}`")
        if not any(f"| {name} |" in sections[place[table]] for name in names):
            missing.append(f"{table}.{column}")
    assert missing == []
