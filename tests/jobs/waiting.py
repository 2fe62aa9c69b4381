"""Waiting for jobs."""

import time
from collections.abc import Callable

from groundswell.jobs.job import Job
from groundswell.jobs.jobs import Jobs


def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def ended(jobs: Jobs, job_id: str) -> Job:
    """Wait for the end of a job."""
    until(lambda: jobs.get(job_id).ended)
    return jobs.get(job_id)
