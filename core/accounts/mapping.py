"""From a question about a thing to the capabilities it takes (WordPress's `map_meta_cap`).

Rules and their order are those of WordPress's capabilities.php (wordpress.md, 4.2). The answer is a
set of capabilities that are all needed; `do_not_allow` in it means never.
"""

from typing import Any, Final

from core.accounts.capabilities import TypeCapabilities, content_type_of, type_capabilities
from core.accounts.matrix import UNATTAINABLE
from core.context import Actor
from core.contract.accounts import MetaKey
from core.contract.views import PostView, TermView, UserView
from core.tenancy import site_settings

__all__ = ["map_capability"]

Needed = frozenset[str]

_NEVER: Final[Needed] = frozenset({UNATTAINABLE})
_NOTHING: Final[Needed] = frozenset()
_OUT: Final = ("publish", "future")
"""Statuses that count as published for rights."""

_RENAMED: Final = {
    "customize": "edit_theme_options",
    "edit_css": "unfiltered_html",
    "setup_network": "manage_options",
    "export_others_personal_data": "manage_options",
    "erase_others_personal_data": "manage_options",
    "manage_privacy_options": "manage_options",
    "create_posts": "edit_posts",
    "create_pages": "edit_pages",
    "publish_post": "publish_posts",
    "publish_page": "publish_pages",
    "manage_post_tags": "manage_categories",
    "edit_categories": "manage_categories",
    "edit_post_tags": "manage_categories",
    "delete_categories": "manage_categories",
    "delete_post_tags": "manage_categories",
    "assign_categories": "edit_posts",
    "assign_post_tags": "edit_posts",
    "add_users": "promote_users",
}
_APP_PASSWORDS: Final = frozenset(
    {
        "create_app_password",
        "list_app_passwords",
        "read_app_password",
        "edit_app_password",
        "delete_app_password",
        "delete_app_passwords",
    }
)
_TERMS: Final = {
    "edit_term": "manage_categories",
    "delete_term": "manage_categories",
    "assign_term": "edit_posts",
}
_USERS: Final = {
    "delete_user": "delete_users",
    "promote_user": "promote_users",
    "remove_user": "remove_users",
}
_META_VERBS: Final = ("edit_", "add_", "delete_")
_POST_VERBS: Final = ("edit", "delete", "read", "publish")


def map_capability(actor: Actor, capability: str, object: Any = None) -> Needed:
    """Return the capabilities that `actor` needs, all of them, to do this.

    Args:
        actor: Who asks; what is one's own is told by its id.
        capability: A primitive capability (`edit_posts`) or a question about a thing (`edit_post`).
        object: The PostView, TermView, UserView or MetaKey it is about.

    Returns:
        `{"do_not_allow"}` for what nobody may, among them questions about a thing without the thing.
    """
    if capability in _RENAMED:
        return frozenset({_RENAMED[capability]})
    if capability in _TERMS:
        return _map_term(capability, object)
    if capability == "edit_user" or capability in _APP_PASSWORDS:
        if not isinstance(object, UserView):
            return _NEVER
        return _NOTHING if _is_self(actor, object) else frozenset({"edit_users"})
    if capability in _USERS:
        if not isinstance(object, UserView) or _is_self(actor, object):
            return _NEVER
        return frozenset({_USERS[capability]})
    if capability == "edit_comment":
        capability = "edit_post"
    if (owner := _meta_owner(capability)) is not None:
        return _map_meta(actor, owner, object)
    verb = _post_verb(capability, object)
    return frozenset({capability}) if verb is None else _map_post(actor, verb, object)


def _is_self(actor: Actor, user: UserView) -> bool:
    return actor.kind == "user" and actor.id is not None and actor.id == user.id


def _map_term(capability: str, term: Any) -> Needed:
    if not isinstance(term, TermView):
        return _NEVER
    if capability == "delete_term" and term.id == site_settings().default_category:
        return _NEVER
    return frozenset({_TERMS[capability]})


def _meta_owner(capability: str) -> str | None:
    """Return "post" for `edit_post_meta`, and so on; None if it is no question about meta."""
    if not capability.endswith("_meta"):
        return None
    for verb in _META_VERBS:
        owner = capability.removeprefix(verb).removesuffix("_meta")
        if capability.startswith(verb) and owner in ("post", "page", "term", "user", "comment"):
            return owner
    return None


def _map_meta(actor: Actor, owner: str, target: Any) -> Needed:
    if not isinstance(target, MetaKey) or target.key.startswith("_"):
        return _NEVER
    return map_capability(actor, f"edit_{owner}", target.object)


def _post_verb(capability: str, object: Any) -> str | None:
    """Return "edit" for `edit_post`, `edit_page` and, about a book, `edit_book`; None for all else."""
    verb, _, kind = capability.partition("_")
    if verb not in _POST_VERBS or not kind:
        return None
    if kind in ("post", "page"):
        return verb
    if isinstance(object, PostView):
        registered = content_type_of(object.type)
        if registered is not None and registered.capability_type == kind:
            return verb
    return None


def _map_post(actor: Actor, verb: str, post: Any) -> Needed:
    if not isinstance(post, PostView):
        return _NEVER
    if post.type == "revision":  # rights on a revision are asked about its parent
        return _NEVER
    kind = content_type_of(post.type)
    if kind is None:
        return frozenset({"edit_others_posts"})
    caps = type_capabilities(kind.capability_type)
    if verb == "publish":
        return frozenset({caps.publish})
    own = actor.kind == "user" and actor.id is not None and post.author.id == actor.id
    if verb == "read":
        return _read(caps, post, own)
    if verb == "delete" and _is_front(post):
        return frozenset({"manage_options"})
    return _change(caps, verb, post, own)


def _is_front(post: PostView) -> bool:
    site = site_settings()
    return post.id in (site.page_on_front, site.page_for_posts)


def _read(caps: TypeCapabilities, post: PostView, own: bool) -> Needed:
    if post.status == "publish" or own:
        return frozenset({"read"})
    if post.status == "private":
        return frozenset({caps.read_private})
    return _change(caps, "edit", post, own)


def _change(caps: TypeCapabilities, verb: str, post: PostView, own: bool) -> Needed:
    basic, others, published, private = (
        (caps.edit, caps.edit_others, caps.edit_published, caps.edit_private)
        if verb == "edit"
        else (caps.delete, caps.delete_others, caps.delete_published, caps.delete_private)
    )
    if own:
        # without the status before, the stricter answer
        status = (post.status_before or "publish") if post.status == "trash" else post.status
        return frozenset({published if status in _OUT else basic})
    needed = {others}
    if post.status in _OUT:
        needed.add(published)
    elif post.status == "private":
        needed.add(private)
    return frozenset(needed)
