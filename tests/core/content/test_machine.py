"""A post's life as a model: two editors, a scheduler and the trash, in any order (security.md, 4.2)."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from core.content import (
    change_status,
    create_post,
    delete_post,
    get_post,
    list_posts,
    posts_by_status,
    publish_due,
    restore_revision,
    revisions,
    update_post,
)
from core.context import VISITOR, Actor, as_actor
from core.contract.content import ListingQuery, PostData
from core.db import tenant_read
from core.errors import Conflict, NotFound, Refused
from tests.kit.async_ import run_here
from tests.kit.clock import FakeClock

TITLES = st.sampled_from(["Gripe", "Gripe!", "Água", "Sono", ""])


class Model(msgspec.Struct):
    """What a post should be."""

    title: str
    status: str = "draft"
    version: int = 1
    before: str = ""
    due: datetime | None = None
    texts: set[str] = msgspec.field(default_factory=set)


class PostLife(RuleBasedStateMachine):
    """The walk. A test makes a subclass with the site to walk on."""

    request: Any
    world: Any
    editors: list[Actor]
    posts = Bundle("posts")

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.model: dict[Any, Model] = {}

    def do(self, coroutine: Any, actor: Actor | None = None) -> Any:
        async def inside() -> Any:
            with self.clock.installed(), self.world.on("alfa", actor or self.editors[0]):
                async with tenant_read():
                    return await coroutine

        return run_here(self.request, inside())

    @initialize()
    def empty(self) -> None:
        assert self.do(list_posts(ListingQuery())).total == 0

    @rule(target=posts, title=TITLES, who=st.sampled_from([0, 1]))
    def create(self, title: str, who: int) -> Any:
        post = self.do(create_post(PostData(title=title, content=f"<p>{title}</p>")), self.editors[who])
        self.model[post.id] = Model(title=title, texts={title})
        return post.id

    @rule(post=posts, title=TITLES, who=st.sampled_from([0, 1]), stale=st.booleans())
    def edit(self, post: Any, title: str, who: int, stale: bool) -> None:
        model = self.model[post]
        version = model.version - 1 if stale else model.version
        try:
            self.do(update_post(post, PostData(title=title), version=version), self.editors[who])
        except Refused:
            assert model.status == "trash"
            return
        except Conflict as error:
            current = error.current
        else:
            current = None
        if current is not None:
            assert stale and current["title"] == model.title
            model.texts.add(title)  # it lost, and is kept all the same
            return
        assert not stale and model.status != "trash"
        model.title = title
        model.version += 1
        model.texts.add(title)

    @rule(post=posts, status=st.sampled_from(["draft", "pending", "publish", "private", "trash"]))
    def move(self, post: Any, status: str) -> None:
        model = self.model[post]
        try:
            after = self.do(change_status(post, status, version=model.version), self.editors[1])  # type: ignore[arg-type]  # sampled
        except Conflict:
            assert model.status == "trash"
            return
        if model.status != status:
            assert model.status != "trash"
            model.before = model.status if status == "trash" else ""
            model.due = model.due if status == "trash" else None
            model.status, model.version = status, model.version + 1
        assert after.status == status

    @rule(post=posts, minutes=st.integers(1, 90))
    def schedule(self, post: Any, minutes: int) -> None:
        model = self.model[post]
        at = self.clock() + timedelta(minutes=minutes)
        try:
            self.do(change_status(post, "future", at=at))
        except Conflict:
            assert model.status == "trash"
            return
        if (model.status, model.due) != ("future", at):
            model.version += 1
        model.status, model.due = "future", at

    @rule(post=posts)
    def restore(self, post: Any) -> None:
        model = self.model[post]
        try:
            self.do(change_status(post, "restore"))
        except Conflict:
            assert model.status != "trash"
            return
        back = model.before
        if back == "future" and (model.due is None or model.due <= self.clock()):
            back = "draft"
        model.status, model.before, model.version = back, "", model.version + 1

    @rule(post=posts)
    def bring_back_the_first_text(self, post: Any) -> None:
        model = self.model[post]
        if model.status == "trash":
            return
        first = min(r.number for r in self.do(revisions(post)))
        model.title = self.do(restore_revision(post, first, version=model.version)).title
        model.version += 1

    @rule(minutes=st.integers(0, 60))
    def time_passes(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)
        due = {k for k, m in self.model.items() if m.status == "future" and m.due and m.due <= self.clock()}
        assert set(self.do(publish_due(), Actor(kind="job"))) == due
        assert self.do(publish_due(), Actor(kind="job")) == ()
        for post in due:
            model = self.model[post]
            model.status, model.due, model.version = "publish", None, model.version + 1

    @rule(post=consumes(posts))
    def delete(self, post: Any) -> None:
        self.do(delete_post(post))
        del self.model[post]
        with pytest.raises(NotFound):
            self.do(get_post(post))

    @invariant()
    def posts_are_as_they_should_be(self) -> None:
        slugs: list[str] = []
        for post_id, model in self.model.items():
            post = self.do(get_post(post_id))
            assert (post.title, post.status, post.version) == (model.title, model.status, model.version)
            assert (post.status == "future") <= (post.scheduled_at == model.due)
            assert (post.status in ("publish", "private")) <= (post.published_at is not None)
            assert (post.status in ("publish", "private", "future")) <= bool(post.slug)
            if post.slug and post.status != "trash":
                slugs.append(post.slug)
        assert len(slugs) == len(set(slugs))

    @invariant()
    def readers_see_what_is_published(self) -> None:
        async def seen() -> Any:
            with as_actor(VISITOR):
                return await list_posts(ListingQuery(statuses=("publish", "draft", "private"), per_page=100))

        published = {post_id for post_id, model in self.model.items() if model.status == "publish"}
        listing = self.do(seen())
        assert {post.id for post in listing.items} == published and listing.total == len(published)

    @invariant()
    def counts_are_right(self) -> None:
        expected = Counter(model.status for model in self.model.values())
        assert self.do(posts_by_status("post")) == dict(expected)

    @invariant()
    def no_text_is_lost(self) -> None:
        for post_id, model in self.model.items():
            assert model.texts <= {r.title for r in self.do(revisions(post_id))}

    def teardown(self) -> None:
        for post_id in self.model:
            self.do(delete_post(post_id))


def test_any_order_of_steps_keeps_the_promises(request: Any, world: Any, admin: Any) -> None:
    async def people() -> list[Actor]:
        return [await world.person("administrator"), await world.person("editor")]

    here = {"request": request, "world": world, "editors": run_here(request, people())}
    machine = type("PostLifeHere", (PostLife,), here)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,  # the same walks every time: no test is rerun
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
