"""An archive read back in is the site that it was made from."""

import asyncio
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from core.app import runtime_of
from core.content import TermData, change_status, create_post, create_term
from core.context import Actor
from core.contract.content import PostData
from core.contract.views import PostView
from core.crypto import Keyring, RootKey
from core.db import tenant_read
from core.errors import Conflict, Forbidden, Invalid, NotFound, VitralError
from core.i18n import use_language
from core.media import MediaData, create_media
from core.sites import delete_site, enable_plugin, export_site, import_site, save_settings
from tests.kit.async_ import run_here
from tests.kit.client import Browser
from tests.kit.people import PASSWORD, People
from tests.kit.plugin import entered


def contents(path: Path) -> dict[str, Any]:
    """Return what an archive holds, without when it was made."""
    with zipfile.ZipFile(path) as archive:
        found = {}
        for name in archive.namelist():
            data = archive.read(name)
            if name == "manifest.json":
                found[name] = {key: value for key, value in json.loads(data).items() if key != "exported_at"}
            elif name.endswith(".jsonl"):
                found[name] = [json.loads(line) for line in data.splitlines()]
            else:
                found[name] = data
        return found


async def export(app: Any, slug: str, target: Path) -> Path:
    """Export a site; return the file."""
    with entered(app, slug):
        async with tenant_read():
            await export_site(target, media=runtime_of(app).media.root)
    return target


async def remove(app: Any, slug: str) -> None:
    """Delete a site, as the operator."""
    with entered(app, "beta"):
        await delete_site(slug, confirm=slug)


async def restore(app: Any, archive: Path, **options: Any) -> Any:
    """Read an archive in, as the operator."""
    with entered(app, "beta"), use_language("en"):
        return await import_site(archive, media=runtime_of(app).media.root, **options)


def _picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(drawn, "PNG")
    return drawn.getvalue()


async def _write(app: Any, people: People) -> PostView:
    """Fill alfa with one of everything that hangs on something else."""
    person = await people.make("alfa", "editor", email="editor@example.org")
    with entered(app, "alfa"):
        async with tenant_read():
            await enable_plugin("comments")
            await save_settings("site", {"tagline": "Água e sal"})
            above = await create_term("category", TermData(name="Raiz"))
            below = await create_term("category", TermData(name="Ramo", parent_id=above.id))
            parent = await create_post(PostData(type="page", title="Sobre", author_id=person.id))
            await change_status(parent.id, "publish")
            child = await create_post(
                PostData(type="page", title="Equipe", author_id=person.id, parent_id=parent.id)
            )
            await change_status(child.id, "publish")
            post = await create_post(
                PostData(
                    title="Fechado",
                    content="<p>Só com senha.</p>",
                    password="abre-te",
                    author_id=person.id,
                    terms={"category": (below.id,)},
                    meta={"cor": ["azul", "verde"]},
                )
            )
            shown = await change_status(post.id, "publish")
            await change_status((await create_post(PostData(title="Fora", author_id=person.id))).id, "trash")
            await create_media(_picture(), "folha.png", MediaData(title="Folha"), uploaded_by_id=person.id)
    return shown


async def test_a_restored_site_is_the_site(app_with: Any, tmp_path: Path) -> None:
    app = await app_with("comments")
    people = People(app)
    post = await _write(app, people)
    files = runtime_of(app).media.root
    async with Browser(app, "alfa") as visitor:
        before = await visitor.get("/sobre/equipe/")
    first = await export(app, "alfa", tmp_path / "one.zip")
    with pytest.raises(Conflict, match="still here"):
        await restore(app, first)
    await remove(app, "alfa")
    assert not any(path.is_file() for path in files.rglob("*"))
    done: list[tuple[int, int]] = []
    tenant = await restore(app, first, tell=lambda now, total: done.append((now, total)))
    assert (tenant.slug, tenant.hosts, tenant.enabled) == ("alfa", ("alfa.test",), frozenset({"comments"}))
    assert done[-1] == (done[-1][1], done[-1][1])
    second = await export(app, "alfa", tmp_path / "two.zip")
    assert contents(second) == contents(first)
    async with Browser(app, "alfa") as visitor:
        assert (await visitor.get("/sobre/equipe/")).text == before.text
        opened = await visitor.post(post.url, data={"post_password": "abre-te"})
        assert opened.status_code == 303
        assert "Só com senha." in (await visitor.get(post.url)).text
    async with Browser(app, "alfa") as editor:
        await editor.sign_in("editor@example.org", PASSWORD)  # the sealed password opens
        assert (await editor.get("/admin")).status_code == 200


