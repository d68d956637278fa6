"""Roles and database on a PostgreSQL server (`vitral db init`)."""

import asyncpg
import msgspec

from core.errors import VitralError

__all__ = ["ROLES", "ServerInit", "initialise_server"]

ROLES = {
    "vitral_owner": "migrates, owns the tables, serves nothing",
    "vitral_app": "serves; owns nothing, bound by row-level security",
    "vitral_keeper": "seals, prunes and makes partitions, through an allow-listed set of functions",
    "vitral_backup": "reads every row of every tenant, writes nothing",
}

_MEMBER_OF = """
SELECT quote_ident(above.rolname) AS name FROM pg_auth_members m
JOIN pg_roles above ON above.oid = m.roleid JOIN pg_roles member ON member.oid = m.member
WHERE member.rolname = $1
"""


class ServerInit(msgspec.Struct, frozen=True):
    """What was made, and what was there already."""

    created_roles: tuple[str, ...]
    created_database: bool
    indexed_search: bool
    """Whether full-text search may use its index: that takes a superuser."""


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


async def initialise_server(admin_url: str, database: str, passwords: dict[str, str]) -> ServerInit:
    """Create the four roles and the database, or bring them to their rights. Repeatable.

    Args:
        admin_url: A connection as a superuser (or a role with CREATEROLE and CREATEDB).
        database: Name of the database, `[a-z0-9_]`.
        passwords: Password by role; a role without one can only log in by the server's other means.

    Raises:
        VitralError: The name is not plain, or the server refused.
    """
    if not database.replace("_", "").isalnum() or not database.islower():
        raise VitralError(
            f"{database!r} is no name for a database.", hint="Use lower-case letters, digits and _."
        )
    try:
        connection = await asyncpg.connect(admin_url)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise VitralError(f"The server does not answer: {error}", hint="Check the admin URL.") from error
    try:
        created = []
        for role in ROLES:
            if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
                await connection.execute(f"CREATE ROLE {role} LOGIN")
                created.append(role)
            await connection.execute(
                f"ALTER ROLE {role} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION "
                + ("BYPASSRLS" if role == "vitral_backup" else "NOBYPASSRLS")
            )
            # a member may become what it is a member of
            for above in await connection.fetch(_MEMBER_OF, role):
                await connection.execute(f"REVOKE {above['name']} FROM {role}")
            if role in passwords:
                await connection.execute(f"ALTER ROLE {role} PASSWORD {_literal(passwords[role])}")
        made = not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database)
        if made:
            await connection.execute(
                f"CREATE DATABASE {database} OWNER vitral_owner ENCODING 'UTF8' TEMPLATE template0"
            )
        await connection.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
        await connection.execute(
            f"GRANT CONNECT ON DATABASE {database} TO vitral_app, vitral_keeper, vitral_backup"
        )
        return ServerInit(tuple(created), made, await _let_search_use_its_index(admin_url, database))
    except asyncpg.PostgresError as error:
        raise VitralError(
            f"The server refused: {error}", hint="Use a superuser for `vitral db init`."
        ) from error
    finally:
        await connection.close()


async def _let_search_use_its_index(admin_url: str, database: str) -> bool:
    """Mark `@@` leakproof in a database: under row-level security PostgreSQL uses no index for it otherwise.

    The function raises nothing that would tell about a row it must not show. The mark is not part of a
    dump, so a restored database wants `vitral db init` again; `vitral doctor` says so.
    """
    connection = await asyncpg.connect(admin_url, database=database)
    try:
        await connection.execute("ALTER FUNCTION ts_match_vq(tsvector, tsquery) LEAKPROOF")
    except asyncpg.InsufficientPrivilegeError:
        return False
    finally:
        await connection.close()
    return True
