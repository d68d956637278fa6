"""Uninstalling exports what a plugin keeps of a site, then erases exactly that."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import msgspec
import pytest

from core.clock import now
from core.content import create_post, revisions, update_post
from core.context import Actor
from core.contract.content import Extension, PostData
from core.contract.markers import hookimpl
from core.contract.work import ImportHandler, JobKind
from core.db import execute, next_number, platform_execute, tally, tenant_read, tenant_work
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from core.ids import new_id
from core.jobs import enqueue
from core.plugins import Plugin
from core.sites import disable_plugin, enable_plugin, find_site, save_settings, share, uninstall_plugin
from tests.core.admin.kit import said
from tests.kit.people import PASSWORD, People
from tests.kit.plugin import entered
from tests.routes.world import rows_of


class Note(msgspec.Struct, frozen=True):
    """What somebody writes on a post."""

    text: str = ""


class NotesSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of the plugin of the tests."""

    colour: str = "blue"


def collections() -> dict[str, Any]:
    """Return what the plugin brings: fields of posts, a job, and kinds of imported items that it takes."""

    async def nothing(*_args: Any) -> Any:
        return {}

    async def snapshot(_post: UUID) -> Any:
        return {"text": "Sensitive"}

    async def run(_job: Any) -> None:
        """Do nothing."""

    async def take(items: Any) -> dict[str, UUID | None]:
        return {item.identity: new_id() for item in items}

    extension = Extension(
        owner="post",
        key="notes",
        input=Note,
        load=nothing,
        save=nothing,
        snapshot=snapshot,
        restore=nothing,
        export=nothing,
        erase=nothing,
    )

    @hookimpl
    def register_extensions() -> list[Extension]:
        return [extension]

    @hookimpl
    def register_jobs() -> list[JobKind]:
        return [JobKind(name="notes.tidy", run=run)]

    @hookimpl
    def register_import_handlers() -> list[ImportHandler]:
        return [ImportHandler(kinds=frozenset({"note"}), take=take)]

    return {
        "register_extensions": register_extensions,
        "register_jobs": register_jobs,
        "register_import_handlers": register_import_handlers,
    }


