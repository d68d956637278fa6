"""May this go out? What content checks say about a post, and answering for what they hold against it."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from core.admin.content_lists import list_path, menu_key_of
from core.admin.flash import flash
from core.admin.menu import holds
from core.admin.shell import AnyRequest, Crumb, go, part, screen
from core.admin.writing import kind_of
from core.content import Checked, get_post_by_number, override_finding, run_checks
from core.contract.views import PostView
from core.errors import Invalid
from core.http import form_of, is_htmx
from core.i18n import gettext as _

__all__ = ["handlers"]


async def _answer(
    request: AnyRequest,
    found: PostView,
    checked: Checked,
    *,
    error: str = "",
    rule: str = "",
    typed: str = "",
) -> Response[str]:
    context: dict[str, Any] = {
        "post": found,
        "checked": checked,
        "may_override": holds("override_findings"),
        "error": error,
        "rule": rule,
        "typed": typed,
    }
    status = 422 if error else 200
    if is_htmx(request):
        return await part(request, "admin/writing/findings.html", status=status, **context)
    kind = kind_of(found)
    return await screen(
        request,
        "admin/writing/findings_page.html",
        key=menu_key_of(kind.name),
        title=_("Before it goes out"),
        crumbs=(
            Crumb(_(kind.title), list_path(kind.name)),
            Crumb(found.title or _("Untitled"), f"/admin/posts/{found.number}"),
        ),
        status=status,
        **context,
    )


@post("/admin/posts/{number:int}/checks", opt={"capability": "read"}, include_in_schema=False)
async def check(request: AnyRequest, number: FromPath[int]) -> Response[str]:
    """Run the checks on a post as it is saved. What they find is stored, so this is no GET."""
    found = await get_post_by_number(number, edit=True)
    checked = await run_checks(found.id, again=bool(form_of(request).get("again")))
    return await _answer(request, found, checked)


@post("/admin/posts/{number:int}/findings", opt={"capability": "override_findings"}, include_in_schema=False)
async def override(request: AnyRequest, number: FromPath[int]) -> Response[Any]:
    """Answer for a finding that blocks, with a reason."""
    found = await get_post_by_number(number, edit=True)
    form = form_of(request)
    rule = form.get("rule")
    reason = form.get(f"_reason.{rule}") or form.get("reason")
    try:
        checked = await override_finding(found.id, rule, reason)
    except Invalid as invalid:
        checked = await run_checks(found.id)
        wrong = next(iter(invalid.errors.values()))
        return await _answer(request, found, checked, error=wrong, rule=rule, typed=reason)
    if is_htmx(request):
        return await _answer(request, found, checked)
    flash(request, _("You answer for this finding now. It is recorded."))
    return go(request, f"/admin/posts/{number}")


handlers = [check, override]
