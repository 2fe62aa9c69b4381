"""The engine process: owns the model and the schedule, speaks what the server hands it.

Started by ``engine_process``; its one argument is the file descriptor of its socket. It ends when
the other end does. One thread reads messages, the main thread does one unit of work at a time.
"""

import os
import signal
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from groundswell.errors import ModelUnavailable
from groundswell.memory import release_freed, share_heaps
from groundswell.synthesis.costs import Costs
from groundswell.synthesis.kokoro import Kokoro
from groundswell.synthesis.messages import (
    LENGTH,
    Begin,
    Broken,
    Close,
    ForgetVoice,
    FromEngine,
    Halt,
    More,
    Open,
    Over,
    Ready,
    Refused,
    Sound,
    State,
    Taken,
    ToEngine,
    Unable,
    Voice,
    Wants,
    pack,
    unpack,
)
from groundswell.synthesis.model_files import locate
from groundswell.synthesis.schedule import Refusal, Schedule, Stream
from groundswell.synthesis.statistics import voice_statistics
from groundswell.synthesis.synthesise import synthesise
from groundswell.synthesis.utterance import Frames, Utterance, VoiceModel
from groundswell.synthesis.voices import VoicePacks, pack_mix
from groundswell.text.plan import Segment

_WARM_PHONEMES = "ðə lˈIbɹɛɹi ˈOpənz æt nˈIn, ænd klˈOzᵻz lˈAt ˌɔn θˈɜɹzdˌAz."
_WARM_VOICE = "af_heart"


