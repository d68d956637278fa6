"""Every sentence of the core: those in its code and templates, and those that stand in its declarations."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_dir
from jinja2.ext import babel_extract

import core
from core.accounts import CORE_CAPABILITIES, CORE_ROLES
from core.accounts.hooks import register_jobs as _accounts_jobs
from core.admin import (
    content_lists,
    hooks,
    plugins,
    profile,
    site_settings,
    terms,
    user_forms,
    users,
)
from core.admin.view import AdminView
from core.content.hooks import register_jobs as _content_jobs
from core.content.types import CORE_TAXONOMIES, CORE_TYPES
from core.mail.hooks import register_jobs as _mail_jobs
from core.plugins import describe_settings
from core.site.hooks import register_widget_types
from core.tenancy import SiteSettings

__all__ = ["pairs", "sentences"]

_FOLDER = Path(core.__file__).parent


def pairs() -> set[tuple[str, str]]:
    """Return the message ids that come as one and many."""
    found = {message for message in _extracted() if isinstance(message, tuple)}
    for view in _views():
        found |= {action.done for action in view.all_actions}
    return {(one, many) for one, many, *_rest in found}


def sentences() -> set[str]:
    """Return the English message ids that people read."""
    return {text for text in (*_marked(), *_declared()) if text and re.search(r"[A-Za-z]{2}", text)}


def _extracted() -> Iterator[Any]:
    found = extract_from_dir(
        _FOLDER,
        method_map=[("**.py", "python"), ("**/templates/**.html", babel_extract)],
        options_map={
            "**/templates/**.html": {
                "newstyle_gettext": "true",
                "extensions": "jinja2.ext.loopcontrols",
                "silent": "false",
            }
        },
        keywords={"_": None, "gettext": None, "ngettext": (1, 2)},
    )
    for _file, _line, message, _comments, _context in found:
        yield message


def _marked() -> Iterator[str]:
    for message in _extracted():
        yield from message if isinstance(message, tuple) else (message,)


def _views() -> tuple[AdminView[Any, Any], ...]:
    return (users.users, content_lists.ContentList(CORE_TYPES[0]), terms.TermList(CORE_TAXONOMIES[0]))


def _declared() -> Iterator[str]:
    for kind in (*hooks.register_jobs(), *_accounts_jobs(), *_content_jobs(), *_mail_jobs()):
        yield kind.title
    for item in (*hooks.register_menu_items(), *hooks.register_dashboard_panels()):
        yield item.title
    for view in _views():
        yield from _of_view(view)
    for model in (
        SiteSettings,
        user_forms.UserForm,
        user_forms.NewUserForm,
        user_forms.InvitationForm,
        profile.ProfileForm,
        terms.TermForm,
    ):
        yield from _of_model(model)
    for widget in register_widget_types():
        yield from (widget.title, widget.description, *_of_model(widget.settings))
    for title, help_text, _names in site_settings._GROUPS.values():
        yield from (title, help_text)
    yield from (*site_settings._LABELS.values(), *site_settings._PRESETS.values())
    yield from plugins._BRINGS.values()
    yield from (*users._LANGUAGES.values(), *content_lists._TABS.values())
    for right in CORE_CAPABILITIES:
        yield from (right.title, right.group)
    for role in CORE_ROLES:
        yield role.title
    yield from core.admin.menu._SECTIONS.values()


def _of_model(model: Any) -> Iterator[str]:
    for field in describe_settings(model):
        yield from (field.title, field.help, str(field.extra.get("group", "")))
        yield from field.extra.get("labels", {}).values()


def _of_view(view: AdminView[Any, Any]) -> Iterator[str]:
    yield from (view.title, view.singular, view.description, view.empty.title, view.empty.text)
    for column in view.columns:
        yield column.title
        yield from (label for label, _tone in column.labels.values())
    for chosen in view.filters:
        yield chosen.title
    for action in view.all_actions:
        yield from (action.title, *action.done, action.confirm)
