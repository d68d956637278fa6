"""Deny by default, at the start: what every route says about who may use it (control AC01)."""

from collections.abc import Iterator
from typing import Any, Final

from litestar import Litestar

from core.accounts.access import PUBLIC
from core.accounts.capabilities import catalogue
from core.errors import StartError
from core.hooks import Plan, did_you_mean, use_plan
from core.http import is_written

__all__ = ["require_known_rights"]

_ALSO: Final = frozenset({PUBLIC, "exist"})
_CSRF: Final = (None, True, False, "origin", "handler")
_AUTH: Final = (None, "token")


def require_known_rights(app: Litestar, plan: Plan) -> None:
    """Refuse to start while a route says nothing, or something impossible, about who may use it.

    Args:
        app: The application, built.
        plan: Hooks of all installed plugins: what they bring counts, whether or not a site has it on.

    Raises:
        StartError: Names every such route, and what was probably meant.
    """
    with use_plan(plan):
        known = frozenset(catalogue()) | _ALSO
    wrong = sorted(set(_complaints(app, known)))
    if wrong:
        raise StartError(
            "Some routes don't say who may use them:\n  " + "\n  ".join(wrong),
            hint='Write opt={"capability": "edit_posts"}, or "public" for everybody.',
        )


def _complaints(app: Litestar, known: frozenset[str]) -> Iterator[str]:
    for route in app.routes:
        handlers: Any = getattr(route, "route_handlers", None) or (getattr(route, "route_handler", None),)
        for handler in handlers:
            if handler is None or not is_written(handler):
                continue
            for what in _wrong(handler.opt, known):
                yield f"{route.path} ({handler}): {what}"


def _wrong(opt: dict[str, Any], known: frozenset[str]) -> Iterator[str]:
    capability = opt.get("capability")
    if not isinstance(capability, str) or not capability:
        yield "no capability"
    elif capability not in known:
        yield f"there is no capability {capability!r}. {did_you_mean(capability, known)}".rstrip()
    if opt.get("csrf") not in _CSRF:
        yield f"csrf is {opt['csrf']!r}; it is False or 'origin'"
    if opt.get("csrf") == "handler" and opt.get("plugin"):
        yield "csrf is 'handler', which is for the core's page handler alone; write 'origin'"
    if opt.get("auth") not in _AUTH:
        yield f"auth is {opt['auth']!r}; it is 'token'"
    if opt.get("csrf") is False and opt.get("auth") != "token":
        yield "csrf is switched off, which only routes with auth='token' may do"
