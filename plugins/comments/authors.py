"""Who comments: an account, or what a visitor says of himself."""

from uuid import UUID

import msgspec

from core.accounts import check_email, get_user
from core.context import current_actor
from core.errors import Invalid
from core.i18n import gettext as _
from core.plugins import settings
from plugins.comments.forms import CommentForm
from plugins.comments.settings import CommentsSettings
from plugins.comments.text import clean_url

__all__ = ["Author", "checked_email", "checked_url", "who_comments"]


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """The author of a comment."""

    name: str = ""
    email: str = ""
    url: str = ""
    user_id: UUID | None = None


async def who_comments(form: CommentForm, errors: dict[str, str]) -> Author:
    """Return the author of a comment that is being sent; what is wrong with him goes into `errors`."""
    actor = current_actor()
    if actor.kind == "user" and actor.id is not None:
        account = await get_user(actor.id)
        return Author(
            name=account.view.name, email=account.email, url=clean_url(account.url) or "", user_id=account.id
        )
    needed = settings(CommentsSettings).require_name_email
    if needed and not form.author_name:
        errors["author_name"] = _("Say who you are. The name is shown with your comment.")
    email = checked_email(form.author_email, errors)
    if needed and not email and "author_email" not in errors:
        errors["author_email"] = _("Leave your e-mail address. It is not shown.")
    return Author(name=form.author_name, email=email, url=checked_url(form.author_url, errors))


def checked_email(value: str, errors: dict[str, str]) -> str:
    """Return an address as it is stored, "" for none; what is wrong goes into `errors`."""
    if not value.strip():
        return ""
    try:
        return check_email(value)
    except Invalid as error:
        errors["author_email"] = next(iter(error.errors.values()))
        return ""


def checked_url(value: str, errors: dict[str, str]) -> str:
    """Return the address of a site, "" for none; what is wrong goes into `errors`."""
    url = clean_url(value)
    if url is None:
        errors["author_url"] = _("This is not the address of a site, such as https://example.org.")
        return ""
    return url
