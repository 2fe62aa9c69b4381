"""Peaks: of what runs now, by the hour."""

from datetime import UTC, datetime, timedelta

import pytest

from groundswell.accounts.activity import Activity

TEN = datetime(2026, 3, 1, 10, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.moment = TEN + timedelta(minutes=5)

    def __call__(self) -> datetime:
        return self.moment


def test_the_peak_is_the_most_at_a_time() -> None:
    activity = Activity(Clock())
    with activity.track("a", "running"):
        pass
    with activity.track("a", "running"), activity.track("a", "running"):
        with activity.track("b", "running"):
            pass
        with activity.track("a", "sockets"):
            pass
    assert activity.take_peaks() == {
        ("a", TEN, "running"): 2,
        ("b", TEN, "running"): 1,
        ("a", TEN, "sockets"): 1,
    }
    assert activity.take_peaks() == {}


def test_what_lasts_counts_in_every_hour_it_lasts() -> None:
    clock = Clock()
    activity = Activity(clock)
    with activity.track("a", "sockets"):
        activity.take_peaks()
        clock.moment += timedelta(hours=1)
        assert activity.take_peaks() == {("a", TEN, "sockets"): 1}
        assert activity.take_peaks() == {("a", TEN + timedelta(hours=1), "sockets"): 1}
    activity.take_peaks()
    assert activity.take_peaks() == {}


def test_it_counts_down_when_work_fails() -> None:
    activity = Activity(Clock())
    with pytest.raises(ZeroDivisionError), activity.track("a", "running"):
        _ = 1 / 0
    activity.take_peaks()
    assert activity.take_peaks() == {}
