"""From a request to an utterance: the voice, its loudness, the text plan. Loads no model."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from groundswell.errors import InvalidInput
from groundswell.settings import settings
from groundswell.synthesis.catalogue import catalogue
from groundswell.synthesis.loudness import gain
from groundswell.synthesis.model_files import locate
from groundswell.synthesis.statistics import voice_statistics
from groundswell.synthesis.utterance import MAX_SPEED, MIN_SPEED, Utterance, VoiceModel
from groundswell.synthesis.voices import Mix, VoicePacks
from groundswell.text.dictionary import NO_DICTIONARY, Dictionary
from groundswell.text.plan import PlanOptions, Segment, plan

_VOICES_KEPT = 64


@dataclass(frozen=True, slots=True, eq=False)
class OwnVoice:
    """A voice that is in no catalogue: a clone.

    Attributes:
        id: what its owner calls it by.
        british: whether it pronounces English the British way.
        model: what the engine needs.
    """

    id: str
    british: bool
    model: VoiceModel


def read(
    text: str,
    *,
    voice: str | None = None,
    own: OwnVoice | None = None,
    language: str = "en",
    number_language: str | None = None,
    math_notation: bool = False,
    dictionary: Dictionary = NO_DICTIONARY,
) -> tuple[Mix | OwnVoice, Iterator[Segment]]:
    """Plan a text as a voice reads it. This is the plan of every synthesis; it needs no model.

    Args:
        text: what to say, of any length.
        voice: catalogue id, Kokoro id, or mix such as ``af_heart:0.6+am_adam:0.4``.
        own: the voice itself, instead of a name.
        language: code of the contract's list, or ``auto``.
        number_language: language in which numbers are read; the text's own when None.
        math_notation: read operators between digits as words.
        dictionary: words to say otherwise.

    Raises:
        UnknownVoice, UnknownLanguage, InvalidInput: an argument cannot be used. Whether the
            text holds anything to speak shows only when its first segment is planned.
    """
    british, chosen = (own.british, own) if own is not None else _named(voice)
    options = PlanOptions(
        language=language,
        british=british,
        number_language=number_language,
        math=math_notation,
        emoji=settings().spoken_emoji,
        dictionary=dictionary,
    )
    return chosen, plan(text, options)


def _named(voice: str | None) -> tuple[bool, Mix]:
    found = catalogue().resolve(
        voice or settings().default_voice, map_unknown=settings().unknown_voices == "map"
    )
    return found.british, found.mix


class Casting:
    """Resolves requests into utterances.

    Args:
        models_dir: folder of model files; default: the ``models_dir`` setting.

    Raises:
        ModelUnavailable: a model file is missing or damaged.
    """

    def __init__(self, models_dir: Path | None = None) -> None:
        self.paths = locate(models_dir or settings().models_dir)
        self._packs = VoicePacks(self.paths.voices)
        # One object for a voice: the engine process is sent a voice once.
        self._models = lru_cache(maxsize=_VOICES_KEPT)(self._model)

    def utterance(
        self,
        text: str,
        *,
        voice: str | None = None,
        own: OwnVoice | None = None,
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
            own: as ``read``.
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
            own=own,
            language=language,
            number_language=number_language,
            math_notation=math_notation,
            dictionary=dictionary,
        )
        model = chosen.model if isinstance(chosen, OwnVoice) else self._models(chosen)
        return Utterance(segments, model, speed, characters=len(text))

    def _model(self, mix: Mix) -> VoiceModel:
        return VoiceModel(self._packs.style(mix), voice_statistics(mix), gain(mix))
