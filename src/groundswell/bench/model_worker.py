"""A process that runs the model alone.

The bench talks to it in lines of JSON: ``{"prepare": text, "voice": id}`` plans a text and records
what the engine asks of the model; ``{}`` asks the model the same again, and nothing else;
``{"stages": text, "voice": id}`` times each stage (``stages``). One line of JSON answers each.
"""

import json
import sys
from typing import Any

from groundswell.bench import stages
from groundswell.bench.tape import Tape
from groundswell.settings import settings
from groundswell.synthesis.speaker import Speaker


def main() -> None:
    """Answer requests from stdin until it ends."""
    speaker = Speaker(threads=settings().engine_threads)
    speaker.warm()
    tape: Tape | None = None
    _answer({"ready": True})
    for line in sys.stdin:
        request: dict[str, Any] = json.loads(line)
        if "prepare" in request:
            utterance = speaker.utterance(request["prepare"], voice=request["voice"])
            tape = Tape.record(speaker.model, utterance)
            _answer({"calls": len(tape.calls)})
        elif "stages" in request:
            _answer(stages.measure(speaker, request["stages"], request["voice"]))
        elif tape is not None:
            tape.run()
            _answer({})


def _answer(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
