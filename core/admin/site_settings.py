"""Settings of the site and of its plugins: forms made of their Structs."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final
from zoneinfo import available_timezones

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from core.accounts import ADMIN_CAPABILITIES, list_roles
from core.admin.confirm import confirm_first
from core.admin.content_filters import options_of
from core.admin.content_lists import arrange
from core.admin.flash import flash
from core.admin.forms import FormField, FormGroup, filled, form_groups, submitted
from core.admin.pieces import Option
from core.admin.shell import AnyRequest, Crumb, go, screen
from core.admin.view_routes import FormProblem, problem_of, status_of
from core.content import list_posts, term_tree
from core.context import current_tenant
from core.contract.content import ListingQuery
from core.errors import Invalid, NotFound, Refused
from core.http import FormState, form_of
from core.i18n import gettext as _
from core.plugins import current_registry, settings
from core.sites import save_settings
from core.tenancy import PERMALINK_PRESETS, SiteSettings

__all__ = ["handlers", "owners_with_settings"]

_OPT: Final = {"capability": "manage_options"}
_PATH: Final = "/admin/settings"

_GROUPS: Final[Mapping[str, tuple[str, str, tuple[str, ...]]]] = {
    "general": (
        "General",
        "What the site is called, and how it speaks.",
        ("title", "tagline", "language", "timezone", "date_format", "time_format", "mail_from_name"),
    ),
    "reading": (
        "Reading",
        "What visitors and search engines get.",
        (
            "front_page",
            "page_on_front",
            "page_for_posts",
            "posts_per_page",
            "feed_items",
            "search_engines_allowed",
        ),
    ),
    "permalinks": (
        "Addresses",
        "What addresses of posts look like. Old ones keep leading to the right place.",
        ("permalink_structure", "category_base", "tag_base"),
    ),
    "writing": (
        "Writing",
        "How texts begin, and how long their past is kept.",
        ("editor", "default_category", "comments_open", "revisions_kept", "trash_days"),
    ),
    "people": ("People", "Who gets in, and as what.", ("registration", "default_role")),
}
"""Pages of the site's settings: title, what it is about, and settings in their order."""

_LABELS: Final[Mapping[tuple[str, str], str]] = {
    ("language", "pt-BR"): "Português (Brasil)",
    ("language", "en"): "English",
    ("front_page", "posts"): "The latest posts",
    ("front_page", "page"): "A page of your choice",
    ("editor", "blocks"): "In blocks",
    ("editor", "html"): "As HTML",
    ("registration", "closed"): "Nobody new",
    ("registration", "invitation"): "By invitation",
    ("registration", "open"): "Everybody may register",
    ("date_format", "short"): "Short",
    ("date_format", "medium"): "Medium",
    ("date_format", "long"): "Long",
    ("date_format", "full"): "With the weekday",
    ("time_format", "short"): "Hours and minutes",
    ("time_format", "medium"): "With seconds",
}
_OWN: Final = "own"
"""Instead of a preset: the structure as it was typed."""
_PRESETS: Final[Mapping[str, str]] = {
    "name": "Title",
    "day": "Day and title",
    "month": "Month and title",
    "numeric": "Number",
    "plain": "Plain",
}


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"))


async def _pages() -> list[Option]:
    query = ListingQuery(types=("page",), order="menu", ascending=True, per_page=100, count=False)
    found = (await list_posts(query, "admin", ext=False)).items
    return [Option(str(row.post.id), row.post.title or _("Untitled"), row.depth) for row in arrange(found)]


async def _choices(field: str) -> Sequence[Option] | None:
    match field:
        case "page_on_front" | "page_for_posts":
            return [Option("", _("None")), *await _pages()]
        case "default_category":
            return [Option("", _("The first one")), *options_of(await term_tree("category"))]
        case "default_role":
            return [
                Option(role.name, _(role.title))
                for role in await list_roles()
                if not role.capabilities & ADMIN_CAPABILITIES
            ]
        case "timezone":
            return [Option(zone, zone.replace("_", " ")) for zone in _zones()]
    return None


async def _site_groups(page: str) -> tuple[FormGroup, ...]:
    names = _GROUPS[page][2]
    found = {
        field.name: field for group in await form_groups(SiteSettings, _choices) for field in group.fields
    }
    return (FormGroup(fields=tuple(_labelled(found[name]) for name in names if name in found)),)


def _labelled(field: FormField) -> FormField:
    options = tuple(
        Option(option.value, _(_LABELS.get((field.name, option.value), option.label)), option.level)
        for option in field.options
    )
    kind = "radio" if field.name in ("front_page", "registration", "editor") else field.kind
    return msgspec.structs.replace(field, options=options, kind=kind)


