"""The pixels of a DICOM file: decoded within bounds, written plainly, and shown as a doctor would see them."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset, FileDataset
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi, get_decoder, iter_pixels
from pydicom.uid import UID

from core.contract.media import FileRefused
from plugins.dicom.reading import damaged

__all__ = ["Pixels", "can_decode", "check_size", "decode", "frames_of", "preview", "put_back"]

MOST_PIXELS: Final = 50_000_000
MOST_SIDE: Final = 20_000
MOST_BYTES: Final = 150_000_000
_COLOURS: Final = frozenset({"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT"})
_GREYS: Final = frozenset({"MONOCHROME1", "MONOCHROME2", "PALETTE COLOR"})


class Pixels:
    """Every frame of a picture, and the one that stands for it.

    Args:
        data: All frames, one after the other.
        middle: The one in the middle.
        frames: How many there are.
    """

    def __init__(self, data: bytes, middle: Any, frames: int) -> None:
        self.data = data
        self.middle = middle
        self.frames = frames


def frames_of(dataset: Dataset) -> int:
    """Return how many pictures a file says that it has."""
    return int(dataset.get("NumberOfFrames") or 1)


def check_size(dataset: Dataset) -> None:
    """See that a picture is no larger than it may be, before anything of it is decoded.

    Raises:
        FileRefused: It is too large, or does not say how large it is.
    """
    found = [dataset.get(name) for name in ("Rows", "Columns", "BitsAllocated", "BitsStored")]
    if not all(isinstance(value, int) and value > 0 for value in found):
        raise damaged()
    rows, columns, bits, stored = (int(value or 0) for value in found)
    samples, frames = dataset.get("SamplesPerPixel", 1), frames_of(dataset)
    if samples not in (1, 3) or bits not in (1, 8, 16, 32) or stored > bits or frames < 1:
        raise damaged()
    if rows * columns > MOST_PIXELS or max(rows, columns) > MOST_SIDE:
        raise FileRefused("The image has more than {limit} million pixels.", limit=MOST_PIXELS // 1_000_000)
    if rows * columns * samples * max(bits, 8) // 8 * frames > MOST_BYTES:
        raise FileRefused(
            "The frames of the file take more than {limit} MB together.", limit=MOST_BYTES // 1_000_000
        )


def can_decode(dataset: FileDataset) -> bool:
    """Tell whether the pixels can be read here."""
    syntax = UID(dataset.file_meta.TransferSyntaxUID)
    kind = str(dataset.get("PhotometricInterpretation", ""))
    if "PixelData" not in dataset or kind not in _COLOURS | _GREYS:
        return False
    if (kind in _COLOURS) != (dataset.get("SamplesPerPixel", 1) == 3):
        return False
    if not syntax.is_compressed:
        return syntax.is_little_endian or kind != "PALETTE COLOR"
    try:
        return bool(get_decoder(syntax).is_available)
    except NotImplementedError:
        return False


def decode(dataset: FileDataset) -> Pixels:
    """Decode all frames, in colour as RGB; bits beside those that count are cleared."""
    frames = frames_of(dataset)
    chosen, middle = frames // 2, None
    data = bytearray()
    count = 0
    for frame in iter_pixels(dataset):
        clean = _cleared(frame, dataset)
        data += clean.tobytes()
        if count == chosen:
            middle = clean.copy()
        count += 1
        if count > frames:
            break
    if count != frames or middle is None:
        raise damaged()
    return Pixels(bytes(data), middle, frames)


def _cleared(frame: Any, dataset: Dataset) -> Any:
    width = frame.dtype.itemsize * 8
    spare = width - int(dataset.BitsStored)
    little = frame.astype(frame.dtype.newbyteorder("<"))
    if spare <= 0 or int(dataset.BitsAllocated) == 1:
        return little
    return np.right_shift(np.left_shift(little, spare), spare)  # keeps the sign where there is one


def put_back(dataset: Dataset, pixels: Pixels) -> None:
    """Put decoded pixels into a dataset, as plain as they can be."""
    middle = pixels.middle
    bits = middle.dtype.itemsize * 8
    if int(dataset.BitsAllocated) != bits:
        dataset.BitsAllocated, dataset.BitsStored = bits, bits
    dataset.HighBit = int(dataset.BitsStored) - 1
    if middle.ndim == 3:
        dataset.PhotometricInterpretation, dataset.PlanarConfiguration = "RGB", 0
    dataset.PixelData = pixels.data + b"\0" * (len(pixels.data) % 2)
    dataset["PixelData"].VR = "OW" if bits > 8 else "OB"


def preview(dataset: Dataset, frame: Any, number: int) -> Image.Image:
    """Return a frame as it is to be seen: its values as the device meant them, in its window.

    Args:
        dataset: What is said of it.
        frame: Its pixels.
        number: Which one it is, from 0.
    """
    kind = str(dataset.PhotometricInterpretation)
    if frame.ndim == 3:
        return Image.fromarray(_eight(frame.astype(np.float32), 0, 2.0 ** int(dataset.BitsStored) - 1), "RGB")
    if kind == "PALETTE COLOR":
        coloured = apply_color_lut(frame, dataset)[..., :3]
        top = 65535.0 if coloured.dtype.itemsize == 2 else 255.0
        return Image.fromarray(_eight(coloured.astype(np.float32), 0, top), "RGB")
    values = _grey(dataset, frame, number)
    if kind == "MONOCHROME1":
        values = 255 - values
    return Image.fromarray(values, "L")


def _grey(dataset: Dataset, frame: Any, number: int) -> Any:
    scale = _of_frame(dataset, number, "PixelValueTransformationSequence")
    values = apply_modality_lut(frame, scale if "RescaleSlope" in scale else dataset)
    window = _of_frame(dataset, number, "FrameVOILUTSequence")
    window = window if "WindowCenter" in window else dataset
    if window.get("VOILUTSequence"):
        shown = apply_voi(values.astype(np.int32), window)
        top = 2.0 ** int(window.VOILUTSequence[0].LUTDescriptor[2]) - 1
        return _eight(shown.astype(np.float32), 0, top)
    values = values.astype(np.float32)
    center, width = _first(window.get("WindowCenter")), _first(window.get("WindowWidth"))
    if center is None or width is None or width <= 0:
        inside = values[frame != dataset.PixelPaddingValue] if "PixelPaddingValue" in dataset else values
        inside = inside if inside.size else values
        return _eight(values, float(inside.min()), float(inside.max()))
    function = str(window.get("VOILUTFunction") or "LINEAR")
    if function == "SIGMOID":
        return _eight(1 / (1 + np.exp(np.clip(-4 * (values - center) / width, -60, 60))), 0, 1)
    if function == "LINEAR":  # PS3.3 C.11.2.1.2.1
        center, width = center - 0.5, max(width - 1, 1e-6)
    return _eight(values, center - width / 2, center + width / 2)


def _of_frame(dataset: Dataset, number: int, name: str) -> Dataset:
    """Return what a file of many frames says of one of them, or of all of them."""
    each: Sequence[Any] = dataset.get("PerFrameFunctionalGroupsSequence") or ()
    shared: Sequence[Any] = dataset.get("SharedFunctionalGroupsSequence") or ()
    for group in (*each[number : number + 1], *shared[:1]):
        if group.get(name):
            found: Dataset = group[name].value[0]
            return found
    return Dataset()


def _first(value: Any) -> float | None:
    if value is None or value == "":
        return None
    return float(value[0] if isinstance(value, list | tuple) or hasattr(value, "append") else value)


def _eight(values: Any, low: float, high: float) -> Any:
    span = max(high - low, 1e-6)
    return np.clip((values - low) * (255.0 / span) + 0.5, 0, 255).astype(np.uint8)
