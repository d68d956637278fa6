"""The builder: whole menus in one form, every button without script, nothing lost."""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st

from core.content import change_status
from core.db import tenant_read
from plugins.navigation.builder import Draft, Row, move, place_row, remove_row
from plugins.navigation.views import MAX_LEVELS, MenuView
from tests.kit.client import Browser
from tests.kit.plugin import entered
from tests.plugins.navigation.world import World, item, soup, to_post


class Builder:
    """The builder's form in the browser of somebody who may use it."""

    def __init__(self, browser: Browser, menu: MenuView) -> None:
        self.browser = browser
        self.path = f"/admin/navigation/{menu.number}"
        self.page = soup("")
        self.values: dict[str, list[str]] = {}

    async def open(self) -> "Builder":
        """Get the screen."""
        self.read(await self.browser.get(self.path))
        return self

    def read(self, answer: httpx.Response) -> None:
        """Take what an answer shows, as a browser would send it again."""
        self.page = BeautifulSoup(answer.text, "html.parser")
        self.values = {}
        for tag in self.page.select("#builder [name]"):
            if tag.name == "button" or (tag.get("type") == "checkbox" and not tag.has_attr("checked")):
                continue
            value: Any = tag.get("value", "")
            if tag.name == "select":
                chosen = tag.select_one("option[selected]") or tag.select_one("option")
                value = chosen["value"] if chosen is not None else ""
            self.values.setdefault(str(tag["name"]), []).append(str(value))

    async def press(self, what: str, **values: Any) -> httpx.Response:
        """Press a button, with inputs filled first."""
        given = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
        answer = await self.browser.post(self.path, data={**self.values, **given, "do": what})
        if answer.status_code != 303:
            self.read(answer)
        return answer

    async def save(self, **values: Any) -> httpx.Response:
        """Save, and look at it again."""
        answer = await self.press("save", **values)
        if answer.status_code == 303:
            await self.open()
        return answer

    def rows(self) -> list[tuple[str, int]]:
        """Return titles and levels."""
        found = self.page.select("#entries > .entry")
        return [
            (row.select_one(".entry-title strong").get_text(), int(str(row["data-level"]))) for row in found
        ]  # type: ignore[union-attr]  # each has one

    def row(self, title: str) -> Tag:
        """Return the entry of a title."""
        return next(
            r
            for r in self.page.select("#entries > .entry")
            if r.strong is not None and r.strong.get_text() == title
        )

    def key(self, title: str) -> str:
        """Return the key of an entry."""
        return str(self.row(title)["data-key"])

    def said(self) -> str:
        """Return what a screen reader hears."""
        found = self.page.select_one("#menu-said")
        return found.get_text() if found is not None else ""


async def building(
    world: World, *items: Any, roles: tuple[str, ...] = ("administrator",)
) -> tuple[Builder, MenuView]:
    menu = await world.menu("Principal", items)
    return await Builder(await world.people.browser("alfa", *roles), menu).open(), menu


async def test_a_menu_is_made_built_and_seen(world: World) -> None:
    about, topic = await world.page("Sobre nós"), await world.category("Sono")
    admin = await world.people.browser("alfa", "administrator")
    made = await admin.submit("/admin/navigation/new", {"name": "Principal"})
    path = made.headers["location"]
    assert re.fullmatch(r"/admin/navigation/[0-9]+", path)
    build = Builder(admin, type("M", (), {"number": path.rpartition("/")[2]})())  # type: ignore[arg-type]  # has the number
    await build.open()
    found = await build.press("find", find="Sobre")
    refs = {tag["value"] for tag in soup(found.text).select("#choices input")}
    assert f"post:{about.id}" in refs and f"term:{topic.id}" not in refs
    await build.press("add", pick=[f"post:{about.id}", "front"], find="")
    await build.press("add", pick=[f"term:{topic.id}"])
    await build.press("link", link_url="exemplo.org/x", link_label="Fora")
    await build.press("heading", heading="Mais")
    assert build.rows() == [("Sobre nós", 0), ("Início", 0), ("Sono", 0), ("Fora", 0), ("Mais", 0)]
    await build.press(f"up:{build.key('Mais')}")
    assert build.said() == "“Mais” é o número 4 de 5 no topo."
    await build.press(f"in:{build.key('Fora')}")
    assert build.said() == "“Fora” é o número 1 de 1 abaixo de “Mais”."
    assert await world.seen() == ["Sobre nós"]  # nothing is saved yet: the pages stand there
    saved = await build.save(places=["primary"], name="Menu do topo")
    assert saved.status_code == 303
    assert build.rows() == [("Sobre nós", 0), ("Início", 0), ("Sono", 0), ("Mais", 0), ("Fora", 1)]
    assert await world.seen() == ["Sobre nós", "Início", "Sono", "Mais", ["Fora"]]
    listed = await admin.soup("/admin/navigation")
    assert listed.select_one(f"a[href='{path}']") is not None and "Menu principal" in listed.get_text()


