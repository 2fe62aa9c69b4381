"""What a listener hears who plays a stream as it arrives: when it begins, where it falls silent.

The player starts at the first sound it gets and keeps no reserve: that is the strictest listener,
and the one whose first sound comes soonest. Whenever it has played all it got, it is silent until
more comes; that silence is a gap. The end of the stream is none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

ROUNDING = 1e-6
"""Seconds: less silence than that is the rounding of sums, a fiftieth of a sample."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence that was not meant.

    Attributes:
        at: when it began, on the clock of the arrivals, in seconds.
        seconds: how long it lasted.
        heard: seconds of sound that were played before it.
    """

    at: float
    seconds: float
    heard: float


@dataclass(slots=True)
class Player:
    """Plays one stream.

    Attributes:
        began: when the first sound came; ``None`` before that.
        delivered: seconds of sound that came.
        gaps: the silences so far, in order.
    """

    began: float | None = None
    delivered: float = 0.0
    gaps: list[Gap] = field(default_factory=list)
    _dry: float = 0.0

    def feed(self, at: float, seconds: float) -> None:
        """Take ``seconds`` of sound that arrive ``at`` a time not before the last one's."""
        if seconds <= 0:
            return
        if self.began is None:
            self.began = self._dry = at
        elif at - self._dry > ROUNDING:
            self.gaps.append(Gap(self._dry, at - self._dry, self.delivered))
            self._dry = at
        self.delivered += seconds
        self._dry += seconds

    @property
    def ends(self) -> float:
        """When all that came so far has been played (0 before the first sound)."""
        return self._dry

    @property
    def silence(self) -> float:
        """Seconds of all gaps."""
        return sum(gap.seconds for gap in self.gaps)

    @property
    def longest(self) -> float:
        """Seconds of the longest gap, 0 without any."""
        return max((gap.seconds for gap in self.gaps), default=0.0)


def played(arrivals: Iterable[tuple[float, float]]) -> Player:
    """Play (time, seconds of sound) pairs in the order of their times."""
    player = Player()
    for at, seconds in arrivals:
        player.feed(at, seconds)
    return player
