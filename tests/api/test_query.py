"""Query parameters: whatever is sent is a value within bounds or a problem with a name."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.api.query import QueryReader, iso
from groundswell.errors import InvalidInput

anything = st.one_of(
    st.text(max_size=60),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes(timezones=st.none() | st.just(UTC)).map(datetime.isoformat),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+-]{0,14}Z?", fullmatch=True),
)


@given(anything)
def test_an_integer_is_within_bounds_or_refused_by_name(text: str) -> None:
    query = QueryReader({"page": text})
    value = query.integer("page", 7, 1, 100)
    assert 1 <= value <= 100
    if text.strip() != text or not re.fullmatch(r"[0-9]*", text):
        with pytest.raises(InvalidInput, match="page: must be an integer from 1 to 100"):
            query.check()


@given(st.integers(min_value=1, max_value=100))
def test_every_integer_within_bounds_is_taken(number: int) -> None:
    query = QueryReader({"page": str(number)})
    assert query.integer("page", 7, 1, 100) == number
    query.check()


@given(anything)
def test_a_moment_is_in_utc_or_refused_by_name(text: str) -> None:
    query = QueryReader({"from": text})
    moment = query.moment("from")
    if moment is None and text:
        with pytest.raises(InvalidInput, match="from: Invalid date"):
            query.check()
    elif moment is not None:
        assert moment.tzinfo is UTC
        assert 1970 <= moment.year < 2200
        query.check()


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1)),
    st.sampled_from(["", "Z", "+00:00", "+05:30", "-11:00"]),
)
def test_every_iso_date_is_taken(moment: datetime, zone: str) -> None:
    query = QueryReader({"from": moment.isoformat() + zone})
    assert query.moment("from") == datetime.fromisoformat(
        moment.isoformat() + (zone or "Z")
    ).astimezone(UTC)
    query.check()


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "99999-01-01", "0", "now"]
)
def test_dates_beyond_reason_are_invalid(text: str) -> None:
    query = QueryReader({"to": text})
    query.moment("to")
    with pytest.raises(InvalidInput, match="to: Invalid date"):
        query.check()


def test_one_answer_names_every_problem() -> None:
    query = QueryReader({"from": "x", "to": "y", "granularity": "week", "page": "-1"})
    query.moment("from")
    query.moment("to")
    query.choice("granularity", ("hour", "day"))
    query.integer("page", 1, 1, 10)
    with pytest.raises(InvalidInput) as caught:
        query.check()
    assert caught.value.message == (
        "from: Invalid date; to: Invalid date; granularity: must be one of hour, day; "
        "page: must be an integer from 1 to 10"
    )


def test_moments_are_written_in_milliseconds() -> None:
    assert iso(datetime(2026, 3, 1, 12, 0, 0, 123_999, UTC)) == "2026-03-01T12:00:00.123Z"
