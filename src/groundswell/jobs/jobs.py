"""Jobs: begun with one call, run by any node, ended once.

The row of a job (``book``) is the truth. Its runs are workflows (``workflows``), begun beside it;
whatever a crash loses between the two, the keeper finds and mends.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from groundswell.errors import (
    EngineUnavailable,
    GroundswellError,
    ModelUnavailable,
    ObjectStoreUnavailable,
    SynthesisCancelled,
    TooBusy,
)
from groundswell.jobs.book import Due, EndHook, JobBook
from groundswell.jobs.job import Job, State
from groundswell.jobs.work import JobStopped, Step, Work
from groundswell.store.database import Database

Handler = Callable[[Work], Mapping[str, Any]]
"""Does a job's work in a thread of its own and returns the result, as JSON."""
Discard = Callable[[Job], None]
"""Removes what the runs of a job may have left outside the database; may be called again."""

LEASE = timedelta(seconds=10)
"""How long a process may be silent before its jobs are run by another."""
_TICK_SECONDS = 1.0
_SWEEP_SECONDS = 5.0
_QUEUE_SWEEP_SECONDS = 15.0
_ERASE_SECONDS = 3600.0
_PATIENCE_SECONDS = 30.0
"""How long a run may be taken from the queue and not be claimed."""
_MOST_FAILURES = 6
_LONGEST_BACKOFF = 60.0
_AT_ONCE = 200
_PASSING = (
    TooBusy,
    EngineUnavailable,
    ModelUnavailable,
    ObjectStoreUnavailable,
    SQLAlchemyError,
    OSError,
)
"""Failures that may be over when the job is tried again."""

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Kind:
    handler: Handler
    concurrency: int
    ended: EndHook | None
    discard: Discard | None


