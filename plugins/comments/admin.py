"""The moderation screen."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from markupsafe import escape
from msgspec import Meta

from core.accounts import decide
from core.admin import Action, AdminView, Column, Empty, Query, Rows, Tab
from core.content import get_post
from core.context import current_actor
from core.contract.views import PostView
from core.crypto import CannotOpen, CipherMissing
from core.errors import Invalid, NotFound
from core.http import line_of, name_of, text_of
from core.i18n import gettext as _
from core.text import excerpt_of, whole_number
from plugins.comments.addresses import READ_ADDRESSES, read_address
from plugins.comments.consent import wordings_of
from plugins.comments.forms import MAX_CONTENT, MAX_EDITED, CommentChanges
from plugins.comments.listing import CommentQuery, counts_by_status, list_comments, pending_count, posts_of
from plugins.comments.moderation import MODERATE, StatusWanted, delete_comments, edit_comment, set_status
from plugins.comments.operations import answer_comment
from plugins.comments.store import get_by_number
from plugins.comments.text import comment_html
from plugins.comments.threads import add_query
from plugins.comments.views import CommentStatus, CommentView, signs_of

__all__ = ["views"]

_WORDS = 60
"""As many of a comment are shown in the list."""
_TABS: dict[str, tuple[CommentStatus, ...]] = {
    "": ("pending", "approved"),
    "pending": ("pending",),
    "approved": ("approved",),
    "spam": ("spam",),
    "trash": ("trash",),
}


class CommentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A comment with its post, as the list shows it."""

    view: CommentView
    post: PostView | None
    """None where the moderator may not see it."""

    @property
    def number(self) -> int:
        """The comment's number."""
        return self.view.number

    @property
    def version(self) -> int:
        """The comment's version."""
        return self.view.version

    @property
    def status(self) -> str:
        """The comment's status."""
        return self.view.status

    @property
    def html(self) -> str:
        """The comment as readers see it: cleaned again, and safe here as there (control IO02).

        Of a long one only the beginning: the list is to be looked through.
        """
        beginning = excerpt_of(self.view.content, _WORDS)
        return str(escape(beginning)) if beginning.endswith(" …") else comment_html(self.view.content)