async def test_entries_are_changed_in_place(world: World) -> None:
    about = await world.page("Sobre")
    build, menu = await building(world, to_post(about), item(label="Fora", url="https://a.example/"))
    one, two = build.key("Sobre"), build.key("Fora")
    await build.save(
        **{
            f"i.{one}.label": "Quem somos", f"i.{one}.hint": "Gente", f"i.{one}.css": "azul  verde azul",
            f"i.{one}.audience": "roles", f"i.{one}.roles": ["editor", "nobody"], f"i.{two}.url": "/dentro/",
            f"i.{two}.new_tab": "on", f"i.{two}.description": "Aqui",
        }
    )  # fmt: skip
    first, second = (await world.fresh(menu))[1]
    assert (first.label, first.hint, first.css, first.audience, first.roles) == (
        "Quem somos", "Gente", "azul verde", "roles", ("editor",),
    )  # fmt: skip
    assert (second.url, second.new_tab, second.description) == ("/dentro/", True, "Aqui")
    assert [str(first.id), str(second.id)] == [one, two]


BAD_URLS = (
    "javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example",
    "https://", "http://user@evil.example/", "\\\\evil.example", "ftp://a.example", "https://a.example/<x>", "x" * 2001, "",
    "https:evil.example", "/\\evil.example", "mailto:a b",
)  # fmt: skip


@pytest.mark.parametrize("url", BAD_URLS)
async def test_addresses_that_no_page_may_hold_are_refused_and_nothing_is_lost(
    world: World, url: str
) -> None:
    build, menu = await building(world, item(label="Um"))
    refused = await build.save(
        **{f"i.{build.key('Um')}.url": url, f"i.{build.key('Um')}.hint": "fica", "name": "Outro nome"}
    )
    assert refused.status_code == 422
    kept = build.row("Um")
    assert kept.select_one("input[name$='.url']")["value"] == url  # type: ignore[index]  # it is there
    assert kept.select_one("details[open] .error") is not None
    assert kept.select_one("input[name$='.hint']")["value"] == "fica"  # type: ignore[index]  # as above
    assert build.values["name"] == ["Outro nome"]
    assert (await world.fresh(menu))[0].name == "Principal"


async def test_everything_that_is_wrong_is_said_at_once(world: World) -> None:
    build, _menu = await building(world, item(label="Um"), item("heading", "Dois"))
    one, two = build.key("Um"), build.key("Dois")
    await build.save(
        **{
            f"i.{one}.css": "<b>",
            f"i.{one}.hint": "x" * 300,
            f"i.{one}.audience": "roles",
            f"i.{two}.label": " ",
            "name": "",
        }
    )
    assert len(build.page.select("#entries .error")) == 4
    await build.press("link", link_url="javascript:x", link_label="Mau")
    assert build.page.select_one("#link_url-error") is not None and len(build.rows()) == 2
    await build.press("add", pick=["post:x", "archive:nothing", "front:x", "<b>"])
    assert len(build.rows()) == 2


async def test_two_people_do_not_overwrite_each_other_unknowingly(world: World) -> None:
    build, menu = await building(world, item(label="Um"))
    other = await Builder(await world.people.browser("alfa", "administrator"), menu).open()
    await other.press("heading", heading="Deles")
    assert (await other.save()).status_code == 303
    await build.press("heading", heading="Meu")
    refused = await build.save()
    assert refused.status_code == 409 and "Outra pessoa" in refused.text
    assert build.rows() == [("Um", 0), ("Meu", 0)]
    assert (await build.save()).status_code == 303
    assert build.rows() == [("Um", 0), ("Meu", 0)]


async def test_what_readers_do_not_get_to_is_marked(world: World) -> None:
    draft, gone = await world.page("Rascunho"), uuid4()
    build, _menu = await building(world, to_post(draft), item("post", "Sumiu", target_id=gone, target="page"))
    with entered(world.app, "alfa"):
        async with tenant_read():
            await change_status(draft.id, "draft")
    await build.open()
    assert "Rascunho" in build.row("Rascunho").select_one(".entry-chips").get_text()  # type: ignore[union-attr]  # it is there
    assert build.row("Sumiu").select_one(".chip-bad") is not None
    assert (await build.save()).status_code == 303  # it may stay


async def test_who_may_not_is_kept_out(world: World) -> None:
    menu = await world.menu("Principal", [item(label="Um")])
    for role in ("editor", "author", "subscriber"):
        person = await world.people.browser("alfa", role)
        for path in ("/admin/navigation", "/admin/navigation/new", f"/admin/navigation/{menu.number}"):
            assert (await person.get(path)).status_code == 403
        assert (
            await person.submit(f"/admin/navigation/{menu.number}", {"do": "save"}, page="/admin/profile")
        ).status_code == 403
    stranger = await world.people.browser("beta", "administrator")
    await world.switch("beta", on=True)
    assert (await stranger.get(f"/admin/navigation/{menu.number}")).status_code == 404


