"""How a site looks: a draft that only those see who work on it, what is published, and the way back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from core.accounts import record, require, user_views
from core.clock import now
from core.context import current_actor, current_tenant
from core.contract.views import UserView
from core.db import is_unique_violation, tenant_work
from core.errors import Conflict, Invalid, NotFound
from core.i18n import gettext as _
from core.sites.look_tables import LookFile, LookVersion
from core.sites.revision import bump, refresh_after_commit
from core.sites.store import store_settings
from core.themes import (
    LookSettings,
    ThemeLook,
    TokenValue,
    cleaned_css,
    current_themes,
    fonts_of,
    look,
    merged_tokens,
    split_number,
)

__all__ = [
    "EditedLook",
    "PublishedLook",
    "check_theme_look",
    "discard_look_draft",
    "edited_look",
    "look_versions",
    "publish_look",
    "restore_look",
    "save_look_draft",
]

KEPT: Final = 50
"""Published looks that are kept to go back to."""


class EditedLook(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody who changes the look works on."""

    values: LookSettings
    """The draft, or what is published where there is none."""
    drafted: bool
    base: str
    """What the values stand on; goes back with the change, so that nobody writes over another's work."""


class PublishedLook(msgspec.Struct, frozen=True, kw_only=True):
    """A look that was published."""

    number: int
    at: datetime
    author: UserView | None
    current: bool
    values: LookSettings


async def edited_look() -> EditedLook:
    """Return the draft of the current site's look, or what is published.

    Raises:
        Forbidden: The actor may not change the look.
    """
    await require("edit_theme_options")
    draft, last = await _draft(), await _last_number()
    values = _decoded(draft) if draft is not None else msgspec.structs.replace(look(), trying="")
    return EditedLook(values=values, drafted=draft is not None, base=_base(draft, last))


def _decoded(row: Mapping[str, Any]) -> LookSettings:
    return msgspec.json.decode(row["values_json"], type=LookSettings)


def _base(draft: Mapping[str, Any] | None, last: int) -> str:
    return f"{last}-{draft['version'] if draft is not None else 0}"


async def _draft() -> dict[str, Any] | None:
    rows: list[dict[str, Any]] = await LookVersion.select().where(LookVersion.state == "draft")
    return rows[0] if rows else None


async def _last_number() -> int:
    rows = (
        await LookVersion.select(LookVersion.number)
        .where(LookVersion.state == "published")
        .order_by(LookVersion.number, ascending=False)
        .limit(1)
    )
    return int(rows[0]["number"]) if rows else 0


def check_theme_look(theme: str, own: ThemeLook) -> dict[str, str]:
    """Return what is wrong with a look of a theme, by the name of its input: "token.accent.light", "css"."""
    line = current_themes().lineage(theme)
    tokens, fonts = merged_tokens(line), fonts_of(line)
    errors: dict[str, str] = {}
    for name, value in own.tokens.items():
        token = tokens.get(name)
        if token is None or not token.kind:
            errors[f"token.{name}"] = _("The theme has nothing of this name to change.")
            continue
        for side in ("light", "dark"):
            text = getattr(value, side)
            if text and (wrong := _token_fault(token, text, fonts)):
                errors[f"token.{name}.{side}"] = wrong
    if faults := cleaned_css(own.css).faults:
        errors["css"] = " ".join(
            _("Line {line}: {text}").format(line=fault.line, text=fault.text) for fault in faults[:10]
        )
    return errors


def _token_fault(token: Any, text: str, fonts: Mapping[str, Any]) -> str:
    if token.kind == "colour":
        digits = text.removeprefix("#").lower()
        right = text.startswith("#") and len(digits) in (3, 6) and set(digits) <= set("0123456789abcdef")
        return "" if right else _("Write the colour as #rrggbb.")
    if token.kind == "font":
        return "" if text in fonts else _("There is no such font.")
    found, own = split_number(text), split_number(token.light)
    low, high = token.bounds
    if found is None or own is None or found[1] != own[1] or not low <= found[0] <= high:
        unit = own[1] if own is not None else ""
        return (
            _("Use a number between {low} and {high}, with “{unit}”.").format(
                low=f"{low:g}", high=f"{high:g}", unit=unit
            )
            if unit
            else _("Use a number between {low} and {high}.").format(low=f"{low:g}", high=f"{high:g}")
        )
    return ""


async def _checked(values: LookSettings, before: LookSettings) -> None:
    """Refuse what can't be shown, and a style sheet of somebody who may not write one."""
    for theme, own in values.themes.items():
        was = before.themes.get(theme, ThemeLook())
        if own == was:
            continue
        if errors := check_theme_look(theme, own):
            raise Invalid(errors)
        if own.css != was.css:
            await require("edit_css")


async def save_look_draft(values: LookSettings, *, base: str) -> None:
    """Keep a look that nobody sees but those who change it.

    Args:
        values: The whole of it.
        base: As `edited_look` gave it.

    Raises:
        Forbidden: The actor may not change the look, or not write its style sheet.
        Invalid: A token or the style sheet can't be used; by the name of the input.
        Conflict: Somebody else changed it meanwhile.
    """
    await require("edit_theme_options")
    async with tenant_work():
        draft = await _held(values, base)
        await _write_draft(draft, values)
        await record("look.draft", resource_type="look")


