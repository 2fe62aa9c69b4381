"""What was done, read back: pages of a log, time series, deletion, and the expiry of content."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from groundswell.store.database import Database
from groundswell.store.history import (
    LogEntry,
    RecognitionEntry,
    SpeechEntry,
    UsageHour,
    hour_of,
)

Granularity = Literal["hour", "day"]
_HOUR = timedelta(hours=1)
_STEPS: dict[Granularity, timedelta] = {"hour": _HOUR, "day": timedelta(days=1)}
_ERASED_AT_ONCE = 1000

_Entry = TypeVar("_Entry", bound=LogEntry)


@dataclass(frozen=True, slots=True)
class Page(Generic[_Entry]):
    """Entries, newest first, and how many the whole log has."""

    entries: list[_Entry]
    total: int


@dataclass(frozen=True, slots=True)
class Period:
    """A time from ``start`` up to, not including, ``end``, in steps of an hour or a day (UTC)."""

    start: datetime
    end: datetime
    granularity: Granularity


@dataclass(frozen=True, slots=True)
class Series:
    """The beginning of each step, and its figure."""

    timestamps: list[datetime]
    values: list[int]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that is kept for every hour, and how hours become a day."""

    column: InstrumentedAttribute[int]
    combine: Callable[[int, int], int]


def _sum(one: int, other: int) -> int:
    return one + other


REQUESTS = Measure(UsageHour.requests, _sum)
CREDITS = Measure(UsageHour.credits, _sum)
PEAK_RUNNING = Measure(UsageHour.peak_running, max)
PEAK_SOCKETS = Measure(UsageHour.peak_sockets, max)


class History:
    """The logs and figures of one database. Blocking; every question names the account."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, log: type[_Entry], account_id: str, *, page: int, size: int) -> Page[_Entry]:
        """Return one page of a log; ``page`` counts from 1.

        The figures of the hours lead to the hour in which the page begins, so that a far page
        costs no more than the first.
        """
        offset = (page - 1) * size
        with self._database.read() as session:
            total, begin = _find(session, log, account_id, offset)
            if begin is None:
                return Page([], total)
            until, skip = begin
            found = select(log).where(
                log.account_id == account_id, log.started_at < until, *_shown(log)
            )
            newest_first = found.order_by(log.started_at.desc(), log.id.desc())
            return Page(list(session.scalars(newest_first.offset(skip).limit(size))), total)

    def series(
        self, log: type[LogEntry], account_id: str, measure: Measure, period: Period
    ) -> Series:
        """Return a figure for every step of a period, zero where nothing happened.

        The first hour counts whole; the first and last day count their hours inside the period.
        """
        step = _STEPS[period.granularity]
        first = _floor(period.start, period.granularity)
        count = -((first - period.end) // step)
        values = [0] * max(0, count)
        question = select(UsageHour.hour, measure.column).where(
            UsageHour.account_id == account_id,
            UsageHour.family == log.FAMILY,
            UsageHour.hour >= hour_of(period.start),
            UsageHour.hour < period.end,
        )
        with self._database.read() as session:
            for hour, figure in session.execute(question):
                at = (hour - first) // step
                values[at] = measure.combine(values[at], figure)
        return Series([first + step * at for at in range(len(values))], values)

    def delete_recognition(self, account_id: str, request_id: str) -> None:
        """Take a recognition out of the log and erase its words; its figures stay."""
        mine = (RecognitionEntry.account_id == account_id, RecognitionEntry.deleted_at.is_(None))
        with self._database.begin() as session:
            deleted = session.execute(
                update(RecognitionEntry)
                .where(*mine, RecognitionEntry.request_id == request_id)
                .values(deleted_at=datetime.now(UTC), **_erased(RecognitionEntry))
                .returning(RecognitionEntry.started_at)
            )
            for hour, count in Counter(hour_of(moment) for (moment,) in deleted).items():
                session.execute(
                    update(UsageHour)
                    .where(
                        UsageHour.account_id == account_id,
                        UsageHour.family == RecognitionEntry.FAMILY,
                        UsageHour.hour == hour,
                    )
                    .values(listed=UsageHour.listed - count)
                )

    def erase_expired(self, now: datetime) -> int:
        """Erase what was said and written in entries whose time has come; figures stay.

        Returns:
            How many entries were erased.
        """
        return sum(self._erase(log, now) for log in (SpeechEntry, RecognitionEntry))

    def _erase(self, log: type[SpeechEntry] | type[RecognitionEntry], now: datetime) -> int:
        due = select(log.id).where(log.expires_at <= now).limit(_ERASED_AT_ONCE)
        erased = 0
        while True:
            # In small transactions: on SQLite, requests wait for each of them.
            with self._database.begin() as session:
                ids = list(session.scalars(due))
                session.execute(update(log).where(log.id.in_(ids)).values(**_erased(log)))
            erased += len(ids)
            if len(ids) < _ERASED_AT_ONCE:
                return erased


def _find(
    session: Session, log: type[LogEntry], account_id: str, offset: int
) -> tuple[int, tuple[datetime, int] | None]:
    """Find how many entries there are, and where the one at ``offset`` is.

    Returns:
        The total, and, unless it ends before: the end of the hour of that entry, and how many
        entries of the hour come before it.
    """
    hours = (
        select(
            UsageHour.hour,
            UsageHour.listed,
            func.sum(UsageHour.listed).over(order_by=UsageHour.hour.desc()).label("until"),
        )
        .where(UsageHour.account_id == account_id, UsageHour.family == log.FAMILY)
        .subquery()
    )
    total = int(session.scalar(select(func.coalesce(func.max(hours.c.until), 0))) or 0)
    if offset >= total:
        return total, None
    hour, listed, until = session.execute(
        select(hours).where(hours.c.until > offset).order_by(hours.c.hour.desc()).limit(1)
    ).one()
    return total, (hour + _HOUR, offset - (int(until) - listed))


def _shown(log: type[LogEntry]) -> list[ColumnElement[bool]]:
    return [log.deleted_at.is_(None)] if issubclass(log, RecognitionEntry) else []


def _erased(log: type[SpeechEntry] | type[RecognitionEntry]) -> dict[str, Any]:
    return dict.fromkeys(log.CONTENT, "") | {"expires_at": None}


def _floor(moment: datetime, granularity: Granularity) -> datetime:
    hour = hour_of(moment)
    return hour.replace(hour=0) if granularity == "day" else hour
