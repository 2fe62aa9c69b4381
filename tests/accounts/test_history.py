"""Reading back: pages, time series, deletion, expiry. Nobody sees what is another's."""

import random
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from tests.accounts.entries import NOON, recognition, speech, webhook, write

from groundswell.accounts.activity import Activity
from groundswell.accounts.history import (
    CREDITS,
    PEAK_RUNNING,
    REQUESTS,
    Granularity,
    History,
    Period,
)
from groundswell.store.database import Database
from groundswell.store.history import RecognitionEntry, SpeechEntry, WebhookEntry, hour_of

HOUR = timedelta(hours=1)


@pytest.fixture
def history(database: Database) -> History:
    return History(database)


def scattered(account: str, count: int, seed: int = 1) -> list[SpeechEntry]:
    """Entries of some days, many in some hours, none in others, some at the same moment."""
    dice = random.Random(seed)
    moments = [
        NOON + timedelta(hours=int(dice.expovariate(0.05)), minutes=dice.randrange(60))
        for _ in range(count)
    ]
    return [
        speech(account, moment, request_id=f"r-{at}", credits=dice.randrange(100))
        for at, moment in enumerate(moments)
    ]


@pytest.mark.parametrize("size", [1, 7, 50, 100])
def test_pages_are_the_log_newest_first(
    database: Database, history: History, account: str, size: int
) -> None:
    entries = scattered(account, 230)
    write(database, *entries)
    seen: list[SpeechEntry] = []
    for page in range(1, -(-230 // size) + 1):
        found = history.page(SpeechEntry, account, page=page, size=size)
        assert found.total == 230
        assert len(found.entries) == min(size, 230 - len(seen))
        seen += found.entries
    assert {entry.request_id for entry in seen} == {f"r-{at}" for at in range(230)}
    assert seen == sorted(seen, key=lambda entry: (entry.started_at, entry.id), reverse=True)


@pytest.mark.parametrize("page", [4, 5, 10**9])
def test_beyond_the_last_page_is_nothing(
    database: Database, history: History, account: str, page: int
) -> None:
    write(database, *scattered(account, 30))
    found = history.page(SpeechEntry, account, page=page, size=10)
    assert (found.entries, found.total) == ([], 30)


def test_an_empty_log_is_a_log(history: History, account: str) -> None:
    for log in (SpeechEntry, RecognitionEntry, WebhookEntry):
        found = history.page(log, account, page=1, size=50)
        assert (found.entries, found.total) == ([], 0)


def test_accounts_see_their_own_only(
    database: Database, history: History, account: str, other_account: str
) -> None:
    write(database, speech(account), *scattered(other_account, 40), recognition(other_account))
    assert history.page(SpeechEntry, account, page=1, size=100).total == 1
    found = history.page(SpeechEntry, other_account, page=1, size=100)
    assert {entry.account_id for entry in found.entries} == {other_account}
    week = Period(NOON - 24 * HOUR, NOON + 24 * 7 * HOUR, "day")
    assert sum(history.series(SpeechEntry, account, REQUESTS, week).values) == 1
    assert sum(history.series(RecognitionEntry, account, REQUESTS, week).values) == 0
    assert history.page(RecognitionEntry, account, page=1, size=10).total == 0


@pytest.mark.parametrize("granularity", ["hour", "day"])
@pytest.mark.parametrize("seed", range(6))
def test_series_are_what_counting_entries_gives(
    database: Database, history: History, account: str, granularity: Granularity, seed: int
) -> None:
    entries = scattered(account, 150, seed)
    write(database, *entries)
    dice = random.Random(seed)
    start = NOON + timedelta(minutes=dice.randrange(-3000, 3000))
    period = Period(start, start + timedelta(minutes=dice.randrange(6000)), granularity)
    requests: Counter[datetime] = Counter()
    credits: Counter[datetime] = Counter()
    for entry in entries:
        hour = hour_of(entry.started_at)
        if hour_of(start) <= hour < period.end:
            step = hour if granularity == "hour" else hour.replace(hour=0)
            requests[step] += 1
            credits[step] += entry.credits
    for measure, expected in ((REQUESTS, requests), (CREDITS, credits)):
        series = history.series(SpeechEntry, account, measure, period)
        got = dict(zip(series.timestamps, series.values, strict=True))
        assert {step: value for step, value in got.items() if value} == +expected
        length = HOUR if granularity == "hour" else 24 * HOUR
        gaps = {b - a for a, b in zip(series.timestamps, series.timestamps[1:], strict=False)}
        assert gaps <= {length}
        assert series.timestamps[-1] < period.end <= series.timestamps[-1] + length


def test_a_series_of_no_time_is_empty(history: History, account: str) -> None:
    series = history.series(SpeechEntry, account, REQUESTS, Period(NOON, NOON, "day"))
    assert series.values in ([], [0])  # noon is inside a day that has begun


def test_a_day_peaks_as_its_highest_hour(
    database: Database, history: History, account: str
) -> None:
    morning = datetime(2026, 3, 1, 8, tzinfo=UTC)
    for hour, at_once in ((0, 2), (1, 5), (2, 3)):
        activity = Activity(lambda hour=hour: morning + hour * HOUR)  # type: ignore[misc]
        with ExitStack() as stack:
            for _ in range(at_once):
                stack.enter_context(activity.track(account, "running"))
        write(database, activity=activity)
    period = Period(morning, morning + 4 * HOUR, "hour")
    assert history.series(SpeechEntry, account, PEAK_RUNNING, period).values == [2, 5, 3, 0]
    by_day = Period(morning, morning + 4 * HOUR, "day")
    assert history.series(SpeechEntry, account, PEAK_RUNNING, by_day).values == [5]


def test_deleting_hides_an_entry_and_keeps_its_figures(
    database: Database, history: History, account: str
) -> None:
    entries = [recognition(account, NOON + at * HOUR, request_id=f"r-{at}") for at in range(5)]
    write(database, *entries)
    for _ in range(2):  # twice is as good as once
        history.delete_recognition(account, "r-2")
    page = history.page(RecognitionEntry, account, page=1, size=2)
    rest = history.page(RecognitionEntry, account, page=2, size=2)
    assert [entry.request_id for entry in page.entries + rest.entries] == [
        "r-4",
        "r-3",
        "r-1",
        "r-0",
    ]
    assert page.total == rest.total == 4
    period = Period(NOON, NOON + 5 * HOUR, "hour")
    assert history.series(RecognitionEntry, account, REQUESTS, period).values == [1] * 5
    with database.read() as session:
        deleted = session.scalars(
            select(RecognitionEntry).where(RecognitionEntry.request_id == "r-2")
        ).one()
    assert (deleted.transcription, deleted.keywords, deleted.audio_ms) == ("", "", 3200)


def test_deleting_anothers_or_an_unknown_entry_changes_nothing(
    database: Database, history: History, account: str, other_account: str
) -> None:
    write(database, recognition(other_account))
    for request_id in ("r-1", "unknown", "'; DROP TABLE recognition_log; --", "%"):
        history.delete_recognition(account, request_id)
    found = history.page(RecognitionEntry, other_account, page=1, size=10)
    assert [entry.transcription for entry in found.entries] == ["hello world"]


def test_expiry_erases_what_is_due_and_keeps_the_figures(
    database: Database, history: History, account: str
) -> None:
    due, later = NOON + 24 * HOUR, NOON + 48 * HOUR
    write(
        database,
        *(speech(account, request_id=f"due-{at}", expires_at=due) for at in range(2050)),
        speech(account, request_id="later", expires_at=later),
        speech(account, request_id="never"),
        recognition(account, expires_at=due),
    )
    assert history.erase_expired(NOON) == 0
    assert history.erase_expired(due) == 2051
    assert history.erase_expired(due) == 0
    with database.read() as session:
        texts = Counter(
            (entry.request_id.partition("-")[0], entry.text)
            for entry in session.scalars(select(SpeechEntry))
        )
        words = session.scalars(select(RecognitionEntry.transcription)).all()
    assert texts == {("due", ""): 2050, ("later", "Hello."): 1, ("never", "Hello."): 1}
    assert words == [""]
    assert history.page(SpeechEntry, account, page=1, size=1).total == 2052
    period = Period(NOON, NOON + HOUR, "hour")
    assert history.series(SpeechEntry, account, CREDITS, period).values == [2052 * 6]


def test_webhook_attempts_are_listed(database: Database, history: History, account: str) -> None:
    write(database, webhook(account, attempt=1, status="failed"), webhook(account, attempt=2))
    found = history.page(WebhookEntry, account, page=1, size=10)
    assert [entry.attempt for entry in found.entries] == [2, 1]
