"""What the tests of pages share."""

from typing import Any

import pytest


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that pages asked, in their order."""
    from core.db import work

    asked: list[str] = []
    real = work.ReadScope.fetch

    async def fetch(self: Any, sql: str, args: Any = ()) -> Any:
        asked.append(sql)
        return await real(self, sql, args)

    monkeypatch.setattr(work.ReadScope, "fetch", fetch)
    return asked
