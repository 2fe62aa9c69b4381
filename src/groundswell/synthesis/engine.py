"""What an engine is to those who use it: it speaks utterances as streams, many at once.

Nothing outside this package assumes where it runs. ``engine_process`` is the one there is.
"""

from typing import Protocol

from groundswell.synthesis.schedule import Report
from groundswell.synthesis.utterance import Frames, Utterance


class SpeechStream(Protocol):
    """Frames in order. Nothing is asked of the engine before the first ``anext``.

    Raises, from ``anext``:
        InvalidInput: the text plan found nothing to speak.
        TooBusy: the engine did not admit it; carries when to come back.
        EngineUnavailable: the engine is not ready, or ended while it spoke.
        SynthesisFailed: the model failed on this text.
        SynthesisCancelled: the engine is stopping.
    """

    def __aiter__(self) -> "SpeechStream":
        """The stream itself."""

    async def __anext__(self) -> Frames:
        """Wait for the next frames."""

    def halt(self) -> None:
        """Begin no further segment: the one being spoken is still delivered."""

    async def aclose(self) -> None:
        """Drop what is left; the engine stops within one unit of work."""


class Engine(Protocol):
    """Anything that speaks utterances."""

    def stream(
        self, utterance: Utterance, *, owner: str = "", live: bool = True, dry: float | None = None
    ) -> SpeechStream:
        """Speak.

        Args:
            utterance: what.
            owner: an opaque name; owners are served in turn.
            live: somebody listens while it is made; else it takes the time that listeners leave.
            dry: moment of ``time.monotonic`` when the listener's earlier speech, which this
                follows, will have been played. Such a stream is never refused.
        """

    def check(self) -> None:
        """Return if the engine can speak.

        Raises:
            EngineUnavailable: with the reason, and when to come back.
        """

    @property
    def status(self) -> str:
        """``ready``, or what is the matter."""

    @property
    def report(self) -> Report:
        """What the engine is doing."""

    async def close(self, grace: float) -> None:
        """Let open streams finish for up to ``grace`` seconds, then cancel them."""


class EngineWatcher:
    """Is told what an engine does, in the server's event loop. Does nothing with it."""

    def unit(self, audio: float, work: float, late: float) -> None:
        """One unit of work was done: seconds of sound, of work, and of silence at the listener."""

    def discarded(self, audio: float) -> None:
        """Seconds of sound were made for a listener who had left."""

    def refused(self) -> None:
        """A stream was not admitted."""

    def restarted(self) -> None:
        """The engine had ended by itself and is ready again."""
