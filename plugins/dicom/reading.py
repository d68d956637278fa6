"""Reading a DICOM file in the capped process: wholly, within bounds, and with clear words for what is wrong."""

import io
import zlib
from typing import Any, Final

from pydicom import config
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.filereader import dcmread, read_dataset, read_file_meta_info
from pydicom.filewriter import correct_ambiguous_vr
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

from core.contract.media import FileRefused

__all__ = ["damaged", "read"]

MOST_INFLATED: Final = 150_000_000
MOST_ELEMENTS: Final = 50_000
MOST_DEPTH: Final = 16
_UNDEFINED: Final = 0xFFFFFFFF
_ALIKE: Final = (
    frozenset({"LO", "SH", "ST", "LT", "UT", "UC", "CS", "AE"}),
    frozenset({"OB", "OW", "OF", "OD", "OL", "OV"}),
    frozenset({"US", "SS"}),
    frozenset({"UL", "SL"}),
    frozenset({"IS", "DS"}),
)
"""Kinds of values that programs mix up without harm."""


def damaged() -> FileRefused:
    """Return the error of a file that does not hold together."""
    return FileRefused("The DICOM file is damaged or cut short.")


def read(source: str) -> FileDataset:
    """Return the file of a path with every value read.

    Raises:
        FileRefused: It is damaged, cut short, too large, or nested too deeply.
    """
    config.settings.reading_validation_mode = config.RAISE  # what ends too soon is an error, not a warning
    meta = read_file_meta_info(source)
    syntax = meta.get("TransferSyntaxUID")
    if not syntax:
        raise damaged()
    try:
        deflated = syntax == DeflatedExplicitVRLittleEndian
        found = _inflated(source, meta) if deflated else dcmread(source)
        config.settings.reading_validation_mode = (
            config.IGNORE
        )  # hospitals write odd values: they are looked at below
        _walk(found, 0, [0])
        correct_ambiguous_vr(found, found.original_encoding[1] is not False)
    except RecursionError:
        raise _too_deep() from None
    return found


def _inflated(source: str, meta: Any) -> FileDataset:
    """Unpack a deflated file piece by piece, and never more than is allowed (trap T13)."""
    length = meta.get("FileMetaInformationGroupLength")
    if length is None:
        raise damaged()
    with open(source, "rb") as file:
        file.seek(132 + 12 + int(length))
        packed = file.read()
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    data = inflater.decompress(packed, MOST_INFLATED + 1)
    if len(data) > MOST_INFLATED:
        raise FileRefused("Unpacked, the file takes more than {limit} MB.", limit=MOST_INFLATED // 1_000_000)
    if not inflater.eof:
        raise damaged()
    dataset = read_dataset(io.BytesIO(data), False, True)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return FileDataset(io.BytesIO(), dataset, b"\0" * 128, meta, is_implicit_VR=False, is_little_endian=True)


def _too_deep() -> FileRefused:
    return FileRefused("The parts of the DICOM file are nested too deeply.")


def _walk(dataset: Dataset, depth: int, count: list[int]) -> None:
    """Have every value read, and see that each is as long and of the kind that it says."""
    if depth > MOST_DEPTH:
        raise _too_deep()
    for tag in list(dataset.keys()):
        count[0] += 1
        if count[0] > MOST_ELEMENTS:
            raise FileRefused("The DICOM file has more than {limit} parts.", limit=MOST_ELEMENTS)
        raw = dataset.get_item(tag)
        if isinstance(raw, RawDataElement):
            if raw.length != _UNDEFINED and len(raw.value or b"") != raw.length:
                raise damaged()
            _check_kind(raw)
        element = dataset[tag]
        if element.VR == "SQ":
            for item in element.value or ():
                _walk(item, depth + 1, count)


def _check_kind(raw: RawDataElement) -> None:
    if raw.VR is None or raw.VR == "UN" or raw.tag.is_private or raw.tag.group & 0xFF00 in (0x5000, 0x6000):
        return
    try:
        known = frozenset(dictionary_VR(raw.tag).split(" or "))
    except KeyError:
        return
    if raw.VR not in known and not any(raw.VR in alike and known & alike for alike in _ALIKE):
        raise FileRefused(
            "The value {tag} of the DICOM file is of another kind than it must be.",
            tag=f"({raw.tag.group:04X},{raw.tag.element:04X})",
        )
