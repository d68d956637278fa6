"""Posts, pages and attached files of an export."""

import json
import mimetypes
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from core.clock import now
from core.content import (
    POST_FORMATS,
    ImportedPost,
    amend_import,
    content_type,
    convert_wordpress,
    import_post,
    taxonomies,
    taxonomies_of,
)
from core.contract.content import PostData
from core.contract.views import MediaView, PostStatus
from core.db import tenant_work
from core.errors import Invalid
from core.http import Outbound, OutboundError
from core.i18n import gettext as _
from core.importing.ledger import Ledger
from core.importing.legible import legible
from core.importing.moved import MovedFiles
from core.importing.people import People
from core.importing.report import ImportOptions, ImportReport
from core.importing.terms import Terms
from core.importing.wxr import Item
from core.media import MediaData, RemoteMedia, create_media, create_remote_media, media_views
from core.text import has_forbidden, plain_text, slugify

__all__ = ["Posts"]

_STATUSES: Mapping[str, PostStatus] = {
    "publish": "publish",
    "future": "future",
    "draft": "draft",
    "pending": "pending",
    "private": "private",
    "trash": "trash",
}
_OWN_META = frozenset({"_edit_lock", "_edit_last", "_thumbnail_id", "_wp_old_slug", "_wp_attached_file"})
_MOST_MEDIA = 30_000_000
_NUMBER = re.compile(r"[0-9]{1,18}")
_CONNECTED = "connected"
"""Kind of the notes about items that point at their parent and image."""


