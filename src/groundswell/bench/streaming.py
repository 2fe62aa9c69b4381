"""How streams behave: what the wire adds, what idle sockets cost, how true word times are.

The wire: one request at a time. The server counts the time from a request's admission to its first
samples (``tts_first_audio_seconds``); the client counts the time from sending the request to the
first byte of the answer. The difference is everything else: parsing and admission before, encoding
and sending after. It is an upper bound of the time from samples to byte, read off two clocks that
each stay on their own side. A socket has little before the engine, so it is what the target is held
to; a request for events also brings its key and its headers, and is shown beside it.

Word times: what the socket says, against the word starts that a recogniser finds in the same
audio, over the words that the two have in common.
"""

import base64
import json
import os
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import httpx
import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray
from websockets.sync.client import ClientConnection, connect

from groundswell.bench.judges import BenchFailed
from groundswell.bench.processes import MemoryMeter
from groundswell.bench.progress import bar
from groundswell.bench.recogniser import model_folder
from groundswell.bench.sentences import corpus
from groundswell.bench.subject import Subject
from groundswell.bench.tables import Section, Table, Verdict

MAX_WIRE_MS = 5.0
MAX_IDLE_MIB = 50e6 / 1024**2
"""50 MB."""
MAX_WORD_MS = 80.0
SENTENCES = 20
_PATH = "/waves/v1/tts/live"
_TEXT = "Good morning, and thank you."
_RATE = 16_000  # the recogniser's own
_FRAME_SECONDS = 60.0
_FIRST_AUDIO = re.compile(r"^tts_first_audio_seconds_sum (\S+)$", re.MULTILINE)
_SPELLED = re.compile(r"[^\w']+")


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word and the second at which it begins."""

    text: str
    start: float


def measure(server: Subject, *, rounds: int = 30, sockets: int = 200) -> Section:
    """Measure a server that the bench started.

    Args:
        server: the server; its process must be known.
        rounds: requests for each way of streaming.
        sockets: idle sockets.
    """
    events = [_events_wire(server) for _ in bar(range(rounds + 3), "Wire, events")][3:]
    with speech_socket(server) as socket:
        turns = [_socket_wire(server, socket) for _ in bar(range(rounds + 3), "Wire, socket")][3:]
    idle = idle_cost(server, sockets)
    differences = word_differences(server)
    return Section(
        "streaming",
        (
            _wire_table({"socket": turns, "events, with the key and headers": events}),
            _word_table(differences),
        ),
        (
            Verdict(
                "First byte over a socket, without the engine's time, median",
                f"{statistics.median(turns):.1f} ms",
                f"≤ {MAX_WIRE_MS:g} ms",
                statistics.median(turns) <= MAX_WIRE_MS,
            ),
            Verdict(
                f"Resident memory of {sockets} idle sockets",
                f"{idle:.1f} MiB",
                f"≤ {MAX_IDLE_MIB:.0f} MiB (50 MB)",
                idle <= MAX_IDLE_MIB,
            ),
            Verdict(
                f"Word starts against the recogniser's, median over {len(differences)} words",
                f"{_median_ms(differences):.0f} ms",
                f"≤ {MAX_WORD_MS:g} ms",
                _median_ms(differences) <= MAX_WORD_MS,
            ),
        ),
        {
            "wire_ms": {"events": events, "socket": turns},
            "idle_mib": idle,
            "word_seconds": differences,
        },
    )


def idle_cost(server: Subject, count: int) -> float:
    """Open sockets that do nothing; returns what they add to the server's memory in MiB."""
    assert server.pid is not None
    with MemoryMeter(server.pid) as meter, ExitStack() as stack:
        with speech_socket(server) as first:
            _turn(first, _TEXT)  # what the first socket ever costs is not a socket's cost
        before = meter.now()
        for _ in bar(range(count), "Idle sockets"):
            stack.enter_context(speech_socket(server))
        time.sleep(1)
        return meter.now() - before


def word_differences(server: Subject) -> list[float]:
    """Seconds from the recogniser's start of each common word to the server's."""
    recogniser = WhisperModel(
        str(model_folder()), device="cpu", compute_type="int8", cpu_threads=os.cpu_count() or 1
    )
    english = corpus("en")
    differences: list[float] = []
    with speech_socket(server) as socket:
        for number, line in enumerate(bar(english.lines[:SENTENCES], "Word times")):
            voice = english.voices[number % len(english.voices)]
            said, samples = _turn(socket, line, voice_id=voice)
            differences += matched(said, _heard(recogniser, samples))
    return differences


