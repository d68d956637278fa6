"""Tools: bringing content in, and what works behind the scenes."""

import asyncio
import shutil
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from core.accounts import notify
from core.admin.confirm import confirm_first
from core.admin.flash import flash
from core.admin.plugins import failed_plugins
from core.admin.shell import AnyRequest, go, screen
from core.admin.users import users
from core.context import current_actor, current_tenant
from core.contract.work import JobContext, Notification
from core.db import tenant_read, tenant_work
from core.errors import Invalid, VitralError
from core.hooks import collect
from core.http import form_of
from core.i18n import gettext as _
from core.ids import new_id
from core.importing import ImportOptions, ImportReport, import_wxr, survey
from core.jobs import count_jobs, enqueue, list_jobs, retry_job
from core.mail import list_outbox, requeue_failed
from hookspecs import platform

__all__ = ["IMPORT_JOB", "handlers", "run_import"]

IMPORT_JOB: Final = "import.wxr"
_LIMIT: Final = 300_000_000
_STATUSES: Final = ("ready", "running", "failed", "done")


async def _import_screen(request: AnyRequest, *, status: int = 200, problem: str = "") -> Response[str]:
    waiting = [job for job in await list_jobs(per_page=100) if job.kind == IMPORT_JOB][:5]
    return await screen(
        request,
        "admin/tools/import.html",
        key="import",
        title=_("Import"),
        status=status,
        problem=problem,
        jobs=waiting,
        limit=_LIMIT // 1_000_000,
    )


@get("/admin/tools/import", opt={"capability": "import"}, include_in_schema=False)
async def import_form(request: AnyRequest) -> Response[str]:
    """Show the form for an export file."""
    return await _import_screen(request)


@post(
    "/admin/tools/import",
    opt={"capability": "import", "accepts": ("multipart",), "body_limit": _LIMIT},
    include_in_schema=False,
)
async def begin_import(request: AnyRequest) -> Response[Any]:
    """Look a WordPress export through, and let a job import it."""
    form = form_of(request)
    upload = form.file("file")
    if upload is None:
        return await _import_screen(request, status=422, problem=_("Choose a file first."))
    var: Path = request.app.state.runtime.settings.var_folder
    folder = var / "imports" / str(current_tenant().id)
    path = folder / f"{new_id()}.xml"
    await asyncio.to_thread(_store, upload.file, path)
    try:
        found = await asyncio.to_thread(survey, path)
    except Invalid as error:
        path.unlink(missing_ok=True)
        return await _import_screen(request, status=422, problem="; ".join(error.errors.values()))
    payload = {
        "path": str(path),
        "var": str(var),
        "fetch_media": bool(form.get("fetch_media")),
        "for": str(current_actor().id),
        "name": upload.filename[:200],
    }
    async with tenant_work():
        await enqueue(IMPORT_JOB, payload)
    flash(
        request,
        _("%(items)d items and %(comments)d comments are being imported. You get a notice at the end.")
        % {"items": found.items, "comments": found.comments},
    )
    return go(request, "/admin/tools/import")


def _store(source: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        shutil.copyfileobj(source, target)


async def run_import(job: JobContext) -> None:
    """Import a file that was uploaded; the job `import.wxr`. A second run goes on where the first stopped."""
    path = Path(job.payload["path"])
    options = ImportOptions(fetch_media=job.payload["fetch_media"], var=Path(job.payload["var"]))
    async with tenant_read():
        try:
            report = await import_wxr(path, options)
        except VitralError as error:
            if error.status >= 500:
                raise
            await _tell(
                job, _("“%(name)s” could not be imported") % {"name": job.payload["name"]}, str(error)
            )
        else:
            title = _("“%(name)s” was imported") % {"name": job.payload["name"]}
            await _tell(job, title, _summary(report))
    path.unlink(missing_ok=True)


def _summary(report: ImportReport) -> str:
    names = {
        "posts": _("posts"),
        "pages": _("pages"),
        "attachments": _("files"),
        "categories": _("categories"),
        "tags": _("tags"),
        "terms": _("other terms"),
        "comments": _("comments"),
        "menu_items": _("menu entries"),
        "authors": _("people"),
    }
    made = [f"{count} {names.get(name, name)}" for name, count in report.created.items() if count]
    lines = [_("New: %(what)s.") % {"what": ", ".join(made)} if made else _("Everything was there already.")]
    if report.kept:
        kept = ", ".join(f"{count} {names.get(name, name)}" for name, count in report.kept.items())
        lines.append(_("Kept for plugins that take them: %(what)s.") % {"what": kept})
    if report.skipped:
        lines.append(_("Left out: %(count)d.") % {"count": len(report.skipped)})
        lines += [f"{skipped.what}: {skipped.why}" for skipped in report.skipped[:10]]
    return "\n".join(lines)


async def _tell(job: JobContext, title: str, body: str) -> None:
    await notify(
        Notification(
            user_id=UUID(job.payload["for"]), kind="import.done", title=title, body=body, url="/admin/posts"
        )
    )


@get("/admin/tools/jobs", opt={"capability": "manage_options"}, include_in_schema=False)
async def jobs(request: AnyRequest) -> Response[str]:
    """Show what waits, runs and failed, and mail on its way out."""
    wanted = request.query_params.get("status", "")
    status = wanted if wanted in _STATUSES else ""
    counts = await count_jobs()
    return await screen(
        request,
        "admin/tools/jobs.html",
        key="jobs",
        title=_("Jobs and mail"),
        notices=failed_plugins(),
        jobs=await list_jobs(status=status),
        titles={kind.name: _(kind.title) for kind in collect(platform.register_jobs) if kind.title},
        counts=counts,
        total=sum(counts.values()),
        chosen=status,
        outbox=await list_outbox(limit=30),
        failed_mail=len(await list_outbox(status="failed", limit=100)),
    )


@post(
    "/admin/tools/jobs/{key:str}/retry",
    opt={"capability": "manage_options"},
    include_in_schema=False,
    before_request=confirm_first,
)
async def retry(request: AnyRequest, key: FromPath[str]) -> Response[Any]:
    """Put a job that was given up back into the queue."""
    await retry_job(users.uuid(key))
    flash(request, _("The job is tried again."))
    return go(request, "/admin/tools/jobs")


@post("/admin/tools/outbox/retry", opt={"capability": "manage_options"}, include_in_schema=False)
async def retry_mail(request: AnyRequest) -> Response[Any]:
    """Try the messages again that could not be sent."""
    count = await requeue_failed()
    flash(request, _("%(count)d messages are sent again.") % {"count": count})
    return go(request, "/admin/tools/jobs")


handlers = [import_form, begin_import, jobs, retry, retry_mail]
