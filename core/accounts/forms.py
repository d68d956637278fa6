"""What people send about accounts: one Struct per form, shared by the admin, the API and the shell."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from core.accounts.views import AccountStatus
from core.http import line_of, name_of, text_of

__all__ = [
    "AcceptForm",
    "EmailForm",
    "FirstAdminForm",
    "InviteForm",
    "LoginForm",
    "NewPasswordForm",
    "NewUser",
    "PasswordForm",
    "RegisterForm",
    "ResetForm",
    "StepUpForm",
    "TokenForm",
    "UserChanges",
    "UserQuery",
]

Short = Annotated[str, line_of(255)]
Secret = Annotated[str, msgspec.Meta(max_length=4096)]
"""A password: every character counts, none is cut. Longer ones are refused before they cost anything."""
Link = Annotated[str, line_of(200)]
Shown = Annotated[str, name_of(250, min_length=0)]
Given = Annotated[str, name_of(100, min_length=0)]
Url = Annotated[str, msgspec.Meta(pattern=r"^(|https?://[^\s\x00-\x1f\"<>]+)$(?!\n)", max_length=255)]
Language = Literal["", "pt-BR", "en"]


class _Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the forms."""


class LoginForm(_Form, frozen=True, kw_only=True):
    """Signing in, by e-mail or user name."""

    identifier: Short
    password: Secret
    next: Annotated[str, line_of(2048)] = ""
    """Path to go to afterwards."""


class ResetForm(_Form, frozen=True, kw_only=True):
    """Asking for a link to set a new password."""

    email: Short


class NewPasswordForm(_Form, frozen=True, kw_only=True):
    """Setting a new password with a link."""

    token: Link
    password: Secret


class RegisterForm(_Form, frozen=True, kw_only=True):
    """Asking for an account, where a site lets everybody."""

    email: Short


class AcceptForm(_Form, frozen=True, kw_only=True):
    """Following the link of a registration or an invitation."""

    token: Link
    display_name: Annotated[str, name_of(250)]
    password: Secret


class FirstAdminForm(_Form, frozen=True, kw_only=True):
    """Making the first administrator of a site with the one-time link."""

    token: Link
    email: Short
    display_name: Annotated[str, name_of(250)]
    password: Secret


class InviteForm(_Form, frozen=True, kw_only=True):
    """Inviting somebody."""

    email: Short
    display_name: Shown = ""
    roles: tuple[str, ...] = ()
    """Role names; none means the site's default role."""


class StepUpForm(_Form, frozen=True, kw_only=True):
    """Showing the password again."""

    password: Secret
    next: Annotated[str, line_of(2048)] = ""


class PasswordForm(_Form, frozen=True, kw_only=True):
    """Changing the own password."""

    current: Secret
    password: Secret


class EmailForm(_Form, frozen=True, kw_only=True):
    """Changing the own address; it counts once the link mailed there is followed."""

    email: Short
    password: Secret


class TokenForm(_Form, frozen=True, kw_only=True):
    """Making an API token."""

    title: Annotated[str, name_of(100)]
    scopes: frozenset[str]
    """Capabilities; the token can do what both it and its owner may."""
    days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 90


class NewUser(_Form, frozen=True, kw_only=True):
    """A user that somebody makes."""

    email: Short
    username: Short = ""
    """Made from the address if empty."""
    display_name: Shown = ""
    first_name: Given = ""
    last_name: Given = ""
    url: Url = ""
    bio: Annotated[str, text_of(10_000)] = ""
    language: Language = ""
    roles: tuple[str, ...] = ()
    """Role names; none means the site's default role."""
    password: Secret = ""
    """Empty for none: the person sets one through an invitation or a reset."""


class UserChanges(_Form, frozen=True, kw_only=True, omit_defaults=True):
    """What is written to a user: set fields change, unset ones stay."""

    email: Short | UnsetType = UNSET
    username: Short | UnsetType = UNSET
    display_name: Shown | UnsetType = UNSET
    slug: Short | UnsetType = UNSET
    first_name: Given | UnsetType = UNSET
    last_name: Given | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    bio: Annotated[str, text_of(10_000)] | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    ext: Mapping[str, Any] | UnsetType = UNSET
    """Values of extensions, by plugin."""


class UserQuery(_Form, frozen=True, kw_only=True):
    """What a list of users asks for."""

    search: Annotated[str, line_of(100)] = ""
    role: str = ""
    status: AccountStatus | Literal[""] = ""
    ids: tuple[UUID, ...] = ()
    above: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Only people whose number is greater: with the order "number", where a list goes on."""
    order: Literal["name", "email", "created", "last_login", "number"] = "name"
    descending: bool = False
    page: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1
    per_page: Annotated[int, msgspec.Meta(ge=1, le=200)] = 20
