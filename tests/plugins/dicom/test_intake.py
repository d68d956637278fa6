"""DICOM files come in without whose they are, sealed, or not at all."""

import io
import struct
import zlib
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

from core.accounts import actor_of
from core.db import execute, tenant_read
from core.errors import Invalid, NotFound, Refused, VitralError
from core.media import MediaData, create_media, open_media, update_media
from core.sites import disable_plugin, enable_plugin
from tests.kit.client import Browser
from tests.kit.people import PASSWORD, People
from tests.kit.plugin import entered
from tests.plugins.dicom.things import STUDY, dicom
from tests.plugins.seams.test_cipher import ToyCipher, vault


async def actor(app: Any, person: Any, site: str) -> Any:
    with entered(app, site):
        async with tenant_read():
            return await actor_of(person)


async def take(app: Any, person: Any, data: bytes, site: str = "alfa") -> Any:
    with entered(app, site, await actor(app, person, site)):
        async with tenant_read():
            return await create_media(data, "x.dcm")


async def content(app: Any, person: Any, number: int, site: str = "alfa") -> bytes:
    with entered(app, site, await actor(app, person, site)):
        async with tenant_read():
            file = await open_media(number)
            return b"".join([piece async for piece in file.read(0, file.size)])


async def rows(app: Any, site: str) -> list[dict[str, Any]]:
    with entered(app, site):
        async with tenant_read():
            return await execute("SELECT * FROM dicom_files WHERE tenant_id = {tenant}")


async def test_whose_it_is_goes_and_the_rest_stays(app_with: Any) -> None:
    app = await app_with("dicom", on=("alfa", "beta"))
    people = People(app)
    editor, other = await people.make("alfa", "editor"), await people.make("beta", "editor")
    media = await take(app, editor, dicom())
    assert (media.mime_type, media.access_level, media.width) == ("application/dicom", "private", 50)
    kept = await content(app, editor, media.number)
    assert kept[:128] == bytes(128) and b"CANARY" not in kept and b"19770707" not in kept
    read = pydicom.dcmread(io.BytesIO(kept))
    assert read.PatientIdentityRemoved == "YES" and read.PatientName == "" and 0x00091001 not in read
    assert read.pixel_array[0, 5] == 5
    again = pydicom.dcmread(io.BytesIO(await content(app, editor, (await take(app, editor, dicom())).number)))
    theirs = await take(app, other, dicom(), "beta")
    elsewhere = pydicom.dcmread(io.BytesIO(await content(app, other, theirs.number, "beta")))
    assert STUDY != read.StudyInstanceUID == again.StudyInstanceUID != elsewhere.StudyInstanceUID
    (row,) = await rows(app, "beta")
    assert "CANARY" not in row["dicom_metadata"] and '"Modality"' in row["dicom_metadata"]
    async with Browser(app, "alfa") as browser:
        await browser.sign_in(editor.email, PASSWORD)
        page = await browser.soup(f"/admin/media/{media.number}")
        assert "Modality" in page.get_text()
        with entered(app, "alfa"):
            async with tenant_read():
                await disable_plugin("dicom")
        assert "Modality" not in (await browser.soup(f"/admin/media/{media.number}")).get_text()
        with entered(app, "alfa"):
            async with tenant_read():
                await enable_plugin("dicom")
        assert "Modality" in (await browser.soup(f"/admin/media/{media.number}")).get_text()


def deep() -> bytes:
    item = Dataset()
    for _level in range(30):
        outer = Dataset()
        outer.ReferencedImageSequence = [item]
        item = outer
    return dicom(ReferencedImageSequence=[item])


def bomb() -> bytes:
    small = dicom(syntax=DeflatedExplicitVRLittleEndian)
    end = 132 + 12 + struct.unpack("<I", small[140:144])[0]
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _count in range(300)) + packer.flush()
    return small[:end] + packed


def wrong_kind() -> bytes:
    return dicom().replace(b"\x28\x00\x10\x00US", b"\x28\x00\x10\x00LO")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: dicom()[:-900], "incompleto"),
        (lambda: dicom(Rows=60000, Columns=60000), "50 milh"),
        (lambda: dicom(NumberOfFrames=900_000), "MB"),
        (deep, "fundo demais"),
        (bomb, "Descompactado"),
        (wrong_kind, "(0028,0010)"),
        (lambda: dicom(BurnedInAnnotation="YES"), "nomes escritos na imagem"),
        (lambda: dicom(Modality="US"), "muitas vezes"),
        (lambda: dicom(EncapsulatedDocument=b"%PDF", Rows=None, PixelData=None), "documento"),
        (lambda: dicom().replace(b"1.2.840.10008.1.2.1\0", b"1.2.3.4.5.6.7.8.9.0.1"[:20]), "compactados"),
        (lambda: b"%PDF-1.7" + dicom()[8:], "duas coisas"),
    ],
)
async def test_what_is_refused_leaves_nothing(app_with: Any, make: Any, why: str) -> None:
    app = await app_with("dicom", on=("alfa",))
    person = await People(app).make("alfa", "author")
    with pytest.raises(VitralError) as told:
        await take(app, person, make())
    error = told.value
    text = " ".join(error.errors.values()) if isinstance(error, Invalid) else str(error)
    assert error.status == 422 and why.lower() in text.lower()
    assert await rows(app, "alfa") == []


async def test_what_can_not_be_taken_out_is_sealed(app_with: Any) -> None:
    app = await app_with("dicom", vault(ToyCipher()), on=("alfa",))
    editor, reader = await People(app).make("alfa", "editor"), await People(app).make("alfa", "subscriber")
    media = await take(app, editor, dicom(BurnedInAnnotation="YES"))
    assert media.access_level == "dicom.identified" and media.renditions == ()
    assert b"CANARY" in await content(app, editor, media.number)
    (row,) = await rows(app, "alfa")
    assert row["contains_phi"] and "CANARY" not in row["dicom_metadata"]
    with pytest.raises(NotFound):
        await content(app, reader, media.number)
    with entered(app, "alfa", await actor(app, editor, "alfa")):
        async with tenant_read():
            for level, error in (("public", Invalid), ("private", Refused)):
                with pytest.raises(error):
                    await update_media(media.id, MediaData(access_level=level))
