"""`vitral user`: people of a site, and the first administrator's link."""

import click

from core.accounts import (
    Account,
    NewUser,
    PersonalData,
    ResetForm,
    UserQuery,
    create_user,
    delete_user,
    disable_user,
    enable_user,
    erase_personal_data,
    export_personal_data,
    find_user,
    first_admin_link,
    list_roles,
    list_users,
    request_reset,
    set_roles,
)
from core.cli.output import emit, json_option, table
from core.cli.run import run, site, site_option
from core.context import current_tenant
from core.errors import Invalid, NotFound
from core.hooks import did_you_mean

__all__ = ["user_command"]


@click.group("user")
def user_command() -> None:
    """People of a site, and the first administrator's link."""


def _described(account: Account) -> dict[str, object]:
    return {
        "number": account.number,
        "username": account.username,
        "email": account.email,
        "name": account.display_name,
        "roles": sorted(account.roles),
        "status": account.status,
    }


async def _found(identifier: str) -> Account:
    account = await find_user(identifier)
    if account is None:
        raise NotFound(
            f"There is nobody called {identifier!r} on this site.", hint="`vitral user list` shows everybody."
        )
    return account


async def _known_role(name: str) -> None:
    known = [role.name for role in await list_roles()]
    if name not in known:
        raise NotFound(
            f"There is no role {name!r} on this site.",
            hint=did_you_mean(name, known) or f"Roles: {', '.join(known)}.",
        )


@user_command.command("list")
@site_option
@click.option("--role", default="", help="Only people with this role.")
@click.option("--search", default="", help="Part of a name or address.")
@json_option
def list_command(slug: str, role: str, search: str, as_json: bool) -> None:
    """List people, 200 at most."""

    async def work() -> None:
        async with site(slug):
            if role:
                await _known_role(role)
            found = await list_users(UserQuery(role=role, search=search, per_page=200))
        rows = [_described(account) for account in found.items]
        emit(
            rows,
            as_json,
            lambda: table(
                ("number", "username", "e-mail", "roles", "status"),
                [(a.number, a.username, a.email, ",".join(sorted(a.roles)), a.status) for a in found.items],
            ),
        )

    run(work)


@user_command.command("create")
@click.argument("email")
@site_option
@click.option("--username", default="", help="Name to sign in with; made from the address unless given.")
@click.option("--name", default="", help="Name that readers see.")
@click.option("--role", "roles", multiple=True, help="Role; several may be given.")
@json_option
def create(email: str, slug: str, username: str, name: str, roles: tuple[str, ...], as_json: bool) -> None:
    """Create somebody without a password, and mail a link to set one."""

    async def work() -> None:
        async with site(slug):
            account = await create_user(
                NewUser(email=email, username=username, display_name=name, roles=roles)
            )
            await request_reset(ResetForm(email=account.email))
        emit(
            _described(account), as_json, f"Created {account.username}; the mail with the link is on its way."
        )

    run(work)


@user_command.command("roles")
@click.argument("identifier")
@click.argument("roles", nargs=-1, required=True)
@site_option
@json_option
def roles_command(identifier: str, roles: tuple[str, ...], slug: str, as_json: bool) -> None:
    """Give somebody exactly these roles."""

    async def work() -> None:
        async with site(slug):
            account = await set_roles((await _found(identifier)).id, roles)
        emit(_described(account), as_json, f"{account.username}: {', '.join(sorted(account.roles))}.")

    run(work)


@user_command.command("disable")
@click.argument("identifier")
@site_option
@json_option
def disable(identifier: str, slug: str, as_json: bool) -> None:
    """Keep somebody from signing in; sessions end at once."""

    async def work() -> None:
        async with site(slug):
            account = await disable_user((await _found(identifier)).id)
        emit(_described(account), as_json, f"{account.username} can't sign in any more.")

    run(work)


@user_command.command("enable")
@click.argument("identifier")
@site_option
@json_option
def enable(identifier: str, slug: str, as_json: bool) -> None:
    """Let somebody sign in again."""

    async def work() -> None:
        async with site(slug):
            account = await enable_user((await _found(identifier)).id)
        emit(_described(account), as_json, f"{account.username} can sign in again.")

    run(work)


@user_command.command("delete")
@click.argument("identifier")
@site_option
@click.option("--reassign-to", "heir", metavar="USER", help="Who gets what belongs to the person.")
@json_option
def delete(identifier: str, slug: str, heir: str | None, as_json: bool) -> None:
    """Delete somebody."""

    async def work() -> None:
        async with site(slug):
            account = await _found(identifier)
            await delete_user(account.id, (await _found(heir)).id if heir else None)
        emit({"deleted": account.username}, as_json, f"{account.username} is gone.")

    run(work)


@user_command.command("export")
@click.argument("email")
@site_option
@json_option
def export(email: str, slug: str, as_json: bool) -> None:
    """Give out all that the site and its plugins keep about a person, with an account or without."""

    async def work() -> None:
        async with site(slug):
            found = await export_personal_data(email)
        emit(found, as_json, lambda: "\n".join(_kept_lines(found)))

    run(work)


def _kept_lines(found: tuple[PersonalData, ...]) -> list[str]:
    lines = []
    for each in found:
        lines.append(f"{each.title}: {len(each.rows)}")
        for row in each.rows:
            lines += [f"  {name}: {value}" for name, value in row.items() if value not in ("", None, [])]
    return lines


@user_command.command("erase")
@click.argument("email")
@site_option
@click.option("--confirm", required=True, metavar="EMAIL", help="The address once more.")
@json_option
def erase(email: str, slug: str, confirm: str, as_json: bool) -> None:
    """Erase what the site and its plugins keep about a person: all of it or, if one must keep it, nothing."""

    async def work() -> None:
        if confirm.strip().lower() != email.strip().lower():
            raise Invalid({"confirm": "Repeat the address to confirm."})
        async with site(slug):
            changed = await erase_personal_data(email)
        emit(changed, as_json, lambda: "\n".join(f"{name}: {count}" for name, count in changed.items()))

    run(work)


@user_command.command("first-admin")
@site_option
@json_option
def first_admin(slug: str, as_json: bool) -> None:
    """Print a link that makes the site's first administrator, once, within 24 hours."""

    async def work() -> None:
        async with site(slug):
            link = await first_admin_link(current_tenant())
        emit({"link": link}, as_json, link or "The site has an administrator already.")

    run(work)
