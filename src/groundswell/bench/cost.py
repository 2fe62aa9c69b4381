"""What serving adds to the model's own CPU time.

A: one request to a real server, CPU of its whole process. B: the calls that the engine makes to
the model for the same text, alone, in a process of its own with the same number of threads. Both
are read by the same meter and alternate, so that what drifts drifts for both; each A is compared
with the B beside it. The inference threads spin while they wait for each other, in A as in B.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from groundswell.bench.judges import BenchFailed
from groundswell.bench.processes import CpuMeter
from groundswell.bench.progress import bar
from groundswell.bench.sentences import passages
from groundswell.bench.stages import ENCODED_RATE
from groundswell.bench.subject import Subject
from groundswell.bench.tables import Section, Table, Verdict, percent

MAX_OVERHEAD = 0.05
"""HTTP, text, resampling and encoding together, over the model's own time."""
VOICE = "af_heart"
FORMATS = ("wav", "mp3")


@dataclass(frozen=True, slots=True)
class Pair:
    """CPU seconds of one request and of the model alone for the same text."""

    audio_format: str
    server: float
    model: float

    @property
    def overhead(self) -> float:
        """What serving added, as a share of the model's time."""
        return self.server / self.model - 1


class ModelAlone:
    """The other process; see ``model_worker``."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.pid = process.pid

    def ask(self, **request: Any) -> dict[str, Any]:
        """Send a request and wait for its answer."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self.wait()

    def wait(self) -> dict[str, Any]:
        """Wait for an answer."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise BenchFailed("The process that runs the model alone has died.")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def model_alone() -> Iterator[ModelAlone]:
    """Start a process that holds the model and nothing else."""
    process = subprocess.Popen(
        [sys.executable, "-m", "groundswell.bench.model_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        worker = ModelAlone(process)
        worker.wait()
        yield worker
    finally:
        process.terminate()
        process.wait()


def measure(subject: Subject, *, rounds: int = 12) -> Section:
    """Compare, round by round.

    Args:
        subject: a server started by the bench.
        rounds: requests of each format.
    """
    if subject.pid is None:
        raise BenchFailed("The cost of a server can only be measured on one the bench starts.")
    texts = passages("en")
    with model_alone() as worker:
        pairs = list(_pairs(subject, subject.pid, worker, texts, rounds))
        stages = worker.ask(stages=texts[0], voice=VOICE)
    overheads = {f: [p.overhead for p in pairs if p.audio_format == f] for f in FORMATS}
    verdicts = tuple(
        Verdict(
            f"CPU over the model's own, {name} at 44.1 kHz",
            percent(statistics.median(found)),
            f"≤ {percent(MAX_OVERHEAD, 0)}",
            statistics.median(found) <= MAX_OVERHEAD,
        )
        for name, found in overheads.items()
    )
    data = {"rounds": rounds, "pairs": [asdict(pair) for pair in pairs], "stages": stages}
    return Section("cost", (_by_format(pairs), _by_stage(stages)), verdicts, data)


def _pairs(
    subject: Subject, pid: int, worker: ModelAlone, texts: tuple[str, ...], rounds: int
) -> Iterator[Pair]:
    server_cpu, model_cpu = CpuMeter(pid), CpuMeter(worker.pid)
    todo = [(texts[at % len(texts)], name) for at in range(rounds) for name in FORMATS]
    _one(subject, texts[0], FORMATS[0])  # the first request of a process is not like the others
    for at, (text, name) in enumerate(bar(todo, "CPU cost")):
        worker.ask(prepare=text, voice=VOICE)

        def served(text: str = text, name: str = name) -> float:
            server_cpu.start()
            _one(subject, text, name)
            return server_cpu.lap()

        def alone() -> float:
            model_cpu.start()
            worker.ask()
            return model_cpu.lap()

        # Who goes first changes, so that neither always follows the other's heat.
        if at // len(FORMATS) % 2:
            model = alone()
            yield Pair(name, served(), model)
        else:
            server = served()
            yield Pair(name, server, alone())


def _one(subject: Subject, text: str, audio_format: str) -> None:
    subject.speak(
        text=text, voice_id=VOICE, language="en", output_format=audio_format, sample_rate=44_100
    )


def _by_format(pairs: list[Pair]) -> Table:
    rows = []
    for name in FORMATS:
        found = [pair for pair in pairs if pair.audio_format == name]
        low, middle, high = np.quantile([pair.overhead for pair in found], [0.25, 0.5, 0.75])
        rows.append(
            (
                f"{name}, 44.1 kHz",
                str(len(found)),
                f"{statistics.median(p.server for p in found):.2f} s",
                f"{statistics.median(p.model for p in found):.2f} s",
                f"{percent(middle)} ({percent(low)} to {percent(high)})",
            )
        )
    return Table(
        "CPU of one request for about ten seconds of speech",
        ("Request", "Pairs", "Server", "Model alone", "Added: median (quartiles)"),
        tuple(rows),
    )


def _by_stage(stages: dict[str, Any]) -> Table:
    costs: dict[str, float] = {**stages["model"], **stages["ours"]}
    model = sum(stages["model"].values())
    return Table(
        f"CPU of each stage for {stages['seconds']:.1f} s of speech "
        f"(encoders fed at {ENCODED_RATE} Hz)",
        ("Stage", "Milliseconds", "Of the model's"),
        tuple((name, f"{cost:.1f}", percent(cost / model, 2)) for name, cost in costs.items()),
    )
