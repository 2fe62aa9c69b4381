"""When deliveries are tried again."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.jobs.webhooks.retries import LONGEST_ASKED_SECONDS, pause
from groundswell.jobs.webhooks.sender import Answer


def test_ten_pauses_that_double() -> None:
    failed = Answer(status=500)
    for attempt in range(1, 11):
        found = pause(attempt, failed)
        assert found is not None
        assert 0.8 <= found / 2 ** (attempt - 1) <= 1.2
    assert pause(11, failed) is None


def test_no_pause_of_our_own_is_longer_than_ten_minutes() -> None:
    found = pause(10, Answer(status=500), first=60)
    assert found is not None
    assert 480 <= found <= 720


@pytest.mark.parametrize("status", [None, 500, 502, 503, 599, 408, 429])
def test_what_may_pass(status: int | None) -> None:
    assert pause(1, Answer(status=status)) is not None


@pytest.mark.parametrize("status", [101, 301, 302, 307, 400, 401, 403, 404, 410, 413, 422])
def test_what_will_not(status: int) -> None:
    assert pause(1, Answer(status=status)) is None


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("120", 120, 120),
        ("999999999", LONGEST_ASKED_SECONDS, LONGEST_ASKED_SECONDS),
        *((nonsense, 0.8, 1.2) for nonsense in ("", "soon", "-5", "nan", "inf", "1e999", "0")),
    ],
)
def test_a_receiver_may_ask_for_more(asked: str, least: float, most: float) -> None:
    found = pause(1, Answer(status=429, retry_after=asked))
    assert found is not None
    assert least <= found <= most


@pytest.mark.parametrize(
    ("ahead", "least", "most"),
    [(timedelta(minutes=30), 1000, 1801), (-timedelta(days=30), 0.8, 1.2)],
)
def test_a_receiver_may_name_a_date(ahead: timedelta, least: float, most: float) -> None:
    date = format_datetime(datetime.now(UTC) + ahead, usegmt=True)
    found = pause(1, Answer(status=429, retry_after=date))
    assert found is not None
    assert least <= found <= most


@given(st.text(max_size=40), st.integers(1, 10))
def test_whatever_it_asks_for(asked: str, attempt: int) -> None:
    found = pause(attempt, Answer(status=503, retry_after=asked))
    assert found is not None
    assert 0.8 <= found <= LONGEST_ASKED_SECONDS
