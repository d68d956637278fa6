"""Units of work: every query belongs to one, and it says for which tenant.

- A *write unit* is a transaction. The outermost one commits; one inside another is a savepoint, so
  an inner failure that is caught leaves nothing behind (trap T6).
- A *read scope* spans a request. It opens a connection at its first query, so a page that asks
  nothing costs nothing, and gives it back before a write unit opens: a request never holds two.

A query outside both raises: there is no way to read a tenant's rows by accident.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from core.context import Actor, Tenant, as_actor, current_actor, current_tenant
from core.db.engine import Connection, Row, current_database
from core.errors import VitralError

__all__ = [
    "OutsideUnit",
    "ReadScope",
    "Work",
    "current_work",
    "maybe_work",
    "platform_read",
    "platform_work",
    "run",
    "savepoint",
    "tenant_read",
    "tenant_work",
    "unit_tenant",
]

log = logging.getLogger("vitral.db")
Callback = Callable[[], Awaitable[None]]


class OutsideUnit(VitralError):
    """A query ran outside a unit of work, or after its unit ended. Always a programming mistake."""

    def __init__(self, what: str = "A query ran outside a unit of work.") -> None:
        super().__init__(what, hint="Wrap it in `tenant_work()` or `platform_work()`.")


class Work:
    """A write unit. `tenant_id` is None for a platform unit."""

    def __init__(self, connection: Connection, tenant_id: UUID | None) -> None:
        self._connection: Connection | None = connection
        self.tenant_id = tenant_id
        self.actor = current_actor()
        self._lock = asyncio.Lock()
        self._before_commit: list[Callback] = []
        self._after_commit: list[Callback] = []
        self._depth = 0
        self.tenants: set[UUID] = {tenant_id} if tenant_id else set()
        """Whose rows the unit may write: a platform unit works for several."""
        self.notes: dict[object, Any] = {}
        """What rooms keep for the length of the unit, such as events not yet handed to the audit."""

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> list[Row]:
        """Run one statement with the engine's own placeholders."""
        async with self._lock:  # two queries at once break a PostgreSQL connection
            if self._connection is None:
                raise OutsideUnit("A query ran after its unit of work ended.")
            return await self._connection.fetch(sql, args)

    def before_commit(self, callback: Callback) -> None:
        """Run `callback` inside the transaction, right before the outermost commit."""
        self._before_commit.append(callback)

    def after_commit(self, callback: Callback) -> None:
        """Run `callback` once the outermost commit has succeeded. A failure is logged and undoes nothing."""
        self._after_commit.append(callback)

    async def flush(self) -> None:
        """Run what waits for the commit now; what is queued later runs at the commit."""
        while self._before_commit:
            await self._before_commit.pop(0)()

    async def _notify(self) -> None:
        for callback in self._after_commit:
            try:
                await callback()
            except Exception:
                log.exception("Work queued for after the commit failed.")

    @asynccontextmanager
    async def _savepoint(self, tenant_id: UUID | None) -> AsyncIterator[None]:
        self._depth += 1
        name = f"unit_{self._depth}"
        marks = len(self._before_commit), len(self._after_commit)
        outer_tenant = self.tenant_id
        if self._connection is None:
            raise OutsideUnit("A unit of work was joined after it ended.")
        await self._connection.script(f"SAVEPOINT {name}")
        try:
            if tenant_id != outer_tenant:
                await current_database().set_tenant(self._connection, str(tenant_id))
                self.tenant_id = tenant_id
                if tenant_id is not None:
                    self.tenants.add(tenant_id)
            yield
            await self._connection.script(f"RELEASE SAVEPOINT {name}")
        except BaseException:
            del self._before_commit[marks[0] :], self._after_commit[marks[1] :]
            await self._connection.script(f"ROLLBACK TO SAVEPOINT {name}")
            await self._connection.script(f"RELEASE SAVEPOINT {name}")
            raise
        finally:
            self._depth -= 1
            if self.tenant_id != outer_tenant:
                self.tenant_id = outer_tenant
                await current_database().set_tenant(
                    self._connection, str(outer_tenant) if outer_tenant else None
                )

    def _end(self) -> None:
        self._connection = None


