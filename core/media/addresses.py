"""Addresses of files: one for each file, and one for each of its renditions."""

from pathlib import PurePosixPath

__all__ = ["media_url", "rendition_name"]


def media_url(number: int, filename: str, file_path: str, source_url: str) -> str:
    """Return the address of a file: ours, or where it lies."""
    return f"/media/{number}/{filename}" if file_path else source_url


def rendition_name(filename: str, width: int, height: int, token: str, extension: str) -> str:
    """Return the last part of a rendition's address. It changes with what is shown, so caches may keep it for ever."""
    return f"{PurePosixPath(filename).stem}-{width}x{height}-{token}.{extension}"
