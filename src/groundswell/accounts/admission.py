"""Admission: what stands between an authorised request and the engine.

This is the seam of limits and credits: ``admit`` is where a request will be counted against its
key's rate, take a concurrency slot and reserve credits; ``Permit.delivered`` is what it will be
settled by. Today it counts, and refuses nobody.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from groundswell.accounts.keys import Caller


@dataclass(slots=True)
class Permit:
    """The right to run one request, and the account of what was delivered for it.

    Attributes:
        caller: who runs it.
        characters: characters of input asked for.
        delivered: seconds of audio that reached the client.
    """

    caller: Caller
    characters: int
    delivered: float = 0.0


class Admission:
    """Admits requests and knows which are running."""

    def __init__(self) -> None:
        self._running: Counter[str] = Counter()

    @contextmanager
    def admit(self, caller: Caller, *, characters: int) -> Iterator[Permit]:
        """Hold a slot while the request runs; it is given back however the request ends."""
        self._running[caller.account_id] += 1
        try:
            yield Permit(caller, characters)
        finally:
            self._running[caller.account_id] -= 1
            if not self._running[caller.account_id]:
                del self._running[caller.account_id]

    def running(self, account_id: str | None = None) -> int:
        """Requests running for an account, or for all of them."""
        return self._running.total() if account_id is None else self._running[account_id]
