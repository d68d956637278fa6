"""Files: told by their bytes, kept under names of ours, shown by level."""

import io
import zipfile
from typing import Any

import pytest
from PIL import Image

from core.accounts import delete_user
from core.content import create_post, get_post
from core.context import VISITOR, Actor, as_actor
from core.contract.content import PostData
from core.contract.work import AccessLevel
from core.db import tenant_read
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused, TooLarge, Unauthenticated
from core.media import (
    MAX_UPLOAD,
    MediaData,
    RemoteMedia,
    create_media,
    create_remote_media,
    delete_media,
    get_media,
    media_views,
    media_views_by_number,
    open_media,
    update_media,
)
from tests.core.content.things import probe


def picture(kind: str = "PNG", size: tuple[int, int] = (30, 20), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


async def test_an_image_is_kept_and_found(site: Any, world: Any) -> None:
    media = await create_media(picture(), "Férias na praia.PNG", MediaData(alt="Uma praia"))
    assert (media.number, media.mime_type, media.width, media.height) == (1, "image/png", 30, 20)
    assert (media.url, media.title, media.alt) == (
        "/media/1/ferias-na-praia.png",
        "Férias na praia",
        "Uma praia",
    )
    with as_actor(VISITOR):
        found = await open_media(1)
    assert found.path is not None and found.public and found.size == found.path.stat().st_size
    with Image.open(found.path) as kept:
        assert (kept.format, kept.size, kept.getpixel((3, 3))) == ("PNG", (30, 20), (0, 128, 128))
    assert (
        found.path is not None
        and found.path.is_relative_to(world.media.of(site.id))
        and "praia" not in str(found.path)
    )
    assert (await media_views([media.id]))[media.id] == media == (await media_views_by_number([1]))[1]
    assert (await get_media(media.id))["original_filename"] == "Férias na praia.PNG"


@pytest.mark.parametrize(
    ("data", "mime_type"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("GIF"), "image/gif"),
        (picture("WEBP"), "image/webp"),
        (b"%PDF-1.7\n%...", "application/pdf"),
        (b"ID3\x04" + b"\x00" * 20, "audio/mpeg"),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 20, "video/mp4"),
    ],
)
async def test_the_type_comes_from_the_bytes(site: Any, data: bytes, mime_type: str) -> None:
    media = await create_media(data, "prova.html")
    assert media.mime_type == mime_type and not media.url.endswith(".html")


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", "b")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"MZ\x90\x00",
        _zip(),
        picture()[:-40],
        picture("JPEG")[:200],
        b"GIF89a/*<script>*/",
        b"%PDF-1.7 <html><script>alert(1)</script>",
        b"\x00\x00\x00\x18ftypmp42<svg onload=alert(1)>",
    ],
)
async def test_what_is_no_whole_file_of_a_known_kind_is_refused(site: Any, world: Any, data: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        await create_media(data, "a.png")
    assert set(caught.value.errors) == {"file"}
    assert not list(world.media.root.rglob("*.*"))


async def test_limits_are_asked_before_decoding(site: Any) -> None:
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    with pytest.raises(Invalid):
        await create_media(bomb.getvalue(), "bomb.png")
    with pytest.raises(TooLarge):
        await create_media(b"%PDF-" + b"x" * MAX_UPLOAD, "a.pdf")
    with pytest.raises(TooLarge):
        await create_media(picture() + b"x" * 40_000_000, "a.png")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "a/../../b.png",
        "..\\..\\c.png",
        "a\x00b.png",
        "a\r\nX: y.png",
        "x" * 400 + ".png",
        "\u202egnp.exe",
        "CON",
        ".png",
        "",
    ],
)
async def test_names_lead_nowhere(site: Any, world: Any, name: str) -> None:
    media = await create_media(picture(), name)
    found = await open_media(media.number)
    assert found.path is not None and found.path.is_relative_to(world.media.of(site.id))
    assert all(ch.isalnum() or ch in "-./" for ch in media.url) and ".." not in media.url
    assert "\x00" not in media.title and "\n" not in media.title and "\u202e" not in media.title


