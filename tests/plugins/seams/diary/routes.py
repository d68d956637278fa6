from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from core.context import current_tenant
from core.crypto import sealed
from core.db import next_number, tenant_work
from core.errors import NotFound
from core.http import form_of, redirect
from core.ids import new_id
from tests.plugins.seams.diary.tables import DiaryPage


@post("/diary", opt={"capability": "public", "csrf": "origin"}, status_code=303)
async def write(request: Request[Any, Any, Any]) -> Response[None]:
    async with tenant_work():
        row = {"id": new_id(), "number": await next_number("diary"), "words": form_of(request).get("words")}
        (stored,) = await sealed.write("diary_pages", current_tenant().id, [row], ["words"], purpose="diary")
        await DiaryPage.insert(DiaryPage(**stored))
    return redirect(f"/diary/{row['number']}")


@get("/diary/{number:int}", opt={"capability": "public"}, media_type="text/plain")
async def read(number: FromPath[int]) -> str:
    rows = await DiaryPage.select().where(DiaryPage.number == number)
    if not rows:
        raise NotFound
    (opened,) = await sealed.read("diary_pages", current_tenant().id, rows, ["words"], purpose="diary")
    words: str = opened["words"]
    return words


handlers = [write, read]
