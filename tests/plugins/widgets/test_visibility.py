"""Where and to whom: over HTTP for each condition, and as a rule for all of them."""

from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from core.context import Actor
from core.contract.pages import Archive, ErrorPage, ListPage, Page, Paging
from core.contract.views import SiteView
from plugins.widgets.visibility import ALWAYS, Visibility, is_shown
from tests.plugins.widgets.world import Board, titles

IDS = st.uuids()
RULES = st.builds(
    Visibility,
    where=st.sampled_from(("everywhere", "only", "except")),
    places=st.lists(st.sampled_from(("front", "lists", "search", "missing", "posts", "pages"))).map(tuple),
    terms=st.lists(IDS, max_size=2).map(tuple),
    who=st.sampled_from(("everybody", "visitors", "people", "roles")),
    roles=st.lists(st.sampled_from(("editor", "author"))).map(tuple),
)
ACTORS = st.builds(
    Actor,
    kind=st.sampled_from(("user", "visitor")),
    roles=st.sets(st.sampled_from(("editor", "author", "subscriber"))).map(frozenset),
)


def _page(kind: str, *, front: bool) -> Page:
    site = SiteView(slug="a", title="A", tagline="", language="en", url="", timezone="UTC", theme="claro")
    common = {"site": site, "title": "", "document_title": "", "url": "", "is_front": front}
    if kind == "error":
        return ErrorPage(kind="error", status=404, message="", **common)
    archive = Archive(kind="search" if kind == "search" else "home", title="")
    paging = Paging(number=1, pages=1, total=0)
    return ListPage(kind="list", archive=archive, posts=(), paging=paging, **common)


PAGES = st.builds(
    lambda kind, front: _page(kind, front=front), st.sampled_from(("list", "search", "error")), st.booleans()
)


@given(rule=RULES, page=PAGES, actor=ACTORS)
def test_except_is_the_opposite_of_only_for_whoever_it_is_for(
    rule: Visibility, page: Page, actor: Actor
) -> None:
    def seen(**changes: object) -> bool:
        return is_shown(msgspec.structs.replace(rule, **changes), page, actor)

    for_them = seen(where="everywhere")
    assert (seen(where="only") != seen(where="except")) == for_them
    assert not for_them or seen(where="everywhere", who="everybody")
    assert seen(who="visitors") is (actor.kind == "visitor" and seen(who="everybody"))
    assert is_shown(ALWAYS, page, actor)


async def test_each_kind_of_page(board: Board) -> None:
    top = await board.term("Saúde")
    tag = await board.term("Café", "post_tag")
    post = await board.post("Sono", terms={"category": (top.id,), "post_tag": (tag.id,)})
    other = await board.post("Corrida")
    page = await board.post("Sobre", type="page")
    paths = {
        "/": "front",
        post.url: "post",
        other.url: "other",
        page.url: "page",
        top.url: "term",
        "/?s=sono": "search",
        "/nada/": "missing",
    }
    rules: dict[str, tuple[Visibility, set[str]]] = {
        "front": (Visibility(where="only", places=("front",)), {"front"}),
        "posts": (Visibility(where="only", places=("posts",)), {"post", "other"}),
        "pages": (Visibility(where="only", places=("pages",)), {"page"}),
        "lists": (Visibility(where="only", places=("lists",)), {"front", "term"}),
        "search": (Visibility(where="only", places=("search", "missing")), {"search", "missing"}),
        "type": (Visibility(where="only", types=("page",)), {"page"}),
        "term": (Visibility(where="only", terms=(top.id,)), {"post", "term"}),
        "content": (Visibility(where="only", content=(other.id, page.id)), {"other", "page"}),
        "gone": (Visibility(where="only", content=(UUID(int=1),)), set()),
        "not": (
            Visibility(where="except", places=("front",), terms=(tag.id,)),
            set(paths.values()) - {"front", "post"},
        ),
    }
    for name, (rule, _where) in rules.items():
        await board.place("text", title=name, text="x", rule=rule)
    async with board.visitor() as visitor:
        for path, kind in paths.items():
            found = await visitor.get(path, follow_redirects=True)
            shown = {name for name in rules if f">{name}</h2>" in found.text}
            assert shown == {name for name, (_rule, where) in rules.items() if kind in where}, path


async def test_each_kind_of_reader(board: Board) -> None:
    for who in ("everybody", "visitors", "people"):
        await board.place("text", title=who, text="x", rule=Visibility(who=who))  # type: ignore[arg-type]  # one of them
    await board.place("text", title="editors", text="x", rule=Visibility(who="roles", roles=("editor",)))
    async with board.visitor() as visitor:
        assert await titles(visitor) == ["everybody", "visitors"]
        editor = await board.people.browser("alfa", "editor")
        assert await titles(editor) == ["everybody", "people", "editors"]
        reader = await board.people.browser("alfa", "subscriber")
        assert await titles(reader) == ["everybody", "people"]
        assert await titles(visitor) == ["everybody", "visitors"]
