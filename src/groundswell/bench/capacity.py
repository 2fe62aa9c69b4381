"""How many streams the machine can carry: a search for the highest number without a gap.

The physical limit is the number of streams whose sound the machine can make at all: one divided by
the real-time factor of the same texts, one after another over synchronous requests, measured
between all other steps. A number of streams holds when every one of them was heard for the whole
time without a single gap, all of them together. From the limit downwards, a short run is followed
by a long one, and then upwards again, if the limit has turned out to be higher; a run that failed
is made once more before it counts, because a busy neighbour looks the same. Short runs above the
limit hold too, on what is in hand when the last stream comes.
"""

import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from groundswell.bench.crowd import Crowd, Run, Target
from groundswell.bench.progress import note
from groundswell.bench.residents import SPACING_SECONDS, long_text, residents
from groundswell.bench.subject import Subject

BATCH_SECONDS = 15.0
_FIRST_BATCHES = 4
_SLACK_SECONDS = 30.0
"""How much longer than its sound a run may take: who is not done then was not heard in time."""


@dataclass(slots=True)
class Trial:
    """One run of so many streams.

    Attributes:
        count: streams.
        seconds: of sound that each wanted.
        run: what became of them.
    """

    count: int
    seconds: float
    run: Run

    @property
    def holds(self) -> bool:
        """Whether nobody heard a gap."""
        return self.run.flawless

    def data(self) -> dict[str, Any]:
        """Return the trial as JSON."""
        return {"count": self.count, "seconds": self.seconds, "holds": self.holds} | self.run.data()


@dataclass(slots=True)
class Search:
    """Looks for the highest number that holds.

    Attributes:
        factors: real-time factors, measured between the trials.
        trials: all runs, in order.
    """

    subject: Subject
    target: Target
    crowd: Crowd
    factors: list[float] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)

    @property
    def limit(self) -> float:
        """The physical limit so far, in streams."""
        return 1 / statistics.median(self.factors)

    def find(self, seconds: float) -> Trial | None:
        """Return the trial of the highest number that holds for ``seconds``."""
        for _ in range(_FIRST_BATCHES):
            self.factors.append(real_time_factor(self.subject, len(self.factors)))
        count = max(1, int(self.limit))
        while count and not self._stands(count, seconds):
            count -= 1
        # The limit may have risen since, with what was measured between the trials.
        while count and count + 1 <= self.limit and self._untried(count + 1):
            if not self._stands(count + 1, seconds):
                break
            count += 1
        held = (t for t in self.trials if t.holds and (t.count, t.seconds) == (count, seconds))
        return next(held, None)

    def _untried(self, count: int) -> bool:
        return all(trial.count != count for trial in self.trials)

    def _stands(self, count: int, seconds: float) -> bool:
        short = min(seconds, max(10.0, seconds / 6))
        return all(self._holds(count, length) for length in (short, seconds))

    def _holds(self, count: int, seconds: float) -> bool:
        known = {(t.count, t.seconds) for t in self.trials if t.holds}
        return (count, seconds) in known or any(self._try(count, seconds) for _ in range(2))

    def _try(self, count: int, seconds: float) -> bool:
        limit = seconds + count * SPACING_SECONDS + _SLACK_SECONDS
        run = self.crowd.listen(
            self.target, residents(count, seconds), until_gap=True, seconds=limit
        )
        self.trials.append(Trial(count, seconds, run))
        self.factors.append(real_time_factor(self.subject, len(self.factors)))
        held = "hold" if run.flawless else "do not hold"
        note(f"{count} streams for {seconds:g} s {held}; the limit is {self.limit:.2f}")
        return run.flawless


def real_time_factor(subject: Subject, number: int) -> float:
    """Wall seconds for a second of sound, of a text like the listeners'."""
    text = long_text(number, BATCH_SECONDS)
    began = time.perf_counter()
    samples, rate = subject.samples(
        text=text, voice_id="af_heart", language="en", sample_rate=24_000
    )
    return (time.perf_counter() - began) / (samples.size / rate)
