"""What plugins keep with a post, a term or a person, as sections of its form: shown, read, and rendered."""

import logging
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from core.accounts import extensions_of
from core.admin.menu import holds
from core.content import site_zone
from core.contract.admin import EditPanel
from core.hooks import collect
from core.http import Form, FormState, fill_form, read_form
from core.i18n import gettext as _
from core.themes import render_admin
from hookspecs import admin

__all__ = ["Panel", "ReadExt", "panels_of", "read_ext", "shown_ext", "with_ext"]

log = logging.getLogger("vitral.admin")


class Panel(Struct, frozen=True, kw_only=True):
    """A plugin's section, rendered by an escaping template."""

    key: str
    title: str
    html: str


class ReadExt(Struct, frozen=True, kw_only=True):
    """What the sections of a form sent."""

    values: Mapping[str, str | list[str]] = {}
    """As it was typed, by the full names of the inputs."""
    errors: Mapping[str, str] = {}
    data: Mapping[str, Any] = {}
    """What was read without a mistake, by plugin."""


def shown_ext(owner: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a form's sections by input name.

    Args:
        owner: "post", "term" or "user".
        kept: What plugins keep with it, by plugin.
    """
    values: dict[str, Any] = {}
    for extension in extensions_of(owner):
        found = kept.get(extension.key)
        if isinstance(found, Struct):
            shown = fill_form(found, zone=site_zone()).values
            values |= {f"ext.{extension.key}.{name}": value for name, value in shown.items()}
    return values


def read_ext(form: Form, owner: str) -> ReadExt:
    """Read the sections that a form showed (its hidden `_ext` inputs say which), every mistake at once."""
    values: dict[str, str | list[str]] = {}
    errors: dict[str, str] = {}
    data: dict[str, Any] = {}
    shown = set(form.all("_ext"))
    for extension in extensions_of(owner):
        if extension.key not in shown:
            continue
        prefix = f"ext.{extension.key}."
        own = Form(
            tuple((name.removeprefix(prefix), v) for name, v in form.fields if name.startswith(prefix))
        )
        read = read_form(own, extension.input, zone=site_zone())
        values |= {f"{prefix}{name}": value for name, value in read.values.items()}
        errors |= {f"{prefix}{name}": text for name, text in read.errors.items()}
        if read.data is not None:
            data[extension.key] = read.data
    return ReadExt(values=values, errors=errors, data=data)


def with_ext(state: FormState[Any], read: ReadExt) -> FormState[Any]:
    """Return the state of a form with that of its sections; it has data only if nothing is wrong in either."""
    errors = {**state.errors, **read.errors}
    return FormState({**state.values, **read.values}, errors, None if errors else state.data)


async def panels_of(owner: str, kind: str, view: Any, state: FormState[Any]) -> tuple[Panel, ...]:
    """Return the sections of a form that its reader may see.

    Args:
        owner: "post", "term" or "user".
        kind: The type of the post, or the taxonomy of the term; "" for people.
        view: The PostView, TermView or UserView; None for a new one.
        state: The form as it is shown.
    """
    found = []
    panels = sorted(collect(admin.register_edit_panels), key=lambda panel: (panel.position, panel.key))
    for panel in panels:
        if panel.owner != owner or (panel.types and kind not in panel.types) or not holds(panel.capability):
            continue
        html = await _rendered(panel, view, state)
        if html is not None and html.strip():  # a section that says nothing is none
            found.append(Panel(key=panel.key, title=_(panel.title), html=html))
    return tuple(found)


async def _rendered(panel: EditPanel, view: Any, state: FormState[Any]) -> str | None:
    try:
        context: dict[str, Any] = await panel.context(view) if panel.context is not None else {}
        about = {panel.owner: view, "panel": panel, "state": state}
        return await render_admin(panel.template, {**about, **context})
    except Exception:  # a plugin's section must not keep people from working
        log.exception("The panel %s of a form about a %s failed and is left out.", panel.key, panel.owner)
        return None
