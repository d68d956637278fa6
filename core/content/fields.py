"""What may be written to a post: every field of `PostData` checked, all that is wrong found at once."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import UNSET

from core.accounts import require, user_views
from core.clock import is_showable, now
from core.content.formats import LARGE
from core.content.sql import any_of
from core.content.types import POST_FORMATS, capabilities_of, content_format, known_type, taxonomies_of
from core.context import current_actor
from core.contract.accounts import MetaKey
from core.contract.content import ContentType, PostData
from core.contract.views import PostView
from core.db import execute
from core.errors import Invalid
from core.http import check_text
from core.http.fields import TextKind
from core.i18n import gettext as _
from core.media import media_views
from core.text import slugify

__all__ = ["Fields", "check_fields"]

_TEXTS: Final[dict[str, tuple[TextKind, int]]] = {
    "title": ("line", 1000),
    "excerpt": ("text", 10_000),
    "template": ("line", 100),
}
_SAME: Final = ("menu_order", "comment_status", "ping_status", "is_sticky", "unpublish_to")
_TEMPLATE: Final = re.compile(r"[a-z0-9][a-z0-9_/-]*|")
_META_KEY_LENGTH: Final = 255
_META_LENGTH: Final = 1_000_000
_INT4: Final = 2**31


class Fields(msgspec.Struct, kw_only=True):
    """What will be written, checked."""

    kind: ContentType
    columns: dict[str, Any]
    """Values by column of `posts`, without those that follow from others (path, summary ...)."""
    slug: str | None = None
    """A new slug by hand; "" to have one made; None to leave it."""
    password: str | None = None
    """A new password in clear; "" to take it off; None to leave it."""
    terms: dict[str, tuple[UUID, ...]]
    meta: dict[str, tuple[str, ...]]
    ext: dict[str, Any]

    @property
    def changes_text(self) -> bool:
        """Whether a revision is due."""
        return bool(self.ext) or bool(self.columns.keys() & {"title", "content", "content_format", "excerpt"})

    def names(self) -> list[str]:
        """Return what is written, for the record."""
        names = [*self.columns, *(f"meta.{key}" for key in self.meta), *(f"ext.{key}" for key in self.ext)]
        names += [f"terms.{name}" for name in self.terms]
        names += [
            name for name, value in (("slug", self.slug), ("password", self.password)) if value is not None
        ]
        return sorted(names)


def _given(data: PostData) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(data).items() if value is not UNSET}


async def check_fields(data: PostData, before: PostView | None) -> Fields:
    """Return what `data` writes, checked as far as it can be outside the unit of work.

    Args:
        data: Set fields change, unset ones stay.
        before: The post as it is, None for a new one.

    Raises:
        Invalid: Everything that can't be written, by field.
        Forbidden: The actor may not write a field: somebody else's name, a private meta key, the sticky mark.
    """
    given = _given(data)
    name = before.type if before is not None else given.get("type", "post")
    kind = known_type(name)
    errors: dict[str, str] = {}
    if before is not None and given.get("type", before.type) != before.type:
        errors["type"] = _("The type of a post can't change.")
    columns = _columns(given, errors)
    await _content(given, before, columns, errors)
    fields = Fields(
        kind=kind,
        columns=columns,
        slug=_slug(given, errors),
        password=_password(given, errors),
        terms={},
        meta=_meta(given.get("meta", {}), errors),
        ext=dict(given.get("ext", {})),
    )
    fields.terms = await _terms(kind, given.get("terms", {}), errors)
    await _author(given, before, columns, errors)
    await _featured(given, columns, errors)
    _unpublish(given, before, columns, errors)
    if "parent_id" in given:
        columns["parent_id"] = given["parent_id"]  # checked inside the unit, with the tree locked
    if errors:
        raise Invalid(errors)
    await _require_rights(kind, fields, before)
    return fields


def _columns(given: Mapping[str, Any], errors: dict[str, str]) -> dict[str, Any]:
    columns: dict[str, Any] = {name: given[name] for name in _SAME if name in given}
    for name, (text_kind, limit) in _TEXTS.items():
        if name not in given:
            continue
        wrong = check_text(given[name], text_kind)
        if wrong is None and len(given[name]) > limit:
            wrong = _("This is longer than {limit} characters.").format(limit=limit)
        if wrong is not None:
            errors[name] = wrong
        columns[name] = given[name].strip() if name == "title" else given[name]
    if not _TEMPLATE.fullmatch(columns.get("template", "")):
        errors.setdefault("template", _("Use lower-case letters, digits, hyphens and slashes."))
    if not -_INT4 <= columns.get("menu_order", 0) < _INT4:
        errors["menu_order"] = _("This number is too large.")
    if "format" in given:
        columns["post_format"] = given["format"]
        if given["format"] not in POST_FORMATS:
            errors["format"] = _("There is no such format: {known}.").format(known=", ".join(POST_FORMATS))
    return columns


async def _content(
    given: Mapping[str, Any], before: PostView | None, columns: dict[str, Any], errors: dict[str, str]
) -> None:
    if "content" not in given and "content_format" not in given:
        return
    name = given.get("content_format", before.content_format if before is not None else "html")
    found = content_format(name)
    if found is None:
        errors["content_format"] = _("Nobody here can show content of the format {name}.").format(name=name)
        return
    columns["content_format"] = name
    content = given.get("content", before.content if before is not None else "")
    wrong = check_text(content, "text")
    if wrong is not None:
        errors["content"] = wrong
        return
    try:
        large = len(content) > LARGE
        columns["content"] = await asyncio.to_thread(found.clean, content) if large else found.clean(content)
    except Invalid as error:
        errors.update(error.errors)


def _slug(given: Mapping[str, Any], errors: dict[str, str]) -> str | None:
    if "slug" not in given:
        return None
    slug = slugify(given["slug"])
    if given["slug"].strip() and not slug:
        errors["slug"] = _(
            "Use lower-case letters a to z, digits and single hyphens, for example: my-page-2."
        )
    return slug


def _password(given: Mapping[str, Any], errors: dict[str, str]) -> str | None:
    password = given.get("password")
    if password is None:
        return None
    wrong = check_text(password, "line")
    if wrong is None and len(password) > 255:
        wrong = _("This is longer than {limit} characters.").format(limit=255)
    if wrong is not None:
        errors["password"] = wrong
    return str(password)


def _meta(given: Mapping[str, Sequence[str]], errors: dict[str, str]) -> dict[str, tuple[str, ...]]:
    for key, values in given.items():
        wrong = (
            check_text(key, "line")
            if 0 < len(key) <= _META_KEY_LENGTH
            else _("A key has 1 to 255 characters.")
        )
        for value in values:
            wrong = wrong or check_text(value, "text")
            if len(value) > _META_LENGTH:
                wrong = _("This is longer than {limit} characters.").format(limit=_META_LENGTH)
        if wrong is not None:
            errors[f"meta.{key}"] = wrong
    return {key: tuple(values) for key, values in given.items()}


async def _terms(
    kind: ContentType, given: Mapping[str, Sequence[UUID]], errors: dict[str, str]
) -> dict[str, tuple[UUID, ...]]:
    allowed = {found.name for found in taxonomies_of(kind)} - {"post_format"}
    wanted: dict[str, tuple[UUID, ...]] = {name: tuple(dict.fromkeys(ids)) for name, ids in given.items()}
    ids = [term_id for term_ids in wanted.values() for term_id in term_ids]
    found: dict[UUID, str] = {}
    if ids:
        condition, args = any_of("id", ids)
        chosen = f"SELECT id, taxonomy FROM terms WHERE tenant_id = {{tenant}} AND {condition}"  # noqa: S608  # written here
        rows = await execute(chosen, *args)
        found = {row["id"]: row["taxonomy"] for row in rows}
    for name, term_ids in wanted.items():
        if name not in allowed:
            errors[f"terms.{name}"] = _("Items of this type carry no terms of this taxonomy.")
        elif any(found.get(term_id) != name for term_id in term_ids):
            errors[f"terms.{name}"] = _("One of these terms does not exist any more.")
    return wanted


async def _author(
    given: Mapping[str, Any], before: PostView | None, columns: dict[str, Any], errors: dict[str, str]
) -> None:
    author_id = given.get("author_id")
    if author_id is None:
        if before is None:
            columns["author_id"] = current_actor().id
            if columns["author_id"] is None:
                errors["author_id"] = _("Say who the author is.")
        return
    if author_id not in await user_views((author_id,)):
        errors["author_id"] = _("There is no such person on this site.")
    columns["author_id"] = author_id


async def _featured(given: Mapping[str, Any], columns: dict[str, Any], errors: dict[str, str]) -> None:
    if "featured_media_id" not in given:
        return
    media_id = given["featured_media_id"]
    columns["featured_media_id"] = media_id
    if media_id is not None and media_id not in await media_views((media_id,)):
        errors["featured_media_id"] = _("There is no such file here.")


def _unpublish(
    given: Mapping[str, Any], before: PostView | None, columns: dict[str, Any], errors: dict[str, str]
) -> None:
    if "unpublish_at" not in given:
        return
    at: datetime | None = given["unpublish_at"]
    columns["unpublish_at"] = at
    if at is None or (before is not None and at == before.unpublish_at):
        return
    goes_out = before.scheduled_at if before is not None and before.status == "future" else None
    if at.tzinfo is None:
        errors["unpublish_at"] = _("Say the time with its zone.")
    elif not is_showable(at):
        errors["unpublish_at"] = _("This moment is out of range.")
    elif at <= now():
        errors["unpublish_at"] = _("Choose a time that is still to come.")
    elif goes_out is not None and at <= goes_out:
        errors["unpublish_at"] = _("It would go off the site before it appears.")


async def _require_rights(kind: ContentType, fields: Fields, before: PostView | None) -> None:
    caps, actor = capabilities_of(kind.name), current_actor()
    author = fields.columns.get("author_id", None)
    changes_author = author is not None and (
        author != before.author.id if before is not None else author != actor.id
    )
    sticky = fields.columns.get("is_sticky", False) != (before.is_sticky if before is not None else False)
    if changes_author or ("is_sticky" in fields.columns and sticky):
        await require(caps.edit_others)
    at = fields.columns.get("unpublish_at")
    if at != (before.unpublish_at if before is not None else None) and "unpublish_at" in fields.columns:
        await require(caps.publish)
    for key in fields.meta:
        if key.startswith("_"):
            await require("edit_post_meta", MetaKey(object=before, key=key))
