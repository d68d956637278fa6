"""Levels of access: everybody, those who edit, and what plugins bring."""

from typing import Final

from core.accounts import decide
from core.context import current_actor
from core.hooks import collect
from core.i18n import gettext as _
from hookspecs import platform

__all__ = ["PUBLIC", "check_level", "known_levels", "level_titles"]

PUBLIC: Final = "public"
PRIVATE: Final = "private"
_PRIVATE_CAPABILITY: Final = "edit_others_posts"


def known_levels() -> dict[str, str]:
    """Return the access levels that the site has, with the capability that each one needs ("" for none)."""
    levels = {PUBLIC: "", PRIVATE: _PRIVATE_CAPABILITY}
    levels.update({level.name: level.capability for level in collect(platform.register_access_levels)})
    return levels


def level_titles() -> dict[str, str]:
    """Return what the levels are called, in the reader's language."""
    titles = {PUBLIC: _("Everybody"), PRIVATE: _("Only editors and whoever uploaded it")}
    titles.update({level.name: _(level.title) for level in collect(platform.register_access_levels)})
    return titles


async def check_level(level: str, uploader: object) -> bool:
    """Tell whether the current actor may see a file of this level; nobody may where the level is not known."""
    if level == PUBLIC:
        return True
    actor = current_actor()
    if level == PRIVATE and actor.kind == "user" and actor.id == uploader:
        return True
    capability = known_levels().get(level)
    if capability is None:
        return False
    return not capability or (await decide(actor, capability)).allowed
