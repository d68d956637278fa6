"""What plugins hear and may do when something is written, on both sides of the commit."""

from typing import Any

import pytest

from core.content import (
    TermData,
    change_status,
    create_post,
    create_term,
    delete_post,
    delete_term,
    get_post,
    update_post,
    update_term,
)
from core.contract.content import PostData
from core.contract.events import AuditSink
from core.db import execute, maybe_work, tenant_read
from core.errors import NotFound, Refused, Unavailable
from core.hooks import HookFailed
from tests.core.content.things import make, probe

HEARD = (
    "on_post_saving",
    "on_post_saved",
    "on_post_status_changing",
    "on_post_status_changed",
    "on_post_deleting",
    "on_post_deleted",
    "on_term_saving",
    "on_term_saved",
    "on_term_deleted",
)


class Ears:
    """Writes down what it hears, and whether a unit was open."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any, bool]] = []

    def plugin(self, **more: Any) -> Any:
        saved = ("post", "before"), ("post", "old", "new"), ("post",), ("term", "before"), ("term",)
        shapes = dict(
            zip(
                HEARD,
                (saved[0], saved[0], saved[1], saved[1], saved[2], saved[2], saved[3], saved[3], saved[4]),
                strict=True,
            )
        )
        hooks = {name: self._listener(name, shape) for name, shape in shapes.items()}
        return probe(**{**hooks, **more})

    def _listener(self, name: str, shape: tuple[str, ...]) -> Any:
        async def two(post: Any, before: Any) -> None:
            self.heard.append((name, (post.title, before and before.title), maybe_work() is not None))

        async def three(post: Any, old: str, new: str) -> None:
            self.heard.append((name, (old, new), maybe_work() is not None))

        async def one(post: Any) -> None:
            self.heard.append((name, post.title, maybe_work() is not None))

        async def term_two(term: Any, before: Any) -> None:
            self.heard.append((name, (term.name, before and before.name), maybe_work() is not None))

        async def term_one(term: Any) -> None:
            self.heard.append((name, term.name, maybe_work() is not None))

        return {
            ("post", "before"): two,
            ("post", "old", "new"): three,
            ("post",): one,
            ("term", "before"): term_two,
            ("term",): term_one,
        }[shape]


async def test_every_step_is_heard_inside_and_after(make_world: Any) -> None:
    ears = Ears()
    world = await make_world(ears.plugin())
    with world.on("alfa", await world.person("administrator")):
        async with tenant_read():
            ears.heard.clear()
            post = await make("A")
            await update_post(post.id, PostData(title="B"), version=1)
            await change_status(post.id, "publish")
            await delete_post(post.id)
            term = await create_term("post_tag", TermData(name="T"))
            await update_term(term.id, TermData(name="U"))
            await delete_term(term.id)
    assert ears.heard == [
        ("on_post_saving", ("A", None), True),
        ("on_post_status_changing", ("", "draft"), True),
        ("on_post_saved", ("A", None), False),
        ("on_post_status_changed", ("", "draft"), False),
        ("on_post_saving", ("B", "A"), True),
        ("on_post_saved", ("B", "A"), False),
        ("on_post_saving", ("B", "B"), True),
        ("on_post_status_changing", ("draft", "publish"), True),
        ("on_post_saved", ("B", "B"), False),
        ("on_post_status_changed", ("draft", "publish"), False),
        ("on_post_deleting", "B", True),
        ("on_post_deleted", "B", False),
        ("on_term_saving", ("T", None), True),
        ("on_term_saved", ("T", None), False),
        ("on_term_saving", ("U", "T"), True),
        ("on_term_saved", ("U", "T"), False),
        ("on_term_deleted", "U", False),
    ]


async def test_a_refusal_undoes_everything_and_names_the_plugin(make_world: Any) -> None:
    ears = Ears()

    async def on_post_saving(post: Any, before: Any) -> None:
        await execute(
            "UPDATE posts SET title = 'written along' WHERE tenant_id = {tenant} AND id = {}", post.id
        )
        if "não" in post.title:
            raise Refused("This word is not allowed.")

    async def on_post_deleting(post: Any) -> None:
        raise Refused("Health content is kept.")

    world = await make_world(ears.plugin(on_post_saving=on_post_saving, on_post_deleting=on_post_deleting))
    with world.on("alfa", await world.person("administrator")):
        async with tenant_read():
            ears.heard.clear()
            with pytest.raises(Refused) as caught:
                await make("assim não")
            assert caught.value.plugin == "probe" and ears.heard == []
            assert await execute("SELECT id FROM posts WHERE tenant_id = {tenant}") == []
            post = await make("assim sim")
            assert (await get_post(post.id)).title == "written along"
            with pytest.raises(Refused):
                await update_post(post.id, PostData(title="não"), version=1)
            after = await get_post(post.id)
            assert after.version == 1 and after.title == "written along"
            with pytest.raises(Refused):
                await delete_post(post.id)
            assert (await get_post(post.id)).id == post.id


async def test_a_failing_plugin_undoes_the_write(make_world: Any) -> None:
    async def on_term_saving(term: Any, before: Any) -> None:
        raise ZeroDivisionError

    world = await make_world(probe(on_term_saving=on_term_saving))
    with world.on("alfa", await world.person("administrator")):
        async with tenant_read():
            with pytest.raises(HookFailed, match="probe"):
                await create_term("post_tag", TermData(name="T"))
            assert (
                await execute("SELECT id FROM terms WHERE tenant_id = {tenant} AND taxonomy = 'post_tag'")
                == []
            )


async def test_a_plugin_changes_what_is_written(make_world: Any) -> None:
    def filter_post_data(data: PostData, before: Any) -> PostData:
        data.title = str(data.title).strip("!") if isinstance(data.title, str) else data.title
        return data

    world = await make_world(probe(filter_post_data=filter_post_data))
    with world.on("alfa", await world.person("administrator")):
        async with tenant_read():
            post = await make("Atenção!!!")
            assert post.title == "Atenção"


async def test_no_record_no_action(make_world: Any) -> None:
    broken = {"on": False}
    events: list[Any] = []

    async def write(batch: Any) -> None:
        if broken["on"]:
            raise OSError("disk full")
        events.extend(batch)

    world = await make_world(probe(register_audit_sinks=lambda: [AuditSink(name="probe.sink", write=write)]))
    with world.on("alfa", await world.person("administrator")):
        async with tenant_read():
            events.clear()
            post = await make("A", password="segredo-da-capa")
            await change_status(post.id, "publish")
            await change_status(post.id, "trash")
            await change_status(post.id, "restore")
            await delete_post(post.id)
            assert [e.action for e in events] == [
                "post.create", "post.publish", "post.trash", "post.restore", "post.delete",
            ]  # fmt: skip
            assert "segredo-da-capa" not in repr(events)
            broken["on"] = True
            with pytest.raises(Unavailable):
                await make("B")
            broken["on"] = False
            assert await execute("SELECT id FROM posts WHERE tenant_id = {tenant}") == []


async def test_what_a_failed_unit_counted_is_not_counted(make_world: Any) -> None:
    from core.content import dashboard_stats, rebuild_stats
    from core.db import tenant_work

    world = await make_world()
    with world.on("alfa", await world.person("administrator")):
        async with tenant_read():
            await make("kept")
            with pytest.raises(RuntimeError):
                async with tenant_work():
                    await make("lost")
                    raise RuntimeError
            async with tenant_work():
                await make("kept too")
                try:
                    async with tenant_work():
                        await make("undone")
                        raise RuntimeError
                except RuntimeError:
                    pass
            assert (await dashboard_stats()).posts == {"post": {"draft": 2}}
            before = await dashboard_stats()
            await rebuild_stats()
            assert await dashboard_stats() == before


async def test_unknown_extensions_are_named(make_world: Any) -> None:
    from core.errors import Invalid

    world = await make_world()
    with world.on("alfa", await world.person("administrator")):
        async with tenant_read():
            with pytest.raises(Invalid) as caught:
                await create_post(PostData(title="x", ext={"acf": {}}))
            assert set(caught.value.errors) == {"ext.acf"}
            with pytest.raises(NotFound):
                await get_post((await make()).author.id)
