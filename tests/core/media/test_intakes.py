"""Files that plugins take, and those that they turn away: nothing is kept of what was refused."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from core.contract.media import MediaIntake, MediaUsage, MediaUsageSource
from core.crypto import use_ciphers
from core.db import tenant_read
from core.errors import Invalid, NotFound, Refused
from core.hooks import collect_owned
from core.media import create_media, get_media, media_room, media_usages, media_views, open_media
from hookspecs import platform
from tests.core.content.things import probe
from tests.core.media.probe_intake import process
from tests.core.media.things import picture


class Reversing:
    """A cipher that hides nothing from tests."""

    async def seal(self, scope: Any, values: Any) -> Any:
        return {row: b"sealed:" + value[::-1] for row, value in values.items()}

    async def open(self, scope: Any, values: Any) -> Any:
        return {row: value.removeprefix(b"sealed:")[::-1] for row, value in values.items()}

    async def blind_index(self, scope: Any, value: bytes) -> bytes:
        return value


def intake(**more: Any) -> MediaIntake:
    return MediaIntake(
        name="probe.files",
        title="Probes",
        sniff=lambda head: head.startswith(b"PROBE"),
        process=process,
        **more,
    )


async def content(number: int) -> bytes:
    found = await open_media(number)
    return b"".join([piece async for piece in found.read(0, found.size)])


def kept(world: Any) -> list[Path]:
    return [path for path in world.media.root.rglob("*") if path.is_file()]


async def test_a_plugin_takes_files_by_their_bytes(make_world: Any) -> None:
    seen: list[Any] = []

    async def keep(media: Any, data: Any) -> None:
        seen.append((media.number, dict(data)))
        if data["length"] > 100:
            raise Refused("Too long a probe.")

    world = await make_world(probe(register_media_intakes=lambda: [intake(keep=keep)]))
    with world.on("alfa", await world.person("author")):
        async with tenant_read():
            media = await create_media(b"PROBE one", "a.bin")
            assert (media.mime_type, media.access_level) == ("application/x-probe", "private")
            assert media.url == "/media/1/a.prb" and seen == [(1, {"length": 9})]
            assert await content(1) == b"one" and media.rendition("square", 320) is not None
        await world.run_jobs()
        async with tenant_read():
            made = (await media_views([media.id]))[media.id]
            assert {one.shape for one in made.renditions} >= {"", "card", "square"}
            before = kept(world)
            for bad, error in (
                (b"PROBE bad", Invalid),
                (b"PROBE outside", Invalid),
                (b"PROBE sealed", Refused),  # nothing to seal it with
                (b"PROBE " + b"x" * 100, Refused),
            ):
                with pytest.raises(error):
                    await create_media(bad, "a.bin")
            assert kept(world) == before
    with world.on("beta", await world.person("author", site="beta")):
        async with tenant_read():
            with pytest.raises(Invalid):
                await create_media(b"PROBE one", "a.bin")


async def test_what_must_be_sealed_is_shown_by_the_cipher_only(make_world: Any) -> None:
    sealing = probe(register_cipher=lambda: [Reversing()], register_media_intakes=lambda: [intake()])
    world = await make_world(sealing)
    editor = await world.person("editor")
    ciphers = use_ciphers(lambda: collect_owned(platform.register_cipher))  # as the application does
    with ciphers, world.on("alfa", editor):
        async with tenant_read():
            media = await create_media(b"PROBE sealed one", "a.bin")
            row = await get_media(media.id)
            assert row["encryption_status"] == "sealed" and media.renditions == ()
            assert [path.read_bytes() for path in kept(world)] == [b"sealed:" + b"sealed one"[::-1]]
            assert await content(1) == b"sealed one"
    off = await make_world(on=())
    with off.on("alfa", editor):
        async with tenant_read():
            with pytest.raises(NotFound):
                await open_media(1)


async def test_a_scanner_turns_files_away_before_anything_is_kept(make_world: Any) -> None:
    def scan(file: Any) -> None:
        if b"EICAR" in Path(file.path).read_bytes():
            raise Refused("A virus.")

    world = await make_world(probe(on_media_receiving=scan))
    with world.on("alfa", await world.person("author")):
        async with tenant_read():
            with pytest.raises(Refused):
                await create_media(b"%PDF-1.7 EICAR", "a.pdf")
            await create_media(b"%PDF-1.7 clean", "a.pdf")
            assert len(kept(world)) == 1


async def test_plugins_know_of_uses(make_world: Any) -> None:
    async def find(files: Any) -> Any:
        return {media.id: [MediaUsage(title="Banner", kind="Widget")] for media in files}

    world = await make_world(probe(register_media_usages=lambda: [MediaUsageSource(name="probe", find=find)]))
    with world.on("alfa", await world.person("author")):
        async with tenant_read():
            media = await create_media(picture(), "a.png")
            assert [use.title for use in (await media_usages([media]))[media.id]] == ["Banner"]


async def test_twenty_uploads_at_once_do_not_share_the_last_room(make_world: Any) -> None:
    from core.media import MediaSetup, use_setup

    world = await make_world()
    with world.on("alfa", await world.person("author")), use_setup(MediaSetup(quota=1_000)):

        async def one(number: int) -> bool:
            try:
                async with tenant_read():
                    await create_media(b"%PDF-1.7" + b"x" * 192, f"{number}.pdf")
            except Refused:
                return False
            return True

        taken = sum(await asyncio.gather(*(one(number) for number in range(20))))
        async with tenant_read():
            assert taken == 5 and (await media_room()).used == 1_000
    assert len(kept(world)) == 5
