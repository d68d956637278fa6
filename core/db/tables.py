"""Table bases: the first wall between tenants, and the only one on SQLite.

`TenantTable` adds the tenant to every query and stamps it on every new row. `PlatformTable` is for
the few tables that belong to the installation; the catalogue check knows them by this base.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, ClassVar, Self
from uuid import UUID as Uuid

from piccolo.columns import UUID, Column, Selectable
from piccolo.query.methods.count import Count
from piccolo.query.methods.delete import Delete
from piccolo.query.methods.exists import Exists
from piccolo.query.methods.insert import Insert
from piccolo.query.methods.objects import Objects
from piccolo.query.methods.select import Select
from piccolo.query.methods.update import Update
from piccolo.querystring import QueryString
from piccolo.table import Table

from core.db.engine import ROUTED_ENGINE, EngineKind, current_database
from core.db.work import run, unit_tenant
from core.errors import VitralError
from core.ids import new_id

__all__ = ["PlatformTable", "TenantTable", "all_tables", "execute", "platform_execute"]


class _Base(Table):
    """What both kinds share: an application-made UUIDv7, and no raw SQL through the table."""

    owner: ClassVar[str] = "core"
    """The plugin that a table belongs to, "core" for ours."""

    id = UUID(primary_key=True, default=new_id)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**{"db": ROUTED_ENGINE, **options})

    @classmethod
    def raw(cls, sql: str, *args: Any) -> Any:
        raise VitralError(
            f"{cls.__name__}.raw() would skip the tenant.",
            hint="Use core.db.execute(): it demands the {tenant} marker.",
        )


class PlatformTable(_Base):
    """A table of the installation: no tenant's content may live in it."""


class TenantTable(_Base):
    """A table whose every row belongs to one tenant."""

    tenant_id = UUID(null=True, default=None)  # null for Piccolo only, until __init__ stamps it

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self._exists_in_db:
            here = unit_tenant()
            given: Uuid | None = self.tenant_id
            if given is not None and given != here:
                raise VitralError(f"A row of {type(self).__name__} was made for another tenant.")
            self.tenant_id = here

    @classmethod
    def _of_tenant(cls) -> Any:
        # Any, because a column compared with a value is a condition to Piccolo, and a bool to type checkers
        return cls.tenant_id == unit_tenant()

    @classmethod
    def select(cls, *columns: Selectable | str, exclude_secrets: bool = False) -> Select[Self]:
        return super().select(*columns, exclude_secrets=exclude_secrets).where(cls._of_tenant())

    @classmethod
    def objects(cls, *prefetch: Any) -> Objects[Self]:
        return super().objects(*prefetch).where(cls._of_tenant())

    @classmethod
    def count(cls, column: Column | None = None, distinct: Any = None) -> Count:
        return super().count(column=column, distinct=distinct).where(cls._of_tenant())

    @classmethod
    def exists(cls) -> Exists[Self]:
        return super().exists().where(cls._of_tenant())

    @classmethod
    def update(
        cls,
        values: dict[Column | str, Any] | None = None,
        force: bool = False,
        use_auto_update: bool = True,
        **kwargs: Any,
    ) -> Update[Self]:
        values = {} if values is None else values
        names = {key if isinstance(key, str) else key._meta.name for key in (*values, *kwargs)}
        if "tenant_id" in names:
            raise VitralError(f"A row of {cls.__name__} can't move to another tenant.")
        query = super().update(values, force=force, use_auto_update=use_auto_update, **kwargs)
        return query.where(cls._of_tenant())

    @classmethod
    def delete(cls, force: bool = False) -> Delete:
        return super().delete(force=force).where(cls._of_tenant())

    @classmethod
    def insert(cls, *rows: Self) -> Insert[Self]:  # pyright: ignore[reportIncompatibleMethodOverride]  # its own rows only
        here = unit_tenant()
        for row in rows:
            if row.tenant_id != here:
                raise VitralError(f"A row of {cls.__name__} was made for another tenant.")
        return super().insert(*rows)


def all_tables(base: type[_Base] = _Base) -> Iterator[type[_Base]]:
    """Yield every table class that is loaded, of one kind or of both."""
    for cls in base.__subclasses__():
        if cls not in (PlatformTable, TenantTable):
            yield cls
        yield from all_tables(cls)


async def execute(sql: str, *args: Any) -> list[dict[str, Any]]:
    """Run SQL that Piccolo can't say, on the tenant's rows.

    `{}` takes the next argument, `{tenant}` the tenant of the unit; the latter must be there once
    at least, since it is the only wall on SQLite.

    Raises:
        VitralError: The marker is missing.
    """
    if "{tenant}" not in sql:
        raise VitralError("SQL on a tenant's tables must say {tenant} in its WHERE or VALUES.")
    return await _compile_and_run(sql, args)


async def platform_execute(sql: str, *args: Any) -> list[dict[str, Any]]:
    """Run SQL that Piccolo can't say, on the platform's tables. `{}` takes the next argument."""
    return await _compile_and_run(sql, args)


async def _compile_and_run(sql: str, args: Sequence[Any]) -> list[dict[str, Any]]:
    kind = current_database().kind
    text, marks = _compiled(sql, kind)
    if True in marks:
        tenant = unit_tenant()
        remaining = iter(args)
        args = [tenant if mark else next(remaining) for mark in marks]
    if any(isinstance(arg, QueryString) for arg in args):  # a condition of Piccolo's, with values of its own
        query = QueryString(sql.replace("{tenant}", "{}"), *args)
        return await run(*query.compile_string(engine_type=kind))
    return await run(text, args)


@lru_cache(maxsize=1024)
def _compiled(sql: str, kind: EngineKind) -> tuple[str, tuple[bool, ...]]:
    """Return SQL with the engine's placeholders, and for each whether it is the tenant's.

    Kept, because a page runs the same few statements again and again.
    """
    marks = tuple(mark == "{tenant}" for mark in re.findall(r"\{tenant\}|\{\}", sql))
    query = QueryString(sql.replace("{tenant}", "{}"), *(None for _ in marks))
    return query.compile_string(engine_type=kind)[0], marks
