"""Pictures: upright and bare, in many sizes around what matters, cropped and replaced at one address."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from core.context import VISITOR, as_actor
from core.contract.media import RenditionSize
from core.contract.views import MediaView
from core.db import execute
from core.errors import Invalid, NotFound
from core.media import (
    MediaData,
    create_media,
    crop_media,
    delete_media,
    get_item,
    media_room,
    media_views,
    open_media,
    replace_media,
    responsive_image,
    signed_media_url,
    update_media,
)
from core.media.sweep import sweep
from tests.core.content.things import probe
from tests.core.media.things import halves, picture


async def shown(media: MediaView, name: str = "") -> Image.Image:
    found = await open_media(media.number, name)
    data = b"".join([piece async for piece in found.read(0, found.size)])
    assert len(data) == found.size
    return Image.open(io.BytesIO(data))


async def fresh(media: MediaView) -> MediaView:
    return (await media_views([media.id]))[media.id]


def last(url: str) -> str:
    return url.rpartition("/")[2]


def files(world: Any, site: Any) -> list[str]:
    return sorted(path.name for path in world.media.of(site.id).rglob("*") if path.is_file())


async def test_a_photo_is_turned_upright_and_tells_nothing_of_where_it_was_taken(site: Any) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010F] = "Câmera da Ana"
    exif.get_ifd(0x8825)[1] = "S"
    exif.get_ifd(0x8825)[2] = (23.0, 33.0, 1.0)
    media = await create_media(halves((300, 200), "JPEG", exif=exif, comment=b"secreto"), "foto.jpg")
    assert (media.width, media.height) == (200, 300)
    kept = await shown(media)
    assert not kept.getexif() and "comment" not in kept.info and kept.size == (200, 300)
    assert kept.getpixel((100, 20))[0] > 200  # type: ignore[index]  # the left half is now on top
    found = await open_media(media.number)
    data = b"".join([piece async for piece in found.read(0, found.size)])
    assert b"Ana" not in data and b"secreto" not in data


async def test_what_hides_behind_a_picture_is_gone(site: Any) -> None:
    """Control UP01: a picture with a page or an archive behind it is a picture only."""
    for tail in (b"<script>alert(1)</script>", b"PK\x03\x04archive", b"%PDF-1.7"):
        media = await create_media(picture("JPEG") + tail, "a.jpg")
        found = await open_media(media.number)
        assert tail not in b"".join([piece async for piece in found.read(0, found.size)])


async def test_renditions_are_made_around_the_focal_point(site: Any, world: Any) -> None:
    media = await create_media(halves(), "a.png", MediaData(focal=(0, 50)))
    assert [(one.shape, one.width) for one in media.renditions] == [("square", 320)]
    await world.run_jobs()
    media = await fresh(media)
    made = {(one.shape, one.width, one.height, one.mime_type) for one in media.renditions}
    for width, height in ((320, 180), (640, 360), (960, 540), (1280, 720)):
        assert {("", width, height, "image/webp"), ("", width, height, "image/avif")} <= made
    assert ("card", 800, 450, "image/webp") in made and ("social", 1200, 630, "image/jpeg") in made
    assert not any(width > 1600 for _shape, width, *_rest in made)
    square = media.rendition("square", 320)
    assert square is not None
    kept = (await shown(media, last(square.url))).convert("RGB")
    assert kept.size == (320, 320) and kept.getpixel((250, 160))[0] > 200  # type: ignore[index]  # all of it red
    old = files(world, site)
    moved = await update_media(media.id, MediaData(focal=(100, 50)))
    await world.run_jobs()
    moved = await fresh(moved)
    assert moved.renditions[0].url != media.renditions[0].url
    with pytest.raises(NotFound):
        await open_media(media.number, last(media.renditions[0].url))
    again = moved.rendition("square", 320)
    assert again is not None
    assert (await shown(moved, last(again.url))).convert("RGB").getpixel((120, 160))[2] > 200  # type: ignore[index]
    assert len(files(world, site)) == len(old)
    rows = await execute("SELECT stored_bytes, processing FROM media WHERE tenant_id = {tenant}")
    on_disk = sum(path.stat().st_size for path in world.media.of(site.id).rglob("*") if path.is_file())
    assert rows[0]["stored_bytes"] == on_disk == (await media_room()).used
    assert rows[0]["processing"] == "done"


async def test_plugins_choose_the_sizes(make_world: Any) -> None:
    wanted = (RenditionSize(width=50, height=20, shape="probe.strip", formats=("webp",)),)
    world = await make_world(probe(filter_rendition_sizes=lambda sizes, media: wanted))
    with world.on("alfa", await world.person("author")):
        from core.db import tenant_read

        async with tenant_read():
            media = await create_media(halves((400, 300)), "a.png")
        await world.run_jobs()
        async with tenant_read():
            found = (await fresh(media)).renditions
    assert [(one.shape, one.width, one.height) for one in found] == [("probe.strip", 50, 20)]


async def test_a_picture_is_cropped_and_comes_back(site: Any, world: Any) -> None:
    media = await create_media(halves((400, 200)), "a.png", MediaData(focal=(75, 50)))
    part = await crop_media(media.id, (200, 0, 200, 200))
    assert (part.url, part.number, part.width, part.height, part.focal) == (media.url, 1, 200, 200, (50, 50))
    assert (await shown(part)).convert("RGB").getpixel((5, 5))[2] > 200  # type: ignore[index]
    assert (await get_item(media.id)).crop == (200, 0, 200, 200)
    other = await crop_media(media.id, (0, 0, 100, 100))
    assert (other.width, other.height) == (100, 100)
    for box in ((0, 0, 401, 10), (-1, 0, 10, 10), (0, 0, 0, 10), (399, 199, 2, 2)):
        with pytest.raises(Invalid):
            await crop_media(media.id, box)
    whole = await crop_media(media.id, None)
    assert (whole.width, whole.height) == (400, 200) and (await get_item(media.id)).crop is None
    await world.run_jobs()
    await delete_media(media.id)
    assert files(world, site) == [] and (await media_room()).used == 0


async def test_a_file_is_replaced_at_its_address(site: Any, world: Any) -> None:
    media = await create_media(picture(), "a.png", MediaData(alt="Um gato", title="Gato"))
    await world.run_jobs()
    new = await replace_media(media.id, io.BytesIO(halves((300, 200), "JPEG")), "outro.jpg")
    assert (new.url, new.number, new.alt, new.title) == (media.url, media.number, "Um gato", "Gato")
    assert (new.mime_type, new.width) == ("image/jpeg", 300)
    assert (await open_media(new.number)).mime_type == "image/jpeg"
    with pytest.raises(Invalid):
        await replace_media(media.id, io.BytesIO(b"%PDF-1.7"), "a.pdf")
    with pytest.raises(Invalid):
        await replace_media(media.id, io.BytesIO(halves((300, 200), "JPEG")[:200]), "a.jpg")
    await world.run_jobs()
    assert (await shown(await fresh(media))).size == (300, 200)
    stored = await execute("SELECT stored_bytes FROM media WHERE tenant_id = {tenant}")
    on_disk = sum(path.stat().st_size for path in world.media.of(site.id).rglob("*") if path.is_file())
    assert stored[0]["stored_bytes"] == on_disk


async def test_what_moves_goes_on_moving(site: Any, world: Any) -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (40, 30), color) for color in ("red", "green", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=80, loop=0)
    media = await create_media(out.getvalue(), "a.gif")
    await world.run_jobs()
    kept = await shown(media)
    assert kept.format == "GIF" and kept.n_frames == 3  # type: ignore[attr-defined]  # GIFs have frames
    with pytest.raises(Invalid):
        await crop_media(media.id, (0, 0, 10, 10))


async def test_html_of_a_picture(site: Any, world: Any) -> None:
    media = await create_media(halves(), 'a"<b>.png', MediaData(alt='"><script>'))
    before = str(responsive_image(media))
    assert before.startswith(
        f'<img src="{media.url}" alt="&quot;&gt;&lt;script&gt;" width="1600" height="900"'
    )
    await world.run_jobs()
    made = str(responsive_image(await fresh(media), sizes="50vw", shape="card", priority=True, css="art"))
    assert '<source type="image/avif" srcset="' in made and made.count("sizes=") == 2
    assert " 400w" in made and 'width="800" height="450"' in made
    assert 'fetchpriority="high"' in made and "lazy" not in made and "<script>" not in made
    decorative = await update_media(media.id, MediaData(decorative=True))
    assert 'alt=""' in str(responsive_image(decorative))


async def test_a_signed_address_opens_a_file_for_a_while(site: Any, world: Any, clock: Any) -> None:
    media = await create_media(picture(), "a.png", MediaData(access_level="private"))
    ana = await world.person("subscriber")
    anybody = (await signed_media_url(media, timedelta(minutes=10))).partition("?s=")[2]
    hers = (await signed_media_url(media, timedelta(minutes=10), for_user=ana.id)).partition("?s=")[2]
    other = await create_media(picture(), "b.png", MediaData(access_level="private"))

    async def opens(actor: Any, number: int, signature: str) -> bool:
        with as_actor(actor):
            try:
                return not (await open_media(number, "", signature)).public
            except NotFound:
                return False

    assert await opens(VISITOR, media.number, anybody) and await opens(ana, media.number, hers)
    assert not await opens(VISITOR, media.number, hers)
    assert not await opens(VISITOR, other.number, anybody)
    assert not await opens(VISITOR, media.number, anybody[:-2] + "AA")
    with world.on("beta"):
        assert not await opens(VISITOR, media.number, anybody)
    with pytest.raises(Invalid):
        await signed_media_url(media, timedelta(days=8))
    clock.forward(minutes=11)
    assert not await opens(VISITOR, media.number, anybody)


async def test_what_an_upload_left_behind_is_swept_away(site: Any, world: Any) -> None:
    media = await create_media(halves((400, 300)), "a.png")
    await world.run_jobs()
    kept = files(world, site)
    orphan = world.media.path(site.id, "ab/orphan.png")
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"x")
    assert await sweep() == 0  # it may be an upload that is still on its way
    assert await sweep(timedelta(seconds=-5)) == 1
    assert files(world, site) == kept and (await shown(media)).size == (400, 300)
