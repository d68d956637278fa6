"""How a site wants its comments."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

__all__ = ["CommentsSettings"]


class CommentsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a site's comments."""

    moderation: Annotated[
        Literal["all", "first", "none"],
        Meta(
            title="Before a comment appears",
            description="The first one of a person is told by the same name and e-mail address.",
            extra_json_schema={
                "labels": {
                    "all": "A moderator approves it",
                    "first": "A moderator approves the first one of a person",
                    "none": "Nothing has to happen",
                }
            },
        ),
    ] = "first"
    close_after_days: Annotated[
        int,
        Meta(
            title="Close discussions after days",
            description="Days after a post was published; 0 never closes one.",
            ge=0,
            le=36_500,
        ),
    ] = 0
    per_page: Annotated[int, Meta(title="Threads per page", ge=1, le=200)] = 50
    order: Annotated[
        Literal["oldest", "newest"],
        Meta(
            title="Threads that come first",
            extra_json_schema={"labels": {"oldest": "The oldest", "newest": "The newest"}},
        ),
    ] = "oldest"
    require_name_email: Annotated[bool, Meta(title="Ask visitors for name and e-mail")] = True
    signed_in_only: Annotated[bool, Meta(title="Only people who are signed in may comment")] = False
    notify_author: Annotated[bool, Meta(title="Tell authors about new comments on their posts")] = True
    notify_by_mail: Annotated[
        bool, Meta(title="Send that by e-mail, too", description="Beside the notice in the admin.")
    ] = False
