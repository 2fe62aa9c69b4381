"""Speech as a library: text in, float32 frames with word times out."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np

from groundswell.audio.resample import Samples
from groundswell.errors import InvalidInput
from groundswell.settings import settings
from groundswell.synthesis.catalogue import Voice, catalogue
from groundswell.synthesis.kokoro import Kokoro
from groundswell.synthesis.loudness import gain
from groundswell.synthesis.model_files import locate
from groundswell.synthesis.statistics import voice_statistics
from groundswell.synthesis.utterance import MAX_SPEED, MIN_SPEED, Frames, Utterance, synthesise
from groundswell.synthesis.voices import VoicePacks
from groundswell.text.dictionary import NO_DICTIONARY, Dictionary
from groundswell.text.plan import PlanOptions, Segment, plan, warm


def read(
    text: str,
    *,
    voice: str | None = None,
    language: str = "en",
    number_language: str | None = None,
    math_notation: bool = False,
    dictionary: Dictionary = NO_DICTIONARY,
) -> tuple[Voice, Iterator[Segment]]:
    """Plan a text as a voice reads it. This is the plan of every synthesis; it needs no model.

    Args:
        text: what to say, of any length.
        voice: catalogue id, Kokoro id, or mix such as ``af_heart:0.6+am_adam:0.4``.
        language: code of the contract's list, or ``auto``.
        number_language: language in which numbers are read; the text's own when None.
        math_notation: read operators between digits as words.
        dictionary: words to say otherwise.

    Raises:
        UnknownVoice, UnknownLanguage, InvalidInput: an argument cannot be used. Whether the
            text holds anything to speak shows only when its first segment is planned.
    """
    chosen = catalogue().resolve(
        voice or settings().default_voice, map_unknown=settings().unknown_voices == "map"
    )
    options = PlanOptions(
        language=language,
        british=chosen.british,
        number_language=number_language,
        math=math_notation,
        emoji=settings().spoken_emoji,
        dictionary=dictionary,
    )
    return chosen, plan(text, options)


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

    def utterance(
        self,
        text: str,
        *,
        voice: str | None = None,
        language: str = "en",
        speed: float = 1.0,
        number_language: str | None = None,
        math_notation: bool = False,
        dictionary: Dictionary = NO_DICTIONARY,
    ) -> Utterance:
        """Resolve a request into what an engine can speak.

        Args:
            text: what to say, of any length.
            voice: as ``read``.
            language: as ``read``.
            speed: 0.5 to 2.
            number_language: as ``read``.
            math_notation: as ``read``.
            dictionary: as ``read``.

        Raises:
            UnknownVoice, UnknownLanguage, InvalidInput: as ``read``.
        """
        if not MIN_SPEED <= speed <= MAX_SPEED:
            raise InvalidInput(
                f"speed must be between {MIN_SPEED} and {MAX_SPEED:g}.", field="speed"
            )
        chosen, segments = read(
            text,
            voice=voice,
            language=language,
            number_language=number_language,
            math_notation=math_notation,
            dictionary=dictionary,
        )
        return Utterance(
            segments,
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
