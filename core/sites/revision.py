"""Telling every process that a site changed."""

from uuid import UUID

from core.db import current_work, platform_execute
from core.ids import new_id
from core.tenancy import current_tenants

__all__ = ["bump", "refresh_after_commit"]


async def bump(tenant_id: UUID | None) -> None:
    """Move the installation's revision and the site's. Called last in a unit: it locks one row."""
    if tenant_id is not None:
        await platform_execute("UPDATE tenants SET revision = revision + 1 WHERE id = {}", tenant_id)
    await platform_execute(
        "INSERT INTO installation (id, name, value) VALUES ({}, 'revision', 1)"
        " ON CONFLICT (name) DO UPDATE SET value = installation.value + 1",
        new_id(),
    )


def refresh_after_commit() -> None:
    """Let this process see the change at once; the others see it within a second."""
    tenants = current_tenants()

    async def refresh() -> None:
        await tenants.refresh()

    current_work().after_commit(refresh)
