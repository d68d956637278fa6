"""Forms as they arrive: urlencoded and multipart bodies, decoded strictly into one `Form`.

Litestar's own parsers are not used: they replace bad UTF-8 silently, fail with a 500 on an odd charset,
and keep the last 1024 form bodies, passwords included, in a cache.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from litestar.datastructures import UploadFile
from multipart import (  # type: ignore[import-untyped]  # it ships no types
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
)

from core.errors import BadRequest, TooLarge, UnsupportedMedia
from core.i18n import gettext as _

__all__ = ["MAX_FIELDS", "Form", "parse_multipart", "parse_urlencoded"]

MAX_FIELDS = 5000
_MAX_TEXT = 1_000_000


class Form:
    """The fields and files of one form, in the order they were sent.

    Args:
        fields: Name and text, decoded; a name may come more than once.
        files: Name and upload. They are closed when the request ends.
    """

    __slots__ = ("fields", "files")

    def __init__(
        self,
        fields: tuple[tuple[str, str], ...] = (),
        files: tuple[tuple[str, UploadFile], ...] = (),
    ) -> None:
        self.fields = fields
        self.files = files

    def get(self, name: str, default: str = "") -> str:
        """Return the last value of field `name`, or `default`."""
        return next((value for key, value in reversed(self.fields) if key == name), default)

    def all(self, name: str) -> list[str]:
        """Return every value of field `name`, also when it is sent as `name[]`."""
        return [value for key, value in self.fields if key in (name, f"{name}[]")]

    def file(self, name: str) -> UploadFile | None:
        """Return the first file uploaded as `name`, or None."""
        return next((upload for key, upload in self.files if key == name), None)

    def __contains__(self, name: str) -> bool:
        return any(key in (name, f"{name}[]") for key, _value in self.fields)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(key for key, _value in self.fields))

    def as_dict(self) -> dict[str, Any]:
        """Return the form the way Litestar keeps it: one value, or a list where a name repeats."""
        found: dict[str, list[Any]] = {}
        for key, value in (*self.fields, *self.files):
            found.setdefault(key, []).append(value)
        return {key: values if len(values) > 1 else values[0] for key, values in found.items()}

    async def close(self) -> None:
        """Close the uploaded files, which removes those that were written to disk."""
        for _name, upload in self.files:
            await upload.close()


def _text(raw: bytes | bytearray) -> str:
    try:
        value = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest(_("The form is not valid UTF-8.")) from None
    if "\x00" in value:
        raise BadRequest(_("The form holds a NUL character, which no field takes."))
    return value


def _too_many() -> BadRequest:
    return BadRequest(_("The form has more than {limit} fields.").format(limit=MAX_FIELDS))


def parse_urlencoded(body: bytes) -> Form:
    """Decode an `application/x-www-form-urlencoded` body.

    Raises:
        BadRequest: Bad UTF-8, NUL, or more than `MAX_FIELDS` fields.
    """
    if body.count(b"&") >= MAX_FIELDS:
        raise _too_many()
    fields = []
    for pair in body.split(b"&"):
        if pair:
            name, _equals, value = pair.replace(b"+", b" ").partition(b"=")
            fields.append((_text(unquote_to_bytes(name)), _text(unquote_to_bytes(value))))
    return Form(tuple(fields))


async def parse_multipart(chunks: AsyncIterator[bytes], boundary: str) -> Form:
    """Decode a `multipart/form-data` body while it arrives; files beyond 1 MB go to disk.

    Args:
        chunks: The body, limited in size by whoever reads it.
        boundary: From the Content-Type header.

    Raises:
        BadRequest: Malformed, bad UTF-8, NUL, or too many parts.
        TooLarge: More than 1 MB of text outside the files.
        UnsupportedMedia: A part says that it is in another charset than UTF-8.
    """
    builder = _Builder()
    try:
        with PushMultipartParser(boundary, max_segment_count=MAX_FIELDS, max_header_count=8) as parser:
            async for chunk in chunks:
                for event in parser.parse(chunk):
                    await builder.take(event)
                if parser.closed:
                    break
    except ParserLimitReached:
        await builder.form().close()
        raise _too_many() from None
    except MultipartError:
        await builder.form().close()
        raise BadRequest(_("The form is malformed or ends too early.")) from None
    except BaseException:
        await builder.form().close()
        raise
    return builder.form()


class _Builder:
    """Collects what the push parser reports: a segment, pieces of its payload, then None at its end."""

    def __init__(self) -> None:
        self.fields: list[tuple[str, str]] = []
        self.files: list[tuple[str, UploadFile]] = []
        self.name = ""
        self.upload: UploadFile | None = None
        self.text = bytearray()
        self.text_total = 0

    def form(self) -> Form:
        return Form(tuple(self.fields), tuple(self.files))

    async def take(self, event: Any) -> None:
        if isinstance(event, MultipartSegment):
            self._start(event)
        elif event:
            await self._payload(event)
        else:
            await self._end()

    def _start(self, segment: Any) -> None:
        if segment.charset is not None and segment.charset.lower() not in ("utf-8", "utf8", "us-ascii"):
            raise UnsupportedMedia(_("A field of the form is not in UTF-8."))
        self.name = _text(segment.name.encode("utf-8", "surrogatepass"))
        self.text = bytearray()
        self.upload = None
        if segment.filename is not None:
            filename = _text(segment.filename.encode("utf-8", "surrogatepass"))
            self.upload = UploadFile(
                content_type=segment.content_type or "application/octet-stream",
                filename=filename,
                headers=dict(segment.headerlist),
            )
            self.files.append((self.name, self.upload))

    async def _payload(self, piece: bytes) -> None:
        if self.upload is not None:
            await self.upload.write(piece)
            return
        self.text_total += len(piece)
        if self.text_total > _MAX_TEXT:
            raise TooLarge(_("The text of this form is larger than {limit} bytes.").format(limit=_MAX_TEXT))
        self.text += piece

    async def _end(self) -> None:
        if self.upload is None:
            self.fields.append((self.name, _text(self.text)))
            return
        size = self.upload.file.tell()
        await self.upload.seek(0)
        if not self.upload.filename and size == 0:
            # a file input that was left empty
            self.files.pop()
            await self.upload.close()