class Notes:
    """A plugin that keeps of everything that a plugin can keep without tables of its own."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.refuse = False
        heard = self.heard

        @hookimpl
        async def on_plugin_uninstalling(plugin: str) -> None:
            heard.append(f"?{plugin}")
            await save_settings("notes", {"colour": "green"})  # undone or exported, as all the rest
            if self.refuse:
                raise Refused("There is a note that must stay.")

        @hookimpl
        def on_plugin_uninstalled(plugin: str) -> None:
            heard.append(f"-{plugin}")

        hooks = SimpleNamespace(
            on_plugin_uninstalling=on_plugin_uninstalling,
            on_plugin_uninstalled=on_plugin_uninstalled,
            **collections(),
        )
        self.plugin = Plugin(
            name="notes", version="1.0", title="Notes", parts={"hooks": hooks, "settings": [NotesSettings]}
        )


@pytest.fixture
def notes() -> Notes:
    return Notes()


async def keep_something(app: Any, site: str) -> UUID:
    """Have the plugin keep one of each on a site, beside what others keep of the same; return a post."""
    author = await People(app).make(site, "author")
    with entered(app, site):
        async with tenant_read():
            await save_settings("notes", {"colour": "red"})
            post = await create_post(PostData(title="Um", author_id=author.id))
            await update_post(post.id, PostData(title="Dois"), version=post.version)
            async with tenant_work():
                for kind in ("notes.tidy", "notes.gone_since", "notes_more.work", "mail.tidy"):
                    await enqueue(kind, {"n": 1})
                for name in ("notes", "notes.pages", "notes_more"):
                    await next_number(name)
                tally({"notes.written": 3, "posts.other": 1})
                for kind, state, handler in (
                    ("note", "done", "notes"),
                    ("odd", "skipped", "notes"),
                    ("note", "kept", "core"),
                    ("other", "kept", "core"),
                    ("post", "done", "core"),
                ):
                    await execute(
                        "INSERT INTO import_items (id, tenant_id, source, kind, identity, state, handler, created_at)"
                        " VALUES ({}, {tenant}, 'x', {}, {}, {}, {}, {})",
                        new_id(),
                        kind,
                        f"{kind}-{state}",
                        state,
                        handler,
                        now(),
                    )
    return post.id


async def kept(app: Any, site: str) -> dict[str, Any]:
    """Return every row of a site, jobs included, by table."""
    found: dict[str, Any] = dict(await rows_of(app, site, frozenset({"sessions", "rate_limits"})))
    with entered(app, site) as tenant:
        async with tenant_read():
            found["jobs"] = await platform_execute(
                "SELECT * FROM jobs WHERE tenant_id = {} ORDER BY id", tenant.id
            )
            found["enabled"] = await platform_execute(
                "SELECT plugin FROM enabled_plugins WHERE tenant_id = {} ORDER BY plugin", tenant.id
            )
    return found


def archived(path: str | Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        return {
            name: [json.loads(line) for line in archive.read(name).splitlines()]
            if name.endswith(".jsonl")
            else json.loads(archive.read(name))
            for name in archive.namelist()
        }


async def uninstall(app: Any, site: str, name: str, folder: Path, **options: Any) -> Any:
    with entered(app, site):
        async with tenant_read():
            return await uninstall_plugin(name, folder, **options)


async def test_exactly_what_it_keeps_is_exported_and_erased(
    app_with: Any, notes: Notes, tmp_path: Path
) -> None:
    app = await app_with(
        notes.plugin, Plugin(name="notes_more", version="1.0", title="More"), on=("alfa", "beta")
    )
    post = await keep_something(app, "alfa")
    await keep_something(app, "beta")
    others = await kept(app, "beta")
    report = await uninstall(app, "alfa", "notes", tmp_path)
    assert report.rows == {
        "settings": 1,
        "counters": 2,
        "dashboard_stats": 1,
        "import_items": 3,
        "post_revisions": 2,
        "jobs": 2,
    }
    assert notes.heard == ["?notes", "-notes"]
    found = archived(report.path)
    manifest = found.pop("manifest.json")
    assert (manifest["plugin"], manifest["site"], manifest["format"]) == ("notes", "alfa", "vitral-plugin/1")
    assert {f"data/{table}.jsonl": count for table, count in report.rows.items()} == {
        name: len(rows) for name, rows in found.items()
    }
    assert json.loads(found["data/settings.jsonl"][0]["values_json"]) == {"colour": "green"}
    assert {row["ext"]["notes"]["text"] for row in found["data/post_revisions.jsonl"]} == {"Sensitive"}
    assert {row["kind"] for row in found["data/jobs.jsonl"]} == {"notes.tidy", "notes.gone_since"}
    left = await kept(app, "alfa")
    assert "Sensitive" not in str(left["post_revisions"])
    assert {row["kind"] for row in left["jobs"]} >= {"notes_more.work", "mail.tidy"}
    assert not {row["kind"] for row in left["jobs"]} & {"notes.tidy", "notes.gone_since"}
    assert {row["identity"] for row in left["import_items"]} == {"other-kept", "post-done"}
    names = {row["name"] for row in (*left["counters"], *left["dashboard_stats"])}
    assert {"notes_more", "posts.other"} <= names and not {"notes", "notes.pages", "notes.written"} & names
    assert {row["owner"] for row in left["settings"]} == {"site"}
    assert [row["plugin"] for row in left["enabled"]] == ["notes_more"]
    with entered(app, "alfa") as tenant:
        assert "notes" not in tenant.settings and "notes" not in tenant.enabled
        async with tenant_read():
            assert [found.title for found in await revisions(post)] == ["Dois", "Um"]  # they stay
    assert await kept(app, "beta") == others
    empty = await uninstall(app, "alfa", "notes", tmp_path, target=tmp_path / "again.zip")
    assert empty.rows == {"settings": 1}  # what its own hook wrote


async def test_without_an_archive_nothing_is_erased(
    app_with: Any, notes: Notes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await app_with(notes.plugin, on=("alfa",))
    await keep_something(app, "alfa")
    before = await kept(app, "alfa")
    (tmp_path / "there.zip").write_bytes(b"somebody's")
    with pytest.raises(Conflict, match=r"there\.zip"):
        await uninstall(app, "alfa", "notes", tmp_path, target=tmp_path / "there.zip")
    assert (tmp_path / "there.zip").read_bytes() == b"somebody's"

    async def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(share, "write_lines", full)
        with pytest.raises(OSError, match="No space"):
            await uninstall(app, "alfa", "notes", tmp_path, target=tmp_path / "full.zip")
    notes.refuse = True
    with pytest.raises(Refused, match="must stay"):
        await uninstall(app, "alfa", "notes", tmp_path, target=tmp_path / "refused.zip")
    notes.refuse = False
    export = share.Share.export

    async def late(self: share.Share, target: Path) -> dict[str, int]:
        counts = await export(self, target)
        await enqueue("notes.tidy")  # what nobody exported
        return counts

    with monkeypatch.context() as patched:
        patched.setattr(share.Share, "export", late)
        with pytest.raises(Conflict, match="jobs"):
            await uninstall(app, "alfa", "notes", tmp_path, target=tmp_path / "late.zip")
    assert await kept(app, "alfa") == before  # on, too
    assert [path.name for path in tmp_path.glob("*.zip*")] == ["there.zip"]
    assert "-notes" not in notes.heard


async def test_what_is_needed_or_at_work_stays(app_with: Any, notes: Notes, tmp_path: Path) -> None:
    app = await app_with(
        notes.plugin,
        Plugin(name="album", version="1.0", title="Album", requires=("notes",)),
        Plugin(name="chime", version="1.0", title="Chime", level="installation"),
    )
    with entered(app, "alfa"):
        async with tenant_read():
            await enable_plugin("album")
    with pytest.raises(Invalid, match="album"):
        await uninstall(app, "alfa", "notes", tmp_path)
    await uninstall(app, "alfa", "album", tmp_path)
    assert "notes" in find_site_of(app, "alfa").enabled
    with entered(app, "alfa") as tenant:
        async with tenant_read(), tenant_work():
            job = await enqueue("notes.tidy")
            await platform_execute(
                "UPDATE jobs SET status = 'running', leased_until = {} WHERE tenant_id = {} AND id = {}",
                now() + timedelta(minutes=1),
                tenant.id,
                job,
            )
    with pytest.raises(Conflict, match=r"notes\.tidy"):
        await uninstall(app, "alfa", "notes", tmp_path)
    with pytest.raises(NotFound) as caught:
        await uninstall(app, "alfa", "note", tmp_path)
    assert "notes" in f"{caught.value} {caught.value.hint}"


def find_site_of(app: Any, slug: str) -> Any:
    with entered(app, slug):
        return find_site(slug)


async def test_an_author_uninstalls_nothing(app_with: Any, notes: Notes, tmp_path: Path) -> None:
    app = await app_with(notes.plugin, on=("alfa",))
    author = await People(app).make("alfa", "author")
    with entered(app, "alfa", Actor(kind="user", id=author.id)):
        async with tenant_read():
            with pytest.raises(Forbidden):
                await uninstall_plugin("notes", tmp_path)


async def test_an_administrator_uninstalls_what_is_off(
    app_with: Any, notes: Notes, tmp_path: Path, clock: Any
) -> None:
    app = await app_with(notes.plugin, on=("alfa", "beta"))
    await keep_something(app, "alfa")
    others = await kept(app, "beta")
    browser = await People(app).browser("alfa", "administrator")
    on = await browser.soup("/admin/plugins/notes")
    assert not on.select("a[href='/admin/plugins/notes/uninstall']")
    assert (await browser.get("/admin/plugins/notes/uninstall")).status_code == 303
    early = await browser.submit("/admin/plugins/notes/uninstall", page="/admin/plugins/notes")
    assert early.status_code == 422
    assert "Desative-o antes." in early.text
    with entered(app, "alfa"):
        async with tenant_read():
            await disable_plugin("notes")
    off = await browser.soup("/admin/plugins/notes")
    assert off.select("a[href='/admin/plugins/notes/uninstall']")
    clock.forward(minutes=6)
    asked = await browser.submit("/admin/plugins/notes/uninstall", {})
    assert asked.status_code == 401  # the password once more
    done = await browser.submit("/admin/plugins/notes/uninstall", {"_confirm": PASSWORD})
    told = await said(browser, done)
    assert "notes-" in told and ".zip" in told
    assert not [row for row in (await kept(app, "alfa"))["settings"] if row["owner"] == "notes"]
    assert await kept(app, "beta") == others
    assert [path.name in told for path in tmp_path.rglob("notes-*.zip")] == [True]
    notes.refuse = True
    refused = await browser.submit("/admin/plugins/notes/uninstall", {})
    assert refused.status_code == 422
    assert "must stay" in refused.text