class CommentEdit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a moderator changes, and the answer that he gives."""

    content: Annotated[
        str,
        text_of(MAX_EDITED, min_length=1),
        Meta(title="Comment", description="These elements may be used: a, blockquote, code, em, strong."),
    ]
    author_name: Annotated[str, name_of(250, min_length=0), Meta(title="Name")] = ""
    author_email: Annotated[
        str, line_of(254), Meta(title="E-mail", extra_json_schema={"widget": "email"})
    ] = ""
    author_url: Annotated[str, line_of(500), Meta(title="Website")] = ""
    answer: Annotated[
        str,
        text_of(MAX_CONTENT),
        Meta(
            title="Your answer",
            description="Appears at once, in your name. A comment that waits is approved with it.",
        ),
    ] = ""


def _author(row: CommentRow) -> str:
    return row.view.author_name or _("Somebody")


def _signs(row: CommentRow) -> Sequence[str]:
    """Return why a comment that was not simply let through was not."""
    if row.status not in ("pending", "spam") or not row.view.spam_score:
        return ()
    points = _("{points} points against it:").format(points=row.view.spam_score)
    return (points, *(sign.note or sign.rule for sign in signs_of(row.view)))


def _contact(row: CommentRow) -> Sequence[str]:
    return (row.view.author_email, row.view.author_url)


def _post_title(row: CommentRow) -> str:
    return (row.post.title or _("(untitled)")) if row.post is not None else "—"


def _to(status: StatusWanted) -> Any:
    async def run(row: CommentRow) -> None:
        await set_status((row.view.id,), status)

    return run


async def _delete(row: CommentRow) -> None:
    await delete_comments((row.view.id,))


def _can(*statuses: str) -> Any:
    return lambda row: row.status in statuses


class CommentsView(AdminView[CommentRow, CommentEdit]):
    """The comments of the site, those that wait first in mind."""

    title = "Comments"
    singular = "Comment"
    capability = MODERATE
    section = "content"
    icon = "comment"
    position = 25
    searchable = True
    empty = Empty(title="No comments yet", text="What readers write below your posts appears here.")
    form = CommentEdit
    more_template = "comments/admin/more.html"
    columns = (
        Column(name="author", title="Author", value=_author, under=_contact, kind="person"),
        Column(name="html", title="Comment", template="comments/admin/text.html", under=_signs),
        Column(name="post", title="In answer to", value=_post_title, wide=True),
        Column(
            name="status",
            title="Status",
            kind="chip",
            labels={
                "pending": ("Pending", "warn"),
                "approved": ("Approved", "good"),
                "spam": ("Spam", "bad"),
                "trash": ("Trash", ""),
            },
        ),
        Column(name="at", title="Sent", value=lambda row: row.view.created_at, kind="moment"),
    )
    actions = (
        Action(
            name="approve",
            title="Approve",
            run=_to("approved"),
            done=("The comment was approved.", "%(count)d comments were approved."),
            icon="check",
            undo="hold",
            key="a",
            shown=_can("pending"),
            tabs=frozenset({"", "pending"}),
        ),
        Action(
            name="hold",
            title="Hold back",
            run=_to("pending"),
            done=("The comment is held back.", "%(count)d comments are held back."),
            icon="clock",
            undo="approve",
            key="h",
            shown=_can("approved"),
            tabs=frozenset({"", "approved"}),
        ),
        Action(
            name="spam",
            title="Mark as spam",
            run=_to("spam"),
            done=("The comment was marked as spam.", "%(count)d comments were marked as spam."),
            icon="stop",
            undo="restore",
            key="s",
            shown=_can("pending", "approved"),
            tabs=frozenset({"", "pending", "approved"}),
        ),
        Action(
            name="trash",
            title="Move to the trash",
            run=_to("trash"),
            done=("The comment was moved to the trash.", "%(count)d comments were moved to the trash."),
            icon="trash",
            undo="restore",
            key="t",
            shown=_can("pending", "approved", "spam"),
            tabs=frozenset({"", "pending", "approved", "spam"}),
        ),
        Action(
            name="restore",
            title="Restore",
            run=_to("restore"),
            done=("The comment is back where it was.", "%(count)d comments are back where they were."),
            icon="undo",
            key="r",
            shown=_can("spam", "trash"),
            tabs=frozenset({"spam", "trash"}),
        ),
        Action(
            name="delete",
            title="Delete for good",
            run=_delete,
            done=("The comment was deleted.", "%(count)d comments were deleted."),
            icon="trash",
            danger=True,
            confirm="Delete this for good?",
            key="d",
            shown=_can("spam", "trash"),
            tabs=frozenset({"spam", "trash"}),
        ),
    )

    async def rows(self, query: Query) -> Rows[CommentRow]:
        """Return one page of the comments of a tab, the newest first."""
        found = await list_comments(
            CommentQuery(
                statuses=_TABS.get(query.tab, _TABS[""]),
                search=query.search,
                with_emails=True,
                page=query.page,
                per_page=query.per_page,
            )
        )
        posts = await posts_of(found.items)
        return Rows(
            (CommentRow(view=view, post=posts.get(view.post_id)) for view in found.items), found.total
        )

    async def get(self, key: str) -> CommentRow:
        """Return a comment by its number."""
        view = await get_by_number(whole_number(key, digits=18))
        try:
            post = await get_post(view.post_id)
        except NotFound:
            post = None
        return CommentRow(view=view, post=post)

    def key(self, row: CommentRow) -> str:
        """Return the comment's number."""
        return str(row.view.number)

    def label(self, row: CommentRow) -> str:
        """Return the beginning of a comment, with who wrote it."""
        return _("{name}: {text}").format(name=_author(row), text=excerpt_of(row.view.content, 8))

    def values(self, row: CommentRow) -> CommentEdit:
        """Return the form's values."""
        view = row.view
        return CommentEdit(
            content=view.content,
            author_name=view.author_name,
            author_email=view.author_email,
            author_url=view.author_url,
        )

    async def change(self, row: CommentRow, data: CommentEdit, version: int | None) -> CommentRow:
        """Change a comment, and answer it if there is an answer."""
        changes = CommentChanges(
            content=data.content,
            author_name=data.author_name,
            author_email=data.author_email,
            author_url=data.author_url,
        )
        if self.values(row) != msgspec.structs.replace(data, answer=""):
            await edit_comment(row.view.id, changes, version=version or row.view.version)
        if data.answer.strip():
            try:
                await answer_comment(row.view.id, data.answer)
            except Invalid as error:
                raise Invalid({"answer": next(iter(error.errors.values()))}) from None
        return await self.get(self.key(row))

    async def details(self, row: CommentRow) -> dict[str, Any]:
        """Return where a comment came from, for those who may see that, and what its author agreed to."""
        may = (await decide(current_actor(), READ_ADDRESSES)).allowed
        kept, problem = "", ""
        if may:
            try:
                kept = await read_address(row.view.id)
            except (CannotOpen, CipherMissing) as error:
                problem = str(error)
        return {
            "signs": signs_of(row.view),
            "address": kept,
            "address_problem": problem,
            "agreed_to": (await wordings_of([row.view.id])).get(row.view.id, ""),
        }

    def address(self, row: CommentRow) -> str:
        """Return where a comment is to be seen."""
        if row.post is None or row.view.status != "approved":
            return ""
        return add_query(row.post.url, f"comment-{row.view.number}")

    async def tabs(self) -> Sequence[Tab]:
        """Return a tab per status."""
        counts = await counts_by_status()
        titles = {
            "": _("All"),
            "pending": _("Pending"),
            "approved": _("Approved"),
            "spam": _("Spam"),
            "trash": _("Trash"),
        }
        return [
            Tab(name=name, title=titles[name], count=sum(counts.get(status, 0) for status in statuses))
            for name, statuses in _TABS.items()
        ]

    async def badge(self) -> int:
        """Return how many wait."""
        return await pending_count()


views = [CommentsView]
