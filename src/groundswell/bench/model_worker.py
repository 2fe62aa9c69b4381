"""A process that runs the model alone: front and vocoder, nothing else.

The bench talks to it in lines of JSON: a text in, and once the model has spoken it the seconds of
speech out; ``{"stages": text}`` asks for the table of ``stages`` instead. Phonemes are planned
before the run and outside the measured interval, in a request of their own.
"""

import json
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.bench import stages
from groundswell.settings import settings
from groundswell.synthesis.kokoro import Kokoro
from groundswell.synthesis.speaker import Speaker
from groundswell.synthesis.voices import style_row


@dataclass(frozen=True, slots=True)
class Run:
    """The inputs of one run of both graphs."""

    phonemes: str
    style: NDArray[np.float32]


def prepare(speaker: Speaker, text: str, voice: str, language: str) -> list[Run]:
    """Plan a text into the runs a server would make of it."""
    utterance = speaker.utterance(text, voice=voice, language=language)
    return [
        Run(segment.phonemes, style_row(utterance.style, len(segment.phonemes)))
        for segment in utterance.segments
    ]


def run(model: Kokoro, runs: list[Run]) -> float:
    """Run the model; returns seconds of speech before any trimming."""
    return sum(
        model.vocode(prosody).size / 24_000
        for prosody in (model.predict(each.phonemes, each.style, 1.0) for each in runs)
    )


def main() -> None:
    """Answer requests from stdin until it ends."""
    speaker = Speaker(threads=settings().engine_threads)
    speaker.warm()
    planned: list[Run] = []
    _answer({"ready": True})
    for line in sys.stdin:
        request: dict[str, Any] = json.loads(line)
        if "prepare" in request:
            planned = prepare(
                speaker, request["prepare"], request["voice"], request.get("language", "en")
            )
            _answer({"segments": len(planned)})
        elif "stages" in request:
            _answer(stages.measure(speaker, request["stages"], request["voice"]))
        else:
            _answer({"seconds": run(speaker.model, planned)})


def _answer(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