async def test_ids_of_other_menus_and_odd_forms_do_no_harm(world: World) -> None:
    theirs = await world.menu("Deles", [item(label="Meu não")])
    their_id = (await world.fresh(theirs))[1][0].id
    build, menu = await building(world, item(label="Um"))
    await build.save(
        **{
            f"i.{their_id}.label": "Roubado", f"i.{their_id}.ref": "heading", f"i.{their_id}.level": "9",
            "i.x.label": "nada", "i..ref": "front", "places": ["primary", "nowhere"],
        }
    )  # fmt: skip
    _view, items = await world.fresh(menu)
    assert [(entry.label, entry.level) for entry in items] == [("Um", 0), ("Roubado", 1)]
    assert their_id not in {entry.id for entry in items}
    view, others = await world.fresh(theirs)
    assert [entry.label for entry in others] == ["Meu não"] and view.version == 2
    assert (await world.fresh(menu))[0].places == ("primary",)
    for what in ("up:", "up:x", "place", "remove:x", "nothing", ""):
        assert (await build.press(what)).status_code == 200


async def test_copying_and_deleting(world: World) -> None:
    menu = await world.menu("Principal", [item(label="Um"), item(label="Dois", level=1)], "primary")
    admin = await world.people.browser("alfa", "administrator")
    await admin.submit(
        "/admin/navigation/do", {"do": "copy", "ids": str(menu.number)}, page="/admin/navigation"
    )
    listed = (await admin.soup("/admin/navigation")).get_text()
    assert "Principal (2)" in listed
    await admin.submit(
        "/admin/navigation/do",
        {"do": "delete", "ids": str(menu.number), "_confirmed": "1"},
        page="/admin/navigation",
    )
    assert await world.seen() == []
    names = [a.get_text() for a in (await admin.soup("/admin/navigation")).select("a.title-link")]
    assert names == ["Principal (2)"]


# the rules of moving, in general

TREES = st.lists(st.integers(0, MAX_LEVELS - 1), max_size=14)
WAYS = st.sampled_from(["up", "down", "in", "out", "before", "after", "first", "last", "remove"])


def drafted(levels: list[int]) -> Draft:
    rows: list[Row] = []
    for level in levels:
        highest = rows[-1].level + 1 if rows else 0
        rows.append(Row(key=f"k{len(rows)}", level=min(level, highest)))
    return Draft(name="x", version=1, places=(), rows=rows)


def below(draft: Draft, key: str) -> list[tuple[str, int]]:
    at = draft.index(key)
    return [(row.key, row.level - draft.rows[at].level) for row in draft.rows[at : draft.end(at)]]


@given(TREES, st.lists(st.tuples(WAYS, st.integers(0, 13), st.integers(0, 13)), max_size=12))
def test_moving_loses_nothing_and_keeps_a_tree(levels: list[int], steps: list[tuple[str, int, int]]) -> None:
    """Whatever is moved where: each entry stays, with what stands below it, and all of it is a tree of allowed depth."""
    draft = drafted(levels)
    for way, what, to in steps:
        if not draft.rows:
            return
        keys = sorted(row.key for row in draft.rows)
        key, other = keys[what % len(keys)], keys[to % len(keys)]
        shape, before = below(draft, key), [(row.key, row.level) for row in draft.rows]
        if way == "remove":
            assert remove_row(draft, key)
            keys.remove(key)
        else:
            steps_one = way in ("up", "down", "in", "out")
            done = move(draft, key, way) if steps_one else place_row(draft, key, way, other)
            assert below(draft, key) == shape
            if not done:
                assert [(row.key, row.level) for row in draft.rows] == before
        assert sorted(row.key for row in draft.rows) == keys
        above = -1
        for row in draft.rows:
            assert 0 <= row.level <= min(above + 1, MAX_LEVELS - 1)
            above = row.level


@given(TREES, st.integers(0, 13))
def test_up_and_down_and_in_and_out_undo_each_other(levels: list[int], what: int) -> None:
    draft = drafted(levels)
    if not draft.rows:
        return
    key = draft.rows[what % len(draft.rows)].key
    before = [(row.key, row.level) for row in draft.rows]
    for way, back in (("up", "down"), ("down", "up"), ("in", "out")):
        if move(draft, key, way):
            assert [(row.key, row.level) for row in draft.rows] != before
            if way == "in" and draft.siblings(draft.index(key))[-1] != draft.index(key):
                move(draft, key, "out")
                return
            assert move(draft, key, back)
            assert [(row.key, row.level) for row in draft.rows] == before
