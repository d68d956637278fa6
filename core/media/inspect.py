"""What a file is, told from its first bytes and never from its name (control UP01)."""

from typing import Final

import msgspec

from core.errors import Invalid
from core.i18n import gettext as _

__all__ = ["MAX_UPLOAD", "Sniffed", "sniff"]

MAX_UPLOAD: Final = 100_000_000
HEAD: Final = 4096
_MAX_IMAGE: Final = 40_000_000

_IMAGES: Final = (
    (0, b"\xff\xd8\xff"),
    (0, b"\x89PNG\r\n\x1a\n"),
    (0, b"GIF87a"),
    (0, b"GIF89a"),
    (8, b"WEBP"),
    (4, b"ftypavif"),
)
_OTHERS: Final[tuple[tuple[int, bytes, str, str, str], ...]] = (
    (0, b"%PDF-", "application/pdf", "pdf", "document"),
    (0, b"ID3", "audio/mpeg", "mp3", "audio"),
    (0, b"\xff\xfb", "audio/mpeg", "mp3", "audio"),
    (0, b"\xff\xf3", "audio/mpeg", "mp3", "audio"),
    (0, b"OggS", "audio/ogg", "ogg", "audio"),
    (8, b"WAVE", "audio/wav", "wav", "audio"),
    (4, b"ftypM4A", "audio/mp4", "m4a", "audio"),
    (4, b"ftyp", "video/mp4", "mp4", "video"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm", "webm", "video"),
)
_MARKUP: Final = (b"<html", b"<script", b"<!doctype", b"<svg", b"<?php", b"<body", b"<iframe")


class Sniffed(msgspec.Struct, frozen=True, kw_only=True):
    """What a file claims to be by its first bytes. Pictures are decoded to the last pixel afterwards."""

    mime_type: str
    extension: str
    kind: str
    """image, video, audio or document."""
    most_bytes: int = MAX_UPLOAD


def sniff(head: bytes) -> Sniffed | None:
    """Tell what a file is; None for nothing that the core takes.

    Args:
        head: Its first 4096 bytes, or all of them.

    Raises:
        Invalid: It is empty, or two things at once: a document or a film that a browser could take for a page.
    """
    if not head:
        raise Invalid({"file": _("The file is empty.")})
    if any(head[at : at + len(mark)] == mark for at, mark in _IMAGES):
        return Sniffed(mime_type="image/*", extension="", kind="image", most_bytes=_MAX_IMAGE)
    for offset, mark, mime_type, extension, kind in _OTHERS:
        if head[offset : offset + len(mark)] == mark:
            lower = head.lower()
            if any(tag in lower for tag in _MARKUP):
                raise Invalid({"file": _("This file is two things at once: a page stands in it.")})
            return Sniffed(mime_type=mime_type, extension=extension, kind=kind)
    return None
