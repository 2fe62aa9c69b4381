"""How soon an idle server is heard: time to first audio over a socket, against the peers.

Every sentence goes to us, to kokoro-onnx in this process (which is heard when it is done) and, if
there, to the peer's server; then again, from the other end. Each time of ours is divided by the
peer's time of the same round, so that what drifts drifts for both; the median of these ratios
is the result.
"""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from groundswell.bench.crowd import Crowd, Run, Target, trust
from groundswell.bench.judges import BenchFailed
from groundswell.bench.listener_worker import Listener
from groundswell.bench.plots import distribution
from groundswell.bench.progress import bar
from groundswell.bench.rival import NAME as RIVAL
from groundswell.bench.rival import Rival
from groundswell.bench.sentences import corpus
from groundswell.bench.tables import Section, Table, Verdict, spread

VOICE = "af_heart"
SENTENCES = {
    "15 s": (
        "When the last ferry of the evening had left the harbour and the lights along the quay "
        "went out one after another, the old man picked up his nets, counted the boats that had "
        "come back, and walked slowly up the hill towards the village, where someone was still "
        "playing the piano."
    ),
    "4 s": "The library opens late on Mondays, but the garden is never locked.",
}
TARGETS = {"15 s": (1 / 12, "≤ 1/12 (goal 1/25)"), "4 s": (1 / 5, "≤ 1/5 (goal 1/8)")}
MAX_TAIL = 2.0
MIXED = 50
_SETTLE_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds of one sentence, all measured side by side: until heard, and the peers'."""

    sentence: str
    ours: float
    rival: float
    peer: float | None = None


def measure(
    server: Target, crowd: Crowd, rival: Rival, *, rounds: int = 7, peer: Target | None = None
) -> Section:
    """Compare, round by round, then speak the mixed texts.

    Args:
        server: ours, idle.
        crowd: who listens.
        rival: kokoro-onnx.
        rounds: of each sentence.
        peer: another server, idle.

    Raises:
        BenchFailed: a server spoke nothing.
    """
    runs: list[Run] = []

    def heard(target: Target, text: str) -> float:
        runs.append(crowd.listen(target, [Listener(0.0, text, VOICE)]))
        (stream,) = runs[-1].streams
        if stream.first_audio is None:
            raise BenchFailed(f"{target.name} was not heard: {stream.heard.error or 'no sound'}")
        return stream.first_audio

    ways: dict[str, Callable[[str], float]] = {
        "ours": partial(heard, server),
        "rival": partial(_whole, rival),
    }
    if peer is not None:
        ways["peer"] = partial(heard, peer)
    found = _rounds(ways, rounds)
    mixed_times = [heard(server, text) for text in bar(mixed(MIXED), "Mixed texts")]
    low, high = np.quantile(mixed_times, [0.5, 0.95])
    ratios = {name: [r.ours / r.rival for r in found if r.sentence == name] for name in SENTENCES}
    verdicts = [
        Verdict(
            f"First audio of a {name} sentence ÷ {RIVAL}'s time",
            _fraction(statistics.median(ratios[name])),
            target,
            statistics.median(ratios[name]) <= most,
        )
        for name, (most, target) in TARGETS.items()
    ]
    verdicts.append(
        Verdict(
            f"First audio of {len(mixed_times)} mixed texts, 95 % ÷ median",
            f"{high / low:.2f}",
            f"≤ {MAX_TAIL:g} (goal 1.5)",
            bool(high / low <= MAX_TAIL),
        )
    )
    groups = {f"ours, {n}": [r.ours for r in found if r.sentence == n] for n in SENTENCES}
    groups["ours, mixed texts"] = mixed_times
    groups |= {f"{RIVAL}, {n}": [r.rival for r in found if r.sentence == n] for n in SENTENCES}
    if peer is not None:
        theirs = {n: [r.peer for r in found if r.sentence == n and r.peer] for n in SENTENCES}
        groups |= {f"{peer.name}, {n}": times for n, times in theirs.items()}
    data: dict[str, Any] = {
        "sentences": SENTENCES,
        "rounds": [
            {"sentence": r.sentence, "ours": r.ours, RIVAL: r.rival, "peer": r.peer} for r in found
        ],
        "mixed_seconds": mixed_times,
        "runs": [run.data() for run in runs],
        "peer": peer.name if peer else None,
    }
    return Section(
        "latency",
        (_table(found, peer), _mixed_table(mixed_times)),
        (*verdicts, trust(runs)),
        data,
        (distribution("first-audio", "Time to first audio, idle", groups),),
    )


def mixed(count: int) -> list[str]:
    """Make English texts from one word to five sentences; always the same ones."""
    dice = random.Random(50)  # noqa: S311 - a fixed mixture, no secret
    lines = corpus("en").lines
    return [_mixed_text(dice, lines) for _ in range(count)]


def _mixed_text(dice: random.Random, lines: tuple[str, ...]) -> str:
    sentences = dice.choices((0, 1, 2, 3, 5), (15, 40, 25, 10, 10))[0]
    if not sentences:
        return " ".join(dice.choice(lines).split()[: dice.randint(1, 5)])
    return " ".join(dice.sample(lines, k=sentences))


def _rounds(ways: dict[str, Callable[[str], float]], rounds: int) -> list[Round]:
    """Time every sentence everywhere, each round from the other end."""
    for speak in ways.values():
        speak(SENTENCES["4 s"])  # the first of a process is not like the others
    found: list[Round] = []
    todo = [(at, name) for at in range(rounds) for name in SENTENCES]
    for at, name in bar(todo, "First audio"):
        times: dict[str, float] = {}
        for way in sorted(ways, reverse=bool(at % 2)):
            time.sleep(_SETTLE_SECONDS)
            times[way] = ways[way](SENTENCES[name])
        found.append(Round(name, **times))
    return found


def _whole(rival: Rival, text: str) -> float:
    began = time.perf_counter()
    rival.speak(text, VOICE, "en")
    return time.perf_counter() - began


def _fraction(ratio: float) -> str:
    return f"1/{1 / ratio:.1f}"


def _table(found: list[Round], peer: Target | None) -> Table:
    rows = []
    for name in SENTENCES:
        rounds = [r for r in found if r.sentence == name]
        ours = [r.ours for r in rounds]
        rows.append((name, "ours", spread(ours, "s"), ""))
        rivals = [r.rival for r in rounds]
        ratios = [r.ours / r.rival for r in rounds]
        rows.append((name, f"{RIVAL} (whole)", spread(rivals, "s"), spread(ratios)))
        if peer is not None:
            peers = [r.peer for r in rounds if r.peer is not None]
            ratios = [r.ours / r.peer for r in rounds if r.peer is not None]
            rows.append((name, peer.name, spread(peers, "s"), spread(ratios)))
    columns = ("Sentence", "Spoken by", "Heard after: median (quartiles)", "Ours ÷ this one")
    return Table(
        f"Time until heard, idle, {len(found) // len(SENTENCES)} rounds", columns, tuple(rows)
    )


def _mixed_table(times: list[float]) -> Table:
    quantiles = [f"{np.quantile(times, q):.2f} s" for q in (0.5, 0.9, 0.95, 1.0)]
    row = (str(len(times)), *quantiles)
    return Table(
        "First audio of mixed texts, one after another",
        ("Texts", "Median", "90 %", "95 %", "Worst"),
        (row,),
    )
