"""Those who listen without end: a text each, long enough for the whole run, one after another."""

from groundswell.bench.listener_worker import Listener
from groundswell.bench.sentences import corpus

SPACING_SECONDS = 3.0
"""Time between the starts of two streams: callers do not come all in the same instant."""
MAX_SECONDS = 240.0
"""Longest run: a text must stay below the server's limit of 5,000 characters."""
_CHARACTERS_PER_SECOND = 19.0
"""More than any voice here speaks, so that no text ends before its run."""
VOICES = ("af_heart", "am_michael", "bf_emma", "af_bella", "am_fenrir", "bm_george")


def residents(count: int, seconds: float) -> list[Listener]:
    """Make listeners who all hear ``seconds`` of sound once the last of them has come.

    No two begin with the same sentence.
    """
    waits = [(count - 1 - at) * SPACING_SECONDS for at in range(count)]
    return [
        Listener(
            at * SPACING_SECONDS,
            long_text(at, min(seconds + wait, MAX_SECONDS)),
            VOICES[at % len(VOICES)],
            seconds + wait,
        )
        for at, wait in enumerate(waits)
    ]


def long_text(first: int, seconds: float) -> str:
    """Join sentences from the ``first`` on, again and again, until they last ``seconds``."""
    lines = corpus("en").lines
    chosen: list[str] = []
    while sum(map(len, chosen)) < seconds * _CHARACTERS_PER_SECOND:
        chosen.append(lines[(first * 7 + len(chosen)) % len(lines)])
    return " ".join(chosen)
