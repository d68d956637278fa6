"""How a site wants its comments."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from core.http import text_of

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
    hold_words: Annotated[
        str,
        text_of(20_000),
        Meta(
            title="Words that hold a comment back",
            description="One per line. They are looked for in the text, the name and both addresses.",
            extra_json_schema={"group": "Against spam"},
        ),
    ] = ""
    spam_words: Annotated[
        str,
        text_of(20_000),
        Meta(
            title="Words that make a comment spam",
            description="One per line.",
            extra_json_schema={"group": "Against spam"},
        ),
    ] = ""
    most_links: Annotated[
        int,
        Meta(
            title="Links that are not suspicious",
            description="Each one more counts against a comment.",
            ge=0,
            le=100,
            extra_json_schema={"group": "Against spam"},
        ),
    ] = 1
    hold_at: Annotated[
        int,
        Meta(
            title="Points from which a moderator looks at it",
            description="What speaks against a comment adds up: links, haste, the same text elsewhere, senders of spam.",
            ge=1,
            le=1000,
            extra_json_schema={"group": "Against spam"},
        ),
    ] = 40
    spam_at: Annotated[
        int,
        Meta(
            title="Points from which it is spam", ge=1, le=1000, extra_json_schema={"group": "Against spam"}
        ),
    ] = 100
    ask_consent: Annotated[
        bool,
        Meta(
            title="Ask visitors to agree to being published",
            description="Without their agreement (LGPD, article 7, I) nothing is kept of what they sent.",
            extra_json_schema={"group": "Privacy"},
        ),
    ] = True
    consent_text: Annotated[
        str,
        text_of(1000),
        Meta(
            title="What they agree to",
            description="Plain text; empty for the sentence that comes with the plugin. Every wording is kept with the comments that were sent under it.",
            extra_json_schema={"group": "Privacy"},
        ),
    ] = ""
    keep_address: Annotated[
        Literal["never", "sealed"],
        Meta(
            title="Network address of who comments",
            description="Sealed takes a plugin that seals, such as the vault; without one no address is kept.",
            extra_json_schema={
                "labels": {"never": "Is not kept", "sealed": "Is kept sealed"},
                "group": "Privacy",
            },
        ),
    ] = "never"
    address_days: Annotated[
        int,
        Meta(
            title="Days that an address is kept",
            description="Six months are what the Marco Civil da Internet, article 15, asks of companies.",
            ge=1,
            le=3650,
            extra_json_schema={"group": "Privacy"},
        ),
    ] = 183
    notify_author: Annotated[bool, Meta(title="Tell authors about new comments on their posts")] = True
    notify_moderators: Annotated[bool, Meta(title="Tell moderators about comments that wait")] = True
    notify_by_mail: Annotated[
        bool, Meta(title="Send that by e-mail, too", description="Beside the notice in the admin.")
    ] = False
    offer_answers: Annotated[
        bool,
        Meta(
            title="Offer to tell people by e-mail when somebody answers them",
            description="They confirm their address first.",
        ),
    ] = True