def owners_with_settings() -> list[tuple[str, str]]:
    """Return the enabled plugins that have settings, with their titles."""
    registry = current_registry()
    active = registry.active(current_tenant().enabled)
    return [
        (name, _(plugin.manifest.title))
        for name, plugin in registry.plugins.items()
        if name in active and plugin.settings is not None
    ]


async def _screen(
    request: AnyRequest, page: str, state: FormState[Any], problem: FormProblem | None = None
) -> Response[str]:
    title, help_text, _names = _GROUPS[page]
    return await screen(
        request,
        "admin/settings/site.html",
        key="settings",
        title=_("Settings"),
        status=status_of(state, problem),
        page=page,
        page_title=_(title),
        page_help=_(help_text),
        pages=[(name, _(group[0])) for name, group in _GROUPS.items()],
        plugins=owners_with_settings(),
        groups=await _site_groups(page),
        state=state,
        problem=problem,
        presets=[(name, _(label), PERMALINK_PRESETS[name]) for name, label in _PRESETS.items()],
        action=_PATH if page == "general" else f"{_PATH}/{page}",
    )


def _page(name: str) -> str:
    if name not in _GROUPS:
        raise NotFound(_("There is nothing at this address."))
    return name


@get([_PATH, f"{_PATH}/{{page:str}}"], opt=_OPT, include_in_schema=False)
async def site_form(request: AnyRequest) -> Response[str]:
    """Show a page of the site's settings."""
    page = str(request.path_params.get("page", "general"))
    return await _screen(request, _page(page), filled(settings(SiteSettings)))


@post([_PATH, f"{_PATH}/{{page:str}}"], opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def save_site(request: AnyRequest) -> Response[Any]:
    """Save a page of the site's settings; the others stay."""
    page = str(request.path_params.get("page", "general"))
    names = _GROUPS[_page(page)][2]
    state = submitted(request, _part_of(page), also=("preset",))
    if state.data is None:
        return await _screen(request, page, state)
    values = {name: getattr(state.data, name) for name in names}
    preset = form_of(request).get("preset") or _OWN
    if page == "permalinks" and preset != _OWN:
        if preset not in PERMALINK_PRESETS:
            state = state.failed({"permalink_structure": _("There is no such kind of address.")})
            return await _screen(request, page, state)
        values["permalink_structure"] = PERMALINK_PRESETS[preset]
    try:
        await save_settings("site", msgspec.to_builtins(values))
    except Invalid as error:
        return await _screen(request, page, state.failed(error.errors))
    except Refused as error:
        return await _screen(request, page, state, problem_of(error))
    flash(request, _("The settings are saved."))
    return go(request, _PATH if page == "general" else f"{_PATH}/{page}")


@lru_cache(maxsize=8)
def _part_of(page: str) -> type[Struct]:
    """Return a Struct of the settings that one page shows."""
    wanted = set(_GROUPS[page][2])
    fields = [
        (field.name, field.type, field.default)
        for field in msgspec.structs.fields(SiteSettings)
        if field.name in wanted
    ]
    return msgspec.defstruct(
        f"Site{page.title()}", fields, frozen=True, kw_only=True, forbid_unknown_fields=True
    )


async def _plugin_screen(
    request: AnyRequest, name: str, state: FormState[Any], problem: FormProblem | None = None
) -> Response[str]:
    plugin = current_registry().known(name)
    return await screen(
        request,
        "admin/settings/plugin.html",
        key="settings",
        title=_(plugin.manifest.title),
        crumbs=(Crumb(_("Settings"), _PATH),),
        status=status_of(state, problem),
        name=name,
        pages=[(page, _(group[0])) for page, group in _GROUPS.items()],
        plugins=owners_with_settings(),
        groups=await form_groups(_model(name)),
        state=state,
        problem=problem,
        action=f"{_PATH}/plugin/{name}",
    )


def _model(name: str) -> type[Struct]:
    if name not in {owner for owner, _title in owners_with_settings()}:
        raise NotFound(_("There is nothing at this address."))
    return current_registry().settings_model(name)


@get(f"{_PATH}/plugin/{{name:str}}", opt=_OPT, include_in_schema=False)
async def plugin_form(request: AnyRequest, name: FromPath[str]) -> Response[str]:
    """Show the settings of a plugin."""
    return await _plugin_screen(request, name, filled(settings(_model(name))))


@post(f"{_PATH}/plugin/{{name:str}}", opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def save_plugin(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Save the settings of a plugin."""
    state = submitted(request, _model(name))
    if state.data is None:
        return await _plugin_screen(request, name, state)
    try:
        await save_settings(name, msgspec.to_builtins(state.data))
    except Invalid as error:
        return await _plugin_screen(request, name, state.failed(error.errors))
    except Refused as error:
        return await _plugin_screen(request, name, state, problem_of(error))
    flash(request, _("The settings are saved."))
    return go(request, f"{_PATH}/plugin/{name}")


handlers = [site_form, save_site, plugin_form, save_plugin]
