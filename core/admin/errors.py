"""Errors in the admin's own frame: said plainly, with a way on, and with nothing that was typed lost."""

from typing import Any, Final

from litestar import Response

from core.accounts import LOGIN, current_visit
from core.admin.confirm import ask_to_confirm, carried_fields
from core.admin.shell import AnyRequest, bare
from core.context import current_actor
from core.http import Problem, is_htmx
from core.themes import render_admin

__all__ = ["admin_error_page"]

_STEP_UP: Final = "urn:vitral:problem:step-up"
_SECRET: Final = ("password", "current", "token", "identifier")
_WORTH_KEEPING: Final = 3


def _kept(request: AnyRequest) -> list[tuple[str, str]]:
    """Return the texts of a form that could not be taken, so that they can be copied."""
    return [
        (name, value)
        for name, value in carried_fields(request)
        if not name.startswith("_") and name not in _SECRET and len(value.strip()) > _WORTH_KEEPING
    ]


async def admin_error_page(request: AnyRequest, status: int, problem: Problem) -> Response[Any] | str | None:
    """Render an error of the admin: a screen, or for htmx the part that goes to the notices."""
    if problem.type == _STEP_UP and current_visit() is not None:
        return await ask_to_confirm(request, problem.detail)
    if is_htmx(request):
        return await render_admin("admin/parts/problem.html", {"problem": problem})
    return await bare(
        request,
        "admin/gate/error.html",
        title=problem.title,
        status=status,
        problem=problem,
        signed_in=current_actor().kind == "user",
        login=LOGIN,
        kept=_kept(request) if status in (401, 403) or status >= 500 else [],
    )