class Posts:
    """Imports what WordPress keeps as posts and the site knows a type for."""

    def __init__(
        self, ledger: Ledger, report: ImportReport, people: People, terms: Terms, options: ImportOptions
    ) -> None:
        self._ledger = ledger
        self._report = report
        self._people = people
        self._terms = terms
        self._options = options
        self._by_old_id: dict[str, UUID] = {}
        self._files: dict[str, MediaView] = {}
        """Files by their old id."""
        self._moved = MovedFiles()
        self._attached: dict[str, list[str]] = {}
        """Old ids of the files that were uploaded for a post, by the post's old id."""

    def takes(self, item: Item) -> bool:
        """Tell whether the site has a type for an item."""
        return item.type != "attachment" and content_type(item.type) is not None

    def id_of(self, item: Item) -> UUID | None:
        """Return our id of an imported item."""
        return self._ledger.object_of(item.type, item.identity)

    async def attachment(self, item: Item) -> None:
        """Take a file into the library: its bytes if they are fetched, else where they lie."""
        if self._ledger.has(item.type, item.identity):
            return
        path = _path_of(item.attachment_url)
        if path is None:
            raise Invalid(
                {"source_url": _("This is no address of a file: {url}").format(url=item.attachment_url[:200])}
            )
        uploader = await self._people.of(item.creator)
        about: dict[str, Any] = {
            "title": plain_text(item.title)[:255],
            "alt": legible(_first(item.meta, "_wp_attachment_image_alt"), line=True)[:500],
            "caption": plain_text(item.excerpt),
            "description": plain_text(item.content),
        }
        name = PurePosixPath(path).name
        data = await self._fetched(item) if self._options.fetch_media else None
        async with tenant_work():
            view = None
            if data is not None:
                try:
                    view = await create_media(data, name, MediaData(**about), uploaded_by_id=uploader)
                except Invalid as error:
                    self._not_fetched(item, str(error))
            if view is None:
                remote = RemoteMedia(
                    source_url=item.attachment_url,
                    mime_type=mimetypes.guess_type(name)[0] or "",
                    slug=slugify(item.slug) or "file",
                    uploaded_by_id=uploader,
                    created_at=item.published_at,
                    **about,
                )
                view = await create_remote_media(remote)
            await self._ledger.write(item.type, item.identity, "done", view.id)
        self._report.count(item.type)

    async def _fetched(self, item: Item) -> bytes | None:
        """Return the bytes of an attached file; None for one that can't be had, which stays where it lies."""
        try:
            answer = await Outbound().get(item.attachment_url, max_bytes=_MOST_MEDIA, seconds=60)
        except OutboundError as error:
            self._not_fetched(item, str(error))
            return None
        if answer.status != 200:
            self._not_fetched(item, f"{item.attachment_url} answered {answer.status}")
            return None
        return answer.body

    def _not_fetched(self, item: Item, why: str) -> None:
        self._report.skip(f"file of attachment {item.post_id}", why)

    async def remember_files(self, items: Iterable[Item]) -> None:
        """Learn which file is which, for galleries, captions and images of posts."""
        ids: dict[str, UUID] = {}
        sources: dict[UUID, str] = {}
        for item in items:
            if (known := self.id_of(item)) is not None:
                ids[item.post_id] = known
                sources[known] = item.attachment_url
                self._attached.setdefault(item.parent, []).append(item.post_id)
        views = await media_views(ids.values())
        self._files = {old: views[known] for old, known in ids.items() if known in views}
        for known, view in views.items():
            self._moved.add(sources[known], view.url)

    async def post(self, item: Item) -> None:
        """Import a post, a page or an item of a type that a plugin brings."""
        known = self.id_of(item)
        if known is None and not self._ledger.has(item.type, item.identity):
            author = await self._people.of(item.creator)
            terms = await self._terms.of(self._carried(item))
            async with tenant_work():
                view = await import_post(self._imported(item, author, terms))
                await self._ledger.write(item.type, item.identity, "done", view.id)
            known = view.id
            self._report.count(item.type)
        if known is not None:
            self._by_old_id[item.post_id] = known

    def _carried(self, item: Item) -> tuple[tuple[str, str, str], ...]:
        """Return the terms that an item can carry here; of others, such as categories of pages, the report tells."""
        kind = content_type(item.type)
        own = {found.name for found in taxonomies_of(kind)} if kind is not None else set()
        lost = {found.name for found in taxonomies() if found.public} & {
            name for name, *_rest in item.terms
        } - own
        if lost:
            self._report.skip(
                f"terms of {item.type} {item.post_id} {item.title!r}",
                _("Items of this type carry no terms of this taxonomy.") + f" ({', '.join(sorted(lost))})",
            )
        return tuple(term for term in item.terms if term[0] in own)

    def _imported(self, item: Item, author: UUID, terms: Mapping[str, tuple[UUID, ...]]) -> ImportedPost:
        status = _STATUSES.get(item.status, "draft")
        if status == "future" and item.published_at is None:
            status = "draft"  # nobody knows when, so somebody has to say
        elif status == "future" and item.published_at is not None and item.published_at <= now():
            status = "publish"  # its time came between the export and now
        old_path = (_path_of(item.link) or "").strip("/") if status == "publish" else ""
        data = PostData(
            type=item.type,
            title=plain_text(item.title)[:1000],
            slug=slugify(unquote(item.slug)),
            content=self._content(item),
            excerpt=plain_text(item.excerpt),
            author_id=author,
            menu_order=max(-(2**31), min(item.menu_order, 2**31 - 1)),
            format=_format(item),
            comment_status="open" if item.comment_status == "open" else "closed",
            ping_status="open" if item.ping_status == "open" else "closed",
            is_sticky=item.is_sticky,
            terms=terms,
            meta=_meta(item),
        )
        if item.password:
            data.password = item.password
        return ImportedPost(
            data=data,
            status=status,
            published_at=item.published_at if status in ("publish", "private", "trash") else None,
            scheduled_at=item.published_at if status == "future" else None,
            created_at=item.published_at,
            updated_at=item.modified_at or item.published_at,
            guid=item.guid,
            old_paths=[old_path] if old_path else [],
        )

    def _content(self, item: Item) -> str:
        images = {int(old): view for old, view in self._files.items() if _NUMBER.fullmatch(old)}
        attached = [self._files[old] for old in self._attached.get(item.post_id, ()) if old in self._files]
        return convert_wordpress(self._moved.rewrite(item.content), images=images, attached=attached)

    async def connect(self, item: Item) -> None:
        """Point an item at its parent and its image, now that both are here."""
        known = self.id_of(item)
        if known is None or self._ledger.has(_CONNECTED, item.identity):
            return  # what editors changed since then is theirs
        parent = self._by_old_id.get(item.parent)
        image = self._files.get(_first(item.meta, "_thumbnail_id").strip())
        if parent is None and image is None:
            return
        kind = content_type(item.type)
        changes: dict[str, Any] = {}
        if parent is not None and kind is not None and kind.hierarchical:
            changes["parent_id"] = parent
        if image is not None:
            changes["featured_media_id"] = image.id
        if changes:
            async with tenant_work():
                await amend_import(known, **changes)
                await self._ledger.write(_CONNECTED, item.identity, "done", known)


def _path_of(url: str) -> str | None:
    """Return the decoded path of an address; None for one that can't be taken apart or stored."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return None
    return None if has_forbidden(path) else path


def _first(meta: Mapping[str, list[Any]], key: str) -> str:
    values = meta.get(key) or [""]
    return str(values[0])


def _format(item: Item) -> str:
    for taxonomy, slug, _name in item.terms:
        if taxonomy == "post_format" and slug.removeprefix("post-format-") in POST_FORMATS:
            return slug.removeprefix("post-format-")
    return "standard"


def _meta(item: Item) -> dict[str, tuple[str, ...]]:
    return {
        legible(key[:255], line=True): tuple(
            legible(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
            for value in values
        )
        for key, values in item.meta.items()
        if key not in _OWN_META
    }
