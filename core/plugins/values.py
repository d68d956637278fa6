"""Settings from a Struct: one class is the form, the validation and the storage of an owner's values."""

import logging
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Literal, TypeVar, cast, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct, inspect

from core.context import Tenant, current_tenant
from core.errors import Invalid, VitralError
from core.hooks import nearest
from core.http.convert import convert
from core.i18n import gettext as _

__all__ = [
    "FieldKind",
    "SettingField",
    "check_values",
    "describe_settings",
    "known_values",
    "owner_of",
    "settings",
]

log = logging.getLogger("vitral.plugins")

M = TypeVar("M", bound=Struct)

FieldKind = Literal[
    "text",
    "textarea",
    "integer",
    "number",
    "boolean",
    "choice",
    "choices",
    "list",
    "date",
    "datetime",
    "time",
    "other",
]


class SettingField(Struct, frozen=True, kw_only=True):
    """What a form needs to know of one setting."""

    name: str
    kind: FieldKind
    title: str
    """An English message id: `Meta(title=...)`, else made from the name."""
    help: str
    """An English message id: `Meta(description=...)`."""
    default: Any
    optional: bool
    """None is a value: the input may be left empty."""
    choices: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    extra: Mapping[str, Any] = {}
    """`Meta(extra_json_schema=...)`: group, widget and what else the form knows."""


def owner_of(model: type[Struct]) -> str:
    """Return whose settings a Struct describes: "site", or a plugin's name.

    Raises:
        VitralError: It was never installed as anybody's settings.
    """
    owner = getattr(model, "owner", None)
    if not isinstance(owner, str):
        raise VitralError(
            f"{model.__name__} is nobody's settings.",
            hint="It belongs into a plugin's settings.py, or needs `owner: ClassVar[str]`.",
        )
    return owner


def did_you_mean(name: str, known: Collection[str]) -> str:
    """Return "Did you mean ...?" with the nearest of `known`, in the reader's language; "" if none is."""
    near = nearest(name, known)
    return _("Did you mean {name}?").format(name=near) if near else ""


def settings(model: type[M]) -> M:
    """Return the current site's values of `model`, defaults included.

    A stored value that no longer fits (the plugin was upgraded) is logged, and its default used.

    Raises:
        OutsideTenant: No site is current.
    """
    return cast("M", _decode(current_tenant(), model))


# kept by the snapshot itself: a site whose settings change is a new object with a new revision
@lru_cache(maxsize=4096)
def _decode(tenant: Tenant, model: type[Struct]) -> Struct:
    stored = known_values(model, tenant.settings.get(owner_of(model), {}))
    try:
        return msgspec.convert(stored, model, strict=False)
    except msgspec.ValidationError:
        kept = {name: value for name, value in stored.items() if _fits(model, name, value)}
        log.warning(
            "The site %s has stored values that %s no longer takes: %s. Their defaults are used.",
            tenant.slug,
            model.__name__,
            ", ".join(sorted(stored.keys() - kept.keys())),
        )
        return msgspec.convert(kept, model, strict=False)


def _fits(model: type[Struct], name: str, value: Any) -> bool:
    try:
        msgspec.convert({name: value}, model, strict=False)
    except msgspec.ValidationError:
        return False
    return True


def _clears(model: type[Struct], name: str) -> bool:
    return not _fits(model, name, "") and _fits(model, name, None)


