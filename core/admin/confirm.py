"""Showing the password again in the middle of something, without losing what was typed.

An operation that wants a fresh factor raises `StepUp`. The answer is a screen that asks for the
password and carries the whole form along; sent again, it does what was asked for in the first place.
"""

from typing import Any, Final

from litestar import Response

from core.accounts import STEP_UP, StepUpForm, step_up
from core.admin.shell import AnyRequest, bare
from core.errors import Invalid
from core.http import SAFE_METHODS, TOKEN_FIELD, form_of, is_htmx
from core.http.asgi import asked_path
from core.i18n import gettext as _

__all__ = ["CONFIRM_FIELD", "ask_to_confirm", "carried_fields", "confirm_first"]

CONFIRM_FIELD: Final = "_confirm"
_LONGEST: Final = 4096


def carried_fields(request: AnyRequest) -> list[tuple[str, str]]:
    """Return the fields of the form that was sent, without what belongs to the request alone."""
    return [pair for pair in form_of(request).fields if pair[0] not in (TOKEN_FIELD, CONFIRM_FIELD)]


async def ask_to_confirm(
    request: AnyRequest, message: str = "", *, error: str = "", then: str = ""
) -> Response[str]:
    """Answer with the screen that asks for the password.

    Args:
        request: What needs confirming; its form is carried along.
        message: Why it is asked for.
        error: What was wrong with the last try.
        then: Go on to this path; without it, the request is made again.
    """
    carry = not then and request.method not in SAFE_METHODS
    query = request.scope.get("query_string", b"").decode("ascii", "replace")
    path = asked_path(request.scope) + (f"?{query}" if query else "")
    response = await bare(
        request,
        "admin/gate/confirm.html",
        title=_("Confirm that it is you"),
        status=422 if error else 200 if then else 401,
        action=path if carry else STEP_UP,
        password_name=CONFIRM_FIELD if carry else "password",
        fields=carried_fields(request) if carry else [("next", then or path)],
        message=message,
        error=error,
    )
    if is_htmx(request):
        response.headers.update({"hx-retarget": "body", "hx-reswap": "innerHTML", "hx-push-url": "false"})
    return response


async def confirm_first(request: AnyRequest) -> Response[Any] | None:
    """Take the password that came along with a form, before its handler runs (`before_request`)."""
    if request.method in SAFE_METHODS:
        return None
    password = form_of(request).get(CONFIRM_FIELD)
    if not password:
        return None
    try:
        if len(password) > _LONGEST:
            raise Invalid({"password": _("This password is too long.")})
        await step_up(StepUpForm(password=password))
    except Invalid as invalid:
        return await ask_to_confirm(request, error=next(iter(invalid.errors.values())))
    return None
