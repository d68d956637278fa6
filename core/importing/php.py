"""PHP-serialised values, as WordPress stores them in meta. Data only: objects come back as dicts."""

import json
from io import BytesIO
from typing import Any

import phpserialize

__all__ = ["decode_meta"]

_MARKS = ("a:", "s:", "i:", "b:", "d:", "O:", "N;")


def decode_meta(text: str) -> Any:
    """Return the JSON value of a meta text: decoded if it is PHP-serialised, else as it stands.

    Arrays with keys 0..n-1 become lists. No class is ever made: an object becomes a dict of its
    fields with `__class__`. What only begins like it, is nested without end or is no JSON (infinite
    numbers) stays the text that it is.
    """
    if not text.startswith(_MARKS):
        return text
    data = BytesIO(text.strip().encode("utf-8"))
    try:
        value = phpserialize.load(data, decode_strings=True, object_hook=_as_dict, array_hook=_as_array)
        json.dumps(value, allow_nan=False)
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return text
    return text if data.read(1) else value


def _as_dict(name: str, fields: Any) -> dict[str, Any]:
    return {"__class__": str(name), **{str(key): value for key, value in dict(fields).items()}}


def _as_array(pairs: Any) -> Any:
    items = list(pairs)
    if [key for key, _value in items] == list(range(len(items))):
        return [value for _key, value in items]
    return {str(key): value for key, value in items}
