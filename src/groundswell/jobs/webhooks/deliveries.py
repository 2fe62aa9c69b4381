"""Deliveries: taken when they are due, tried by a worker, written down.

Workers of any number of nodes share them. To take a delivery is to move its ``due_at`` to when the
lease ends. A worker that dies leaves something that falls due again; one that is slower than its
lease finds, by that moment, that its word does not count any more. So a delivery may be sent more
than once, always with the same ``webhook-id``, and ends once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, delete, select, true, update
from sqlalchemy.orm import Session

from groundswell.accounts.usage import store_entries
from groundswell.jobs.webhooks import retries
from groundswell.jobs.webhooks.sender import Answer
from groundswell.store.database import Database
from groundswell.store.history import WebhookEntry
from groundswell.store.webhook_tables import (
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookSecret,
)

LEASE = timedelta(seconds=25)
"""More than an attempt takes, and writing down what came of it."""
_ERASED_AT_ONCE = 500
_KEPT_OF_RESPONSE = 500
"""Characters that the log keeps."""


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that a worker took.

    Attributes:
        id: of the delivery.
        lease: until when it is this worker's.
        attempt: which one this is, from 1.
        event_time: when it happened.
        data: what happened, a JSON object.
        secret: what to sign with, sealed.
    """

    id: str
    account_id: str
    endpoint_id: str | None
    lane: str
    url: str
    lease: datetime
    attempt: int
    event_id: str
    event_type: str
    event_time: datetime
    request_id: str
    data: str
    secret: str | None


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt that is over."""

    due: Due
    began: datetime
    answer: Answer


class Deliveries:
    """The deliveries of a database. Blocking.

    Args:
        database: where they are.
        first_pause: seconds before the first retry.
        patience: how long an endpoint may accept nothing before it is disabled.
        lease: see ``LEASE``.
    """

    def __init__(
        self,
        database: Database,
        *,
        first_pause: float = retries.FIRST_SECONDS,
        patience: timedelta = timedelta(days=1),
        lease: timedelta = LEASE,
    ) -> None:
        self._lease = lease
        self._database = database
        self._first_pause = first_pause
        self._patience = patience

    def turn(
        self, tried: Sequence[Tried], running: Counter[str], *, free: int, per_lane: int
    ) -> list[Due]:
        """Write down attempts and take what is due, in one transaction.

        Args:
            tried: attempts that are over.
            running: how many are under way in each lane.
            free: how many can begin.
            per_lane: how many of one lane may be under way.
        """
        now = datetime.now(UTC)
        if not tried and not (free and self._any_due(now)):
            return []
        with self._database.begin() as session:
            if tried:
                self._write(session, tried, now)
            ids = _take(session, now, Counter(running), free=free, per_lane=per_lane)
            return _load(session, ids, now + self._lease)

    def release(self, taken: Iterable[Due]) -> None:
        """Give back what was taken and not tried to the end."""
        now = datetime.now(UTC)
        with self._database.begin() as session:
            _change(session, [_changed(due, "pending", due.attempt - 1, now, now) for due in taken])

    def erase(self, before: datetime) -> int:
        """Erase events from before a moment, with their deliveries, unless some are under way.

        Returns:
            How many events were erased.
        """
        pending = select(WebhookDelivery.id).where(
            WebhookDelivery.event_id == WebhookEvent.id, WebhookDelivery.due_at.is_not(None)
        )
        old = (
            select(WebhookEvent.id)
            .where(WebhookEvent.created_at < before, ~pending.exists())
            .limit(_ERASED_AT_ONCE)
        )
        erased = 0
        while True:
            # In small transactions: on SQLite, requests wait for each of them.
            with self._database.begin() as session:
                ids = list(session.scalars(old))
                session.execute(delete(WebhookEvent).where(WebhookEvent.id.in_(ids)))
            erased += len(ids)
            if len(ids) < _ERASED_AT_ONCE:
                return erased

    def _any_due(self, now: datetime) -> bool:
        with self._database.read() as session:
            due = select(WebhookDelivery.id).where(WebhookDelivery.due_at <= now).limit(1)
            return session.scalar(due) is not None

    def _write(self, session: Session, tried: Sequence[Tried], now: datetime) -> None:
        pauses = [
            None
            if one.answer.accepted
            else retries.pause(one.due.attempt, one.answer, first=self._first_pause)
            for one in tried
        ]
        changes = []
        for one, pause in zip(tried, pauses, strict=True):
            state = "delivered" if one.answer.accepted else "failed" if pause is None else "pending"
            due_at = None if pause is None else now + timedelta(seconds=pause)
            changes.append(_changed(one.due, state, one.due.attempt, due_at, now))
        _change(session, changes)
        entries = [_entry(one, pause) for one, pause in zip(tried, pauses, strict=True)]
        store_entries(session, entries)
        _judge(session, tried, pauses, now - self._patience)


def _changed(
    due: Due, state: str, attempts: int, due_at: datetime | None, now: datetime
) -> dict[str, Any]:
    return {
        "taken_id": due.id,
        "taken_until": due.lease,
        "state": state,
        "attempts": attempts,
        "due_at": due_at,
        "ended_at": now if due_at is None else None,
    }


def _change(session: Session, changes: Iterable[dict[str, Any]]) -> None:
    """Change deliveries whose leases still hold; in one order, so that workers do not cross."""
    rows = sorted(changes, key=lambda change: str(change["taken_id"]))
    if rows:
        session.connection().execute(_CHANGE, rows)


_TABLE: Any = WebhookDelivery.__table__
_CHANGE = update(_TABLE).where(
    _TABLE.c.id == bindparam("taken_id"), _TABLE.c.due_at == bindparam("taken_until")
)


def _entry(tried: Tried, pause: float | None) -> WebhookEntry:
    """What the log says of an attempt."""
    due, answer = tried.due, tried.answer
    error = None
    if not answer.accepted:
        after = "given up" if pause is None else f"next attempt in {pause:.3g} s"
        error = f"{answer.error or f'the receiver answered {answer.status}'}; {after}"
    return WebhookEntry(
        account_id=due.account_id,
        request_id=due.request_id,
        started_at=tried.began,
        webhook_url=due.url,
        method="POST",
        event_type=due.event_type,
        status="success" if answer.accepted else "failed",
        attempt=due.attempt,
        response_status_code=answer.status,
        error=error,
        duration_ms=round(answer.seconds * 1000),
        delivery_id=due.id,
        response=answer.body.decode("utf-8", "replace").replace("\0", "")[:_KEPT_OF_RESPONSE],
    )


def _judge(
    session: Session,
    tried: Sequence[Tried],
    pauses: Sequence[float | None],
    longest: datetime,
) -> None:
    """Note since when endpoints have failed; disable those that say so, or have for too long."""
    table = WebhookEndpoint
    known: tuple[str | None, bool] = (None, False)
    outcomes = zip(tried, pauses, strict=True)
    for one, pause in sorted(outcomes, key=lambda outcome: outcome[0].due.endpoint_id or ""):
        endpoint, accepted = one.due.endpoint_id, one.answer.accepted
        if endpoint is None:
            continue
        this = table.id == endpoint
        if known != (endpoint, accepted):
            known = (endpoint, accepted)
            before = table.failing_since.is_not(None) if accepted else table.failing_since.is_(None)
            since = None if accepted else one.began
            session.execute(update(table).where(this, before).values(failing_since=since))
        if accepted or pause is not None:
            continue
        gone = one.answer.status == retries.GONE
        reason = "it answered 410 Gone" if gone else "it accepted nothing for too long"
        over = true() if gone else table.failing_since <= longest
        disabled = session.execute(
            update(table)
            .where(this, table.disabled_at.is_(None), over)
            .values(disabled_at=datetime.now(UTC), disabled_reason=reason)
            .returning(table.id)
        )
        if disabled.first():
            session.execute(
                update(WebhookDelivery)
                .where(WebhookDelivery.endpoint_id == endpoint, WebhookDelivery.due_at.is_not(None))
                .values(state="failed", due_at=None, ended_at=datetime.now(UTC))
            )


def _take(
    session: Session, now: datetime, running: Counter[str], *, free: int, per_lane: int
) -> list[str]:
    """Choose what is due longest, of each lane no more than it may have under way."""
    table = WebhookDelivery
    chosen: list[str] = []
    while len(chosen) < free:
        full = [lane for lane, count in running.items() if count >= per_lane]
        found = session.execute(
            select(table.id, table.lane)
            .where(table.due_at <= now, table.id.not_in(chosen), table.lane.not_in(full))
            .order_by(table.due_at)
            .limit(free - len(chosen))
            .with_for_update(skip_locked=True)
        ).all()
        for delivery_id, lane in found:
            if running[lane] < per_lane:
                running[lane] += 1
                chosen.append(delivery_id)
        if not found:
            break
    return chosen


def _load(session: Session, ids: Sequence[str], lease: datetime) -> list[Due]:
    """Move the leases of deliveries, and read what is needed to try them."""
    if not ids:
        return []
    delivery, event = WebhookDelivery, WebhookEvent
    session.execute(update(delivery).where(delivery.id.in_(ids)).values(due_at=lease))
    own = delivery.endpoint_id.is_not(None)
    found = session.execute(
        select(delivery, event, case((own, WebhookEndpoint.secret), else_=WebhookSecret.secret))
        .join(event, event.id == delivery.event_id)
        .outerjoin(WebhookEndpoint, WebhookEndpoint.id == delivery.endpoint_id)
        .outerjoin(WebhookSecret, WebhookSecret.account_id == delivery.account_id)
        .where(delivery.id.in_(ids))
    )
    return [
        Due(
            id=row.id,
            account_id=row.account_id,
            endpoint_id=row.endpoint_id,
            lane=row.lane,
            url=row.url,
            lease=lease,
            attempt=row.attempts + 1,
            event_id=happened.id,
            event_type=happened.type,
            event_time=happened.created_at,
            request_id=happened.request_id,
            data=happened.data,
            secret=secret,
        )
        for row, happened, secret in found
    ]
