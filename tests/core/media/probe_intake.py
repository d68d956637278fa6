"""The part of an intake that runs in the capped process: files that begin with PROBE."""

from pathlib import Path
from typing import Any

from PIL import Image

from core.contract.media import FileRefused

__all__ = ["process"]


def process(source: str, folder: str) -> dict[str, Any]:
    """Keep what follows the mark; the second word says what becomes of it."""
    data = Path(source).read_bytes()
    if b"bad" in data:
        raise FileRefused("The image is damaged: {why}.", why="bad")
    if b"outside" in data:
        return {"path": "/etc/passwd", "mime_type": "text/plain", "extension": "txt"}
    kept = Path(folder) / "kept"
    kept.write_bytes(data[6:])
    Image.new("RGB", (500, 400), "navy").save(Path(folder) / "preview.png")
    return {
        "path": str(kept),
        "mime_type": "application/x-probe",
        "extension": "prb",
        "preview": str(Path(folder) / "preview.png"),
        "sealed": b"sealed" in data,
        "access_level": "private",
        "data": {"length": len(data)},
    }
