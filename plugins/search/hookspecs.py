"""Hooks that this plugin publishes. Whoever implements them writes `requires=("search",)`."""

from core.contract.markers import hookspec
from core.contract.views import PostView


@hookspec
def filter_search_text(text: str, post: PostView) -> str:
    """Change what of a post can be found, beside its title, summary and terms.

    Args:
        text: Plain text of its content; "" for what a password hides.
        post: The post, published and public.

    Returns:
        Plain text, with what your plugin keeps with the post.
    """
    ...
