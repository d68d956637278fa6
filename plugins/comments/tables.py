"""Comments, what is kept with them by name, and threads that were closed by age."""

from piccolo.columns import UUID, BigInt, Integer, Text, Timestamptz, Varchar

from core.clock import now
from core.db import Personal, SealedText, TenantTable, personal

__all__ = ["ClosedThread", "Comment", "CommentMeta", "Consent", "Follower"]

_AUTHOR = Personal(
    category="identification",
    purpose="Showing who wrote a comment.",
    basis="consent",
    retention="While the comment is shown; 30 days in the trash or as spam.",
    subject="visitor",
    erase="anonymise",
)
_CONTACT = Personal(
    category="contact",
    purpose="Knowing who was approved before, and finding a person's comments again. Never shown to visitors.",
    basis="legitimate_interest",
    retention="While the comment is shown; 30 days in the trash or as spam.",
    subject="visitor",
    erase="anonymise",
)
_WORDS = Personal(
    category="opinion",
    purpose="Publishing what somebody wrote to be published.",
    basis="consent",
    retention="Stays without its author's name when he is erased: the discussion is others' too. A moderator deletes it on request.",
    subject="visitor",
    erase="keep",
)
_SEARCH = Personal(
    category="opinion",
    purpose="Finding comments on the moderation screen.",
    basis="legitimate_interest",
    retention="As long as the comment.",
    subject="visitor",
    erase="anonymise",
)
_ADDRESS = Personal(
    category="access log",
    purpose="Finding out who sent unlawful comments, when a court asks.",
    basis="legal_obligation",
    retention="As many days as the site says, 183 unless told otherwise; not at all unless the site wants it.",
    subject="visitor",
    erase="clear",
)
_FOLLOWER = Personal(
    category="contact",
    purpose="Telling somebody that his comment was answered, after he confirmed that he wants it.",
    basis="consent",
    retention="Until he says that he wants no more, or the comment goes; 7 days while not confirmed.",
    subject="visitor",
    erase="delete",
)


class Comment(TenantTable, tablename="comments"):
    """One comment, pingback or trackback."""

    number = BigInt()
    post_id = UUID()
    parent_id = UUID(null=True, default=None)
    root_id = UUID()
    """The comment that its thread begins with; its own id if that is itself."""
    depth = Integer(default=0)
    """Steps from the root, however deep; showing it flat begins later (`threads.LEVELS`)."""
    thread_at = Timestamptz(default=now)
    """When its thread began: what threads are ordered by."""
    kind = Varchar(20, default="comment")
    status = Varchar(20)
    status_before = Varchar(20, default="")
    """In the trash or as spam: what it was."""
    status_at = Timestamptz(default=now)
    """Since when it has its status."""
    author_name = personal(Varchar(250, default=""), _AUTHOR)
    author_email = personal(Varchar(255, default=""), _CONTACT)
    author_url = personal(Varchar(500, default=""), _AUTHOR)
    user_id = UUID(null=True, default=None)
    """Who was signed in; gone when the account is."""
    content = personal(Text(), _WORDS)
    """Text with at most five kinds of elements; see `text.clean_comment`."""
    search_text = personal(Text(default=""), _SEARCH)
    digest = Varchar(64, default="")
    """Of who said what to whom: the same form sent twice finds it. "" for imported ones."""
    spam_score = Integer(default=0)
    """Points that spoke against it when it was sent."""
    spam_signs = Text(default="")
    """What they were given for: JSON of `SpamSign`s, "" for nothing."""
    consented_at = Timestamptz(null=True, default=None)
    consent_id = UUID(null=True, default=None)
    """The wording that was agreed to."""
    address_sealed = personal(SealedText(), _ADDRESS)
    import_key = Varchar(700, default="")
    import_parent = Varchar(700, default="")
    """Key of the parent, until it is here."""
    created_at = Timestamptz(default=now)
    updated_at = Timestamptz(default=now)
    version = Integer(default=1)


class CommentMeta(TenantTable, tablename="comments_meta"):
    """Named values of a comment; several per name."""

    comment_id = UUID()
    meta_key = Varchar(255)
    meta_value = Text(default="")


class ClosedThread(TenantTable, tablename="comments_closed"):
    """A post whose discussion was closed because the post is old."""

    post_id = UUID()
    published_at = Timestamptz()
    closed_at = Timestamptz(default=now)


class Consent(TenantTable, tablename="comments_consents"):
    """A wording that visitors agreed to, kept for as long as there are comments that were sent under it."""

    digest = Varchar(64)
    """SHA-256 of the wording."""
    wording = Text()
    created_at = Timestamptz(default=now)


class Follower(TenantTable, tablename="comments_followers"):
    """Somebody who wants to hear of answers to his comment."""

    comment_id = UUID()
    email = personal(Varchar(255), _FOLLOWER)
    language = Varchar(20, default="")
    asked_at = Timestamptz(null=True, default=None)
    """When he was asked to confirm."""
    confirmed_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=now)