async def test_of_two_imports_at_once_one_is_done_and_keeps_its_files(app_with: Any, tmp_path: Path) -> None:
    app = await app_with("comments")
    await _write(app, People(app))
    archive = await export(app, "alfa", tmp_path / "one.zip")
    await remove(app, "alfa")
    done = await asyncio.gather(*(restore(app, archive) for _ in range(2)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["Conflict", "Tenant"]
    again = await export(app, "alfa", tmp_path / "two.zip")
    assert contents(again) == contents(archive)
    assert [path.name for path in runtime_of(app).media.root.iterdir() if path.name.startswith(".")] == []


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(str.strip)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    titles=st.lists(TEXT, min_size=1, max_size=6),
    meta=st.dictionaries(TEXT, st.lists(TEXT, max_size=3), max_size=3),
)
def test_export_and_import_undo_each_other(
    app: Any,
    people: Any,
    tmp_path_factory: Any,
    request: pytest.FixtureRequest,
    titles: list[str],
    meta: dict[str, list[str]],
) -> None:
    async def there_and_back() -> None:
        folder = tmp_path_factory.mktemp("archives")
        author = await people.make("alfa", "author")
        with entered(app, "alfa"):
            async with tenant_read():
                for title in titles:
                    content = f"<p>{len(title)}</p>"
                    await create_post(PostData(title=title, content=content, author_id=author.id, meta=meta))
        first = await export(app, "alfa", folder / "one.zip")
        await remove(app, "alfa")
        await restore(app, first)
        assert contents(await export(app, "alfa", folder / "two.zip")) == contents(first)

    run_here(request, there_and_back())


async def test_it_may_have_other_names_here(app: Any, people: Any, tmp_path: Path) -> None:
    archive = await export(app, "alfa", tmp_path / "a.zip")
    await remove(app, "alfa")
    with pytest.raises(Conflict, match="taken"):
        await restore(app, archive, hosts=("beta.test",))
    tenant = await restore(app, archive, slug="omega", hosts=("omega.test",))
    assert (tenant.slug, tenant.hosts) == ("omega", ("omega.test",))
    async with Browser(app, host="omega.test") as visitor:
        assert (await visitor.get("/")).status_code == 200


def _with(change: Callable[[dict[str, Any]], None]) -> Callable[[Path, Path], None]:
    """Return what writes an archive whose members were changed: name -> bytes."""

    def make(source: Path, target: Path) -> None:
        with zipfile.ZipFile(source) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        manifest = json.loads(members["manifest.json"])
        members["manifest"] = manifest  # type: ignore[assignment]  # for `change` to edit
        change(members)
        members["manifest.json"] = json.dumps(members.pop("manifest")).encode()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)

    return make


