"""What accounts bring to the frame's own hooks, as the pseudo plugin "core"."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from core.accounts.limits import forget_old as forget_old_limits
from core.accounts.matrix import CORE_CAPABILITIES
from core.accounts.notifications import forget_old as forget_old_notices
from core.accounts.onetime import forget_stale
from core.accounts.personal_data import ACCOUNTS, LINKS
from core.accounts.recovery import LINKS_JOB, send_link
from core.accounts.roles import seed_plugin_roles, seed_roles
from core.accounts.sessions import forget_expired
from core.accounts.standing import purge_deleted
from core.accounts.tables import User
from core.contract.accounts import Capability
from core.contract.content import OwnerType
from core.contract.markers import hookimpl
from core.contract.work import JobContext, JobKind, PersonalDataProvider
from core.db import tenant_work

__all__ = [
    "on_plugin_enabling",
    "on_site_creating",
    "register_capabilities",
    "register_jobs",
    "register_owner_types",
    "register_personal_data",
]


@hookimpl
def register_capabilities() -> Iterable[Capability]:
    """Bring WordPress's capabilities."""
    return CORE_CAPABILITIES


@hookimpl(priority=5)
async def on_site_creating() -> None:
    """Give a new site its roles, before other rooms look for them."""
    await seed_roles()


@hookimpl(priority=5)
async def on_plugin_enabling(plugin: str) -> None:
    """Make the roles that a plugin brings."""
    await seed_plugin_roles(plugin)


async def _tidy(job: JobContext) -> None:
    async with tenant_work():
        await forget_expired()
        await forget_stale()
        await forget_old_limits()
        await forget_old_notices()
        await purge_deleted()


async def _user_exists(user_id: UUID) -> bool:
    return bool(await User.exists().where(User.id == user_id, User.deleted_at.is_null()))


@hookimpl
def register_owner_types() -> Iterable[OwnerType]:
    """Let plugins keep something with a person."""
    return [OwnerType(name="user", title="People", exists=_user_exists)]


@hookimpl
def register_personal_data() -> Iterable[PersonalDataProvider]:
    """Answer for accounts, and for links that were sent to an address."""
    return [ACCOUNTS, LINKS]


@hookimpl
def register_jobs() -> Iterable[JobKind]:
    """Bring sending links, and forgetting what is over."""
    return [
        JobKind(name=LINKS_JOB, title="Mail a link that was asked for", run=send_link),
        JobKind(
            name="accounts.tidy",
            title="Forget sessions and links that are over",
            run=_tidy,
            every=timedelta(hours=1),
        ),
    ]
