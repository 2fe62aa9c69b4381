"""A long text as a job, with two who listen meanwhile; and jobs that are killed.

Measured are the memory of the server, the time until the job ends beside the time that the engine
worked, and what the listeners hear.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import httpx

from groundswell.bench.backends import postgresql, sqlite_file
from groundswell.bench.crowd import Run, Target, crowd, trust
from groundswell.bench.job_crash import JobFindings, crash
from groundswell.bench.judges import BenchFailed
from groundswell.bench.processes import MemoryMeter
from groundswell.bench.residents import long_text, residents
from groundswell.bench.subject import Subject, started
from groundswell.bench.tables import Section, Table, Verdict

MAX_GROWTH_MIB = 300.0
MAX_SLOWER = 1.15
_LISTENERS = 2
_LISTEN_SECONDS = 120.0
"""Length of one round of listening; another follows until the job has ended."""
_POLL_SECONDS = 1.0
_LIMIT_FACTOR = 6.0
"""A job that takes longer than its sound by this has failed."""


@dataclass(frozen=True, slots=True)
class LongText:
    """How one long text went.

    Attributes:
        seconds: from the request to the end.
        audio: seconds of sound.
        work: seconds that the engine worked meanwhile.
        idle: MiB of the server and its engine before.
        peak: and at most meanwhile, sampled every 50 ms.
        heard: streams that were listened to meanwhile.
        gaps: all their gaps together.
        silence: seconds of them.
        refused: streams that were refused, or ended with an error.
    """

    characters: int
    seconds: float
    audio: float
    work: float
    idle: float
    peak: float
    heard: int
    gaps: int
    silence: float
    refused: int


def measure(*, minutes: float, kills: int) -> Section:
    """Speak so many minutes, then kill workers on both databases."""
    spoken, runs = _speak(long_text(0, minutes * 60))
    crashes = {}
    for name, make in (("SQLite", sqlite_file), ("PostgreSQL", postgresql)):
        with make() as url:
            crashes[name] = crash(url, kills=kills)
    return Section(
        "jobs",
        _tables(spoken, crashes),
        (*_verdicts(spoken, list(crashes.values())), *([trust(runs)] if runs else [])),
        {"long": asdict(spoken), "crashes": {name: asdict(c) for name, c in crashes.items()}},
    )


class _Listening:
    """Two who listen, one long text after another, until they are told to stop."""

    def __init__(self, server: Subject) -> None:
        self._target = Target("ours", server.url, server.key)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._problem: Exception | None = None
        self.runs: list[Run] = []
        self._thread.start()

    def _listen(self) -> None:
        try:
            with crowd() as listeners:
                while not self._stop.is_set():
                    plan = residents(_LISTENERS, _LISTEN_SECONDS)
                    self.runs.append(listeners.listen(self._target, plan))
        except Exception as error:  # handed to the thread that waits
            self._problem = error

    def finish(self) -> list[Run]:
        """Let the round under way end; returns all rounds."""
        self._stop.set()
        self._thread.join()
        if self._problem is not None:
            raise self._problem
        return self.runs


def _speak(text: str) -> tuple[LongText, list[Run]]:
    with sqlite_file() as url, started(url) as server:
        assert server.pid is not None
        server.speak(text="Warm.", voice_id="af_heart")
        with (
            httpx.Client(
                base_url=server.url,
                headers={"Authorization": f"Bearer {server.key}"},
                timeout=120,
            ) as http,
            MemoryMeter(server.pid) as meter,
        ):
            idle, before, began = meter.now(), _metric(http, "tts_work_seconds"), time.monotonic()
            body = {"text": text, "voice_id": "af_heart", "async": True, "output_format": "mp3"}
            begun = http.post("/waves/v1/tts", json=body).raise_for_status().json()
            listening = _Listening(server)
            limit = began + _LIMIT_FACTOR * len(text) / 10
            while True:
                job = http.get(f"/waves/v1/jobs/{begun['request_id']}").raise_for_status().json()
                if "completed_at" in job:
                    break
                if time.monotonic() > limit:
                    raise BenchFailed(f"The job has not ended: {job}")
                time.sleep(_POLL_SECONDS)
            seconds = time.monotonic() - began
            if job["status"] != "completed":
                raise BenchFailed(f"The job failed: {job}")
            work = _metric(http, "tts_work_seconds") - before
            runs = listening.finish()
        streams = [stream for run in runs for stream in run.streams]
        gaps = [gap for stream in streams for gap in stream.player.gaps]
        return LongText(
            characters=len(text),
            seconds=seconds,
            audio=job["result"]["duration"],
            work=work,
            idle=idle,
            peak=meter.peak,
            heard=len(streams),
            gaps=len(gaps),
            silence=sum(stream.player.silence for stream in streams),
            refused=sum(not stream.heard.finished for stream in streams),
        ), runs


def _metric(http: httpx.Client, name: str) -> float:
    lines = http.get("/metrics").text.splitlines()
    return sum(float(line.split()[1]) for line in lines if line.startswith(f"{name}_total "))


def _tables(spoken: LongText, crashes: dict[str, JobFindings]) -> tuple[Table, ...]:
    long = Table(
        f"One text of {spoken.characters:,} characters, {spoken.audio / 60:.1f} minutes of MP3",
        ("What", "Measured"),
        (
            ("request to end", f"{spoken.seconds:.0f} s"),
            ("the engine's work meanwhile, for the listeners too", f"{spoken.work:.0f} s"),
            ("memory before", f"{spoken.idle:.0f} MiB"),
            ("highest, sampled every 50 ms", f"{spoken.peak:.0f} MiB"),
            ("streams heard meanwhile, two at a time", f"{spoken.heard}"),
            ("their gaps", f"{spoken.gaps}, together {spoken.silence * 1000:.0f} ms"),
        ),
    )
    rows = tuple(
        (
            name,
            str(found.killed),
            ", ".join(f"{count} {state}" for state, count in sorted(found.jobs.items())),
            str(sum(found.clones.values())),
            str(found.taken_over),
            str(found.runs),
            str(len(found.problems)),
        )
        for name, found in crashes.items()
    )
    columns = (
        "Database",
        "Kills",
        "Jobs",
        "of them clones",
        "Runs taken over",
        "Most runs of one",
        "Problems",
    )
    return long, Table("Two workers, one of them killed again and again", columns, rows)


def _verdicts(spoken: LongText, crashes: Sequence[JobFindings]) -> tuple[Verdict, ...]:
    problems: list[Any] = [problem for found in crashes for problem in found.problems]
    return (
        Verdict(
            "Memory above idle while a long text is spoken",
            f"{spoken.peak - spoken.idle:.0f} MiB",
            f"≤ {MAX_GROWTH_MIB:.0f} MiB",
            spoken.peak - spoken.idle <= MAX_GROWTH_MIB,
        ),
        Verdict(
            "Time of a long text beside the engine's own",
            f"{spoken.seconds / spoken.work:.2f}",
            f"≤ {MAX_SLOWER}",
            spoken.seconds <= MAX_SLOWER * spoken.work,
        ),
        Verdict(
            "Gaps of two who listen meanwhile, and streams that were refused",
            f"{spoken.gaps}, {spoken.refused}",
            "none",
            not spoken.gaps and not spoken.refused,
        ),
        Verdict(
            "Jobs that ended otherwise than once, credits, files and sounds amiss after kills",
            "; ".join(problems[:3]) or "none",
            "none",
            not problems,
        ),
    )