class ReadScope:
    """The lazy read unit of a request or a command."""

    def __init__(self, tenant_id: UUID | None) -> None:
        self.tenant_id = tenant_id
        self._stack: AsyncExitStack | None = None
        self._connection: Connection | None = None
        self._lock = asyncio.Lock()
        self._ended = False

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> list[Row]:
        """Run one statement with the engine's own placeholders; the first one opens the connection."""
        async with self._lock:
            if self._ended:
                raise OutsideUnit("A query ran after its request ended.")
            if self._connection is None:
                stack = AsyncExitStack()
                tenant = str(self.tenant_id) if self.tenant_id else None
                self._connection = await stack.enter_async_context(current_database().reading(tenant))
                self._stack = stack
            return await self._connection.fetch(sql, args)

    async def release(self) -> None:
        """Give the connection back; the next query opens another, which sees what was written since."""
        async with self._lock:
            stack, self._stack, self._connection = self._stack, None, None
            if stack is not None:
                await stack.aclose()

    async def end(self) -> None:
        """Give the connection back for good."""
        await self.release()
        self._ended = True


_work: ContextVar[Work | None] = ContextVar("vitral_work", default=None)
_scope: ContextVar[ReadScope | None] = ContextVar("vitral_read_scope", default=None)


def current_work() -> Work:
    """Return the write unit in progress.

    Raises:
        OutsideUnit: There is none.
    """
    work = _work.get()
    if work is None:
        raise OutsideUnit("This needs a write unit of work.")
    return work


def maybe_work() -> Work | None:
    """Return the write unit in progress, or None."""
    return _work.get()


def unit_tenant() -> UUID:
    """Return the tenant of the unit in progress.

    Raises:
        OutsideUnit: There is no unit, or it is the platform's.
    """
    unit = _work.get() or _scope.get()
    if unit is None:
        raise OutsideUnit
    if unit.tenant_id is None:
        raise OutsideUnit("A tenant's table was asked for in a platform unit.")
    return unit.tenant_id


async def run(sql: str, args: Sequence[Any]) -> list[Row]:
    """Run one statement in the unit in progress: the write unit if there is one, else the read scope."""
    unit = _work.get() or _scope.get()
    if unit is None:
        raise OutsideUnit
    return await unit.fetch(sql, args)


@asynccontextmanager
async def _write_unit(tenant_id: UUID | None) -> AsyncIterator[Work]:
    outer = _work.get()
    if outer is not None:
        if outer.tenant_id is not None and outer.tenant_id != tenant_id:
            raise OutsideUnit(
                "A unit of work for one tenant can't hold one for another, or for the platform."
            )
        async with outer._savepoint(tenant_id):
            yield outer
        return
    scope = _scope.get()
    if scope is not None:
        await scope.release()
    async with current_database().writing(str(tenant_id) if tenant_id else None) as connection:
        work = Work(connection, tenant_id)
        token = _work.set(work)
        try:
            yield work
            await work.flush()
        finally:
            _work.reset(token)
            work._end()
    current_database().commits.update(work.tenants)
    await work._notify()


@asynccontextmanager
async def tenant_work(tenant: Tenant | None = None, actor: Actor | None = None) -> AsyncIterator[Work]:
    """Open a write unit for `tenant` (the current one unless given), or join the one in progress.

    Inside a platform unit it works in the same transaction, pointed at the tenant for the block.

    Args:
        tenant: Whose rows it writes.
        actor: Who acts in the block, what runs at the commit and after it included; whoever acts now unless given.
    """
    with as_actor(actor or current_actor()):
        async with _write_unit((tenant or current_tenant()).id) as work:
            yield work


@asynccontextmanager
async def savepoint() -> AsyncIterator[None]:
    """Undo what the block wrote if it raises, and nothing else. For "insert, else ..."."""
    work = current_work()
    async with work._savepoint(work.tenant_id):
        yield


@asynccontextmanager
async def platform_work(actor: Actor | None = None) -> AsyncIterator[Work]:
    """Open a write unit that sees the platform's tables only, or join the platform unit in progress.

    Args:
        actor: Who acts in the block, as in `tenant_work`.
    """
    with as_actor(actor or current_actor()):
        async with _write_unit(None) as work:
            yield work


@asynccontextmanager
async def _read_scope(tenant_id: UUID | None) -> AsyncIterator[ReadScope]:
    scope = ReadScope(tenant_id)
    token = _scope.set(scope)
    try:
        yield scope
    finally:
        _scope.reset(token)
        await scope.end()


@asynccontextmanager
async def tenant_read(tenant: Tenant | None = None) -> AsyncIterator[ReadScope]:
    """Open a lazy read scope for `tenant` (the current one unless given)."""
    async with _read_scope((tenant or current_tenant()).id) as scope:
        yield scope


@asynccontextmanager
async def platform_read() -> AsyncIterator[ReadScope]:
    """Open a lazy read scope that sees the platform's tables only."""
    async with _read_scope(None) as scope:
        yield scope
