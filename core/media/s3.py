"""S3-compatible stores: `<prefix>/<site>/<two letters>/<random name>` in one bucket, read through the application."""

import asyncio
import importlib
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import msgspec

from core.errors import StartError, Unavailable
from core.i18n import gettext as _
from core.settings import Settings

__all__ = ["S3Address", "S3Storage", "read_address"]

_CHUNK: Final = 1024 * 1024
_AT_ONCE: Final = 100


class S3Address(msgspec.Struct, frozen=True, kw_only=True):
    """Which bucket, where, and with which key."""

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = "us-east-1"
    access_key: str = ""
    secret_key: str = ""
    """Without a key, the machine's own rights are used (an instance's role, `AWS_*`)."""


def read_address(settings: Settings) -> S3Address:
    """Return what the settings say of an S3-compatible store.

    Raises:
        StartError: `media_url` is no such address.
    """
    parts = urlsplit(settings.media_url)
    known = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme != "s3" or not parts.netloc or set(known) - {"endpoint", "region"}:
        raise StartError(
            "media_url names no store of files.",
            hint="Write s3://bucket/prefix?endpoint=https://store.example.org&region=name, or leave it empty.",
        )
    return S3Address(
        bucket=parts.netloc,
        prefix=parts.path.strip("/"),
        endpoint=known.get("endpoint", ""),
        region=known.get("region", "us-east-1"),
        access_key=settings.media_access_key,
        secret_key=settings.media_secret_key,
    )


class S3Storage:
    """Keeps files in a bucket; see `MediaStorage`.

    Args:
        address: The bucket.

    Raises:
        StartError: The library for it is not installed.
    """

    def __init__(self, address: S3Address) -> None:
        try:
            self._obstore: Any = importlib.import_module("obstore")
            stores: Any = importlib.import_module("obstore.store")
            self._errors: Any = importlib.import_module("obstore.exceptions")
        except ImportError as error:
            raise StartError(
                "Files are to lie in an S3-compatible store, and the library for that is missing.",
                hint="Install vitral[s3].",
            ) from error
        options: dict[str, Any] = {"region": address.region}
        if address.endpoint:
            options |= {"endpoint": address.endpoint, "virtual_hosted_style_request": False}
        if address.access_key:
            options |= {"access_key_id": address.access_key, "secret_access_key": address.secret_key}
        self._prefix = address.prefix
        self._store: Any = stores.S3Store(
            address.bucket,
            config=options,
            client_options={"allow_http": address.endpoint.startswith("http://"), "timeout": "60s"},
            retry_config={"max_retries": 3},
        )

    def _name(self, tenant: UUID, key: str = "") -> str:
        return "/".join(filter(None, (self._prefix, str(tenant), key)))

    async def put(self, tenant: UUID, key: str, source: Path) -> None:
        """Keep the file at `source`: large ones in parts, none of which is seen before the last."""
        try:
            await self._obstore.put_async(self._store, self._name(tenant, key), source)
        except self._errors.BaseError as error:
            raise _away() from error

    async def fetch(self, tenant: UUID, key: str, target: Path) -> None:
        """Copy a kept file to `target`."""
        with target.open("wb") as out:
            async for piece in self._pieces(tenant, key, None):
                await asyncio.to_thread(out.write, piece)

    def read(self, tenant: UUID, key: str, first: int, length: int) -> AsyncIterator[bytes]:
        """Return a part of a kept file, in pieces."""
        return self._pieces(tenant, key, (first, first + length))

    async def _pieces(self, tenant: UUID, key: str, part: tuple[int, int] | None) -> AsyncIterator[bytes]:
        options = {"range": part} if part is not None else None
        try:
            found = await self._obstore.get_async(self._store, self._name(tenant, key), options=options)
            async for piece in found.stream(min_chunk_size=_CHUNK):
                yield bytes(piece)
        except FileNotFoundError:
            raise
        except self._errors.BaseError as error:
            raise _away() from error

    def local(self, tenant: UUID, key: str) -> Path | None:
        """Return None: nothing of it lies here."""
        return None

    async def remove(self, tenant: UUID, keys: Iterable[str]) -> None:
        """Remove kept files."""
        names = [self._name(tenant, key) for key in keys]
        for start in range(0, len(names), _AT_ONCE):
            try:
                await self._obstore.delete_async(self._store, names[start : start + _AT_ONCE])
            except FileNotFoundError:
                continue
            except self._errors.BaseError as error:
                raise _away() from error

    async def remove_all(self, tenant: UUID) -> None:
        """Remove everything of a site."""
        await self.remove(tenant, [key async for key, _written in self.keys(tenant)])

    async def keys(self, tenant: UUID) -> AsyncIterator[tuple[str, datetime]]:
        """Return what is kept of a site."""
        folder = self._name(tenant) + "/"
        async for some in self._obstore.list(self._store, prefix=folder, chunk_size=500):
            for one in some:
                yield str(one["path"]).removeprefix(folder), one["last_modified"]


def _away() -> Unavailable:
    return Unavailable(_("The store of files is out of reach. Try again in a moment."))
