"""Static files of the core, of plugins and of themes, served with the same security headers as everything.

The server could serve them without Python, but then without our headers (control WB06). Files are
found in a dictionary made at start, so no request can name a path outside the mounts.
"""

import hashlib
import mimetypes
from collections.abc import Iterator, Mapping
from pathlib import Path

from core.http.asgi import ASGIApp, Receive, Scope, Send

__all__ = ["StaticFiles", "version_of"]

_YEAR = b"public, max-age=31536000, immutable"
_HOUR = b"public, max-age=3600"
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}


class _File:
    """A file as it was when last read; read again when it changed on disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = 0
        self.body = b""
        self.etag = b""
        guessed = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        text = guessed.startswith("text/") or guessed in ("image/svg+xml", "application/json")
        self.content_type = (guessed + ("; charset=utf-8" if text else "")).encode("ascii")

    def read(self) -> None:
        stamp = self._path.stat().st_mtime_ns
        if stamp != self._stamp:
            self.body = self._path.read_bytes()
            self.etag = f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'.encode("ascii")
            self._stamp = stamp


class StaticFiles:
    """ASGI layer that answers GET and HEAD under the mounts and leaves everything else alone.

    Args:
        app: The next layer.
        mounts: Folder by URL prefix, such as `{"/static/themes/claro": Path(...)}`.
    """

    def __init__(self, app: ASGIApp, mounts: Mapping[str, Path]) -> None:
        self._app = app
        self._files = {url: _File(path) for url, path in _walk(mounts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        file = self._files.get(scope["path"]) if scope["type"] == "http" else None
        if file is None or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        file.read()
        fresh = any(name == b"if-none-match" and value == file.etag for name, value in scope["headers"])
        headers = [
            (b"etag", file.etag),
            (b"cache-control", _YEAR if b"v=" in scope.get("query_string", b"") else _HOUR),
        ]
        body = b""
        if not fresh:
            headers += [
                (b"content-type", file.content_type),
                (b"content-length", str(len(file.body)).encode("ascii")),
            ]
            body = file.body if scope["method"] == "GET" else b""
        await send({"type": "http.response.start", "status": 304 if fresh else 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _walk(mounts: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    for prefix, folder in mounts.items():
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and not path.is_symlink():
                yield f"{prefix}/{path.relative_to(folder).as_posix()}", path


def version_of(path: Path) -> str:
    """Return what goes behind `?v=` in a file's address: a digest of its content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