class Wire:
    """A socket for messages: blocking, written by any thread."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._incoming = end.makefile("rb")
        self._writing = threading.Lock()

    def send(self, message: FromEngine) -> None:
        """Send a message; without a reader the process is over."""
        try:
            with self._writing:
                self._end.sendall(pack(message))
        except OSError:
            _leave()

    def receive(self) -> ToEngine:
        """Wait for a message; at the end of them the process is over."""
        try:
            header = self._incoming.read(LENGTH.size)
            body = self._incoming.read(LENGTH.unpack(header)[0]) if header else b""
        except OSError:
            body = b""
        if not body:
            _leave()
        message: ToEngine = unpack(body)
        return message


def _leave() -> None:
    """End at once, whatever the inference threads are doing: nobody is left to hear it."""
    os._exit(0)


@dataclass(slots=True, eq=False)
class Speech:
    """One stream in this process.

    Attributes:
        stream: its place in the schedule.
        inbox: segments given and not begun; ``None`` is the end.
        given: phonemes given so far.
    """

    stream: Stream
    wire: Wire
    costs: Costs
    characters: int
    speed: float
    inbox: deque[Segment | None] = field(default_factory=deque)
    units: Iterator[Frames] = field(default_factory=lambda: iter(()))
    given: int = 0
    began: int = 0
    _segment_from: float = 0.0
    _phonemes: int = 0

    def feed(self, segment: Segment | None) -> None:
        """Take the next segment, and estimate anew how long the whole will be."""
        if None in self.inbox:
            return  # halted: nothing more is begun
        self.inbox.append(segment)
        self.stream.ready = True
        if segment is not None:
            self.given += len(segment.phonemes)
            whole = max(1.0, self.characters / max(1, segment.end)) * self.given
        else:
            whole = self.given
        self.stream.seconds = whole * self.costs.seconds_per_phoneme / self.speed

    def halt(self) -> None:
        """Begin no further segment."""
        self.inbox = deque([None])
        self.stream.ready = True
        self.stream.seconds = self.stream.produced

    def segments(self) -> Iterator[Segment]:
        """The segments as they are begun."""
        while True:
            segment = self.inbox.popleft()
            self._learn_length()
            if segment is None:
                return
            self.began = self._phonemes = len(segment.phonemes)
            self.wire.send(Wants(self.stream.id))
            yield segment

    def _learn_length(self) -> None:
        spoken = self.stream.produced - self._segment_from
        self._segment_from = self.stream.produced
        self.costs.segment(spoken * self.speed, self._phonemes)


class EngineChild:
    """The engine: ``listen`` in a thread, ``work`` in the main one."""

    def __init__(self, wire: Wire, begin: Begin) -> None:
        self._wire = wire
        self._model, costs = _warm_model(begin)
        self._schedule = Schedule(costs, limit=begin.streams, patience=begin.patience)
        self._voices: dict[int, Voice] = {}
        self._speeches: dict[int, Speech] = {}
        self._changed = threading.Condition()

    def listen(self) -> None:
        """Take messages until the server is gone."""
        while True:
            message = self._wire.receive()
            with self._changed:
                self._take(message)
                self._tell()
                self._changed.notify()

    def work(self) -> None:
        """Do the most urgent unit of work, for ever."""
        while True:
            with self._changed:
                while (stream := self._schedule.pick(time.monotonic())) is None:
                    wake = self._schedule.wake_at()
                    self._changed.wait(None if wake is None else max(0, wake - time.monotonic()))
                    self._refuse(self._schedule.review(time.monotonic()))
                speech = self._speeches[stream.id]
                speech.began = 0
            self._unit(speech)

    def _unit(self, speech: Speech) -> None:
        began = time.perf_counter()
        problem = ""
        frames: Frames | None = None
        try:
            frames = next(speech.units, None)
        except Exception as error:  # of the inference runtime, untyped
            problem = f"{type(error).__name__}: {error}"
        work = time.perf_counter() - began
        stream = speech.stream
        with self._changed:
            # Only where a segment ends does the next unit need another one.
            stream.ready = bool(speech.inbox) or (frames is not None and not frames.closes)
            late = self._schedule.done(
                stream,
                time.monotonic(),
                work=work,
                audio=frames.seconds if frames else 0.0,
                began=speech.began,
            )
            if frames is not None:
                self._wire.send(Sound(stream.id, frames, work, late))
            else:
                gone = Broken(stream.id, problem) if problem else Over(stream.id)
                self._wire.send(gone)
                self._forget(stream.id)
            self._refuse(self._schedule.review(time.monotonic()))
            self._tell()

    def _take(self, message: ToEngine) -> None:
        now = time.monotonic()
        match message:
            case Voice():
                self._voices[message.voice] = message
            case ForgetVoice():
                del self._voices[message.voice]
            case Open():
                self._open(message, now)
            case More():
                if speech := self._speeches.get(message.stream):
                    speech.feed(message.segment)
            case Taken():
                if speech := self._speeches.get(message.stream):
                    self._schedule.took(speech.stream, message.seconds, now)
            case Halt():
                if speech := self._speeches.get(message.stream):
                    speech.halt()
            case Close():
                self._forget(message.stream)
                self._refuse(self._schedule.review(now))
            case Begin():
                pass

    def _open(self, message: Open, now: float) -> None:
        stream = Stream(
            message.stream,
            message.owner,
            message.live,
            message.arrived,
            phonemes=len(message.segment.phonemes),
            seconds=0.0,
        )
        costs = self._schedule.costs
        speech = Speech(stream, self._wire, costs, message.characters, message.speed)
        speech.feed(message.segment)
        utterance = Utterance(
            speech.segments(), self._voices[message.voice].model, message.speed, message.lead
        )
        speech.units = synthesise(self._model, utterance)
        self._speeches[stream.id] = speech
        self._refuse(self._schedule.open(stream, now, dry=message.dry))

    def _forget(self, stream: int) -> None:
        if speech := self._speeches.pop(stream, None):
            self._schedule.close(speech.stream)

    def _refuse(self, refusals: list[Refusal]) -> None:
        for refusal in refusals:
            self._speeches.pop(refusal.stream.id, None)
            self._wire.send(Refused(refusal.stream.id, refusal.retry_after))

    def _tell(self) -> None:
        self._wire.send(State(self._schedule.report(time.monotonic())))


def _warm_model(begin: Begin) -> tuple[Kokoro, Costs]:
    """Load the model and speak a sentence twice: to warm it, and to learn what speech costs."""
    paths = locate(begin.models_dir)
    model = Kokoro(paths, threads=begin.threads)
    model.warm()
    mix = pack_mix(_WARM_VOICE)
    segment = Segment("", 0, 0, "en", _WARM_PHONEMES, (), 0.0)
    voice = VoiceModel(VoicePacks(paths.voices).style(mix), voice_statistics(mix))
    for _ in range(2):
        costs = Costs()
        spoken = 0.0
        units = synthesise(model, Utterance([segment], voice))
        began, first = time.perf_counter(), len(_WARM_PHONEMES)
        for frames in units:
            costs.unit(time.perf_counter() - began, frames.seconds, first)
            spoken += frames.seconds
            began, first = time.perf_counter(), 0
        costs.segment(spoken, len(_WARM_PHONEMES))
    release_freed()  # what compiling the model needed
    return model, costs


def main() -> None:
    """Run the engine until its server is gone."""
    # A stop signal to the group or the service is the server's to handle: it lets speech finish.
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, signal.SIG_IGN)
    share_heaps()
    wire = Wire(socket.socket(fileno=int(sys.argv[1])))
    begin = wire.receive()
    assert isinstance(begin, Begin)
    try:
        engine = EngineChild(wire, begin)
    except ModelUnavailable as error:
        wire.send(Unable(str(error)))
        return
    wire.send(Ready())
    threading.Thread(target=engine.listen, daemon=True).start()
    engine.work()


if __name__ == "__main__":
    main()
