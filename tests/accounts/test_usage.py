"""The recorder: everything arrives, beside its figures, and nobody waits for it."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from tests.accounts.entries import NOON, recognition, speech, webhook, write

from groundswell.accounts.activity import Activity
from groundswell.accounts.usage import UsageRecorder
from groundswell.store.database import Database
from groundswell.store.history import SpeechEntry, UsageHour


@contextmanager
def recording(
    database: Database, *, capacity: int = 10_000, lost: list[int] | None = None
) -> Iterator[UsageRecorder]:
    drops = [] if lost is None else lost
    recorder = UsageRecorder(database, Activity(), capacity=capacity, on_drop=drops.append)
    yield recorder
    recorder.close(30)
    if lost is None:
        assert drops == []


def hours(database: Database) -> dict[tuple[str, str, int], tuple[int, int, int]]:
    """Requests, listed entries and credits by account, family and hour of the day."""
    with database.read() as session:
        return {
            (row.account_id, row.family, row.hour.hour): (row.requests, row.listed, row.credits)
            for row in session.scalars(select(UsageHour))
        }


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(SpeechEntry)) or 0


def test_entries_arrive_whole_with_their_figures(database: Database, account: str) -> None:
    with recording(database) as recorder:
        recorder.record(speech(account, request_id="one", text="Grüß dich, 世界 🌍"))
        recorder.record(speech(account, NOON + timedelta(hours=1), credits=9))
        recorder.record(speech(account, NOON + timedelta(minutes=59)))
        recorder.record(recognition(account))
        recorder.record(webhook(account))
    with database.read() as session:
        found = session.scalars(select(SpeechEntry).where(SpeechEntry.request_id == "one")).one()
    assert (found.text, found.started_at, found.audio_ms) == ("Grüß dich, 世界 🌍", NOON, 500)
    assert found.expires_at is None
    assert hours(database) == {
        (account, "tts", 12): (2, 2, 12),
        (account, "tts", 13): (1, 1, 9),
        (account, "asr", 12): (1, 1, 4),
        (account, "webhook", 12): (1, 1, 0),
    }


def test_they_arrive_while_the_recorder_runs(database: Database, account: str) -> None:
    with recording(database) as recorder:
        recorder.record(speech(account))
        limit = time.monotonic() + 60
        while not count(database) and time.monotonic() < limit:
            time.sleep(0.02)
        assert count(database) == 1


def test_nobody_waits_for_a_database_that_is_busy(database: Database, account: str) -> None:
    """A hundred fit in the queue: the rest is lost, counted, and costs the caller nothing."""
    lost: list[int] = []
    with recording(database, capacity=100, lost=lost) as recorder, busy(database):
        began = time.monotonic()
        recorder.record(speech(account))
        in_writing(recorder)
        for _ in range(1000):
            recorder.record(speech(account))
        assert time.monotonic() - began < 20
        assert count(database) == 0
    assert sum(lost) == 900
    assert count(database) == 101
    assert hours(database) == {(account, "tts", 12): (101, 101, 606)}


def in_writing(recorder: UsageRecorder) -> None:
    """Wait until the writer has taken what was recorded, and waits for the database."""
    limit = time.monotonic() + 60
    while recorder._waiting:
        assert time.monotonic() < limit
        time.sleep(0.02)


@contextmanager
def busy(database: Database) -> Iterator[None]:
    """Keep everybody else from writing to the log."""
    other = Database(database.engine.url.render_as_string(hide_password=False))
    with other.engine.connect() as connection:
        if database.backend == "postgresql":
            connection.execute(text("LOCK TABLE speech_log IN EXCLUSIVE MODE"))
        else:
            connection.execute(text("SELECT 1"))  # begins, and takes the write lock
        yield
        connection.rollback()
    other.close()


def test_an_entry_that_cannot_be_stored_takes_no_other_with_it(
    database: Database, account: str
) -> None:
    lost: list[int] = []
    with recording(database, lost=lost) as recorder:
        recorder.record(speech(account))
        recorder.record(speech(account, text="half a pair \ud800"))
        recorder.record(speech("no such account"))
        recorder.record(speech(account))
    assert lost == [1, 1]
    assert count(database) == 2
    assert hours(database) == {(account, "tts", 12): (2, 2, 12)}


def test_after_closing_entries_are_counted_as_lost(database: Database, account: str) -> None:
    lost: list[int] = []
    with recording(database, lost=lost) as recorder:
        pass
    recorder.record(speech(account))
    assert lost == [1]


def test_closing_gives_up_on_a_database_that_stays_away(database: Database, account: str) -> None:
    lost: list[int] = []
    recorder = UsageRecorder(database, Activity(), capacity=100, on_drop=lost.append)
    with busy(database):
        for _ in range(5):
            recorder.record(speech(account))
        in_writing(recorder)
        recorder.record(speech(account))
        began = time.monotonic()
        recorder.close(0.5)
        assert time.monotonic() - began < 20
        assert sum(lost) >= 1
    recorder.close(30)
    assert sum(lost) + count(database) == 6


@pytest.mark.parametrize(
    "nasty",
    [
        "'; DROP TABLE speech_log; --",
        '"); DELETE FROM usage_hours; --',
        "%s %(text)s :text ?",
        "\\",
    ],
)
def test_text_is_data(database: Database, account: str, nasty: str) -> None:
    fields = ("text", "voice_id", "error", "request_id", "route")
    with recording(database) as recorder:
        recorder.record(speech(account, NOON, **dict.fromkeys(fields, nasty)))
    with database.read() as session:
        entry = session.scalars(select(SpeechEntry)).one()
    assert {getattr(entry, name) for name in fields} == {nasty}


def test_recorders_of_several_servers_add_up(database: Database, account: str) -> None:
    other = Database(database.engine.url.render_as_string(hide_password=False))
    dice = random.Random(4)
    moments = [NOON + timedelta(minutes=dice.randrange(600)) for _ in range(600)]
    with recording(database) as one, recording(other) as two:
        for at, moment in enumerate(moments):
            (one if at % 2 else two).record(speech(account, moment))
    assert count(database) == 600
    figures = hours(database)
    assert sum(requests for requests, _, _ in figures.values()) == 600
    assert sum(credits for _, _, credits in figures.values()) == 3600
    other.close()


def test_peaks_are_the_highest_of_all_writes(database: Database, account: str) -> None:
    def peaks() -> tuple[int, int]:
        with database.read() as session:
            rows = session.scalars(select(UsageHour)).all()
            return max(row.peak_running for row in rows), max(row.peak_sockets for row in rows)

    for at_once, expected in ((3, 3), (1, 3), (4, 4)):
        activity = Activity()
        with ExitStack() as stack:
            for _ in range(at_once):
                stack.enter_context(activity.track(account, "running"))
            stack.enter_context(activity.track(account, "sockets"))
        write(database, activity=activity)
        assert peaks() == (expected, 1)


WRITER = """
import sys
from groundswell.accounts.activity import Activity
from groundswell.accounts.usage import UsageRecorder
from groundswell.store.database import Database
from tests.accounts.entries import speech

recorder = UsageRecorder(Database(sys.argv[1]), Activity(), capacity=10**6, on_drop=print)
print("ready", flush=True)
while True:
    for _ in range(50):
        recorder.record(speech(sys.argv[2]))
    sys.stdin.readline()
"""


def test_a_killed_writer_leaves_entries_and_figures_in_step(
    database: Database, account: str
) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    dice = random.Random(9)
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, url, account],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        until = time.monotonic() + 0.4 + dice.random()
        while time.monotonic() < until:
            process.stdin.write("\n")
            process.stdin.flush()
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
    written = count(database)
    assert written > 0
    assert hours(database) == {(account, "tts", 12): (written, written, 6 * written)}
