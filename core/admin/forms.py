"""Forms from Structs: what each field looks like, and reading what was sent."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

from core.admin.pieces import Option
from core.content import site_zone
from core.http import Form, FormState, fill_form, form_of, read_form
from core.i18n import gettext as _
from core.plugins import SettingField, describe_settings

__all__ = ["Choices", "FormField", "FormGroup", "filled", "form_groups", "submitted"]

T = TypeVar("T", bound=Struct)

Choices = Callable[[str], Awaitable[Sequence[Option] | None]]
"""Returns what can be chosen in a field, by its name; None to go by the field's type."""

_WIDGETS: Final = ("textarea", "email", "url", "password", "tel", "color", "radio", "hidden")
_INPUTS: Final = {
    "integer": "number",
    "number": "number",
    "date": "date",
    "datetime": "datetime-local",
    "time": "time",
}


class FormField(Struct, frozen=True, kw_only=True):
    """A field as the templates show it."""

    name: str
    kind: str
    """"input", "textarea", "switch", "select", "radio", "ticks", "lines", "picture" or "fixed"."""
    type: str = "text"
    label: str
    help: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    step: str = ""
    autocomplete: str = ""
    half: bool = False
    """Shares its line with another one."""


class FormGroup(Struct, frozen=True, kw_only=True):
    """Fields under one heading."""

    title: str = ""
    help: str = ""
    fields: tuple[FormField, ...]


async def form_groups(model: type[Struct], choices: Choices | None = None) -> tuple[FormGroup, ...]:
    """Return the fields of a form, by their group, in the Struct's order.

    A field's title, help and group come from its `Meta`: `title`, `description` and
    `extra_json_schema={"group": ..., "widget": ..., "labels": {value: message id}, "width": "half"}`.

    Args:
        model: The Struct behind the form.
        choices: Returns options that only the site knows.
    """
    required = {field.encode_name: field.required for field in msgspec.structs.fields(model)}
    groups: dict[str, list[FormField]] = {}
    group = ""
    for setting in describe_settings(model):
        group = str(setting.extra.get("group", group))
        options = await choices(setting.name) if choices is not None else None
        groups.setdefault(group, []).append(_field(setting, options, required[setting.name]))
    return tuple(
        FormGroup(title=_(name) if name else "", fields=tuple(found)) for name, found in groups.items()
    )


def _field(setting: SettingField, options: Sequence[Option] | None, required: bool) -> FormField:
    kind, input_type = _kind(setting, options)
    found = tuple(options) if options is not None else _options(setting)
    if kind == "select" and setting.optional and options is None:
        found = (Option("", "—"), *found)
    return FormField(
        name=setting.name,
        kind=kind,
        type=input_type,
        label=_(setting.title),
        help=_(setting.help) if setting.help else "",
        required=(required or bool(setting.min_length)) and not setting.optional,
        options=found,
        minimum=setting.minimum,
        maximum=setting.maximum,
        max_length=setting.max_length,
        step="any" if setting.kind == "number" else "",
        autocomplete=str(setting.extra.get("autocomplete", "")),
        half=setting.extra.get("width") == "half",
    )


def _kind(setting: SettingField, options: Sequence[Option] | None) -> tuple[str, str]:
    widget = setting.extra.get("widget", "")
    several = setting.kind in ("list", "choices")
    if options is not None or setting.kind in ("choice", "choices"):
        return ("ticks" if several else "radio" if widget == "radio" else "select"), ""
    if setting.kind == "boolean":
        return "switch", "checkbox"
    if setting.kind == "list":
        return "lines", ""
    if setting.kind == "other":
        return "fixed", ""
    if setting.kind == "textarea" or widget == "textarea":
        return "textarea", ""
    if widget == "picture":
        return "picture", "number"
    if widget in _WIDGETS:
        return "input", widget
    return "input", _INPUTS.get(setting.kind, "text")


def _options(setting: SettingField) -> tuple[Option, ...]:
    labels: Mapping[str, str] = setting.extra.get("labels", {})
    return tuple(
        Option(str(choice), _(labels.get(str(choice), str(choice).replace("_", " ").capitalize())))
        for choice in setting.choices
    )


def _spread(form: Form, lines: frozenset[str]) -> Form:
    """Return the form with every line of these fields as a value of its own."""
    fields: list[tuple[str, str]] = []
    for name, value in form.fields:
        if name in lines:
            fields += [(name, line.strip()) for line in value.splitlines() if line.strip()]
        else:
            fields.append((name, value))
    return Form(tuple(fields), form.files)


def submitted(connection: Any, model: type[T], *, also: Sequence[str] = ()) -> FormState[T]:
    """Read the form of a request as a `model`: what was typed, everything that is wrong, and the Struct.

    Args:
        connection: The request.
        model: The Struct behind the form.
        also: Names of inputs that belong to something else.

    Raises:
        UnknownFields: The form holds names that nobody asked for.
    """
    lines = frozenset(setting.name for setting in describe_settings(model) if setting.kind == "list")
    return read_form(_spread(form_of(connection), lines), model, zone=site_zone(), also=also)


def filled(data: T) -> FormState[T]:
    """Return the form that shows existing values, times in the site's zone."""
    return fill_form(data, zone=site_zone())
