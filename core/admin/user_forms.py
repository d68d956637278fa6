"""Forms about people: an account, a new one, an invitation."""

from typing import Annotated

from msgspec import Meta, Struct

from core.http import line_of, name_of, text_of

__all__ = ["InvitationForm", "NewUserForm", "UserForm"]


class UserForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of somebody else's account."""

    display_name: Annotated[
        str,
        name_of(250),
        Meta(
            title="Name",
            description="It stands above what the person writes.",
            extra_json_schema={"group": "Person"},
        ),
    ]
    first_name: Annotated[
        str, name_of(100, min_length=0), Meta(title="First name", extra_json_schema={"width": "half"})
    ] = ""
    last_name: Annotated[
        str, name_of(100, min_length=0), Meta(title="Last name", extra_json_schema={"width": "half"})
    ] = ""
    bio: Annotated[
        str,
        text_of(10_000),
        Meta(title="About the person", description="Shown beside posts, if the theme does."),
    ] = ""
    url: Annotated[str, line_of(255), Meta(title="Website", extra_json_schema={"widget": "url"})] = ""
    email: Annotated[
        str,
        line_of(255),
        Meta(title="E-mail address", extra_json_schema={"group": "Account", "widget": "email"}),
    ]
    username: Annotated[
        str, line_of(255), Meta(title="User name", description="To sign in with, beside the address.")
    ]
    slug: Annotated[str, line_of(60), Meta(title="Address of the author's page")] = ""
    language: Annotated[str, line_of(10), Meta(title="Language")] = ""


class NewUserForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of a new account with a password that somebody hands over."""

    email: Annotated[
        str, line_of(255), Meta(title="E-mail address", min_length=3, extra_json_schema={"widget": "email"})
    ]
    display_name: Annotated[str, name_of(250, min_length=0), Meta(title="Name")] = ""
    username: Annotated[
        str, line_of(255), Meta(title="User name", description="Empty makes one of the address.")
    ] = ""
    roles: Annotated[list[str], Meta(title="Roles")] = []
    password: Annotated[
        str,
        Meta(
            title="Password",
            description="Empty for none: the person sets one with “Forgotten?”.",
            max_length=4096,
            extra_json_schema={"widget": "password", "autocomplete": "new-password"},
        ),
    ] = ""


class InvitationForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of an invitation."""

    email: Annotated[
        str, line_of(255), Meta(title="E-mail address", min_length=3, extra_json_schema={"widget": "email"})
    ]
    display_name: Annotated[str, name_of(250, min_length=0), Meta(title="Name")] = ""
    roles: Annotated[list[str], Meta(title="Roles")] = []
