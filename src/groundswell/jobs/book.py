"""The book of jobs: every change of a job's state, each one compare-and-set transaction.

A job's row names its run. A run is claimed by one process, which renews its lease; when the lease
runs out, another process begins the next run, and the old one can write nothing any more. So a
job ends once, whoever dies when. What must be true of a job's end is written in the transaction
that ends it (``EndHook``).
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from groundswell.errors import Conflict, InvalidInput, NotFound, TooBusy
from groundswell.jobs.job import UNFINISHED, Job, State
from groundswell.store.database import Database
from groundswell.store.job_table import JobRow

EndHook = Callable[[Session, Job], None]
"""Called in the transaction that ends a job (or begins it), with the job as it is then."""
_LONGEST_KEY = 255
_LONGEST_STAGE = 100
_LONGEST_ERROR = 1000
_FULL_RETRY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Due:
    """A run that is to begin."""

    id: str
    kind: str
    run: int
    due_at: datetime


class JobBook:
    """The jobs of one database. Blocking.

    Args:
        database: where they are.
        most: unfinished jobs that one account may have.
    """

    def __init__(self, database: Database, *, most: int = 100) -> None:
        self._database = database
        self._most = most

    def create(
        self,
        kind: str,
        account_id: str,
        request: Mapping[str, Any],
        *,
        job_id: str | None,
        idempotency_key: str | None,
        webhook_url: str | None,
        asked: Mapping[str, Any] | None,
        begun: EndHook | None,
    ) -> tuple[Job, bool]:
        """Write a job down; returns it, and whether it is new.

        Raises:
            Conflict: the idempotency key was used for another request.
            InvalidInput: the key is empty or too long.
            TooBusy: the account has too many unfinished jobs.
        """
        if idempotency_key is not None and not 0 < len(idempotency_key) <= _LONGEST_KEY:
            raise InvalidInput(f"An idempotency key has 1 to {_LONGEST_KEY} characters.")
        now = datetime.now(UTC)
        row = JobRow(
            id=job_id or str(uuid4()),
            account_id=account_id,
            kind=kind,
            state="queued",
            progress=0.0,
            stage="",
            request=dict(request),
            fingerprint=_fingerprint(kind, asked or request, webhook_url),
            idempotency_key=idempotency_key,
            webhook_url=webhook_url,
            created_at=now,
            run=1,
            failures=0,
            due_at=now,
            cancelling=False,
            tidied=False,
        )
        try:
            with self._database.begin() as session:
                if earlier := _same_key(session, row):
                    return earlier, False
                self._check_room(session, account_id)
                session.add(row)
                session.flush()
                if begun is not None:
                    begun(session, Job.of(row))
        except IntegrityError:
            # Another request with the same key was quicker.
            with self._database.read() as session:
                if earlier := _same_key(session, row):
                    return earlier, False
            raise
        return Job.of(row), True

    def get(self, job_id: str, account_id: str | None = None) -> Job:
        """Return a job, of this account if one is named.

        Raises:
            NotFound: there is none.
        """
        with self._database.read() as session:
            row = session.get(JobRow, job_id)
        if row is None or account_id not in (None, row.account_id):
            raise NotFound("No such job.")
        return Job.of(row)

    def page(
        self,
        *,
        account_id: str | None,
        kind: str | None,
        state: State | None,
        limit: int,
        offset: int,
    ) -> tuple[list[Job], int]:
        """Return some jobs, newest first, and how many there are."""
        query = select(JobRow)
        for column, wanted in (
            (JobRow.account_id, account_id),
            (JobRow.kind, kind),
            (JobRow.state, state),
        ):
            if wanted is not None:
                query = query.where(column == wanted)
        with self._database.read() as session:
            total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
            ordered = query.order_by(JobRow.created_at.desc(), JobRow.id.desc())
            rows = session.scalars(ordered.limit(limit).offset(offset))
            return [Job.of(row) for row in rows], total

    def claim(self, job_id: str, run: int, until: datetime) -> Job | None:
        """Begin a run, unless it was begun, given up or its job has ended."""
        with self._database.begin() as session:
            row = session.get(JobRow, job_id, with_for_update=True)
            if row is None or (row.run, row.state) != (run, "queued"):
                return None
            row.state = "running"
            row.lease_until = until
            row.started_at = row.started_at or datetime.now(UTC)
            return Job.of(row)

    def renew(self, runs: Iterable[tuple[str, int, float, str]], until: datetime) -> list[str]:
        """Renew leases and note progress and stage; returns the jobs whose run is over."""
        lost = []
        with self._database.begin() as session:
            for job_id, run, progress, stage in sorted(runs):
                change = _run(job_id, run).values(
                    progress=progress, stage=stage[:_LONGEST_STAGE], lease_until=until
                )
                if not _changed(session, change):
                    lost.append(job_id)
        return lost

    def progressed(self, job_id: str, run: int) -> bool:
        """Note that a run came further than any before; whether it is still in force."""
        with self._database.begin() as session:
            return _changed(session, _run(job_id, run).values(failures=0))

    def again(self, job_id: str, run: int, due_at: datetime, *, failed: bool) -> bool:
        """Give up a run and let the next begin; whether it was in force."""
        change = _run(job_id, run).values(
            state="queued",
            run=run + 1,
            failures=JobRow.failures + int(failed),
            due_at=due_at,
            lease_until=None,
        )
        with self._database.begin() as session:
            return _changed(session, change)

    def skip(self, job_id: str, run: int) -> bool:
        """Let the next run begin in place of a queued one that nobody will claim."""
        change = (
            update(JobRow)
            .where(JobRow.id == job_id, JobRow.run == run, JobRow.state == "queued")
            .values(run=run + 1)
        )
        with self._database.begin() as session:
            return _changed(session, change)

    def end(
        self,
        job_id: str,
        state: State,
        hooks: Sequence[EndHook],
        *,
        run: int | None = None,
        result: Mapping[str, Any] | None = None,
        error: str | None = None,
    ) -> Job | None:
        """End a job; returns it if this call ended it.

        Args:
            job_id: which.
            state: how it ended.
            hooks: called in the same transaction; an exception of theirs undoes it.
            run: the run that ends it; without one, any.
            result: what came of it.
            error: why it failed.
        """
        with self._database.begin() as session:
            row = session.get(JobRow, job_id, with_for_update=True)
            if row is None or row.state not in UNFINISHED or run not in (None, row.run):
                return None
            row.state = state
            row.ended_at = datetime.now(UTC)
            row.result = None if result is None else dict(result)
            row.error = error and error[:_LONGEST_ERROR]
            if state == "completed":
                row.progress, row.stage = 1.0, ""
            if run is not None:
                row.lease_until = None
            session.flush()
            job = Job.of(row)
            for hook in hooks:
                hook(session, job)
        return job

    def ask_to_cancel(self, job_id: str) -> None:
        """Let a server end a job."""
        with self._database.begin() as session:
            change = update(JobRow).where(JobRow.id == job_id, JobRow.state.in_(UNFINISHED))
            _changed(session, change.values(cancelling=True))

    def cancelling(self) -> list[Job]:
        """Jobs that somebody outside the servers wants to end."""
        asked = select(JobRow).where(JobRow.state.in_(UNFINISHED), JobRow.cancelling)
        with self._database.read() as session:
            return [Job.of(row) for row in session.scalars(asked)]

    def left(self, job_id: str) -> None:
        """Note that a run that did not end its job is over: it may have left something behind."""
        with self._database.begin() as session:
            change = update(JobRow).where(JobRow.id == job_id, JobRow.state.not_in(UNFINISHED))
            _changed(session, change.values(lease_until=None, tidied=False))

    def dead(self) -> list[Job]:
        """Jobs whose process no longer renews its lease."""
        late = JobRow.lease_until < datetime.now(UTC)
        with self._database.read() as session:
            rows = session.scalars(select(JobRow).where(JobRow.state == "running", late))
            return [Job.of(row) for row in rows]

    def queued(self) -> list[Due]:
        """Every run that is to begin."""
        columns = (JobRow.id, JobRow.kind, JobRow.run, JobRow.due_at)
        with self._database.read() as session:
            rows = session.execute(select(*columns).where(JobRow.state == "queued"))
            return [Due(*row) for row in rows]

    def untidied(self, limit: int) -> list[Job]:
        """Ended jobs that no process works on and that may have left something behind."""
        over = JobRow.lease_until.is_(None) | (JobRow.lease_until < datetime.now(UTC))
        query = select(JobRow).where(JobRow.state.not_in(UNFINISHED), ~JobRow.tidied, over)
        with self._database.read() as session:
            return [Job.of(row) for row in session.scalars(query.limit(limit))]

    def tidied(self, job_id: str) -> None:
        """Note that a job left nothing behind."""
        with self._database.begin() as session:
            _changed(session, update(JobRow).where(JobRow.id == job_id).values(tidied=True))

    def old(self, age: timedelta, limit: int) -> list[Job]:
        """Jobs that ended so long ago."""
        before = datetime.now(UTC) - age
        with self._database.read() as session:
            rows = session.scalars(select(JobRow).where(JobRow.ended_at < before).limit(limit))
            return [Job.of(row) for row in rows]

    def erase(self, job_id: str) -> None:
        """Forget a job."""
        with self._database.begin() as session:
            session.execute(delete(JobRow).where(JobRow.id == job_id))

    def _check_room(self, session: Session, account_id: str) -> None:
        waiting = select(func.count()).where(
            JobRow.account_id == account_id, JobRow.state.in_(UNFINISHED)
        )
        if (session.scalar(waiting) or 0) >= self._most:
            raise TooBusy(
                f"The account has {self._most} unfinished jobs.",
                retry_after=_FULL_RETRY_SECONDS,
                limit=self._most,
            )


def _fingerprint(kind: str, request: Mapping[str, Any], webhook_url: str | None) -> str:
    asked = json.dumps([kind, request, webhook_url], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()


def _same_key(session: Session, row: JobRow) -> Job | None:
    """The job that was begun with the same idempotency key."""
    if row.idempotency_key is None:
        return None
    query = select(JobRow).where(
        JobRow.account_id == row.account_id, JobRow.idempotency_key == row.idempotency_key
    )
    earlier = session.scalars(query).one_or_none()
    if earlier is None:
        return None
    if earlier.fingerprint != row.fingerprint:
        raise Conflict(
            "This idempotency key was used for another request; use a new one for a new request."
        )
    return Job.of(earlier)


def _run(job_id: str, run: int) -> Any:
    return update(JobRow).where(JobRow.id == job_id, JobRow.run == run, JobRow.state == "running")


def _changed(session: Session, change: Any) -> bool:
    done: CursorResult[Any] = session.connection().execute(change)
    return done.rowcount > 0
