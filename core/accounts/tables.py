"""People of a site and what lets them in. Personal data is marked by column."""

from piccolo.columns import JSONB, UUID, BigInt, Bytea, Integer, Text, Timestamptz, Varchar

from core.clock import now
from core.db import Personal, PlatformTable, SealedText, TenantTable, personal

__all__ = [
    "ApiToken",
    "Notice",
    "OneTimeToken",
    "Operator",
    "RoleAssignment",
    "Session",
    "User",
    "UserMeta",
    "UserRole",
]

_IDENTITY = Personal(
    category="identification",
    purpose="Who writes, edits and signs in.",
    basis="contract",
    retention="While the account exists, and 30 days after it was deleted.",
    erase="anonymise",
)
_CONTACT = Personal(
    category="contact",
    purpose="Signing in, password resets and notices.",
    basis="contract",
    retention="While the account exists, and 30 days after it was deleted.",
    erase="anonymise",
)
_ACCESS = Personal(
    category="access log",
    purpose="Seeing and ending one's own sessions; noticing foreign ones.",
    basis="legitimate_interest",
    retention="Until the session ends, 24 hours at most.",
    erase="delete",
)
_PENDING = Personal(
    category="contact",
    purpose="Sending a link that was asked for.",
    basis="contract",
    retention="Until the link is used or runs out, 7 days at most.",
    erase="delete",
)


_OPERATOR = Personal(
    category="contact",
    purpose="Running the installation.",
    basis="contract",
    retention="While the operator works for the installation.",
    subject="operator",
    erase="anonymise",
)


class Operator(PlatformTable, tablename="operators"):
    """Somebody who runs the installation. He has no rights in any site, and belongs to none."""

    email = personal(Varchar(255), _OPERATOR)
    display_name = personal(Varchar(250, default=""), _OPERATOR)
    password_sealed = SealedText()
    created_at = Timestamptz(default=now)
    disabled_at = Timestamptz(null=True, default=None)


class User(TenantTable, tablename="users"):
    """A person with an account on one site."""

    number = BigInt()
    email = personal(Varchar(255), _CONTACT)
    username = personal(Varchar(60), _IDENTITY)
    display_name = personal(Varchar(250, default=""), _IDENTITY)
    slug = personal(Varchar(60), _IDENTITY)
    first_name = personal(Varchar(100, default=""), _IDENTITY)
    last_name = personal(Varchar(100, default=""), _IDENTITY)
    url = personal(Varchar(255, default=""), _IDENTITY)
    bio = personal(Text(default=""), _IDENTITY)
    language = Varchar(10, default="")
    """Interface language, "" for the site's."""
    status = Varchar(20, default="active")
    password_sealed = SealedText()
    security_stamp = Integer(default=1)
    """Moves with everything that must end the person's sessions: password, address, roles, disabling."""
    created_at = Timestamptz(default=now)
    updated_at = Timestamptz(default=now)
    last_login_at = personal(Timestamptz(null=True, default=None), _ACCESS)
    version = Integer(default=1)
    deleted_at = Timestamptz(null=True, default=None)
    deleted_by = UUID(null=True, default=None)


class UserMeta(TenantTable, tablename="user_meta"):
    """Named values of a user; several per name."""

    user_id = UUID()
    meta_key = Varchar(255)
    meta_value = personal(Text(default=""), _IDENTITY)


class UserRole(TenantTable, tablename="user_roles"):
    """A role of the site, with its capabilities as a JSON array."""

    role_name = Varchar(50)
    title = Varchar(100)
    capabilities = JSONB(default="[]")
    brought_by = Varchar(60, default="core")
    """"core", the plugin that brought it, or "site" for one made here."""
    created_at = Timestamptz(default=now)
    updated_at = Timestamptz(default=now)
    version = Integer(default=1)


class RoleAssignment(TenantTable, tablename="role_assignments"):
    """One role of one user."""

    user_id = UUID()
    role_id = UUID()


class Session(TenantTable, tablename="sessions"):
    """A signed-in browser. Of its token only the SHA-256 is here."""

    token_hash = Bytea()
    user_id = UUID()
    created_at = Timestamptz(default=now)
    last_seen_at = Timestamptz(default=now)
    expires_at = Timestamptz(default=now)
    authenticated_at = Timestamptz(default=now)
    """When a factor was last shown."""
    security_stamp = Integer(default=0)
    network = personal(Varchar(64, default=""), _ACCESS)
    agent = personal(Varchar(200, default=""), _ACCESS)


class OneTimeToken(TenantTable, tablename="one_time_tokens"):
    """A link that was mailed or printed, or the request for one. Of its token only the SHA-256 is here."""

    purpose = Varchar(30)
    token_hash = Bytea()
    user_id = UUID(null=True, default=None)
    email = personal(Varchar(255, default=""), _PENDING)
    data = JSONB(default="{}")
    created_at = Timestamptz(default=now)
    expires_at = Timestamptz(default=now)
    used_at = Timestamptz(null=True, default=None)


class ApiToken(TenantTable, tablename="api_tokens"):
    """A program's key. `token_key` is its public part, the secret is here as SHA-256 only."""

    token_key = Varchar(8)
    token_hash = Bytea()
    user_id = UUID()
    title = Varchar(100)
    scopes = JSONB(default="[]")
    created_at = Timestamptz(default=now)
    expires_at = Timestamptz(default=now)
    last_used_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


class Notice(TenantTable, tablename="notifications"):
    """A notice for a person."""

    user_id = UUID()
    kind = Varchar(100)
    title = Varchar(255)
    body = Text(default="")
    url = Varchar(500, default="")
    created_at = Timestamptz(default=now)
    read_at = Timestamptz(null=True, default=None)
