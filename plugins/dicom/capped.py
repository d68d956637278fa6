"""What the capped process is asked for. The server itself never loads the libraries that read such files."""

from typing import Any

__all__ = ["process"]


def process(source: str, folder: str, key: str) -> dict[str, Any]:
    """Take a DICOM file; see `plugins.dicom.intake.process`."""
    from plugins.dicom import intake

    return intake.process(source, folder, key)
