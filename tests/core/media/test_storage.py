"""Storages: a folder, and an S3-compatible store, keep, hand out and let go in the same way."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from core.errors import StartError, VitralError
from core.ids import new_id
from core.media import MediaFolder, build_storage
from core.media.s3 import S3Storage, read_address
from core.settings import Settings
from tests.core.media.things import halves


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """An S3-compatible store on this machine; its address without the bucket."""
    import httpx

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    httpx.put(f"http://{host}:{port}/files")
    yield f"http://{host}:{port}"
    server.stop()


def s3(store: str, bucket: str = "files") -> S3Storage:
    settings = Settings(
        media_url=f"s3://{bucket}/vitral?endpoint={store}", media_access_key="a", media_secret_key="b"
    )
    made = build_storage(settings)
    assert isinstance(made, S3Storage)
    return made


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, store: str) -> Any:
    return MediaFolder(tmp_path / "media") if request.param == "folder" else s3(store)


async def read(storage: Any, tenant: Any, key: str, first: int, length: int) -> bytes:
    return b"".join([piece async for piece in storage.read(tenant, key, first, length)])


async def test_what_is_kept_comes_back(storage: Any, tmp_path: Path) -> None:
    alfa, beta = new_id(), new_id()
    data = os.urandom(3_000_000)
    source = tmp_path / "source"
    source.write_bytes(data)
    await storage.put(alfa, "ab/one.bin", source)
    await storage.put(alfa, "cd/two.bin", source)
    await storage.put(beta, "ab/one.bin", source)
    assert await read(storage, alfa, "ab/one.bin", 0, len(data)) == data
    assert await read(storage, alfa, "ab/one.bin", 1_000_001, 5) == data[1_000_001:1_000_006]
    await storage.fetch(alfa, "cd/two.bin", tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == data
    assert {key async for key, _written in storage.keys(alfa)} == {"ab/one.bin", "cd/two.bin"}
    await storage.remove(alfa, ["ab/one.bin", "ab/never.bin"])
    with pytest.raises(FileNotFoundError):
        await read(storage, alfa, "ab/one.bin", 0, 3)
    with pytest.raises(FileNotFoundError):
        await storage.fetch(alfa, "ab/never.bin", tmp_path / "other")
    await storage.remove_all(alfa)
    assert [key async for key, _written in storage.keys(alfa)] == []
    assert [key async for key, _written in storage.keys(beta)] == ["ab/one.bin"]


async def test_a_key_leads_nowhere_else(tmp_path: Path) -> None:
    with pytest.raises(VitralError):
        MediaFolder(tmp_path).path(new_id(), "../../etc/passwd")


@pytest.mark.parametrize("address", ["http://x/y", "s3://", "s3://bucket?zone=x", "files"])
def test_addresses_that_are_none_stop_the_start(address: str) -> None:
    with pytest.raises(StartError):
        read_address(Settings(media_url=address))


async def test_a_store_that_is_away_says_so(tmp_path: Path) -> None:
    away = s3("http://127.0.0.1:9", "nowhere")
    source = tmp_path / "source"
    source.write_bytes(b"x")
    with pytest.raises(VitralError) as caught:
        await away.put(new_id(), "ab/x", source)
    assert caught.value.status == 503


async def test_a_site_on_such_a_store_works_as_any(make_world: Any, store: str) -> None:
    from core.db import tenant_read
    from core.media import create_media, delete_media, media_views, open_media

    world = await make_world()
    world.media = s3(store)
    with world.on("alfa", await world.person("author")) as tenant:
        async with tenant_read():
            media = await create_media(halves((400, 300)), "a.png")
        await world.run_jobs()
        async with tenant_read():
            media = (await media_views([media.id]))[media.id]
            assert len(media.renditions) > 2
            for url in (media.url, media.renditions[0].url):
                found = await open_media(media.number, url.rpartition("/")[2])
                assert found.path is None
                data = b"".join([piece async for piece in found.read(0, found.size)])
                assert len(data) == found.size and data[:4] in (
                    b"\x89PNG",
                    b"RIFF",
                    b"\x00\x00\x00\x20",
                    b"\x00\x00\x00\x1c",
                )
            await delete_media(media.id)
            assert [key async for key, _written in world.media.keys(tenant.id)] == []
