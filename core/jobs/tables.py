"""The queue. It belongs to the platform, so that one worker serves every site; a job names its site."""

from piccolo.columns import JSONB, UUID, Integer, Text, Timestamptz, Varchar

from core.clock import now
from core.db import PlatformTable

__all__ = ["Job"]


class Job(PlatformTable, tablename="jobs"):
    """A piece of work for later."""

    tenant_id = UUID(null=True, default=None)
    kind = Varchar(100)
    payload = JSONB(default="{}")
    dedup = Varchar(200, null=True, default=None)
    status = Varchar(20, default="ready")
    run_at = Timestamptz(default=now)
    attempts = Integer(default=0)
    max_attempts = Integer(default=8)
    leased_until = Timestamptz(null=True, default=None)
    leased_by = Varchar(60, null=True, default=None)
    progress = JSONB(default="{}")
    error = Text(default="")
    created_at = Timestamptz(default=now)
    finished_at = Timestamptz(null=True, default=None)
