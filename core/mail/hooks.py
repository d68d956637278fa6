"""What mail brings to the frame's own hooks, as the pseudo plugin "core"."""

from collections.abc import Iterable
from datetime import timedelta

from core.contract.markers import hookimpl
from core.contract.work import JobContext, JobKind, PersonalDataProvider
from core.db import tenant_work
from core.mail.deliver import ATTEMPTS, deliver
from core.mail.outbox import DELIVER, forget_old
from core.mail.personal_data import OUTBOX

__all__ = ["register_jobs", "register_personal_data"]


async def _tidy(job: JobContext) -> None:
    async with tenant_work():
        await forget_old()


@hookimpl
def register_personal_data() -> Iterable[PersonalDataProvider]:
    """Answer for the outbox."""
    return [OUTBOX]


@hookimpl
def register_jobs() -> Iterable[JobKind]:
    """Bring sending, and forgetting what was sent."""
    return [
        JobKind(name=DELIVER, title="Send a message", run=deliver, max_attempts=ATTEMPTS),
        JobKind(name="mail.tidy", title="Forget old messages", run=_tidy, every=timedelta(days=1)),
    ]
