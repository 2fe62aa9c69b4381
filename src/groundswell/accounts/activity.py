"""What runs right now for each account in this process, and the peak of each hour."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from typing import Literal

from groundswell.store.history import hour_of

Kind = Literal["running", "sockets"]
Peaks = Mapping[tuple[str, datetime, Kind], int]
"""The most at a time, by account, hour and kind."""


def _now() -> datetime:
    return datetime.now(UTC)


class Activity:
    """Counts syntheses that run and sockets that are open; safe to use from any thread."""

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        self._clock = clock
        self._lock = Lock()
        self._current: Counter[tuple[str, Kind]] = Counter()
        self._peaks: dict[tuple[str, datetime, Kind], int] = {}

    @contextmanager
    def track(self, account_id: str, kind: Kind) -> Iterator[None]:
        """Count one more while inside."""
        with self._lock:
            self._current[account_id, kind] += 1
            self._note(account_id, kind)
        try:
            yield
        finally:
            with self._lock:
                self._current[account_id, kind] -= 1
                if not self._current[account_id, kind]:
                    del self._current[account_id, kind]

    def take_peaks(self) -> Peaks:
        """Return the peaks since the last call, and begin anew from what runs now.

        Called at least once an hour, it also knows of what lasts through an hour without a change.
        """
        with self._lock:
            taken, self._peaks = self._peaks, {}
            for account_id, kind in self._current:
                self._note(account_id, kind)
        return taken

    def _note(self, account_id: str, kind: Kind) -> None:
        key = (account_id, hour_of(self._clock()), kind)
        self._peaks[key] = max(self._peaks.get(key, 0), self._current[account_id, kind])
