"""The one layer that reads requests: path, query and body are decoded here or refused (T3, T4, F21).

It is plain ASGI and stands in front of Litestar, so no route, mount or plugin can be reached with
input that it hasn't seen. What it has decoded, handlers find under the names they know:
`request.json()`, `data: SomeStruct`, `request.form()`, and `form_of(request)`.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from litestar.connection import ASGIConnection
from litestar.exceptions import MethodNotAllowedException
from litestar.handlers import BaseRouteHandler
from litestar.utils.scope.state import ScopeState

from core.errors import BadRequest, TooLarge, UnsupportedMedia, VitralError
from core.http.asgi import ASGIApp, Message, Receive, Scope, Send
from core.http.convert import convert
from core.http.form_body import Form, parse_multipart, parse_urlencoded
from core.http.json_body import parse_json
from core.http.origin import SAFE_METHODS
from core.http.routes import FORM, JSON, MULTIPART, BodyRule, RouteFinder, rule_of
from core.i18n import gettext as _

__all__ = ["Decode", "TooSlow", "check_target", "form_of"]

GRACE = 10.0
"""Seconds a client has before its body must keep up with `FLOOR`."""
FLOOR = 1_000.0
"""Bytes per second below which a body is given up (F28)."""

_QUERY_BYTES = 8000
_QUERY_PAIRS = 250
"""Of the part after the question mark; Litestar remembers the last 1024, however long they are."""

_FORM_KEY = "form"
_URL_SAFE = bytes(range(0x21, 0x7F))


class TooSlow(VitralError):
    """The body comes in so slowly that it only holds a connection."""

    status = 408
    slug = "too-slow"


class _ClientGoneError(Exception):
    """The client left before its body was complete; there is nobody to answer."""


def form_of(connection: ASGIConnection[Any, Any, Any, Any] | Scope) -> Form:
    """Return the decoded form of a request or scope; an empty one if it had none."""
    scope: Scope = connection.scope if isinstance(connection, ASGIConnection) else connection
    form = scope.get("state", {}).get(_FORM_KEY)
    return form if isinstance(form, Form) else Form()


def check_target(scope: Scope) -> None:
    """Refuse a path or query that isn't UTF-8 or holds control characters (IO08).

    A query in raw UTF-8 is rewritten percent-encoded, because Litestar would read it as Latin-1.

    Raises:
        BadRequest: With which of the two is wrong; or the query is longer than any that a page sends.
    """
    path = scope["path"]
    raw = scope.get("raw_path") or b""
    if not path.isascii() or b"%" in raw:
        _decoded(
            unquote_to_bytes(raw.partition(b"?")[0]) if raw else path.encode("utf-8", "surrogatepass"),
            path=True,
        )
        if "\ufffd" in path or "\\" in path:
            raise _bad_target(path=True)
    elif not path.isprintable():
        raise _bad_target(path=True)
    query = scope.get("query_string") or b""
    if len(query) > _QUERY_BYTES or query.count(b"&") >= _QUERY_PAIRS:
        raise BadRequest(_("The part of the address after “?” is too long."))
    if not query.isascii():
        scope["query_string"] = query = quote(query, safe=_URL_SAFE).encode("ascii")
    if b"%" in query:
        _decoded(unquote_to_bytes(query), path=False)


def _decoded(raw: bytes, *, path: bool) -> None:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise _bad_target(path=path) from None
    if "\x00" in text or (path and any(ch < " " or "\x7f" <= ch <= "\x9f" for ch in text)):
        raise _bad_target(path=path)


def _bad_target(*, path: bool) -> BadRequest:
    if path:
        return BadRequest(_("The address holds characters that no page has."))
    return BadRequest(_("The part of the address after “?” is not valid UTF-8 text."))


class Decode:
    """ASGI layer in front of Litestar that decodes or refuses.

    Safe methods have no body: what a client sends with GET is never read. For the others the
    route says what it takes (`rule_of`). Problems are raised as `core.errors`; an `ErrorAnswers`
    layer outside turns them into responses.

    Args:
        app: The next layer, in the end Litestar.
        find: Tells which handler a request will reach (`RouteFinder`).
    """

    def __init__(self, app: ASGIApp, find: RouteFinder) -> None:
        self.app = app
        self.find = find
        self._rules: dict[tuple[int, bool], tuple[BaseRouteHandler, BodyRule]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        check_target(scope)
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS" and self.find(scope) is None:
            # Litestar would answer, for addresses that are hidden from whoever asks, too
            raise MethodNotAllowedException(headers={"allow": self.find.allowed(scope)})
        if scope["method"] in SAFE_METHODS or (handler := self.find(scope)) is None:
            await self.app(scope, _Replay(b"", receive), send)
            return
        try:
            body = await self._body(scope, receive, self._rule(handler, scope["path"]))
        except _ClientGoneError:
            return
        try:
            await self.app(scope, body, send)
        finally:
            await form_of(scope).close()

    def _rule(self, handler: BaseRouteHandler, path: str) -> BodyRule:
        key = (id(handler), path.startswith("/api/"))
        # the handler is kept beside its rule so that its id can't be given to another
        known = self._rules.get(key)
        if known is None:
            known = self._rules[key] = (handler, rule_of(handler, api=key[1]))
        return known[1]

    async def _body(self, scope: Scope, receive: Receive, rule: BodyRule) -> Receive:
        types, announced = [], 0
        for name, value in scope["headers"]:
            if name == b"content-type":
                types.append(value)
            elif name == b"content-length" and value.isdigit():
                announced = int(value[:20])
            elif name == b"content-encoding" and value.lower() != b"identity":
                raise UnsupportedMedia(_("Compressed bodies are not taken. Send it as it is."))
        reader = _Reader(receive, rule.limit)
        media, options = _media_type(types)
        if not media or media not in rule.accepts:
            # nothing at all is fine whatever the type; where no length is given it takes a look to know
            if not announced and await reader.next() is None:
                return self._nothing(scope, receive, rule)
            raise _unsupported(media, rule.accepts)
        if announced > rule.limit:
            raise reader.too_large()
        if media == MULTIPART:
            form = await parse_multipart(reader.chunks(), options.get("boundary", ""))
            self._keep_form(scope, form, b"")
            return _Replay(b"", receive)
        is_json = media == JSON or media.endswith("+json") or media == "application/csp-report"
        if not is_json and media != FORM:
            return _Limited(reader)
        if options.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            raise UnsupportedMedia(_("Only UTF-8 is taken."))
        body = await reader.all()
        if media == FORM:
            self._keep_form(scope, parse_urlencoded(body), body)
        elif not body:
            return self._nothing(scope, receive, rule)
        else:
            value = parse_json(body)
            state = ScopeState.from_scope(scope)
            state.body = body
            state.json = convert(value, rule.model) if rule.model is not None else value
        return _Replay(body, receive)

    @staticmethod
    def _nothing(scope: Scope, receive: Receive, rule: BodyRule) -> Receive:
        if rule.required and JSON in rule.accepts:
            raise BadRequest(_("This needs a JSON body."))
        ScopeState.from_scope(scope).body = b""
        return _Replay(b"", receive)

    @staticmethod
    def _keep_form(scope: Scope, form: Form, body: bytes) -> None:
        state = ScopeState.from_scope(scope)
        state.body = body
        state.form = form.as_dict()
        scope["state"][_FORM_KEY] = form


def _media_type(found: list[bytes]) -> tuple[str, dict[str, str]]:
    if len(found) > 1:
        raise BadRequest(_("The request has more than one Content-Type."))
    if not found:
        return "", {}
    media, *rest = found[0].decode("latin-1").split(";")
    options = {}
    for option in rest:
        name, equals, value = option.strip().partition("=")
        if equals:
            options[name.lower()] = value.strip().strip('"')
    return media.strip().lower(), options


def _unsupported(media: str, accepts: frozenset[str]) -> UnsupportedMedia:
    if not accepts:
        return UnsupportedMedia(_("This address takes no body."))
    wanted = ", ".join(sorted(accepts))
    if not media:
        return UnsupportedMedia(
            _("The request doesn't say what its body is."), hint=_("Send {types}.").format(types=wanted)
        )
    return UnsupportedMedia(
        _("A body of the type “{type}” is not taken here.").format(type=media[:100]),
        hint=_("Send {types}.").format(types=wanted),
    )


class _Reader:
    """Reads a body piece by piece, never past its limit, never from a client that stalls."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self.receive = receive
        self.limit = limit
        self.size = 0
        self.done = False
        self.deadline = 0.0

    def too_large(self) -> TooLarge:
        return TooLarge(_("This is larger than the {limit} bytes taken here.").format(limit=self.limit))

    async def next(self) -> bytes | None:
        """Return the next piece, or None at the end."""
        if not self.deadline:
            self.deadline = asyncio.get_running_loop().time() + GRACE
        while not self.done:
            try:
                async with asyncio.timeout_at(self.deadline + self.size / FLOOR):
                    message = await self.receive()
            except TimeoutError:
                raise TooSlow(_("The request came in too slowly and was given up.")) from None
            if message["type"] == "http.disconnect":
                raise _ClientGoneError
            piece: bytes = message.get("body", b"")
            self.done = not message.get("more_body", False)
            self.size += len(piece)
            if self.size > self.limit:
                raise self.too_large()
            if piece:
                return piece
        return None

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the pieces that are left."""
        while (piece := await self.next()) is not None:
            yield piece

    async def all(self) -> bytes:
        """Return what is left in one piece."""
        return b"".join([piece async for piece in self.chunks()])


class _Replay:
    """A `receive` that hands out a body already read, then only news of the connection."""

    __slots__ = ("body", "given", "receive")

    def __init__(self, body: bytes, receive: Receive) -> None:
        self.body = body
        self.receive = receive
        self.given = False

    async def __call__(self) -> Message:
        if not self.given:
            self.given = True
            return {"type": "http.request", "body": self.body, "more_body": False}
        message: Message = await self.receive()
        while message["type"] == "http.request":
            message = await self.receive()
        return message


class _Limited:
    """A `receive` for bodies that the handler reads itself, with the layer's limits."""

    __slots__ = ("reader",)

    def __init__(self, reader: _Reader) -> None:
        self.reader = reader

    async def __call__(self) -> Message:
        if self.reader.done:
            return await self.reader.receive()
        try:
            piece = await self.reader.next()
        except _ClientGoneError:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece or b"", "more_body": not self.reader.done}
