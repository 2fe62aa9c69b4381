"""Speech as a library: text in, float32 frames with word times out."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np

from groundswell.audio.resample import Samples
from groundswell.settings import settings
from groundswell.synthesis.casting import Casting
from groundswell.synthesis.kokoro import Kokoro
from groundswell.synthesis.synthesise import synthesise
from groundswell.synthesis.utterance import Frames
from groundswell.text.plan import warm


class Speaker(Casting):
    """A loaded model that speaks.

    >>> from groundswell import Speaker
    >>> speaker = Speaker()
    >>> samples = speaker.speak("Hello there.", voice="magnus")  # float32 [n] at 24 kHz

    Args:
        models_dir: folder of model files; default: the ``models_dir`` setting.
        threads: inference threads; default: the ``engine_threads`` setting.

    Raises:
        ModelUnavailable: a model file is missing or damaged.
    """

    def __init__(self, models_dir: Path | None = None, *, threads: int | None = None) -> None:
        super().__init__(models_dir)
        self.model = Kokoro(self.paths, threads=threads or settings().engine_threads)

    def stream(
        self, text: str, *, voice: str | None = None, language: str = "en", speed: float = 1.0
    ) -> Iterator[Frames]:
        """Speak piece by piece; arguments and errors as ``utterance``."""
        yield from synthesise(
            self.model, self.utterance(text, voice=voice, language=language, speed=speed)
        )

    async def astream(
        self, text: str, *, voice: str | None = None, language: str = "en", speed: float = 1.0
    ) -> AsyncIterator[Frames]:
        """Speak piece by piece without blocking the event loop; as ``stream``."""
        pieces = self.stream(text, voice=voice, language=language, speed=speed)
        while (frames := await asyncio.to_thread(next, pieces, None)) is not None:
            yield frames

    def speak(
        self, text: str, *, voice: str | None = None, language: str = "en", speed: float = 1.0
    ) -> Samples:
        """Speak all of it; returns samples [n] at 24 kHz. Arguments and errors as ``utterance``."""
        pieces = self.stream(text, voice=voice, language=language, speed=speed)
        return np.concatenate([piece.samples for piece in pieces])

    def warm(self, languages: tuple[str, ...] = ("en",)) -> None:
        """Load what the first request would otherwise wait for, and speak a word."""
        warm(languages)
        self.model.warm()
        self.speak("Ready.")
