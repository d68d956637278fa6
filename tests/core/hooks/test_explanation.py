"""The page about hooks tells the truth."""

import re
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from core.db import SqliteDatabase, platform_work, use_database
from core.errors import Refused
from core.hooks import WORDPRESS_HOOKS, standard_hooks, use_plan

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "hooks.md"


def _blocks() -> list[Any]:
    blocks: list[Any] = []
    for index, source in enumerate(re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S)):
        module = ModuleType(f"page_{index}")
        exec(source, vars(module))  # noqa: S102  # what the page shows
        blocks.append(module)
    return blocks


async def test_the_example_of_an_implementation_works() -> None:
    hooks = _blocks()[0]
    registry = standard_hooks()
    registry.register("page", hooks)
    assert len(registry.implementations(registry.hook("on_post_saving"))) == 1
    assert hooks.filter_post_title("News", SimpleNamespace(is_sticky=True)) == "News (sticky)"
    with pytest.raises(Refused, match=r"A title is needed\."):
        await hooks.on_post_saving(SimpleNamespace(title=""))


async def test_the_example_of_a_call_works(tmp_path: Path) -> None:
    hooks, calls, _specs = _blocks()
    registry = standard_hooks()
    registry.register("page", hooks)
    database = SqliteDatabase(tmp_path / "test.db")
    await database.start()
    with use_database(database), use_plan(registry.plan(frozenset({"page"}))):
        assert calls.formats() == ()
        async with platform_work():
            assert await calls.save(SimpleNamespace(title="News", is_sticky=True), None) == "News (sticky)"
        with pytest.raises(Refused, match="A title is needed") as caught:
            async with platform_work():
                await calls.save(SimpleNamespace(title="", is_sticky=False), None)
    assert caught.value.plugin == "page"
    await database.stop()


def test_the_example_of_a_specification_passes_the_checks() -> None:
    registry = standard_hooks()
    registry.add_hookspecs(_blocks()[2], "comments")
    assert registry.hook("filter_comments_text").parameters == ("text", "author")


def test_the_table_of_wordpress_names_is_the_one_that_suggestions_use() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \| (`[a-z_`, ]+`) \|$", PAGE.read_text("utf-8"), re.M)
    assert {name: tuple(re.findall(r"[a-z_]+", ours)) for name, ours in rows} == dict(WORDPRESS_HOOKS)
