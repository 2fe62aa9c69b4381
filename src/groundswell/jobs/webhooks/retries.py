"""When to try again: what a receiver asked for, or ever later, or not at all."""

import math
import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from groundswell.jobs.webhooks.sender import Answer

RETRIES = 10
FIRST_SECONDS = 1.0
LONGEST_SECONDS = 600.0
"""Of the pauses of our own choice (open-questions.md 53)."""
LONGEST_ASKED_SECONDS = 3600.0
"""That a receiver's ``Retry-After`` may make of one."""
_JITTER = (0.8, 1.2)
_PASSING = {408, 429}
GONE = 410
"""The status by which a receiver says that it wants nothing any more."""


def pause(attempt: int, answer: Answer, *, first: float = FIRST_SECONDS) -> float | None:
    """Return the seconds until the next attempt, or ``None`` to give up.

    No response, 5xx, 408 and 429 may pass; other statuses will not (stt.md §5).

    Args:
        attempt: the one that failed, from 1.
        answer: what came of it.
        first: the first pause; each further one is twice as long, give or take a fifth.
    """
    passing = answer.status is None or answer.status >= 500 or answer.status in _PASSING
    if not passing or attempt > RETRIES:
        return None
    own: float = min(LONGEST_SECONDS, first * 2.0 ** (attempt - 1)) * random.uniform(*_JITTER)  # noqa: S311
    return max(own, min(LONGEST_ASKED_SECONDS, _asked(answer.retry_after)))


def _asked(retry_after: str) -> float:
    """Seconds of a ``Retry-After``: a number, or a date; 0 when it is neither."""
    try:
        seconds = float(retry_after)
        return seconds if math.isfinite(seconds) else 0.0
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (moment - datetime.now(UTC)).total_seconds()
