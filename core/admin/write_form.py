"""The writing screen's form: from a post to its inputs, and from what was sent to what is written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from core.admin.panels import read_ext, shown_ext, with_ext
from core.content import ensure_terms, site_zone, taxonomies_of
from core.contract.content import ContentType, PostData
from core.contract.views import PostView
from core.errors import Invalid
from core.http import Form, FormState, fill_form, line_of, read_form
from core.i18n import gettext as _
from core.media import media_views_by_number
from core.text import whole_number

__all__ = ["WriteForm", "WriteState", "draft_key", "post_data", "read_post", "show_post"]

Visibility = Literal["public", "private", "password"]


class WriteForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the writing screen sends. Fields that it does not show are absent and stay as they are."""

    title: str = ""
    content: str | UnsetType = UNSET
    content_format: Annotated[str, line_of(30)] | UnsetType = UNSET
    excerpt: str | UnsetType = UNSET
    slug: str | UnsetType = UNSET
    author_id: UUID | UnsetType = UNSET
    parent_id: UUID | UnsetType | None = UNSET
    menu_order: int | UnsetType = UNSET
    template: Annotated[str, line_of(100)] | UnsetType = UNSET
    format: Annotated[str, line_of(30)] | UnsetType = UNSET
    featured: Annotated[str, line_of(20)] | UnsetType = UNSET
    """Number of the picture, "" for none."""
    comments_open: bool = False
    is_sticky: bool = False
    visibility: Visibility = "public"
    post_password: str = ""
    at: datetime | None = None
    unpublish_at: datetime | None = None
    unpublish_to: Literal["draft", "private"] = "draft"
    terms: Mapping[str, list[UUID]] = {}
    tags: Mapping[str, str] = {}


def draft_key(written: "WriteState") -> str:
    """Return the key of the form of a new text, under which a copy of it is kept; "" for others."""
    return written.state.value("_draft")


class WriteState(Struct, kw_only=True):
    """The form as it is shown, and what was read of it.

    `state` holds the inputs of extensions too, by their full names.
    """

    state: FormState[Any]
    form: WriteForm | None = None
    ext: dict[str, Any] = {}

    def failed(self, errors: Mapping[str, str]) -> "WriteState":
        """Return the same with errors that an operation found, under the names of the inputs."""
        renamed = {_INPUTS.get(name, name): text for name, text in errors.items()}
        return WriteState(state=self.state.failed(renamed), form=self.form, ext=self.ext)


_INPUTS = {"password": "post_password", "terms.post_tag": "tags.post_tag", "comment_status": "comments_open"}


def show_post(post: PostView, kind: ContentType) -> WriteState:
    """Return the form of a post as it is saved."""
    flat = {found.name for found in taxonomies_of(kind) if not found.hierarchical}
    form = WriteForm(
        title=post.title,
        content=post.content,
        content_format=post.content_format,
        excerpt=post.excerpt,
        slug=post.slug,
        author_id=post.author.id,
        parent_id=post.parent_id,
        menu_order=post.menu_order,
        template=post.template,
        format=post.format,
        featured=str(post.featured.number) if post.featured is not None else "",
        comments_open=post.comment_status == "open",
        is_sticky=post.is_sticky,
        visibility="private" if post.status == "private" else "password" if post.has_password else "public",
        at=post.scheduled_at or post.published_at,
        unpublish_at=post.unpublish_at,
        unpublish_to=post.unpublish_to,
        terms={name: [term.id for term in terms] for name, terms in post.terms.items() if name not in flat},
        tags={
            name: ", ".join(term.name for term in terms) for name, terms in post.terms.items() if name in flat
        },
    )
    state = fill_form(form, zone=site_zone())
    values = {**state.values, **shown_ext("post", post.ext)}
    return WriteState(state=FormState(values, {}, form), form=form)


def read_post(form: Form) -> WriteState:
    """Read the form that the writing screen sent: every error at once, extensions' among them."""
    foreign = [name for name in form if name.startswith("ext.")]
    main = read_form(form, WriteForm, zone=site_zone(), also=foreign)
    if form.get("_draft"):
        main.values["_draft"] = form.get("_draft")
    read = read_ext(form, "post")
    return WriteState(state=with_ext(main, read), form=main.data, ext=dict(read.data))


async def post_data(written: WriteState, form: Form, kind: ContentType, before: PostView | None) -> PostData:
    """Return what is to be written.

    Args:
        written: What was read.
        form: The form as it was sent; it says which taxonomies it showed (`_tax`).
        kind: The post's type.
        before: The post as it was, None for a new one.

    Raises:
        Invalid: There are errors in the form, or a tag can't be made.
    """
    given = written.form
    if given is None or written.state.errors:
        raise Invalid(written.state.errors)
    data = PostData(
        title=given.title.replace("\n", " "),
        content=given.content,
        content_format=given.content_format,
        excerpt=given.excerpt,
        slug=given.slug,
        author_id=given.author_id,
        parent_id=given.parent_id,
        menu_order=given.menu_order,
        template=given.template,
        format=given.format,
        terms=await _terms(given, form, kind),
    )
    if given.featured is not UNSET:
        data.featured_media_id = await _featured(given.featured)
    if before is None:
        data.type = kind.name
    shown = set(form.all("_shows"))
    if "comments" in shown:
        data.comment_status = "open" if given.comments_open else "closed"
    if "sticky" in shown:
        data.is_sticky = given.is_sticky
    if "unpublish" in shown:
        data.unpublish_to = given.unpublish_to
        if not _same_minute(given.unpublish_at, before):
            data.unpublish_at = given.unpublish_at
    if "visibility" in shown:
        data.password = _password(given, before)
    if written.ext:
        data.ext = written.ext
    return data


async def _featured(text: str) -> UUID | None:
    if not text.strip():
        return None
    number = whole_number(text.strip(), digits=18)
    found = (await media_views_by_number([number])).get(number)
    if found is None:
        raise Invalid({"featured": _("There is no such file here.")})
    return found.id


def _same_minute(at: datetime | None, before: PostView | None) -> bool:
    """Tell whether a time is the one there is, which inputs show to the minute."""
    there = before.unpublish_at if before is not None else None
    return at == (there.replace(second=0, microsecond=0) if there is not None else None)


def _password(given: WriteForm, before: PostView | None) -> str | UnsetType:
    had = before is not None and before.has_password
    if given.visibility != "password":
        return "" if had else UNSET
    if given.post_password:
        return given.post_password
    if not had:
        raise Invalid({"post_password": _("Choose the password that readers need.")})
    return UNSET


async def _terms(
    given: WriteForm, form: Form, kind: ContentType
) -> Mapping[str, tuple[UUID, ...]] | UnsetType:
    shown = set(form.all("_tax"))
    found: dict[str, tuple[UUID, ...]] = {}
    for taxonomy in taxonomies_of(kind):
        if taxonomy.name not in shown:
            continue
        if taxonomy.hierarchical:
            found[taxonomy.name] = tuple(given.terms.get(taxonomy.name, ()))
            continue
        names = [name.strip() for name in given.tags.get(taxonomy.name, "").split(",") if name.strip()]
        try:
            made = await ensure_terms(taxonomy.name, [("", name) for name in names])
        except Invalid as error:
            raise Invalid({f"tags.{taxonomy.name}": next(iter(error.errors.values()))}) from error
        found[taxonomy.name] = tuple(term.id for term in made.values())
    return found or UNSET
