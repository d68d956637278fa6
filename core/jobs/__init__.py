"""Work for later: a queue in the database, leases, retries, periodic jobs."""

from core.jobs.queue import LeasedJob, claim, enqueue
from core.jobs.tables import Job
from core.jobs.worker import Worker

__all__ = ["Job", "LeasedJob", "Worker", "claim", "enqueue"]
