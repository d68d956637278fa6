"""Plugins of the site: what each declares before it is enabled, switching it on and off at run time, and uninstalling it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from core.admin.confirm import confirm_first
from core.admin.flash import flash
from core.admin.shell import AnyRequest, Crumb, go, screen
from core.admin.site_settings import owners_with_settings
from core.admin.words import words_of
from core.context import current_tenant
from core.contract.admin import Notice
from core.errors import Conflict, Invalid, Refused
from core.http import form_of
from core.i18n import gettext as _
from core.i18n import ngettext
from core.plugins import InstalledPlugin, current_registry
from core.sites import disable_plugin, enable_plugin, uninstall_plugin

__all__ = ["failed_plugins", "handlers"]

_OPT: Final = {"capability": "activate_plugins"}
_PATH: Final = "/admin/plugins"
_BRINGS: Final = {
    "register_access_levels": "Access levels of files",
    "register_access_policies": "Access policies",
    "register_audit_sinks": "Keepers of the audit",
    "register_cipher": "Cipher of sealed fields",
    "register_content_checks": "Checks before publishing",
    "register_content_formats": "Content formats",
    "register_content_types": "Content types",
    "register_dashboard_panels": "Boxes of the dashboard",
    "register_edit_panels": "Panels of the writing screen",
    "register_embed_providers": "Sites whose things can be shown",
    "register_extensions": "Fields on posts, terms or users",
    "register_import_handlers": "What it takes from imports",
    "register_jobs": "Jobs",
    "register_menu_items": "Menu entries",
    "register_owner_types": "Things that others may extend",
    "register_roles": "Roles",
    "register_shortcodes": "Shortcodes",
    "register_taxonomies": "Taxonomies",
    "register_template_helpers": "Helpers of templates",
}
"""Collections as people call them: rights and personal data have lines of their own."""


class Card(Struct, frozen=True, kw_only=True):
    """A plugin in the list."""

    name: str
    title: str
    description: str
    version: str
    enabled: bool
    for_all: bool
    """An operator turns it on, for every site."""
    first_party: bool
    has_settings: bool


def _card(plugin: InstalledPlugin, settings: set[str]) -> Card:
    registry = current_registry()
    manifest = plugin.manifest
    with words_of(plugin.subfolder("locale")):
        title, description = _(manifest.title), _(manifest.description) if manifest.description else ""
    return Card(
        name=plugin.name,
        title=title,
        description=description,
        version=manifest.version,
        enabled=plugin.name in registry.active(current_tenant().enabled),
        for_all=manifest.level == "installation",
        first_party=plugin.first_party,
        has_settings=plugin.name in settings,
    )


def failed_plugins() -> tuple[Notice, ...]:
    """Return a notice for each plugin that is installed and could not be loaded."""
    return tuple(
        Notice(
            kind="error",
            text=_("The plugin “%(name)s” could not be loaded and is left out: %(error)s")
            % {"name": failure.name, "error": failure.error},
        )
        for failure in current_registry().report.failures
    )


def _titles(names: Sequence[str]) -> list[str]:
    return [_title(current_registry().known(name)) for name in names]


def _title(plugin: InstalledPlugin) -> str:
    with words_of(plugin.subfolder("locale")):
        return _(plugin.manifest.title)


def _personal(plugin: InstalledPlugin) -> list[dict[str, Any]]:
    with words_of(plugin.subfolder("locale")):
        return [
            {
                "column": f"{item.table}.{item.column}",
                "category": _(item.mark.category),
                "sensitive": item.mark.sensitive,
                "purpose": _(item.mark.purpose),
                "retention": _(item.mark.retention),
            }
            for item in current_registry().declared(plugin.name).personal
        ]


@get(_PATH, opt=_OPT, include_in_schema=False)
async def listing(request: AnyRequest) -> Response[str]:
    """Show the installed plugins."""
    registry = current_registry()
    settings = {name for name, _title in owners_with_settings()}
    cards = [_card(plugin, settings) for plugin in registry.plugins.values()]
    cards.sort(key=lambda card: (not card.enabled, card.title.lower()))
    return await screen(
        request,
        "admin/plugins/list.html",
        key="plugins",
        title=_("Plugins"),
        notices=failed_plugins(),
        cards=cards,
        left_out=registry.report.left_out,
    )


async def _detail(request: AnyRequest, name: str, *, status: int = 200, problem: str = "") -> Response[str]:
    registry, tenant = current_registry(), current_tenant()
    plugin = registry.known(name)
    settings = {owner for owner, _title in owners_with_settings()}
    card = _card(plugin, settings)
    along: tuple[str, ...] = ()
    if card.enabled:
        along = tuple(other for other in registry.dependents(name) if other in tenant.enabled)
    elif not card.for_all:
        along = tuple(p for p in registry.closure((name,)) if p not in tenant.enabled and p != name)
    declared = registry.declared(name)
    return await screen(
        request,
        "admin/plugins/detail.html",
        key="plugins",
        title=card.title,
        crumbs=(Crumb(_("Plugins"), _PATH),),
        status=status,
        card=card,
        declared=declared,
        personal=_personal(plugin),
        brings=[
            (_(title), declared.brings[hook]) for hook, title in _BRINGS.items() if hook in declared.brings
        ],
        along=_titles(along),
        requires=_titles(plugin.manifest.requires),
        problem=problem,
    )


@get(f"{_PATH}/{{name:str}}", opt=_OPT, include_in_schema=False)
async def detail(request: AnyRequest, name: FromPath[str]) -> Response[str]:
    """Show everything that a plugin declares."""
    return await _detail(request, name)


def _back(request: AnyRequest, name: str) -> str:
    # on to where the button was, for those at a keyboard
    return f"{_PATH}#plugin-{name}" if form_of(request).get("_from") == "list" else f"{_PATH}/{name}#switch"


@post(f"{_PATH}/{{name:str}}/enable", opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def enable(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Enable a plugin, and what it requires."""
    try:
        done = await enable_plugin(name)
    except Invalid as error:
        return await _detail(request, name, status=422, problem=next(iter(error.errors.values())))
    except Refused as error:
        return await _detail(request, name, status=error.status, problem=str(error))
    if done:
        text = ngettext("%(names)s is on.", "%(names)s are on.", len(done))
        undo = f"{_PATH}/{name}/disable" if len(done) == 1 else ""
        flash(request, text % {"names": ", ".join(_titles(done))}, undo_url=undo)
    return go(request, _back(request, name))


