"""Walking a list: each row exactly once, whatever is added or removed meanwhile (security.md, 4.1)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litestar import Litestar

from tests.core.api.kit import Api, open_api
from tests.kit.async_ import run_here

TITLES = st.sampled_from(["Árvore", "a", "b", "B", "dengue", "zebra"])
POSTS = st.lists(st.tuples(TITLES, st.integers(0, 2)), min_size=1, max_size=6)
ORDERS = st.sampled_from(
    [(order, way) for order in ("published", "updated", "title", "menu") for way in ("asc", "desc")]
)


async def _publish(api: Api, title: str, place: int) -> int:
    made = await api.change("POST", "/posts", {"title": title, "menuOrder": place}, 201)
    path = f"/posts/{made['number']}"
    await api.change("POST", f"{path}/status", {"status": "publish"})
    return int(made["number"])


async def _walk(
    app: Litestar, before: list[tuple[str, int]], between: list[tuple[str, int]], limit: int, order: Any
) -> None:
    api = await open_api(app, "alfa", "author")
    there = [await _publish(api, *post) for post in before]
    seen: list[dict[str, Any]] = []
    waiting = list(between)
    path = f"/posts?author={api.person.number}&limit={limit}&order={order[0]}&direction={order[1]}"
    for _page in range(20):
        page = await api.json(path)
        seen += page["items"]
        if waiting:
            await _publish(api, *waiting.pop())
        if not (path := page["next"]):
            break
    numbers = [item["number"] for item in seen]
    assert len(numbers) == len(set(numbers))
    assert set(there) <= set(numbers)
    if order[0] in ("published", "menu", "updated"):
        key = {"published": "publishedAt", "menu": "menuOrder", "updated": "updatedAt"}[order[0]]
        values = [item[key] for item in seen]
        assert values == sorted(values, reverse=order[1] == "desc")


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_each_row_comes_once_while_others_are_added(request: pytest.FixtureRequest, app: Litestar) -> None:
    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(before=POSTS, between=POSTS, limit=st.integers(1, 3), order=ORDERS)
    def run(before: Any, between: Any, limit: int, order: Any) -> None:
        run_here(request, _walk(app, before, between, limit, order))

    run()


async def test_a_row_that_is_gone_shifts_nothing(app: Litestar) -> None:
    api = await open_api(app, "alfa", "editor")
    numbers = [await _publish(api, title, 0) for title in "abcde"]
    path = f"/posts?author={api.person.number}&limit=2&direction=asc"
    first = await api.json(path)
    # the very row that the cursor names, and one that was sent before it
    for number in numbers[:2]:
        await api.change("DELETE", f"/posts/{number}?force=true", status=204)
    second = await api.json(first["next"])
    assert [item["number"] for item in first["items"]] == numbers[:2]
    assert [item["number"] for item in second["items"]] == numbers[2:4]


async def test_drafts_without_a_date_are_walked_too(app: Litestar) -> None:
    api = await open_api(app, "alfa", "editor")
    numbers = set()
    for title in "abcde":
        numbers.add((await api.change("POST", "/posts", {"title": title}, 201))["number"])
    numbers.add(await _publish(api, "f", 0))
    seen: list[int] = []
    path = f"/posts?author={api.person.number}&limit=2&status=draft,publish"
    while path:
        page = await api.json(path)
        seen += [item["number"] for item in page["items"]]
        path = page["next"]
    assert sorted(seen) == sorted(numbers)


async def test_the_next_page_keeps_every_parameter_and_is_in_the_link_header(app: Litestar) -> None:
    api = await open_api(app, "alfa", "editor")
    for title in ("Dengue avança", "Dengue mata"):
        await _publish(api, title, 0)
    answer = await api.get("/posts", params={"limit": 1, "search": "dengue", "order": "title"})
    following = answer.json()["next"]
    assert answer.headers["link"] == f'<{following}>; rel="next"'
    page = await api.json(following)
    assert [item["title"] for item in page["items"]] == ["Dengue mata"]
    assert page["next"] is None
    changed = await api.get("/posts", params={"cursor": answer.json()["cursor"], "order": "menu"})
    assert changed.status_code == 400
