"""Speech as a library: text in, float32 frames with word times out."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np

from groundswell.audio.resample import Samples
from groundswell.errors import InvalidInput
from groundswell.settings import settings
from groundswell.synthesis.catalogue import catalogue
from groundswell.synthesis.kokoro import Kokoro
from groundswell.synthesis.loudness import gain
from groundswell.synthesis.model_files import locate
from groundswell.synthesis.statistics import voice_statistics
from groundswell.synthesis.utterance import Frames, Utterance, synthesise
from groundswell.synthesis.voices import VoicePacks
from groundswell.text.dictionary import NO_DICTIONARY, Dictionary
from groundswell.text.plan import PlanOptions, plan, warm

MIN_SPEED, MAX_SPEED = 0.5, 2.0


class Speaker:
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
        paths = locate(models_dir or settings().models_dir)
        self.model = Kokoro(paths, threads=threads or settings().engine_threads)
        self._packs = VoicePacks(paths.voices)
        self._map_unknown = settings().unknown_voices == "map"

    def utterance(
        self,
        text: str,
        *,
        voice: str | None = None,
        language: str = "en",
        speed: float = 1.0,
        dictionary: Dictionary = NO_DICTIONARY,
    ) -> Utterance:
        """Resolve a request into what an engine can speak.

        Args:
            text: what to say, of any length.
            voice: catalogue id, Kokoro id, or mix such as ``af_heart:0.6+am_adam:0.4``.
            language: code of the contract's list, or ``auto``.
            speed: 0.5 to 2.
            dictionary: words to say otherwise.

        Raises:
            UnknownVoice, UnknownLanguage, InvalidInput: an argument cannot be used. Whether the
                text holds anything to speak shows only when its first segment is planned.
        """
        if not MIN_SPEED <= speed <= MAX_SPEED:
            raise InvalidInput(
                f"speed must be between {MIN_SPEED} and {MAX_SPEED:g}.", field="speed"
            )
        chosen = catalogue().resolve(
            voice or settings().default_voice, map_unknown=self._map_unknown
        )
        options = PlanOptions(language=language, british=chosen.british, dictionary=dictionary)
        return Utterance(
            plan(text, options),
            self._packs.style(chosen.mix),
            voice_statistics(chosen.mix),
            gain(chosen.mix),
            speed,
        )

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
        self.speak("Ready.")