async def test_levels_of_access(make_world: Any) -> None:
    levels = [AccessLevel(name="probe.doctors", title="Doctors", capability="edit_pages")]
    world = await make_world(probe(register_access_levels=lambda: levels))
    ana, rui = await world.person("author"), await world.person("author")
    editor = await world.person("editor")
    with world.on("alfa", ana):
        async with tenant_read():
            private = await create_media(picture(), "a.png", MediaData(access_level="private"))
            doctors = await create_media(picture(), "b.png", MediaData(access_level="probe.doctors"))
            with pytest.raises(Invalid):
                await create_media(picture(), "c.png", MediaData(access_level="secret"))

            async def sees(actor: Actor, media: Any) -> bool:
                with as_actor(actor):
                    try:
                        return not (await open_media(media.number)).public
                    except NotFound:
                        return False

            assert [await sees(a, private) for a in (ana, rui, editor, VISITOR)] == [True, False, True, False]
            assert [await sees(a, doctors) for a in (ana, rui, editor, VISITOR)] == [
                False,
                False,
                True,
                False,
            ]
    off = await make_world(on=())  # the plugin that knows the level is gone: nobody gets in
    with off.on("alfa", editor):
        async with tenant_read():
            with pytest.raises(NotFound):
                await open_media(doctors.number)


async def test_who_may_bring_and_change_files(site: Any, world: Any) -> None:
    ana, rui = await world.person("author"), await world.person("author")
    with as_actor(ana):
        media = await create_media(picture(), "a.png")
        changed = await update_media(media.id, MediaData(alt="x", caption="Legenda"), version=1)
        assert (changed.alt, changed.caption) == ("x", "Legenda")
        with pytest.raises(Conflict):
            await update_media(media.id, MediaData(alt="y"), version=1)
        with pytest.raises(Invalid) as caught:
            await update_media(media.id, MediaData(alt="a\nb", title="x" * 256, caption="\x00"))
        assert set(caught.value.errors) == {"alt", "title", "caption"}
    with as_actor(rui):
        with pytest.raises(Forbidden):
            await update_media(media.id, MediaData(alt="z"))
        with pytest.raises(Forbidden):
            await delete_media(media.id)
    with as_actor(await world.person("contributor")), pytest.raises(Forbidden):
        await create_media(picture(), "a.png")
    with as_actor(VISITOR), pytest.raises(Unauthenticated):
        await create_media(picture(), "a.png")


async def test_a_deleted_file_is_gone_from_disk_and_posts_go_on(site: Any) -> None:
    media = await create_media(picture(), "a.png")
    path = (await open_media(media.number)).path
    assert path is not None
    post = await create_post(PostData(title="x", featured_media_id=media.id))
    assert post.featured == media
    await delete_media(media.id)
    assert not path.exists() and (await get_post(post.id)).featured is None
    with pytest.raises(NotFound):
        await open_media(media.number)


async def test_a_file_that_could_not_be_recorded_is_not_kept(make_world: Any) -> None:
    from core.contract.events import AuditSink
    from core.errors import Unavailable

    async def write(events: Any) -> None:
        if any(event.action == "media.create" for event in events):
            raise OSError("disk full")

    world = await make_world(probe(register_audit_sinks=lambda: [AuditSink(name="probe.sink", write=write)]))
    with world.on("alfa", await world.person("administrator")):
        async with tenant_read():
            with pytest.raises(Unavailable):
                await create_media(picture(), "a.png")
    assert not [path for path in world.media.root.rglob("*") if path.is_file()]


async def test_a_site_never_sees_the_files_of_another(site: Any, world: Any) -> None:
    media = await create_media(picture(), "a.png")
    with world.on("beta"):
        async with tenant_read():
            with pytest.raises(NotFound):
                await open_media(media.number)
            assert await media_views([media.id]) == {}
            with pytest.raises(NotFound):
                await delete_media(media.id)


async def test_files_of_somebody_who_leaves_go_to_whom_was_named(site: Any, world: Any) -> None:
    ana, rui = await world.person("author"), await world.person("author")
    with as_actor(ana):
        media = await create_media(picture(), "a.png")
    with as_actor(Actor(kind="cli")):
        with pytest.raises(Refused):
            await delete_user(ana.id)
        await delete_user(ana.id, reassign_to=rui.id)
    assert (await get_media(media.id))["uploaded_by_id"] == rui.id


async def test_a_deleted_site_takes_its_files_along(site: Any, world: Any) -> None:
    from core.context import acting
    from core.db import platform_read
    from core.hooks import use_plan
    from core.sites import delete_site

    await create_media(picture(), "a.png")
    assert world.media.of(site.id).is_dir()
    with acting(None, Actor(kind="cli")), use_plan(world.registry.platform_plan()):
        async with platform_read():
            await delete_site("alfa", confirm="alfa")
    assert not world.media.of(site.id).exists()


async def test_files_elsewhere_are_shown_from_there(site: Any) -> None:
    media = await create_remote_media(
        RemoteMedia(source_url="https://example.org/x/a.jpg", mime_type="image/jpeg")
    )
    assert media.url == "https://example.org/x/a.jpg"
    with pytest.raises(NotFound):
        await open_media(media.number)
