"""DBOS, as far as jobs use it: durable queues that many nodes share, and the results of steps.

A run of a job is one workflow, named ``<job>.<run>``; beginning it twice begins it once. DBOS
would recover workflows by the name of the node that ran them; nodes come and go, so the book of
jobs decides with leases which runs are dead and begins new ones.
"""

import contextvars
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from dbos import DBOS, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID

_APPLICATION = "groundswell"
_VERSION = "1"
"""Constant: a newer server continues the jobs of an older one."""
_POLL_SECONDS = 1.0
_POOL = 5
_WAITING = ("ENQUEUED", "DELAYED")
_RUNNING = "PENDING"

_perform: Callable[[str, int], None] | None = None


@DBOS.workflow(name="groundswell.job")
def _run(job_id: str, run: int) -> None:
    # A workflow of a process that is stopping; the book begins another.
    if _perform is not None:
        _perform(job_id, run)


class Workflows:
    """The workflows of one system database; one for a process.

    Args:
        url: of the system database.
        queues: how many jobs of each kind this process runs at a time.
        perform: runs a job.
    """

    def __init__(
        self, url: str, queues: Mapping[str, int], perform: Callable[[str, int], None]
    ) -> None:
        global _perform  # noqa: PLW0603 - DBOS finds workflows by a function's name
        _perform = perform
        DBOS(
            config={
                "name": _APPLICATION,
                "system_database_url": url,
                "application_version": _VERSION,
                "executor_id": uuid4().hex,
                "sys_db_pool_size": _POOL,
                "serializer": DBOSPortableJSONSerializer(),
                "log_level": "WARNING",
            }
        )
        # One way for all logs; theirs would write to stderr itself.
        logger = logging.getLogger("dbos")
        logger.handlers.clear()
        logger.propagate = True
        try:
            DBOS.launch()
            for kind, concurrency in queues.items():
                DBOS.register_queue(
                    kind,
                    worker_concurrency=concurrency,
                    polling_interval_sec=_POLL_SECONDS,
                    on_conflict="always_update",
                )
        except BaseException:
            self.close()  # so that it can be tried again
            raise

    def begin(self, job_id: str, kind: str, run: int, due_at: datetime) -> None:
        """Queue a run; one that was queued before is not queued again."""
        delay = (due_at - datetime.now(UTC)).total_seconds()

        def enqueue() -> None:
            with (
                SetWorkflowID(_name(job_id, run)),
                SetEnqueueOptions(delay_seconds=delay if delay > 0 else None),
            ):
                DBOS.enqueue_workflow(kind, _run, job_id, run)

        _outside(enqueue)

    def states(
        self, runs: Iterable[tuple[str, int]], *, patience: float
    ) -> dict[tuple[str, int], bool]:
        """Of the runs that were queued, whether they are to begin.

        One that was taken from the queue longer ago than ``patience`` seconds is not.
        """
        names = {_name(*run): run for run in runs}
        since = (datetime.now(UTC).timestamp() - patience) * 1000
        found = _outside(
            lambda: DBOS.list_workflows(
                workflow_ids=list(names), load_input=False, load_output=False
            )
        )
        return {
            names[each.workflow_id]: each.status in _WAITING
            or (each.status == _RUNNING and (each.dequeued_at or each.created_at or 0) > since)
            for each in found
        }

    def step(self, name: str, function: Callable[[], Any]) -> Any:
        """Run a step of the workflow that this thread runs, and keep its result."""
        return DBOS.run_step({"name": name}, function)

    def finished_steps(self, job_id: str, run: int) -> dict[str, Any]:
        """The results of the steps that the runs before this one finished."""
        done: dict[str, Any] = {}
        for earlier in range(1, run):
            steps = _outside(lambda: DBOS.list_workflow_steps(_name(job_id, earlier)))  # noqa: B023
            done |= {each["function_name"]: each["output"] for each in steps if not each["error"]}
        return done

    def forget(self, job_id: str, runs: int) -> None:
        """Delete the workflows of a job."""
        names = [_name(job_id, run) for run in range(1, runs + 1)]
        _outside(lambda: DBOS.delete_workflows(names))

    def close(self) -> None:
        """Begin nothing more, and close the database."""
        global _perform  # noqa: PLW0603
        _perform = None
        DBOS.destroy()


def _name(job_id: str, run: int) -> str:
    return f"{job_id}.{run}"


def _outside(function: Callable[[], Any]) -> Any:
    """Call a function outside of any workflow: within one, DBOS would keep its result as a step."""
    return contextvars.Context().run(function)
