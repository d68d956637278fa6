"""Addresses of the plugin."""

from typing import Any

from litestar import Request, Response, post
from litestar.params import FromPath

from core.content import get_post_by_number
from core.http import redirect
from vitral_reading_time.operations import finish_reading


@post(
    "/reading-time/{number:int}",
    opt={"capability": "public", "csrf": "origin", "body_limit": 1_000},
    status_code=303,
    include_in_schema=False,
)
async def read_to_the_end(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[None]:
    """Count a reader, and lead back to the post."""
    about = await get_post_by_number(number)
    await finish_reading(about)
    return redirect(f"{about.url}?read=thanks#reading-time")


handlers = [read_to_the_end]
