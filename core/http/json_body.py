"""JSON from outside, read strictly (security control IO09, trap T4).

msgspec checks the grammar, UTF-8 and surrogates; this adds what it lets through: nesting beyond 64
levels, the same key twice, NUL, and integers no database column holds.
"""

import json
import re
from typing import Any

import msgspec

from core.errors import BadRequest
from core.i18n import gettext as _

__all__ = ["MAX_DEPTH", "parse_json"]

MAX_DEPTH = 64

_AT_BYTE = re.compile(r"\(byte (\d+)\)")
_ESCAPED_NUL = b"\\u0000"
_LONG_NUMBER = re.compile(rb"[0-9]{19}")
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1


class _TwiceError(Exception):
    def __init__(self, key: str) -> None:
        self.key = key


def _no_key_twice(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _value in pairs}) != len(pairs):
        seen: set[str] = set()
        for key, _value in pairs:
            if key in seen:
                raise _TwiceError(key)
            seen.add(key)


_DUPLICATES = json.JSONDecoder(object_pairs_hook=_no_key_twice)


def _too_deep() -> BadRequest:
    return BadRequest(_("The JSON is nested more than {limit} levels deep.").format(limit=MAX_DEPTH))


def parse_json(body: bytes) -> Any:
    """Return the value of a JSON text.

    Raises:
        BadRequest: It is no JSON, not UTF-8, deeper than `MAX_DEPTH`, names a key twice, or holds
            NUL or an integer beyond 64 bits. The message says which.
    """
    try:
        value = msgspec.json.decode(body)
    except RecursionError:
        raise _too_deep() from None
    except UnicodeDecodeError:
        raise BadRequest(_("The JSON is not valid UTF-8.")) from None
    except msgspec.DecodeError as error:
        at = _AT_BYTE.search(str(error))
        if at is not None:
            message = _("The JSON is malformed at byte {byte}.").format(byte=at[1])
        else:
            message = _("The JSON is malformed or ends too early.")
        raise BadRequest(message) from None
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _deeper_than(value, MAX_DEPTH):
        raise _too_deep()
    if b"{" in body:
        try:
            _DUPLICATES.decode(body.decode("utf-8"))
        except _TwiceError as error:
            raise BadRequest(
                _("The JSON has the key “{key}” twice in one object.").format(key=error.key)
            ) from None
    if _ESCAPED_NUL in body or _LONG_NUMBER.search(body):
        _look_through(value)
    return value


def _children(node: Any) -> list[Any]:
    return [child for child in (node.values() if type(node) is dict else node) if type(child) in (dict, list)]


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value] if type(value) in (dict, list) else []
    for _depth in range(limit):
        if not level:
            return False
        level = [child for node in level for child in _children(node)]
    return bool(level)


def _look_through(value: Any) -> None:
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if type(node) is dict:
            waiting += node.keys()
            waiting += node.values()
        elif type(node) is list:
            waiting += node
        elif type(node) is str:
            if "\x00" in node:
                raise BadRequest(_("The JSON holds a NUL character, which no field takes."))
        elif type(node) is int and not _LOWEST <= node <= _HIGHEST:
            raise BadRequest(_("The JSON holds a whole number that is too large."))