def known_values(model: type[Struct], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored values that `model` has a setting for; older versions may have left others."""
    names = {field.encode_name for field in msgspec.structs.fields(model)}
    return {name: value for name, value in stored.items() if name in names}


def check_values(model: type[M], values: Mapping[str, Any]) -> M:
    """Return `values`, as a form or JSON gives them, as a `model`.

    Args:
        model: A Struct of settings.
        values: By name; strings may stand for numbers and the like, "" for None where it is no value of
            its own. Settings left out get their default.

    Raises:
        Invalid: Everything that is wrong, by setting; an unknown one comes with the nearest name.
    """
    names = [field.encode_name for field in msgspec.structs.fields(model)]
    errors: dict[str, str] = {}
    for name in values:
        if name not in names:
            errors[name] = f"{_('There is no setting of this name.')} {did_you_mean(name, names)}".strip()
    known = {
        name: None if value == "" and _clears(model, name) else value
        for name, value in values.items()
        if name in names
    }
    try:
        result = convert(known, model, strict=False)
    except Invalid as error:
        raise Invalid(errors | error.errors) from None
    if errors:
        raise Invalid(errors)
    return result


def describe_settings(model: type[Struct]) -> tuple[SettingField, ...]:
    """Return the settings of a Struct, in its order, for forms and the generated reference."""
    annotations = {field.encode_name: field for field in msgspec.structs.fields(model)}
    info = cast("inspect.StructType", inspect.type_info(model))
    return tuple(_field(entry, annotations[entry.encode_name]) for entry in info.fields)


def _field(entry: inspect.Field, declared: msgspec.structs.FieldInfo) -> SettingField:
    schema: dict[str, Any] = {}
    kind, optional = _unwrap(entry.type, schema)
    default = entry.default
    if default is NODEFAULT:
        default = entry.default_factory() if entry.default_factory is not NODEFAULT else None
    low = getattr(kind, "ge", None)
    high = getattr(kind, "le", None)
    extra = {key: value for key, value in schema.items() if key not in ("title", "description")}
    return SettingField(
        name=entry.encode_name,
        kind=_kind(kind, extra),
        title=schema.get("title") or entry.name.replace("_", " ").capitalize(),
        help=schema.get("description", ""),
        default=default,
        optional=optional,
        choices=_choices(kind, declared.type),
        minimum=low if low is not None else getattr(kind, "gt", None),
        maximum=high if high is not None else getattr(kind, "lt", None),
        min_length=getattr(kind, "min_length", None),
        max_length=getattr(kind, "max_length", None),
        pattern=getattr(kind, "pattern", None),
        extra=extra,
    )


def _unwrap(kind: inspect.Type, schema: dict[str, Any]) -> tuple[inspect.Type, bool]:
    """Return the bare type and whether None is a value; fill `schema` with what the Metas say."""
    optional = False
    while True:
        if isinstance(kind, inspect.Metadata):
            schema.update(kind.extra_json_schema or {})
            # functions (a field's own check) are for validation, and no JSON
            schema.update((key, value) for key, value in (kind.extra or {}).items() if not callable(value))
            kind = kind.type
        elif isinstance(kind, inspect.UnionType):
            rest = [part for part in kind.types if not isinstance(part, inspect.NoneType)]
            optional = optional or len(rest) < len(kind.types)
            if len(rest) != 1:
                return kind, optional
            kind = rest[0]
        else:
            return kind, optional


_KINDS: Mapping[type[inspect.Type], FieldKind] = {
    inspect.StrType: "text",
    inspect.UUIDType: "text",
    inspect.IntType: "integer",
    inspect.FloatType: "number",
    inspect.DecimalType: "number",
    inspect.BoolType: "boolean",
    inspect.LiteralType: "choice",
    inspect.EnumType: "choice",
    inspect.DateType: "date",
    inspect.DateTimeType: "datetime",
    inspect.TimeType: "time",
}
_LISTS = (inspect.ListType, inspect.SetType, inspect.FrozenSetType, inspect.VarTupleType)


def _kind(kind: inspect.Type, extra: Mapping[str, Any]) -> FieldKind:
    if isinstance(kind, _LISTS):
        inner, _optional = _unwrap(kind.item_type, {})
        return "choices" if isinstance(inner, inspect.LiteralType | inspect.EnumType) else "list"
    if isinstance(kind, inspect.StrType) and (
        extra.get("widget") == "textarea" or extra.get("text") == "text"
    ):
        return "textarea"
    return _KINDS.get(type(kind), "other")


def _choices(kind: inspect.Type, annotation: Any) -> tuple[Any, ...]:
    if isinstance(kind, _LISTS):
        kind, _optional = _unwrap(kind.item_type, {})
    if isinstance(kind, inspect.LiteralType):
        declared = _literal(annotation)  # msgspec sorts them; the author's order is the form's
        return declared if set(declared) == set(kind.values) else tuple(kind.values)
    if isinstance(kind, inspect.EnumType):
        return tuple(member.value for member in kind.cls)
    return ()


def _literal(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return tuple(value for part in get_args(annotation) for value in _literal(part))
