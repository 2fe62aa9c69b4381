"""The forecast that admission rests on: who would run dry, and when a place is free.

With ρ the seconds of work for a second of sound, a listener i whose sound lasts for another sᵢ
seconds, who has Rᵢ seconds of sound still to come, asks of the machine, within the next t seconds,

    Dᵢ(t) = ρ · min(Rᵢ, Wᵢ(t − sᵢ))   if t ≥ sᵢ, else 0

seconds of work, Wᵢ(p) being the length of all windows up to the one that plays p seconds on: each
must be whole when the one before it ends. Earliest deadline first lets nobody run dry if, for
every t,

    B + Σ Dᵢ(t) ≤ t · supply

with B the work that goes before: the unit under way and the first windows of newcomers. This is the
processor demand criterion (Baruah, Rosier, Howell 1990) for listeners. While the windows grow, W is
a staircase; from then on the straight line p + w above it is used, with w the longest window. So
Σ Dᵢ need only be looked at where windows begin, and where a listener has all.
"""

import heapq
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listener:
    """One who listens.

    Attributes:
        slack: seconds of sound left to play.
        remaining: seconds of sound still to be made.
        windows: seconds of sound of its next units; the last holds for all later ones.
    """

    slack: float
    remaining: float
    windows: Sequence[float]

    def demand(self, within: float) -> float:
        """Seconds of sound that must be made within so many seconds."""
        if within < self.slack:
            return 0.0
        for _, made in self._stairs():
            if made > within - self.slack:
                return min(self.remaining, made)
        return min(self.remaining, within - self.slack + self.windows[-1])

    def moments(self) -> Iterator[float]:
        """Seconds until the demand jumps up, or rises no more."""
        for begins, _ in self._stairs():
            yield self.slack + begins
        yield self.slack + sum(self.windows)
        yield self.slack + max(0.0, self.remaining - self.windows[-1])

    def _stairs(self) -> Iterator[tuple[float, float]]:
        """Where each of the windows begins and ends."""
        made = 0.0
        for window in self.windows:
            yield made, made + window
            made += window


def keeps_up(
    listeners: Sequence[Listener], before: float, real_time_factor: float, supply: float
) -> bool:
    """Whether no listener runs dry.

    Args:
        listeners: all of them, newcomers included (slack: until their first sound has played).
        before: seconds of work that goes before theirs.
        real_time_factor: seconds of work for a second of sound.
        supply: share of the machine's time that listeners may have.
    """
    return all(
        before + real_time_factor * sum(one.demand(t) for one in listeners) <= t * supply
        for t in itertools.chain.from_iterable(one.moments() for one in listeners)
    )


def capacity(real_time_factor: float, supply: float) -> int:
    """How many endless listeners the machine can serve; at least one."""
    return max(1, int(supply / real_time_factor + 1e-9))


def ends(listeners: Sequence[Listener], real_time_factor: float) -> list[float]:
    """Seconds until each listener needs the machine no more.

    The sooner of two: everything made as early as equal shares of the machine allow, or only
    just in time.
    """

    def shared(remaining: float) -> float:
        return real_time_factor * sum(min(one.remaining, remaining) for one in listeners)

    return [min(max(0.0, one.slack) + one.remaining, shared(one.remaining)) for one in listeners]


def place_free_in(leaving: Iterable[float], ahead: Iterable[float], places: int) -> float:
    """Seconds until a newcomer finds a place.

    Args:
        leaving: seconds until each of those who have a place leaves it.
        ahead: how long each of those who are ahead in the queue will keep a place.
        places: how many there are.
    """
    taken = sorted(leaving)
    taken = taken[max(0, len(taken) - places) :]
    taken += [0.0] * (places - len(taken))
    heapq.heapify(taken)
    for stay in ahead:
        heapq.heapreplace(taken, taken[0] + stay)
    return taken[0]
