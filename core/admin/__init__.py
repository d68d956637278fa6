"""Placeholder until the room lands."""
from typing import Any
def admin_routes() -> list[Any]:
    return []
async def admin_error_page(request: Any, status: int, problem: Any) -> str | None:
    return None
