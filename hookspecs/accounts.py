"""People and their rights."""

from collections.abc import Iterable
from typing import Any

from core.contract.accounts import AccessPolicy, Capability, RoleDefinition
from core.contract.markers import hookspec
from core.contract.views import UserView


@hookspec
def register_capabilities() -> Iterable[Capability]:
    """Bring rights. Names begin with the plugin's name and a dot, unless a content type makes them."""
    ...


@hookspec
def register_roles() -> Iterable[RoleDefinition]:
    """Bring roles. They are made on a site when the plugin is enabled there; people may change them."""
    ...


@hookspec
def register_access_policies() -> Iterable[AccessPolicy]:
    """May this be done? Bring policies that every decision asks after capabilities.

    The strictest answer wins: deny, then step up, then allow. A policy that raises denies.
    """
    ...


@hookspec
def filter_required_capabilities(required: frozenset[str], capability: str, object: Any) -> frozenset[str]:
    """Change which capabilities a question needs (WordPress: `map_meta_cap`).

    Args:
        required: All of these are needed.
        capability: What was asked for.
        object: The view it is about, or None.

    Returns:
        Capabilities that are all needed.
    """
    ...


@hookspec
def filter_user_capabilities(capabilities: frozenset[str], user: UserView) -> frozenset[str]:
    """Change what a user holds (WordPress: `user_has_cap`). Asked once per request.

    Args:
        capabilities: From all of the user's roles.
        user: The user.

    Returns:
        The capabilities to go by.
    """
    ...


@hookspec
def on_user_saving(user: UserView, before: UserView | None) -> None:
    """A user was written, inside the unit of work.

    Args:
        user: The user as written.
        before: The user as it was, None for a new one.
    """
    ...


@hookspec
def on_user_saved(user: UserView, before: UserView | None) -> None:
    """A user was written and committed. Covers `user_register` and `profile_update`.

    Args:
        user: The user as written.
        before: The user as it was, None for a new one.
    """
    ...


@hookspec
def on_user_roles_changed(user: UserView, before: frozenset[str], after: frozenset[str]) -> None:
    """A user's roles changed.

    Args:
        user: The user.
        before: Role names before.
        after: Role names now.
    """
    ...


@hookspec
def on_user_deleting(user: UserView, reassign_to: UserView | None) -> None:
    """A user is being deleted, inside the unit of work.

    Args:
        user: The user as it was.
        reassign_to: Who gets the content, None if there is none.
    """
    ...


@hookspec
def on_user_deleted(user: UserView, reassign_to: UserView | None) -> None:
    """A user is gone.

    Args:
        user: The user as it was.
        reassign_to: Who got the content, None if there was none.
    """
    ...


@hookspec
def on_logged_in(user: UserView) -> None:
    """Somebody signed in.

    Args:
        user: Who.
    """
    ...


@hookspec
def on_login_failed(identifier: str) -> None:
    """A sign-in failed.

    Args:
        identifier: What was typed as e-mail or name. Personal data: don't log it.
    """
    ...


@hookspec
def on_logged_out(user: UserView) -> None:
    """Somebody signed out.

    Args:
        user: Who.
    """
    ...


@hookspec
def filter_login_redirect(path: str, user: UserView) -> str:
    """Change where somebody lands after signing in.

    Args:
        path: A path on this site.
        user: Who signed in.

    Returns:
        A path on this site.
    """
    ...