def matched(said: list[HeardWord], heard: list[HeardWord]) -> list[float]:
    """Differences of the starts of the words that stand in both, in order."""
    ours = [_plain(word.text) for word in said]
    theirs = [_plain(word.text) for word in heard]
    pairs = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    return [
        said[block.a + at].start - heard[block.b + at].start
        for block in pairs
        for at in range(block.size)
    ]


@contextmanager
def speech_socket(server: Subject) -> Iterator[ClientConnection]:
    """Open a speech socket."""
    with connect(
        f"{server.url.replace('http', 'ws', 1)}{_PATH}?timeout=600",
        additional_headers={"Authorization": f"Bearer {server.key}"},
        compression=None,
        max_size=None,
    ) as socket:
        yield socket


def _events_wire(server: Subject) -> float:
    """Milliseconds of one request with events that were not the engine's."""
    before = _first_audio(server)
    headers = {"Authorization": f"Bearer {server.key}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=_FRAME_SECONDS) as client:
        client.get("/waves/v1/health")  # a connection that is open, as clients keep it
        began = time.perf_counter()
        with client.stream("POST", _PATH, json=_message(_TEXT)) as answer:
            chunks = answer.iter_raw()
            next(chunks)
            took = time.perf_counter() - began
            for _ in chunks:
                pass
    return (took - (_first_audio(server) - before)) * 1000


def _socket_wire(server: Subject, socket: ClientConnection) -> float:
    before = _first_audio(server)
    began = time.perf_counter()
    socket.send(json.dumps(_message(_TEXT)))
    socket.recv(timeout=_FRAME_SECONDS)
    took = time.perf_counter() - began
    _rest(socket)
    return (took - (_first_audio(server) - before)) * 1000


def _first_audio(server: Subject) -> float:
    found = _FIRST_AUDIO.search(httpx.get(f"{server.url}/metrics").text)
    if found is None:
        raise BenchFailed("The server shows no tts_first_audio_seconds.")
    return float(found[1])


def _message(text: str, **fields: Any) -> dict[str, Any]:
    return {"text": text, "voice_id": "af_heart", "sample_rate": _RATE} | fields


def _turn(
    socket: ClientConnection, text: str, **fields: Any
) -> tuple[list[HeardWord], NDArray[np.float32]]:
    """Speak one turn; returns its words and its samples [n]."""
    socket.send(json.dumps(_message(text, word_timestamps=True, **fields)))
    frames = _rest(socket)
    words = [
        HeardWord(frame["data"]["word"], frame["data"]["start"])
        for frame in frames
        if frame["status"] == "word_timestamp"
    ]
    audio = b"".join(
        base64.b64decode(frame["data"]["audio"]) for frame in frames if frame["status"] == "chunk"
    )
    return words, np.frombuffer(audio, "<i2").astype(np.float32) / np.float32(32768)


def _rest(socket: ClientConnection) -> list[dict[str, Any]]:
    frames: list[dict[str, Any]] = []
    while not frames or frames[-1]["status"] != "complete":
        frames.append(json.loads(socket.recv(timeout=_FRAME_SECONDS)))
        if frames[-1]["status"] == "error":
            raise BenchFailed(frames[-1]["message"])
    return frames


def _heard(recogniser: WhisperModel, samples: NDArray[np.float32]) -> list[HeardWord]:
    segments, _ = recogniser.transcribe(
        samples,
        language="en",
        beam_size=5,
        temperature=0.0,
        condition_on_previous_text=False,
        word_timestamps=True,
    )
    return [
        HeardWord(word.word, float(word.start))
        for segment in segments
        for word in segment.words or ()
    ]


def _plain(word: str) -> str:
    return _SPELLED.sub("", word).lower()


def _median_ms(differences: list[float]) -> float:
    if not differences:
        raise BenchFailed("The recogniser shares no word with the text.")
    return statistics.median(map(abs, differences)) * 1000


def _wire_table(ways: dict[str, list[float]]) -> Table:
    rows = tuple(
        (
            name,
            str(len(found)),
            f"{statistics.median(found):.1f}",
            f"{np.quantile(found, 0.9):.1f}",
            f"{max(found):.1f}",
        )
        for name, found in ways.items()
    )
    columns = ("Over", "Requests", "Median ms", "90 % ms", "Worst ms")
    return Table("What the wire adds to the first sound", columns, rows)


def _word_table(differences: list[float]) -> Table:
    milliseconds = np.array(differences) * 1000
    quantiles = [f"{np.quantile(np.abs(milliseconds), q):.0f}" for q in (0.5, 0.9)]
    row = (str(len(differences)), *quantiles, f"{np.median(milliseconds):+.0f}")
    columns = ("Words", "Median |difference| ms", "90 % ms", "Bias ms")
    return Table("Word starts against the recogniser's", columns, (row,))