def _line(table: str, name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(members: dict[str, Any]) -> None:
        lines = [json.loads(line) for line in members[f"data/{table}.jsonl"].splitlines()]
        members[f"data/{table}.jsonl"] = "\n".join(
            json.dumps({**line, name: value}) for line in lines
        ).encode()

    return change


def _planted(members: dict[str, Any]) -> None:
    """Bring a session along, as somebody would who wants to be signed in."""
    members["data/sessions.jsonl"] = b'{"tenant_id": "' + members["manifest"]["tenant_id"].encode() + b'"}'
    members["manifest"]["rows"]["sessions"] = 1


def _bomb(members: dict[str, Any]) -> None:
    """Bring a file along that is small until it is unpacked (control UP05)."""
    members["media/ab/bomb.png"] = bytes(60_000_000)
    members["manifest"]["files"] += 1


@pytest.mark.parametrize(
    ("change", "words", "error"),
    [
        (lambda m: m["manifest"].update(format="vitral-site/9"), "vitral-site/9", Invalid),
        (lambda m: m["manifest"].update(plugins=["herbarium"]), "herbarium", NotFound),
        (lambda m: m["manifest"]["site"].update(theme="vitrine"), "vitrine", NotFound),
        (lambda m: m["manifest"].update(root_key="0" * 16), "root key", Invalid),
        (lambda m: m["manifest"]["rows"].update(herbs=1), "no table herbs", Invalid),
        (_line("terms", "leaf", 1), r"terms.jsonl, line 1 .*leaf", Invalid),
        (_line("terms", "created_at", "yesterday"), r"terms.jsonl, line 1", Invalid),
        (
            _line("terms", "created_at", "9999-12-31T23:59:59+00:00"),
            r"terms.jsonl, line 1 .*9999-12-31",
            Invalid,
        ),
        (
            _line("terms", "created_at", "0001-01-01T00:00:00+00:00"),
            r"terms.jsonl, line 1 .*0001-01-01",
            Invalid,
        ),
        (_line("terms", "created_at", "2026-01-01T00:00:00"), r"terms.jsonl, line 1 .*2026-01-01", Invalid),
        (_line("terms", "tenant_id", "01a20da2-0850-767f-a6ac-101f4bf61ae4"), "another site", Invalid),
        (lambda m: m.update({"media/../../escaped.txt": b"x"}), "escaped", Invalid),
        (lambda m: m.update({"data/terms.jsonl": b"not json"}), r"terms.jsonl, line 1", Invalid),
        (lambda m: m.pop("data/terms.jsonl"), r"terms.jsonl", Invalid),
        (lambda m: m.update({"data/terms.jsonl": b""}), r"terms .*0 rows", Invalid),
        (_line("terms", "name", None), "refuses rows of terms", Invalid),
        (lambda m: m["manifest"].update(files=99), "files, and says 99", Invalid),
        (_planted, "takes no table sessions", Invalid),
        (_bomb, "bomb.png", Invalid),
        (_line("settings", "values_json", "[]"), "settings.jsonl", Invalid),
        (_line("settings", "values_json", "no json"), "settings", Invalid),
        (lambda m: m.update({"data/terms.jsonl": b"[" * 100_000}), r"terms.jsonl, line 1", Invalid),
    ],
)
async def test_what_does_not_fit_is_named_and_leaves_nothing(
    app: Any, people: Any, tmp_path: Path, change: Any, words: str, error: type[VitralError]
) -> None:
    archive = await export(app, "alfa", tmp_path / "a.zip")
    _with(change)(archive, tmp_path / "b.zip")
    await remove(app, "alfa")
    with pytest.raises(error) as told:
        await restore(app, tmp_path / "b.zip")
    assert re.search(words, str(getattr(told.value, "errors", "")) + str(told.value))
    assert [tenant.slug for tenant in runtime_of(app).tenants.all()] == ["beta"]
    assert not list(tmp_path.rglob("escaped.txt"))
    await restore(app, archive)  # nothing is in its way


async def test_only_an_operator_reads_sites_in_and_only_archives(
    app: Any, people: Any, tmp_path: Path
) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    with pytest.raises(Invalid, match=r"archive|no archive"):
        await restore(app, tmp_path / "x.zip")
    archive = await export(app, "alfa", tmp_path / "a.zip")
    admin = await people.make("beta", "administrator")
    with entered(app, "beta", Actor(kind="user", id=admin.id)), pytest.raises(Forbidden):
        await import_site(archive, media=tmp_path)


async def test_an_installation_with_the_old_key_beside_its_own_opens_it() -> None:
    old, other = RootKey.generate(), RootKey.generate()
    assert Keyring(old).opens(Keyring(old).public_name())
    assert not Keyring(other).opens(Keyring(old).public_name())
