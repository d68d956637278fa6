"""What becomes of a DICOM file, in the capped process."""

import json
import os
import shutil
from typing import Any, Final

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.filereader import read_file_meta_info
from pydicom.uid import UID, ExplicitVRLittleEndian

from core.contract.media import FileRefused
from plugins.dicom.pixels import can_decode, check_size, decode, frames_of, preview, put_back
from plugins.dicom.profile import deidentified, described, new_uid
from plugins.dicom.reading import damaged, read

__all__ = ["process"]

_WRITTEN: Final = "names are written into the picture"
_MAYBE_WRITTEN: Final = (
    "pictures of this kind often have names written into them, and it does not say that there are none"
)
_FACE: Final = "a face can be recognised in it"
_VOLUME: Final = "it holds many slices, of which a face can be made again"
_DOCUMENT: Final = "it holds a document"
_NO_PICTURE: Final = "it holds a report or other data, and no picture"
_OVERLAY: Final = "something is drawn into the picture's own values (an overlay)"
_PACKED: Final = "its pixels are packed in a way that is not read here"
_WRITTEN_KINDS: Final = frozenset({"US", "IVUS", "OT", "SC", "XC", "GM", "SM", "ES", "DOC", "SR", "RF", "XA"})
_VOLUMES: Final = frozenset({"CT", "MR", "PT", "NM"})
_CAPTURE: Final = "1.2.840.10008.5.1.4.1.1.7"
_DIRECTORY: Final = "1.2.840.10008.1.3.10"
_MOST_TAGS: Final = 300_000


def process(source: str, folder: str, key: str) -> dict[str, Any]:
    """Take a DICOM file: without whose it is, or sealed where that can't be taken out.

    Args:
        source: Where it lies.
        folder: Where the results go.
        key: What UIDs are replaced by, in hexadecimal.

    Returns:
        The fields of a `TakenFile`.

    Raises:
        FileRefused: It is damaged or too large.
    """
    try:
        return _process(source, folder, bytes.fromhex(key))
    except (FileRefused, MemoryError):
        raise
    except OSError as error:
        if error.errno is not None:
            raise  # the disk's, not the file's
        raise damaged() from None
    except Exception:  # whatever the libraries make of a hostile file
        raise damaged() from None


def _process(source: str, folder: str, key: bytes) -> dict[str, Any]:
    meta = read_file_meta_info(source)
    syntax = UID(str(meta.get("TransferSyntaxUID") or ""))
    if str(meta.get("MediaStorageSOPClassUID", "")) == _DIRECTORY:
        raise FileRefused("This is the directory of a disc. Choose one of its pictures instead.")
    if not syntax:
        raise damaged()
    if syntax.is_private or not syntax.is_transfer_syntax:
        return _sealed(source, folder, Dataset(), [_PACKED], 0)
    dataset = read(source)
    reasons = _reasons(dataset)
    clean = deidentified(dataset, key)
    if _has_picture(dataset):
        check_size(dataset)
        if not can_decode(dataset):
            reasons.append(_PACKED)
    frames = frames_of(dataset) if _has_picture(dataset) else 0
    if reasons:
        return _sealed(source, folder, clean, reasons, frames)
    return _open(dataset, clean, folder, key)


def _has_picture(dataset: Dataset) -> bool:
    if "Rows" in dataset and "PixelData" not in dataset and not _other_pixels(dataset):
        raise damaged()  # it was cut off before them
    return "PixelData" in dataset or _other_pixels(dataset)


def _other_pixels(dataset: Dataset) -> bool:
    return "FloatPixelData" in dataset or "DoubleFloatPixelData" in dataset


def _reasons(dataset: Dataset) -> list[str]:
    """Return what keeps a file from being freed of whose it is."""
    found: list[str] = []
    if "EncapsulatedDocument" in dataset:
        found.append(_DOCUMENT)
    elif not _has_picture(dataset):
        found.append(_NO_PICTURE)
    modality = str(dataset.get("Modality") or "")
    written = str(dataset.get("BurnedInAnnotation") or "").upper()
    capture = str(dataset.get("SOPClassUID", "")).startswith(_CAPTURE)
    if written == "YES":
        found.append(_WRITTEN)
    elif written != "NO" and not found and (capture or modality in _WRITTEN_KINDS):
        found.append(_MAYBE_WRITTEN)
    if str(dataset.get("RecognizableVisualFeatures") or "").upper() == "YES":
        found.append(_FACE)
    if modality in _VOLUMES and _has_picture(dataset) and frames_of(dataset) > 1:
        found.append(_VOLUME)
    if any(
        element.tag.group & 0xFF01 == 0x6000
        and element.tag.element == 0x0010
        and (element.tag.group, 0x3000) not in dataset
        for element in dataset
    ):
        found.append(_OVERLAY)
    return found


def _data(clean: Dataset, reasons: list[str], frames: int) -> dict[str, Any]:
    tags = described(clean)
    if len(json.dumps(tags)) > _MOST_TAGS:
        tags = {tag: entry for tag, entry in tags.items() if entry.get("vr") != "SQ"}
    return {
        "contains_phi": bool(reasons),
        "reasons": reasons,
        "modality": str(clean.get("Modality") or "")[:16],
        "frames": frames,
        "tags": tags if len(json.dumps(tags)) <= _MOST_TAGS else {},
    }


def _sealed(source: str, folder: str, clean: Dataset, reasons: list[str], frames: int) -> dict[str, Any]:
    """Return the file as it came, but for the 128 bytes before it, in which programs can hide."""
    path = os.path.join(folder, "file.dcm")
    shutil.copyfile(source, path)
    with open(path, "r+b") as file:
        file.write(bytes(128))
    return {
        "path": path,
        "mime_type": "application/dicom",
        "extension": "dcm",
        "kind": "document",
        "sealed": True,
        "sealed_because": reasons,
        "access_level": "dicom.identified",
        "data": _data(clean, reasons, frames),
    }


def _open(dataset: FileDataset, clean: Dataset, folder: str, key: bytes) -> dict[str, Any]:
    pixels = decode(dataset)
    data = _data(clean, [], pixels.frames)
    image = preview(clean, pixels.middle, pixels.frames // 2)
    shown = os.path.join(folder, "preview.png")
    image.save(shown, "PNG")
    put_back(clean, pixels)
    path = os.path.join(folder, "file.dcm")
    _write(clean, path, key)
    return {
        "path": path,
        "mime_type": "application/dicom",
        "extension": "dcm",
        "kind": "image",
        "preview": shown,
        "width": image.width,
        "height": image.height,
        "access_level": "private",
        "data": data,
    }


def _write(clean: Dataset, path: str, key: bytes) -> None:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = clean.get("SOPClassUID") or _CAPTURE
    meta.MediaStorageSOPInstanceUID = clean.get("SOPInstanceUID") or new_uid(key, path)
    clean.file_meta = meta
    clean.save_as(path, implicit_vr=False, little_endian=True, enforce_file_format=True)
