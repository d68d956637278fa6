"""Customise: the look of the site, changed beside the site itself, as a draft until it is published."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from core.accounts import decide
from core.admin.confirm import confirm_first
from core.admin.customise_form import contrast_warnings, read_brand, read_theme_look, token_groups
from core.admin.flash import flash
from core.admin.shell import AnyRequest, Crumb, go, part, screen
from core.admin.themes import lacking
from core.admin.view_routes import problem_of
from core.content import list_posts, used_terms
from core.context import current_actor, current_tenant
from core.contract.content import ListingQuery
from core.errors import Conflict, Forbidden, Invalid
from core.http import form_of
from core.i18n import gettext as _
from core.sites import (
    check_theme_look,
    discard_look_draft,
    edited_look,
    look_versions,
    publish_look,
    restore_look,
    save_look_draft,
)
from core.themes import CSS_LIMIT, LookSettings, Theme, ThemeLook, cleaned_css, current_themes

__all__ = ["handlers"]

_OPT: Final = {"capability": "edit_theme_options"}
_PATH: Final = "/admin/customise"
_VERSIONS: Final = f"{_PATH}/versions"
_FORM: Final = {**_OPT, "accepts": ("multipart", "form"), "body_limit": 45_000_000}


def _line(request: AnyRequest) -> tuple[Theme, ...]:
    """Return the theme that is changed, then its parents: the site's, or one that is only tried on."""
    themes = current_themes()
    wanted = request.query_params.get("wear", "")
    return themes.lineage(themes.known(wanted).name if wanted else current_tenant().theme)


def _query(line: tuple[Theme, ...]) -> str:
    return f"?wear={line[0].name}" if line[0].name != current_tenant().theme else ""


async def _may_css() -> bool:
    return (await decide(current_actor(), "edit_css")).allowed


async def _places() -> list[tuple[str, str]]:
    """Return pages of the site that show most of a theme: address and name."""
    places = [("/", _("Front page"))]
    for kind, title in (("post", _("A text")), ("page", _("A page"))):
        found = await list_posts(ListingQuery(types=(kind,), per_page=1, count=False), "widget", parts=False)
        places += [(item.url, title) for item in found.items]
    places += [(term.url, _("A list")) for term in await used_terms("category", 1)]
    return [*places, ("/?s=a", _("Search"))]


async def _screen(
    request: AnyRequest,
    values: LookSettings,
    *,
    base: str,
    drafted: bool,
    errors: Mapping[str, str] | None = None,
    error: Conflict | Forbidden | None = None,
) -> Response[str]:
    line, errors = _line(request), errors or {}
    own = values.themes.get(line[0].name, ThemeLook())
    trying = {"look": "draft"} | ({"wear": line[0].name} if _query(line) else {})
    return await screen(
        request,
        "admin/customise/customise.html",
        key="customise",
        title=_("Customise"),
        status=422 if errors else error.status if error is not None else 200,
        problem=problem_of(error) if error is not None else None,
        values=values,
        css=own.css,
        css_limit=CSS_LIMIT,
        may_css=await _may_css(),
        groups=token_groups(line, own, errors),
        errors=errors,
        warnings=contrast_warnings(line, own),
        cleaned=cleaned_css(own.css),
        base=base,
        drafted=drafted,
        theme=line[0],
        worn=not _query(line),
        lacks=lacking(line[0]),
        action=f"{_PATH}{_query(line)}",
        check=f"{_PATH}/check{_query(line)}",
        trying=urlencode(trying),
        places=await _places(),
    )


@get(_PATH, opt=_OPT, include_in_schema=False)
async def form(request: AnyRequest) -> Response[str]:
    """Show the look of the site, as it is or as its draft has it."""
    edited = await edited_look()
    return await _screen(request, edited.values, base=edited.base, drafted=edited.drafted)


@post(_PATH, opt=_FORM, include_in_schema=False, before_request=confirm_first)
async def save(request: AnyRequest) -> Response[Any]:
    """Keep the look as a draft, or publish it."""
    sent, line, edited = form_of(request), _line(request), await edited_look()
    theme = line[0].name
    own = read_theme_look(sent, line, edited.values.themes.get(theme, ThemeLook()), may_css=await _may_css())
    branded, errors = await read_brand(sent, edited.values)
    values = msgspec.structs.replace(branded, themes={**edited.values.themes, theme: own})
    base = sent.get("_base") or ""
    errors = {**errors, **check_theme_look(theme, own)}
    publish = sent.get("_action") == "publish" and not sent.get("_reset")
    try:
        if errors:
            if branded != edited.values:  # browsers don't send a file twice
                await save_look_draft(branded, base=base)
            raise Invalid(errors)
        if not publish:
            await save_look_draft(values, base=base)
            flash(request, _("The draft is saved. Only those who may change the look see it."))
            return go(request, f"{_PATH}{_query(line)}")
        number = await publish_look(values, base=base)
    except Invalid as invalid:
        now = await edited_look()
        return await _screen(request, values, base=now.base, drafted=now.drafted, errors=invalid.errors)
    except (Conflict, Forbidden) as error:
        return await _screen(request, values, base=edited.base, drafted=edited.drafted, error=error)
    flash(request, _("The site looks like this now."), undo_url=f"{_VERSIONS}/{number - 1}")
    return go(request, f"{_PATH}{_query(line)}")


@post(f"{_PATH}/check", opt={**_OPT, "body_limit": 200_000}, include_in_schema=False, status_code=200)
async def check(request: AnyRequest) -> Response[str]:
    """Say what is hard to read in a look that nobody saved, and clean its style sheet for the preview."""
    line, edited = _line(request), await edited_look()
    before = edited.values.themes.get(line[0].name, ThemeLook())
    own = read_theme_look(form_of(request), line, before, may_css=await _may_css())
    return await part(
        request,
        "admin/customise/warnings.html",
        warnings=contrast_warnings(line, own),
        cleaned=cleaned_css(own.css),
        errors=check_theme_look(line[0].name, own),
    )


@post(f"{_PATH}/discard", opt=_OPT, include_in_schema=False)
async def discard(request: AnyRequest) -> Response[Any]:
    """Let the draft go."""
    await discard_look_draft()
    flash(request, _("The draft is gone. Visitors see what they saw all along."))
    return go(request, _PATH)


@get(_VERSIONS, opt=_OPT, include_in_schema=False)
async def versions(request: AnyRequest) -> Response[str]:
    """Show the looks that the site had."""
    return await screen(
        request,
        "admin/customise/versions.html",
        key="customise",
        title=_("Earlier looks"),
        crumbs=(Crumb(_("Customise"), _PATH),),
        versions=await look_versions(),
    )


@post(f"{_VERSIONS}/{{number:int}}", opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def restore(request: AnyRequest, number: FromPath[int]) -> Response[Any]:
    """Bring an earlier look back; 0 is the theme as it comes."""
    new = await restore_look(number)
    flash(request, _("The look is back."), undo_url=f"{_VERSIONS}/{new - 1}")
    return go(request, _VERSIONS)


handlers = [form, save, check, discard, versions, restore]
