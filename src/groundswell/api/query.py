"""Query parameters: checked together, so that one answer names everything that is wrong."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from groundswell.errors import InvalidInput

_YEARS = range(1970, 2200)
_DEFAULT_SPAN = timedelta(days=7)


class QueryReader:
    """Reads parameters one by one; ``check`` raises what was wrong with any of them.

    Args:
        given: the parameters; absent and empty ones count as not given.
    """

    def __init__(self, given: Mapping[str, str | None]) -> None:
        self._given = given
        self._problems: list[str] = []

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        """Return a whole number within bounds."""
        text = self._given.get(name)
        if not text:
            return default
        if re.fullmatch(r"[0-9]{1,18}", text) and low <= int(text) <= high:
            return int(text)
        self._problems.append(f"{name}: must be an integer from {low} to {high}")
        return default

    def choice(self, name: str, choices: Collection[str]) -> str | None:
        """Return one of the choices, if any is given."""
        text = self._given.get(name)
        if not text:
            return None
        if text not in choices:
            self._problems.append(f"{name}: must be one of {', '.join(choices)}")
        return text

    def moment(self, name: str) -> datetime | None:
        """Return an ISO 8601 date or date and time in UTC; without a zone it is taken as UTC."""
        text = self._given.get(name)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            moment = None
        if moment is None or moment.year not in _YEARS:
            self._problems.append(f"{name}: Invalid date")
            return None
        return moment

    def check(self) -> None:
        """Raise what was found.

        Raises:
            InvalidInput: with every problem, in the order of reading.
        """
        if self._problems:
            raise InvalidInput("; ".join(self._problems))


def period(
    start: datetime | None, end: datetime | None, *, longest: timedelta, too_long: str
) -> tuple[datetime, datetime]:
    """Return the period that was asked for: up to now and seven days long unless given.

    Args:
        start: ``from``, if given.
        end: ``to``, if given.
        longest: the longest that may be asked for.
        too_long: what to answer when it is longer.

    Raises:
        InvalidInput: it is too long, or ends before it begins.
    """
    until = end or datetime.now(UTC)
    since = start or until - _DEFAULT_SPAN
    if since > until:
        raise InvalidInput("from: must not be after to")
    if until - since > longest:
        raise InvalidInput(too_long)
    return since, until


def iso(moment: datetime) -> str:
    """Write a moment as the contract does: UTC, milliseconds, ``Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
