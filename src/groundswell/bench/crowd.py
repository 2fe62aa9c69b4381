"""Listeners in a process of their own, as the bench sees them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from groundswell.bench.judges import BenchFailed
from groundswell.bench.listener_worker import Heard, Listener, Plan
from groundswell.bench.playback import Player, played
from groundswell.bench.tables import Verdict

MAX_LAG_P99 = 0.02
MAX_LAG = 0.1
"""Seconds that the client's own event loop may be late before a run is not to be trusted."""


@dataclass(frozen=True)
class Target:
    """A server to listen to.

    Attributes:
        name: for tables.
        speech: ``socket`` or ``openai``, see ``listener_worker.Plan``.
    """

    name: str
    url: str
    key: str = ""
    speech: str = "socket"


@dataclass(frozen=True)
class Stream:
    """What one listener asked for, and what it heard."""

    listener: Listener
    heard: Heard

    @cached_property
    def player(self) -> Player:
        """The stream, played."""
        return played(self.heard.arrivals)

    @property
    def first_audio(self) -> float | None:
        """Seconds from the request to the first sound; ``None`` when none came."""
        return None if self.player.began is None else self.player.began - self.heard.asked

    @property
    def flawless(self) -> bool:
        """Whether all came that was wanted, without a gap."""
        return self.heard.finished and self.first_audio is not None and not self.player.gaps

    def data(self) -> dict[str, Any]:
        """Return everything but the single arrivals as JSON."""
        return {
            "asked": self.heard.asked,
            "connecting_seconds": self.heard.connecting,
            "first_audio_seconds": self.first_audio,
            "delivered_seconds": self.player.delivered,
            "gaps": [asdict(gap) for gap in self.player.gaps],
            "silence_seconds": self.player.silence,
            "longest_gap_seconds": self.player.longest,
            "finished": self.heard.finished,
            "error": self.heard.error,
            "retry_after": self.heard.retry_after,
        }


@dataclass(frozen=True)
class Run:
    """A finished run.

    Attributes:
        streams: in the order of the plan.
        lag_p99: seconds by which the listeners' event loop was late.
        lag_worst: the most of it.
        cpu: CPU seconds of the listeners' process.
        seconds: length of the run.
    """

    streams: tuple[Stream, ...]
    lag_p99: float
    lag_worst: float
    cpu: float
    seconds: float

    @property
    def trustworthy(self) -> bool:
        """Whether the listeners kept up; when not, gaps and times are upper bounds."""
        return self.lag_p99 <= MAX_LAG_P99 and self.lag_worst <= MAX_LAG

    @property
    def flawless(self) -> bool:
        """Whether every stream was."""
        return all(stream.flawless for stream in self.streams)

    def data(self) -> dict[str, Any]:
        """Return the run as JSON."""
        return {
            "seconds": self.seconds,
            "trustworthy": self.trustworthy,
            "client_lag_seconds": {"p99": self.lag_p99, "worst": self.lag_worst},
            "client_cpu_seconds": self.cpu,
            "streams": [stream.data() for stream in self.streams],
        }


class Crowd:
    """The other process; see ``listener_worker``."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def listen(
        self,
        target: Target,
        listeners: list[Listener],
        *,
        until_gap: bool = False,
        seconds: float = 600.0,
    ) -> Run:
        """Let them listen, all in one run; see ``listener_worker.Plan``."""
        plan = Plan(target.url, target.key, target.speech, listeners, until_gap, seconds)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asdict(plan)) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise BenchFailed("The process of the listeners has died.")
        answer = json.loads(line)
        lags = answer["lags"] or [0.0]
        return Run(
            tuple(
                Stream(listener, Heard(**heard))
                for listener, heard in zip(listeners, answer["heard"], strict=True)
            ),
            float(np.quantile(lags, 0.99)),
            max(lags),
            answer["cpu"],
            answer["seconds"],
        )


@contextmanager
def crowd() -> Iterator[Crowd]:
    """Start the process of the listeners."""
    command = [sys.executable, "-m", "groundswell.bench.listener_worker"]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Crowd(process)
        finally:
            process.terminate()


def trust(runs: list[Run]) -> Verdict:
    """Say whether the listeners kept up in all runs."""
    p99, worst = max(run.lag_p99 for run in runs), max(run.lag_worst for run in runs)
    trustworthy = all(run.trustworthy for run in runs)
    note = "" if trustworthy else ": NOT TO BE TRUSTED, the client itself was late"
    return Verdict(
        "Lag of the listeners' own event loop, 99 % and worst",
        f"{p99 * 1000:.0f} and {worst * 1000:.0f} ms{note}",
        f"≤ {MAX_LAG_P99 * 1000:.0f} and {MAX_LAG * 1000:.0f} ms",
        trustworthy,
    )
