"""Work for later: a queue in the database, leases, retries, periodic jobs."""

from core.jobs.overview import JobView, count_jobs, list_jobs, retry_job
from core.jobs.queue import LeasedJob, claim, enqueue
from core.jobs.tables import Job
from core.jobs.worker import Worker

__all__ = [
    "Job",
    "JobView",
    "LeasedJob",
    "Worker",
    "claim",
    "count_jobs",
    "enqueue",
    "list_jobs",
    "retry_job",
]
