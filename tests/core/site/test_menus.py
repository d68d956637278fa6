"""Menus know what is shown: entries, those above them, and nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from core.contract.pages import Breadcrumb, MenuEntry, Page, SinglePage
from core.contract.views import PostView, SiteView, TermView, UserView
from core.site import mark_current, menu_tree

SITE = SiteView(
    slug="a", title="A", tagline="", language="pt-BR", url="https://a.example", timezone="UTC", theme="claro"
)
WRITER = UserView(id=uuid4(), number=1, name="Ana", slug="ana")
AT = datetime(2026, 1, 2, tzinfo=UTC)


def page(url: str, *above: str, terms: tuple[str, ...] = ()) -> Page:
    carried = tuple(
        TermView(id=uuid4(), number=n, taxonomy="category", name=path, slug="x", url=path)
        for n, path in enumerate(terms)
    )
    post = PostView(
        id=uuid4(), number=1, type="page", status="publish", title="T", slug="t", content="", author=WRITER,
        created_at=AT, updated_at=AT, url=url, terms={"category": carried},
    )  # fmt: skip
    crumbs = tuple(Breadcrumb(path, path) for path in above)
    return SinglePage(
        kind="single",
        site=SITE,
        title="T",
        document_title="T",
        url=SITE.url + url,
        breadcrumbs=crumbs,
        post=post,
    )


def flat(entries: tuple[MenuEntry, ...]) -> Iterator[MenuEntry]:
    for entry in entries:
        yield entry
        yield from flat(entry.children)


def classes(entries: tuple[MenuEntry, ...]) -> dict[str, str]:
    return {entry.title: entry.css.removeprefix("menu-item").strip() for entry in flat(entries)}


TREE = menu_tree(
    [
        MenuEntry("Início", "/"),
        MenuEntry("Saúde", "", children=(MenuEntry("Sono", "/saude/sono/", children=(MenuEntry("Sesta", "/saude/sono/sesta"),)),)),
        MenuEntry("Fora", "https://b.example/saude/sono/sesta/"),
    ]
)  # fmt: skip


def test_the_entry_and_those_above_it_get_the_classes_of_wordpress() -> None:
    shown = mark_current(TREE, page("/saude/sono/sesta/"))
    assert classes(shown) == {
        "Início": "",
        "Saúde": "current-menu-ancestor",
        "Sono": "current-menu-ancestor current-menu-parent",
        "Sesta": "current-menu-item",
        "Fora": "",
    }
    assert [entry.title for entry in flat(shown) if entry.current] == ["Sesta"]
    assert [entry.title for entry in flat(shown) if entry.above] == ["Saúde", "Sono"]


def test_what_the_page_stands_below_counts_without_an_entry_of_its_own() -> None:
    for shown in (
        page("/saude/sono/novo/", "/saude/", "/saude/sono/"),
        page("/2026/x/", terms=("/saude/sono/",)),
    ):
        assert classes(mark_current(TREE, shown))["Sono"] == "current-menu-ancestor current-menu-parent"
        assert classes(mark_current(TREE, shown))["Saúde"] == "current-menu-ancestor"


def test_elsewhere_and_outside_of_pages_nothing_is_made_anew() -> None:
    assert mark_current(TREE, page("/contato/")) is TREE.entries
    assert mark_current(TREE, None) is TREE.entries


PATHS = st.sampled_from(["/", "/a/", "/a", "/b/", "/c/", "", "https://b.example/a/"])
ENTRIES: Any = st.recursive(
    st.builds(lambda url: MenuEntry(url, url), PATHS),
    lambda below: st.builds(
        lambda url, children: MenuEntry(url, url, children=tuple(children)),
        PATHS,
        st.lists(below, max_size=3),
    ),
    max_leaves=12,
)


@given(st.lists(ENTRIES, max_size=4), st.sampled_from(["/", "/a/", "/b/", "/z/"]))
def test_marks_change_nothing_else(entries: list[MenuEntry], path: str) -> None:
    """An entry is current if it leads there, above if one below it is, and nothing is lost or moved."""
    tree = menu_tree(entries)
    shown = mark_current(tree, page(path))
    before, after = list(flat(tree.entries)), list(flat(shown))
    assert [(e.title, e.url) for e in before] == [(e.title, e.url) for e in after]
    for entry in after:
        assert entry.current == (
            entry.url.startswith("/") and (entry.url.rstrip("/") or "/") == (path.rstrip("/") or "/")
        )
        assert entry.above == any(below.current for below in flat(entry.children))