class Jobs:
    """The jobs of one database, and this process's part in running them. Blocking.

    Args:
        database: where they are.
        data_dir: folder of the workflows' database, when ours is SQLite.
        most: unfinished jobs that one account may have.
        retention: how long ended jobs, and what they made, are kept.
        concurrency: by kind, how many jobs this process runs at a time, if not the kind's own.
        lease: see ``LEASE``.
    """

    def __init__(
        self,
        database: Database,
        data_dir: Path,
        *,
        most: int = 100,
        retention: timedelta = timedelta(days=7),
        concurrency: Mapping[str, int] | None = None,
        lease: timedelta = LEASE,
    ) -> None:
        self._url = (
            f"sqlite:///{data_dir / 'workflows.db'}"
            if database.backend == "sqlite"
            else database.engine.url.render_as_string(hide_password=False)
        )
        self._book = JobBook(database, most=most)
        self._retention = retention
        self._concurrency = dict(concurrency or {})
        self._lease = lease
        self._kinds: dict[str, _Kind] = {}
        self._hooks: list[EndHook] = []
        self._running: dict[str, Work] = {}
        self._lock = Lock()
        self._stopping = Event()
        self._workflows: Any = None
        self._keeper: Thread | None = None

    # Registration, before ``open``

    def register(
        self,
        kind: str,
        handler: Handler,
        *,
        concurrency: int = 1,
        ended: EndHook | None = None,
        discard: Discard | None = None,
    ) -> None:
        """Say how jobs of a kind are done.

        Args:
            kind: its name.
            handler: does the work; what it raises ends the job as failed, unless the failure may
                pass: then it is run again, later and later.
            concurrency: how many this process runs at a time, unless a setting says otherwise.
            ended: called in the transaction that ends such a job, however it ends.
            discard: called some time after a job failed or was cancelled, and before any ended
                job is erased.
        """
        concurrency = self._concurrency.get(kind, concurrency)
        self._kinds[kind] = _Kind(handler, concurrency, ended, discard)

    def on_end(self, hook: EndHook) -> None:
        """Call this in the transaction that ends a job of any kind."""
        self._hooks.append(hook)

    # For everyone

    def start(
        self,
        kind: str,
        account_id: str,
        request: Mapping[str, Any],
        *,
        job_id: str | None = None,
        idempotency_key: str | None = None,
        webhook_url: str | None = None,
        asked: Mapping[str, Any] | None = None,
        begun: EndHook | None = None,
    ) -> Job:
        """Begin a job, or return the one that was begun with the same idempotency key.

        Args:
            kind: a registered one.
            account_id: whose.
            request: what the handler is to do, as JSON.
            job_id: if it has an id already; unique.
            idempotency_key: the caller's name for this wish.
            webhook_url: where its end is to be told.
            asked: the part of the request that must be the same for the same idempotency key;
                all of it, if not given.
            begun: called in the transaction that writes the job down.

        Raises:
            Conflict: the idempotency key was used for another request.
            InvalidInput: the key is empty or too long.
            TooBusy: the account has too many unfinished jobs.
        """
        job, new = self._book.create(
            kind,
            account_id,
            request,
            job_id=job_id,
            idempotency_key=idempotency_key,
            webhook_url=webhook_url,
            asked=asked,
            begun=begun,
        )
        if new:
            self._begin(Due(job.id, kind, job.run, job.created_at))
        return job

    def get(self, job_id: str, account_id: str | None = None) -> Job:
        """Return a job.

        Raises:
            NotFound: the account, if one is named, has no such job.
        """
        return self._book.get(job_id, account_id)

    def page(
        self,
        *,
        account_id: str | None = None,
        kind: str | None = None,
        state: State | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[Job], int]:
        """Return some jobs, newest first, and how many there are."""
        return self._book.page(
            account_id=account_id, kind=kind, state=state, limit=limit, offset=offset
        )

    def cancel(self, job_id: str, account_id: str | None = None) -> Job:
        """End a job; one that has ended stays as it is.

        Raises:
            NotFound: the account, if one is named, has no such job.
        """
        job = self._book.get(job_id, account_id)
        return self._cancel(job) or self._book.get(job_id)

    # The server's part

    def open(self) -> None:
        """Begin to run jobs. Takes some tenths of a second, mostly to load DBOS."""
        self._keeper = Thread(target=self._keep, name="jobs-keeper", daemon=True)
        self._keeper.start()

    def interrupt(self) -> None:
        """Stop the jobs that this process runs; they go on when it, or another, has time."""
        self._stopping.set()
        with self._lock:
            for work in self._running.values():
                work.stop()

    def close(self, grace: float = 5.0) -> None:
        """Interrupt jobs, give them ``grace`` seconds to leave, and end."""
        self.interrupt()
        if self._keeper is not None:
            self._keeper.join()
        until = time.monotonic() + grace
        while self._running and time.monotonic() < until:
            time.sleep(0.02)
        if self._workflows is not None:
            self._workflows.close()
            self._workflows = None

    # One run

    def _perform(self, job_id: str, run: int) -> None:
        """Run a job in the thread of its workflow."""
        job = None if self._stopping.is_set() else self._book.claim(job_id, run, self._until())
        if job is None:
            return
        work = Work(job, self._steps(job), self._workflows.finished_steps(job_id, run))
        with self._lock:
            self._running[job_id] = work
        try:
            self._handle(job, work)
        finally:
            self._insist(lambda: self._book.left(job_id))
            with self._lock:
                del self._running[job_id]

    def _handle(self, job: Job, work: Work) -> None:
        again = self._book.again
        try:
            result = self._kinds[job.kind].handler(work)
        except (JobStopped, SynthesisCancelled):
            # Cancelled, taken over, or the server stops: only the last leaves something to do.
            now = datetime.now(UTC)
            self._insist(lambda: again(job.id, job.run, now, failed=False))
        except _PASSING as error:
            self._retry(job, error)
        except GroundswellError as error:
            self._fail(job, str(error))
        except Exception:
            _log.exception("a job failed unexpectedly", extra={"job": job.id})
            self._fail(job, "An unexpected error occurred.")
        else:
            self._insist(lambda: self._end(job, "completed", run=job.run, result=result))

    def _retry(self, job: Job, error: Exception) -> None:
        # Steps finished since the run began have set the count of failures back.
        failures = self._insist(lambda: self._book.get(job.id).failures) or 0
        if failures + 1 >= _MOST_FAILURES:
            self._fail(
                job, str(error) if isinstance(error, GroundswellError) else "Internal error."
            )
            return
        _log.warning("a job is tried again: %s", type(error).__name__)
        wait = max(min(_LONGEST_BACKOFF, 2.0**failures), getattr(error, "retry_after", 0.0))
        due = datetime.now(UTC) + timedelta(seconds=wait)
        failed = not isinstance(error, TooBusy)  # that is no fault of the job's
        if self._insist(lambda: self._book.again(job.id, job.run, due, failed=failed)):
            self._begin(Due(job.id, job.kind, job.run + 1, due))

    def _cancel(self, job: Job) -> Job | None:
        ended = self._end(job, "cancelled")
        with self._lock:
            work = self._running.get(job.id)
        if work is not None:
            work.stop()
        return ended

    def _fail(self, job: Job, error: str) -> None:
        self._insist(lambda: self._end(job, "failed", run=job.run, error=error))

    def _end(
        self,
        job: Job,
        state: State,
        *,
        run: int | None = None,
        result: Mapping[str, Any] | None = None,
        error: str | None = None,
    ) -> Job | None:
        kind = self._kinds.get(job.kind)
        own = [kind.ended] if kind is not None and kind.ended is not None else []
        hooks = [*own, *self._hooks]
        return self._book.end(job.id, state, hooks, run=run, result=result, error=error)

    def _steps(self, job: Job) -> Step:
        failures = job.failures

        def step(name: str, function: Callable[[], Any]) -> Any:
            nonlocal failures
            result = self._workflows.step(name, function)
            if failures:
                self._book.progressed(job.id, job.run)
                failures = 0
            return result

        return step

    def _insist(self, write: Callable[[], _T]) -> _T | None:
        """Write, however long the database is away; a process that stops leaves it to the next."""
        while True:
            try:
                return write()
            except SQLAlchemyError as error:
                _log.error("a job's state is not written yet: %s", type(error).__name__)
                if self._stopping.wait(_TICK_SECONDS):
                    return None

    def _begin(self, due: Due) -> None:
        """Queue a run; if that fails now, the keeper does it later."""
        if self._workflows is None or self._stopping.is_set():
            return
        try:
            self._workflows.begin(due.id, due.kind, due.run, due.due_at)
        except SQLAlchemyError as error:
            _log.error("a job is not queued yet: %s", type(error).__name__)

    def _until(self) -> datetime:
        return datetime.now(UTC) + self._lease

    # The keeper

    def _keep(self) -> None:
        """Renew leases, take over what dead processes ran, tidy up after what has ended."""
        rounds: list[tuple[float, Callable[[], None]]] = [
            (_TICK_SECONDS, self._renew),
            (min(_SWEEP_SECONDS, self._lease.total_seconds() / 2), self._take_over),
            (_QUEUE_SWEEP_SECONDS, self._queue),
            (_SWEEP_SECONDS, self._tidy),
            (_ERASE_SECONDS, self._erase),
        ]
        due = [0.0] * len(rounds)
        while not self._stopping.is_set():
            try:
                if self._workflows is None:
                    self._load()
                for at, (pause, round_) in enumerate(rounds):
                    if time.monotonic() >= due[at]:
                        round_()
                        due[at] = time.monotonic() + pause
            except Exception:
                _log.exception("jobs are not kept")
            self._stopping.wait(_TICK_SECONDS)

    def _load(self) -> None:
        # Here, in a thread: it takes longer than all else that a server loads before it listens.
        from groundswell.jobs.workflows import Workflows  # noqa: PLC0415

        queues = {name: kind.concurrency for name, kind in self._kinds.items()}
        self._workflows = Workflows(self._url, queues, self._perform)

    def _renew(self) -> None:
        with self._lock:
            running = list(self._running.values())
        if not running:
            return
        runs = [(work.id, work.job.run, work.fraction, work.stage) for work in running]
        lost = set(self._book.renew(runs, self._until()))
        for work in running:
            if work.id in lost:
                work.stop()

    def _take_over(self) -> None:
        for job in self._book.cancelling():
            self._cancel(job)
        for job in self._book.dead():
            if job.failures + 1 >= _MOST_FAILURES:
                self._end(job, "failed", run=job.run, error="It ended the server again and again.")
            elif self._book.again(job.id, job.run, datetime.now(UTC), failed=True):
                _log.warning("a job is taken over from a process that died")
                self._begin(Due(job.id, job.kind, job.run + 1, datetime.now(UTC)))

    def _queue(self) -> None:
        """Mend what a crash left between a job and its workflow."""
        queued = [due for due in self._book.queued() if due.kind in self._kinds]
        for at in range(0, len(queued), _AT_ONCE):
            some = queued[at : at + _AT_ONCE]
            states = self._workflows.states(
                ((due.id, due.run) for due in some), patience=_PATIENCE_SECONDS
            )
            for due in some:
                to_begin = states.get((due.id, due.run))
                if to_begin is None:
                    self._begin(due)
                elif not to_begin and self._book.skip(due.id, due.run):
                    self._begin(Due(due.id, due.kind, due.run + 1, due.due_at))

    def _tidy(self) -> None:
        for job in self._book.untidied(_AT_ONCE):
            if job.id in self._running:
                continue
            if job.state != "completed":
                self._discard(job)
            self._workflows.forget(job.id, job.run)
            self._book.tidied(job.id)

    def _erase(self) -> None:
        while old := self._book.old(self._retention, _AT_ONCE):
            for job in old:
                self._discard(job)
                self._book.erase(job.id)

    def _discard(self, job: Job) -> None:
        kind = self._kinds.get(job.kind)
        if kind is not None and kind.discard is not None:
            kind.discard(job)