async def _held(values: LookSettings, base: str) -> dict[str, Any] | None:
    """Check a look and what it stands on; return the draft that is there."""
    draft, last = await _draft(), await _last_number()
    before = _decoded(draft) if draft is not None else look()
    if base != _base(draft, last):
        raise Conflict(_("Somebody else changed the look meanwhile. Save again to keep yours instead."))
    await _checked(values, before)
    return draft


async def _write_draft(draft: Mapping[str, Any] | None, values: LookSettings) -> None:
    text = msgspec.json.encode(msgspec.structs.replace(values, trying="")).decode()
    author = current_actor().id if current_actor().kind == "user" else None
    if draft is None:
        await _insert(LookVersion(number=0, state="draft", values_json=text, author_id=author))
        return
    await LookVersion.update(
        {
            LookVersion.values_json: text,
            LookVersion.author_id: author,
            LookVersion.updated_at: now(),
            LookVersion.version: LookVersion.version + 1,
        }
    ).where(LookVersion.id == draft["id"])


async def _insert(row: LookVersion) -> None:
    try:
        await LookVersion.insert(row)
    except Exception as error:
        if not is_unique_violation(error):
            raise
        raise Conflict(
            _("Somebody else changed the look meanwhile. Save again to keep yours instead.")
        ) from error


async def discard_look_draft() -> None:
    """Let the draft go; what is published stays.

    Raises:
        Forbidden: The actor may not change the look.
    """
    await require("edit_theme_options")
    async with tenant_work():
        await LookVersion.delete().where(LookVersion.state == "draft")
        await record("look.discard", resource_type="look")
        await _drop_unused_files()


async def publish_look(values: LookSettings, *, base: str) -> int:
    """Show a look to everybody; return its number. The draft is gone then.

    Args:
        values: The whole of it.
        base: As `edited_look` gave it.

    Raises:
        Forbidden: The actor may not change the look, or not write its style sheet.
        Invalid: A token or the style sheet can't be used; by the name of the input.
        Conflict: Somebody else changed it meanwhile.
    """
    await require("edit_theme_options")
    async with tenant_work():
        await _held(values, base)
        await LookVersion.delete().where(LookVersion.state == "draft")
        return await _publish(values, "look.publish")


async def _publish(values: LookSettings, action: str) -> int:
    number = await _last_number() + 1
    values = msgspec.structs.replace(values, themes=_shortest(values.themes), trying="")
    author = current_actor().id if current_actor().kind == "user" else None
    text = msgspec.json.encode(values).decode()
    await _insert(LookVersion(number=number, state="published", values_json=text, author_id=author))
    stored = {name: msgspec.to_builtins(getattr(values, name)) for name in LookSettings.__struct_fields__}
    await store_settings("look", stored)
    await LookVersion.delete().where(LookVersion.state == "published", LookVersion.number <= number - KEPT)
    await _drop_unused_files()
    await record(action, resource_type="look", detail={"number": number})
    await bump(current_tenant().id)
    refresh_after_commit()
    return number


def _shortest(themes: Mapping[str, ThemeLook]) -> dict[str, ThemeLook]:
    """Leave out what says nothing."""
    made = {}
    for name, own in themes.items():
        tokens = {token: value for token, value in own.tokens.items() if value != TokenValue()}
        if tokens or own.css.strip():
            made[name] = ThemeLook(tokens, own.css)
    return made


async def _drop_unused_files() -> None:
    """Remove pictures that neither the draft nor a kept look shows."""
    used: set[str] = set()
    for row in await LookVersion.select(LookVersion.values_json):
        values = _decoded(row)
        used |= {logo.name for logo in (values.logo, values.logo_dark) if logo is not None}
        if values.icon is not None:
            used.add(values.icon.digest)
    for row in await LookFile.select(LookFile.name):
        name: str = row["name"]
        key = name if name.startswith("logo-") else name.rpartition("-")[2].removesuffix(".png")
        if key not in used:
            await LookFile.delete().where(LookFile.name == name)


async def look_versions() -> tuple[PublishedLook, ...]:
    """Return the looks that were published, the newest first.

    Raises:
        Forbidden: The actor may not change the look.
    """
    await require("edit_theme_options")
    rows = (
        await LookVersion.select()
        .where(LookVersion.state == "published")
        .order_by(LookVersion.number, ascending=False)
    )
    people = await user_views({UUID(str(row["author_id"])) for row in rows if row["author_id"] is not None})
    return tuple(
        PublishedLook(
            number=row["number"],
            at=row["created_at"],
            author=people.get(row["author_id"]),
            current=row is rows[0],
            values=_decoded(row),
        )
        for row in rows
    )


async def restore_look(number: int) -> int:
    """Publish an earlier look again; return its new number. 0 is the theme as it comes.

    Raises:
        Forbidden: The actor may not change the look, or not write the style sheet that it has.
        NotFound: There is no such look, or it is kept no longer.
    """
    await require("edit_theme_options")
    async with tenant_work():
        rows = await LookVersion.select().where(
            LookVersion.state == "published", LookVersion.number == number
        )
        if not rows and number != 0:
            raise NotFound(_("There is no such look any more."))
        values = _decoded(rows[0]) if rows else LookSettings()
        if {n: t.css for n, t in values.themes.items()} != {n: t.css for n, t in look().themes.items()}:
            await require("edit_css")
        return await _publish(values, "look.restore")
