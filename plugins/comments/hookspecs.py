"""Hooks that this plugin publishes. Whoever implements them writes `requires=("comments",)`."""

from core.contract.markers import hookspec
from plugins.comments.views import CommentView, SpamSign


@hookspec
def filter_comments_verdict(verdict: str, comment: CommentView) -> str:
    """Change what becomes of a comment that was just sent (WordPress: `pre_comment_approved`).

    Fires before anything is written and outside of any unit of work, so a service may be asked.

    Args:
        verdict: "approved", "pending" or "spam", as the site's rules have it so far.
        comment: The comment as it would be written; its number is 0.

    Returns:
        "approved", "pending" or "spam".
    """
    ...


@hookspec
def filter_comments_spam_signs(signs: tuple[SpamSign, ...], comment: CommentView) -> tuple[SpamSign, ...]:
    """Add what speaks for or against a comment that was just sent; ask an outside service here.

    Fires before anything is written and outside of any unit of work. The points add up; the site's settings
    say from how many on a moderator looks at it, and from how many on it is spam.

    Args:
        signs: What was found so far.
        comment: The comment as it would be written; its number is 0.

    Returns:
        The signs with yours. Give them your plugin's name: "my_service.bayes".
    """
    ...


@hookspec
def on_comments_created(comment: CommentView) -> None:
    """A comment was written and committed, whatever its status (WordPress: `comment_post`). Not for imported ones.

    Args:
        comment: The comment as written.
    """
    ...


@hookspec
def on_comments_status_changed(comment: CommentView, before: str) -> None:
    """A comment got another status, and that is committed (WordPress: `transition_comment_status`).

    Args:
        comment: The comment as it is now.
        before: The status it had.
    """
    ...