@post(f"{_PATH}/{{name:str}}/disable", opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def disable(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Disable a plugin, and with consent those that require it. Its data stays."""
    agreed = bool(form_of(request).get("with_dependents"))
    try:
        done = await disable_plugin(name, with_dependents=agreed)
    except Invalid as error:
        return await _detail(request, name, status=422, problem=next(iter(error.errors.values())))
    except Refused as error:
        return await _detail(request, name, status=error.status, problem=str(error))
    text = ngettext("%(names)s is off. Its data stays.", "%(names)s are off. Their data stays.", len(done))
    undo = f"{_PATH}/{name}/enable" if len(done) == 1 else ""
    flash(request, text % {"names": ", ".join(_titles(done))}, undo_url=undo)
    return go(request, _back(request, name))


async def _leaving(request: AnyRequest, name: str, *, status: int = 200, problem: str = "") -> Response[str]:
    plugin = current_registry().known(name)
    title = _title(plugin)
    return await screen(
        request,
        "admin/plugins/uninstall.html",
        key="plugins",
        title=_("Uninstall “%(name)s”") % {"name": title},
        crumbs=(Crumb(_("Plugins"), _PATH), Crumb(title, f"{_PATH}/{name}")),
        status=status,
        name=name,
        tables=current_registry().declared(name).tables,
        problem=problem,
    )


@get(f"{_PATH}/{{name:str}}/uninstall", opt=_OPT, include_in_schema=False)
async def uninstall_form(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Ask whether everything that a plugin keeps here is to be exported and erased."""
    if name in current_registry().active(current_tenant().enabled):
        return go(request, f"{_PATH}/{name}#switch")
    return await _leaving(request, name)


@post(f"{_PATH}/{{name:str}}/uninstall", opt=_OPT, include_in_schema=False, before_request=confirm_first)
async def uninstall(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Export what a plugin that is off keeps here, and erase it."""
    registry = current_registry()
    if registry.known(name).name in registry.active(current_tenant().enabled):
        return await _detail(request, name, status=422, problem=_("Turn it off first."))
    folder: Path = request.app.state.runtime.settings.exports_folder
    try:
        report = await uninstall_plugin(name, folder)
    except Invalid as error:
        return await _leaving(request, name, status=422, problem=next(iter(error.errors.values())))
    except (Refused, Conflict) as error:
        return await _leaving(request, name, status=error.status, problem=str(error))
    text = _("%(name)s keeps nothing here any more. The installation's operator has the archive %(file)s.")
    (title,) = _titles((name,))
    flash(request, text % {"name": title, "file": Path(report.path).name})
    return go(request, f"{_PATH}/{name}#switch")


handlers = [listing, detail, enable, disable, uninstall_form, uninstall]
