"""Starting a capped process, waiting for it, and saying what became of it."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from core.errors import Invalid, Unavailable, VitralError
from core.i18n import gettext as _

__all__ = ["Limits", "TookTooMuch", "run_capped"]

log = logging.getLogger("vitral.capped")
_CHILD: Final = Path(__file__).with_name("child.py")
_MOST_SAID: Final = 1_000_000
_AT_ONCE: Final = 2
_WAITING: Final = 64
_places: dict[asyncio.AbstractEventLoop, tuple[asyncio.Semaphore, list[int]]] = {}


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a capped process may use."""

    memory: int = 1_200_000_000
    """Bytes of address space, the interpreter's own among them."""
    cpu: int = 20
    """Seconds of the processor."""
    wall: float = 40.0
    """Seconds in all, waiting included."""
    written: int = 200_000_000
    """Bytes of each file that it writes."""


class TookTooMuch(VitralError):
    """The work needed more than it may use, or the process died of what it was given."""

    status = 422
    slug = "took-too-much"


async def run_capped(function: Callable[..., Any], limits: Limits | None = None, **arguments: Any) -> Any:
    """Run `function(**arguments)` in a capped process and return what it returns.

    Args:
        function: A function at the top of a module that imports little: it is found there by its name.
            It raises `FileRefused` for what people should read.
        limits: What it may use.
        arguments: JSON values; files go by their paths.

    Raises:
        Invalid: The function refused the file; under "file".
        TookTooMuch: It went over a limit, or the process died.
        Unavailable: Too much of this waits already.
    """
    limits = limits or Limits()
    asked = {
        "path": [entry for entry in sys.path if entry] or [os.getcwd()],
        "module": function.__module__,
        "function": function.__qualname__,
        "limits": msgspec.to_builtins(limits),
        "arguments": arguments,
    }
    turns, waiting = _turn()
    if waiting[0] >= _WAITING:
        raise Unavailable(_("Too many files are being looked at. Try again in a moment."))
    waiting[0] += 1
    try:
        async with turns:
            said = await _run(json.dumps(asked).encode(), limits)
    finally:
        waiting[0] -= 1
    return _outcome(said, function)


def _turn() -> tuple[asyncio.Semaphore, list[int]]:
    loop = asyncio.get_running_loop()
    for closed in [known for known in _places if known.is_closed()]:
        del _places[closed]
    return _places.setdefault(loop, (asyncio.Semaphore(_AT_ONCE), [0]))


async def _run(asked: bytes, limits: Limits) -> bytes | None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_CHILD),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={
            "LANG": "C.UTF-8",
            "MALLOC_ARENA_MAX": "2",
            "OPENBLAS_NUM_THREADS": "1",
        },  # nothing of ours: it holds secrets
        limit=_MOST_SAID,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(limits.wall):
            said, _nothing = await process.communicate(asked)
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return said if process.returncode == 0 and len(said) <= _MOST_SAID else None


def _outcome(said: bytes | None, function: Callable[..., Any]) -> Any:
    answer: dict[str, Any] = json.loads(said) if said else {"too_much": "time"}
    if "done" in answer:
        return answer["done"]
    if "refused" in answer:
        message = answer["refused"]
        raise Invalid({"file": _(message).format(**answer["values"])})
    if "failed" in answer:
        log.warning("%s.%s: %s", function.__module__, function.__qualname__, answer["failed"])
        raise Invalid({"file": _("The file is damaged, or is not what it says it is.")})
    raise TookTooMuch(
        _("This file needs more memory or time than a file may take."),
        hint=_("Make it smaller, or save it again with another program."),
    )
