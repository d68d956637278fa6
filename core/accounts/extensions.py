"""What plugins keep with a person, a post or a term (`register_extensions`): loaded in batches, saved with the owner."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from core.contract.content import Extension
from core.errors import Invalid
from core.hooks import collect
from core.http import UnknownFields, convert
from core.i18n import gettext as _
from hookspecs import content

__all__ = ["complete_extensions", "extensions_of", "load_extensions", "owner_exists", "save_extensions"]

V = TypeVar("V", bound=msgspec.Struct)


def extensions_of(owner: str) -> tuple[Extension, ...]:
    """Return the extensions of a kind of owner ("user", "post", "term") that are enabled on the site."""
    return tuple(extension for extension in collect(content.register_extensions) if extension.owner == owner)


async def owner_exists(owner: str, owner_id: UUID) -> bool:
    """Tell whether the current site has such a thing: one of the core's, or of an enabled plugin.

    Raises:
        Invalid: Nothing of this kind can be extended here; the message names what can.
    """
    known = {each.name: each for each in collect(content.register_owner_types)}
    if owner not in known:
        raise Invalid(
            {
                "owner": _("Nothing can be kept with a thing of the type “%(type)s”. There are: %(types)s.")
                % {"type": owner, "types": ", ".join(sorted(known))}
            }
        )
    return await known[owner].exists(owner_id)


async def load_extensions(
    owner: str, ids: Iterable[UUID], *, but: Collection[str] = ()
) -> dict[UUID, dict[str, Any]]:
    """Return what is kept with owners, by id and key: one call per extension, however many owners.

    Args:
        owner: Their kind.
        ids: Which ones.
        but: Keys of extensions that need not be asked.
    """
    wanted = list(ids)
    found: dict[UUID, dict[str, Any]] = {owner_id: {} for owner_id in wanted}
    for extension in extensions_of(owner):
        if extension.key in but:
            continue
        for owner_id, value in (await extension.load(wanted)).items():
            found[owner_id][extension.key] = value
    return found


def complete_extensions(owner: str, view: V) -> V:
    """Return a view whose extensions have seen it: values that take both sides are complete then."""
    values: dict[str, Any] = dict(getattr(view, "ext"))  # noqa: B009  # every extended view has it
    asked = [ext for ext in extensions_of(owner) if ext.complete is not None and ext.key in values]
    if not asked:
        return view
    for extension in asked:
        if extension.complete is not None:
            values[extension.key] = extension.complete(view, values[extension.key])
    return msgspec.structs.replace(view, ext=values)


async def save_extensions(owner: str, owner_id: UUID, values: Mapping[str, Any]) -> None:
    """Check and save values by key, inside the unit in progress; a key that is not named stays.

    Raises:
        Invalid: A key that no enabled plugin has, or values that don't fit; names "ext.key.field".
    """
    known = {extension.key: extension for extension in extensions_of(owner)}
    errors: dict[str, str] = {}
    decoded: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            errors[f"ext.{key}"] = _("No plugin that is enabled here takes this.")
            continue
        model = known[key].input
        try:
            decoded[key] = value if isinstance(value, model) else convert(value, model)
        except (Invalid, UnknownFields) as error:
            errors.update({f"ext.{key}.{field}".rstrip("."): text for field, text in error.errors.items()})
    if errors:
        raise Invalid(errors)
    for key, value in decoded.items():
        await known[key].save(owner_id, value)
