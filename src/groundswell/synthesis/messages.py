"""What the server and its engine process say to each other, over a pair of connected sockets.

Each message is one of the classes below, pickled, behind its length in four bytes. Both ends are
this package in the same version, started by one another: nothing from outside is ever unpickled.
"""

import pickle
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundswell.synthesis.schedule import Report
from groundswell.synthesis.utterance import Frames, VoiceModel
from groundswell.text.plan import Segment

LENGTH = struct.Struct("!I")


@dataclass(frozen=True, slots=True)
class Begin:
    """First of all: what to load, and the settings of the schedule."""

    models_dir: Path
    threads: int
    streams: int
    patience: float


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice, sent once before the first stream that speaks with it."""

    voice: int
    model: VoiceModel


@dataclass(frozen=True, slots=True)
class ForgetVoice:
    """No later stream speaks with this voice."""

    voice: int


@dataclass(frozen=True, slots=True)
class Open:
    """A stream, with its first segment. Times are of ``time.monotonic``, which all processes share.

    Attributes:
        stream: its number.
        voice: which voice.
        owner: who is served in turn with others.
        live: somebody listens while it is made.
        arrived: when it was asked for.
        dry: when the sound runs out that its listener already has, if it follows on from any.
        characters: of the whole text, 0 if unknown.
        segment: the first.
        speed, lead: as in ``Utterance``.
    """

    stream: int
    voice: int
    owner: str
    live: bool
    arrived: float
    dry: float | None
    characters: int
    segment: Segment
    speed: float
    lead: float


@dataclass(frozen=True, slots=True)
class More:
    """The next segment of a stream; none when there is no further one."""

    stream: int
    segment: Segment | None


@dataclass(frozen=True, slots=True)
class Taken:
    """The reader took so many seconds of sound."""

    stream: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Halt:
    """Begin no further segment."""

    stream: int


@dataclass(frozen=True, slots=True)
class Close:
    """Nobody wants the rest."""

    stream: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The model is loaded and warm."""


@dataclass(frozen=True, slots=True)
class Unable:
    """The model cannot be loaded."""

    problem: str


@dataclass(frozen=True, slots=True)
class Wants:
    """A segment was begun: the next one is wanted."""

    stream: int


@dataclass(frozen=True, slots=True)
class Sound:
    """What one unit of work made: how long it took, and how long the listener waited in silence."""

    stream: int
    frames: Frames
    work: float
    late: float


@dataclass(frozen=True, slots=True)
class Over:
    """The stream has ended."""

    stream: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The stream was not admitted."""

    stream: int
    retry_after: float


@dataclass(frozen=True, slots=True)
class Broken:
    """The model failed on this stream."""

    stream: int
    problem: str


@dataclass(frozen=True, slots=True)
class State:
    """The state of the engine after something changed."""

    report: Report


ToEngine = Begin | Voice | ForgetVoice | Open | More | Taken | Halt | Close
FromEngine = Ready | Unable | Wants | Sound | Over | Refused | Broken | State


def pack(message: ToEngine | FromEngine) -> bytes:
    """Return a message as it travels."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(body)) + body


def unpack(body: bytes) -> Any:
    """Return the message of a body, without its length."""
    return pickle.loads(body)  # noqa: S301 - of our own child or parent
