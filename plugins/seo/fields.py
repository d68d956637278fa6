"""What is said of one post, term or author where it is listed or shared: kept, read, shown in forms."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from core.clock import now
from core.contract.content import Beside, Extension
from core.db import current_work, execute
from core.errors import Invalid
from core.http import line_of
from core.i18n import gettext as _
from core.ids import new_id
from core.media import media_views_by_number
from plugins.seo.addresses import check_canonical
from plugins.seo.tables import SeoItem

__all__ = ["EXTENSIONS", "NOTHING", "SeoFields", "forget_user", "has_fields", "load_fields", "save_fields"]

Owner = Literal["post", "term", "user"]


class SeoFields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody says of an item; what is left out follows from the item itself."""

    title: Annotated[str, line_of(160)] = ""
    """May hold {title}, {site}, {tagline}, {page}, {sep}."""
    description: Annotated[str, line_of(320)] = ""
    keywords: Annotated[str, line_of(255)] = ""
    canonical: Annotated[str, Meta(max_length=2000, extra={"check": check_canonical})] = ""
    noindex: bool = False
    nofollow: bool = False
    noarchive: bool = False
    max_snippet: Annotated[int, Meta(ge=-1, le=1000)] = -1
    """Characters that a result may show; -1 for any number."""
    image_preview: Literal["", "none", "standard", "large"] = ""
    share_title: Annotated[str, line_of(160)] = ""
    share_description: Annotated[str, line_of(320)] = ""
    share_image: Annotated[int, Meta(ge=0, le=2**53)] = 0
    """Number of a picture of the library; 0 for the item's own, or the site's."""

    @property
    def robots(self) -> str:
        """What robots are told of it, "" for nothing."""
        said = [name for name in ("noindex", "nofollow", "noarchive") if getattr(self, name)]
        if self.max_snippet >= 0:
            said.append(f"max-snippet:{self.max_snippet}")
        if self.image_preview:
            said.append(f"max-image-preview:{self.image_preview}")
        return ", ".join(said)


NOTHING: Final = SeoFields()
_COLUMNS: Final = tuple(SeoFields.__struct_fields__)
_SWITCHES: Final = frozenset(field.name for field in msgspec.structs.fields(SeoFields) if field.type is bool)


def _of_values(values: Sequence[Any]) -> SeoFields:
    given = dict(zip(_COLUMNS, values, strict=True))
    return SeoFields(**{name: bool(value) if name in _SWITCHES else value for name, value in given.items()})


async def load_fields(owner: Owner, ids: Sequence[UUID]) -> dict[UUID, SeoFields]:
    """Return what is said of items, by id: one query. Those of which nothing is said are left out."""
    found: dict[UUID, SeoFields] = {}
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        marks = ", ".join(["{}"] * len(chunk))
        rows = await execute(
            f"SELECT {owner}_id AS owner_id, {', '.join(_COLUMNS)} FROM seo_items"  # noqa: S608  # names that stand above
            f" WHERE tenant_id = {{tenant}} AND {owner}_id IN ({marks})",
            *chunk,
        )
        found |= {row["owner_id"]: _of_values([row[name] for name in _COLUMNS]) for row in rows}
    return found


async def has_fields(owner: Owner, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return those items of which something is said already."""
    return frozenset(await load_fields(owner, ids))


async def save_fields(owner: Owner, owner_id: UUID, fields: SeoFields) -> None:
    """Keep what is said of an item, inside the unit in progress.

    Raises:
        Invalid: The picture is none of the library that everybody may see; under "ext.seo.share_image".
    """
    current_work()
    await _check_image(fields.share_image)
    await _erase(owner, owner_id)
    if fields != NOTHING:
        values = {name: getattr(fields, name) for name in _COLUMNS}
        row: dict[str, Any] = {**values, f"{owner}_id": owner_id, "id": new_id(), "updated_at": now()}
        await SeoItem.insert(SeoItem(**row))


async def _check_image(number: int) -> None:
    if not number:
        return
    found = (await media_views_by_number([number])).get(number)
    if found is None or not found.mime_type.startswith("image/") or found.access_level != "public":
        raise Invalid(
            {"ext.seo.share_image": _("There is no picture of this number that everybody may see.")}
        )


async def _erase(owner: Owner, owner_id: UUID) -> None:
    column = getattr(SeoItem, f"{owner}_id")
    await SeoItem.delete().where(column == owner_id)


async def forget_user(user_id: UUID) -> None:
    """Erase what is said of an author, inside the unit in progress."""
    await _erase("user", user_id)


def _extension(owner: Owner) -> Extension:
    async def load(ids: Sequence[UUID]) -> Mapping[UUID, SeoFields]:
        return await load_fields(owner, ids)

    async def save(owner_id: UUID, value: SeoFields) -> None:
        await save_fields(owner, owner_id, value)

    async def snapshot(owner_id: UUID) -> Any:
        kept = (await load_fields(owner, [owner_id])).get(owner_id)
        return msgspec.to_builtins(kept) if kept is not None else None

    async def restore(owner_id: UUID, value: Any) -> None:
        # a picture may be gone since, and fields may have become others: what still fits comes back
        known = {name: value[name] for name in _COLUMNS if name in value} if isinstance(value, dict) else {}
        fields = msgspec.convert(known, SeoFields)
        gone = fields.share_image and fields.share_image not in await media_views_by_number(
            [fields.share_image]
        )
        await save_fields(owner, owner_id, msgspec.structs.replace(fields, share_image=0) if gone else fields)

    async def erase(owner_id: UUID) -> None:
        await _erase(owner, owner_id)

    return Extension(
        owner=owner,
        key="seo",
        input=SeoFields,
        load=load,
        beside=Beside(table="seo_items", owner="post_id", columns=_COLUMNS, view=_of_values)
        if owner == "post"
        else None,
        save=save,
        snapshot=snapshot,
        restore=restore,
        export=snapshot,
        erase=erase,
    )


EXTENSIONS: Final = tuple(_extension(owner) for owner in ("post", "term", "user"))
