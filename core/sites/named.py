"""Settings of a site that name something of it: a page, a category, a role."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import UUID

from core.accounts import ADMIN_CAPABILITIES, find_roles, lacking
from core.content import is_category, is_page
from core.errors import Invalid
from core.i18n import gettext as _
from core.tenancy import SiteSettings

__all__ = ["check_named"]

_THERE: Final[Mapping[str, Callable[[UUID], Awaitable[bool]]]] = {
    "page_on_front": is_page,
    "page_for_posts": is_page,
    "default_category": is_category,
}


async def check_named(values: Mapping[str, Any], before: SiteSettings) -> None:
    """Refuse what the current site does not have, and a role that would make administrators of new people.

    What was named before may be named again: a page that is gone holds up no other setting.

    Args:
        values: What is to be saved, by name, as a form or JSON gives it.
        before: The settings as they are.

    Raises:
        Invalid: Everything that can't be named, by setting.
    """
    errors: dict[str, str] = {}
    for name, is_there in _THERE.items():
        chosen = _id(values.get(name))
        if chosen is None or chosen == getattr(before, name) or await is_there(chosen):
            continue
        errors[name] = (
            _("There is no such category on this site.")
            if name == "default_category"
            else _("There is no such page on this site.")
        )
    if {"default_role", "registration"} & values.keys() and (complaint := await _role(values, before)):
        errors["default_role"] = complaint
    if errors:
        raise Invalid(errors)


def _id(value: Any) -> UUID | None:
    """Return the id that a value stands for; None for none, and for what is no id, which is said elsewhere."""
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None


async def _role(values: Mapping[str, Any], before: SiteSettings) -> str:
    """Return what speaks against the role of new people; "" if nothing does."""
    name = str(values.get("default_role", before.default_role))
    new = name != before.default_role
    try:
        roles = await find_roles((name,))
    except Invalid as error:
        return next(iter(error.errors.values())) if new else ""
    held = frozenset(right for role in roles for right in role.capabilities)
    if held & ADMIN_CAPABILITIES:
        return _("New people can't begin as administrators: this role gives rights of theirs.")
    if new and lacking(held):
        return _("You can't give rights that you don't have yourself.")
    return ""
