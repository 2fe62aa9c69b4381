"""The model's part of an utterance, recorded: to be run again alone, or to be left out.

Recording notes every call that the engine makes to the model, whatever graphs and windows it uses;
``run`` makes the same calls and nothing else, ``without_model`` does everything else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from groundswell.audio.resample import Samples
from groundswell.synthesis.kokoro import Kokoro
from groundswell.synthesis.synthesise import synthesise
from groundswell.synthesis.utterance import Utterance


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method of the model, and what came of it."""

    method: str
    arguments: tuple[Any, ...]
    named: dict[str, Any]
    result: Any


class _Recorder:
    def __init__(self, model: Kokoro, calls: list[Call]) -> None:
        self._model, self._calls = model, calls

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._model, name)
        if not callable(found):
            return found

        def noted(*arguments: Any, **named: Any) -> Any:
            result = found(*arguments, **named)
            self._calls.append(Call(name, arguments, named, result))
            return result

        return noted


class _Player:
    def __init__(self, model: Kokoro, calls: Iterator[Call]) -> None:
        self._model, self._calls = model, calls

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._model, name)
        if not callable(found):
            return found
        answer: Callable[..., Any] = lambda *_, **__: next(self._calls).result  # noqa: E731
        return answer


@dataclass(frozen=True, slots=True)
class Tape:
    """An utterance with its phonemes planned and its model calls recorded."""

    model: Kokoro
    utterance: Utterance
    calls: tuple[Call, ...]
    pieces: tuple[Samples, ...]

    @classmethod
    def record(cls, model: Kokoro, utterance: Utterance) -> "Tape":
        """Speak once and note what the model is asked."""
        planned = replace(utterance, segments=tuple(utterance.segments))
        calls: list[Call] = []
        recorder = cast(Kokoro, _Recorder(model, calls))
        pieces = tuple(frames.samples for frames in synthesise(recorder, planned))
        return cls(model, planned, tuple(calls), pieces)

    def methods(self) -> tuple[str, ...]:
        """The methods that were called, in the order of their first call."""
        return tuple(dict.fromkeys(call.method for call in self.calls))

    def run(self, method: str | None = None) -> None:
        """Make the model's calls again; only those of one method, if given."""
        for call in self.calls:
            if method in (None, call.method):
                getattr(self.model, call.method)(*call.arguments, **call.named)

    def without_model(self) -> None:
        """Do what speaking does beside the model: trimming, gain, limiting, fades, word times."""
        player = cast(Kokoro, _Player(self.model, iter(self.calls)))
        for _ in synthesise(player, self.utterance):
            pass
