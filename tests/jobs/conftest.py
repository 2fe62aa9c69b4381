"""Jobs that run in this process."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from groundswell.jobs.jobs import Jobs
from groundswell.store.database import Database

LEASE = timedelta(seconds=2)


@pytest.fixture
def new_jobs(database: Database, tmp_path: Path) -> Iterator[Callable[..., Jobs]]:
    """Makes the jobs of a database; all are closed in the end."""
    made: list[Jobs] = []

    def new(**options: object) -> Jobs:
        jobs = Jobs(database, tmp_path, **{"lease": LEASE, **options})  # type: ignore[arg-type]
        made.append(jobs)
        return jobs

    yield new
    for jobs in made:
        jobs.close()


@pytest.fixture
def jobs(new_jobs: Callable[..., Jobs]) -> Jobs:
    """The jobs of a database."""
    return new_jobs()
