"""The enrolment process: a reference on standard input, a voice on standard output.

``python -m groundswell.cloning METHOD MODELS_DIR THREADS``. Foreign audio is decoded here and a
model loaded, both apart from the server, at low priority. What it says is in ``enrolment``.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from groundswell.cloning.encoder import SpeakerEncoder
from groundswell.cloning.instant import Instant
from groundswell.cloning.reference import examine
from groundswell.cloning.voice_file import write_voice
from groundswell.errors import InvalidInput, ModelUnavailable
from groundswell.synthesis.model_files import speaker_encoder_path

_NICE = 10


def _say(message: Mapping[str, Any], data: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(message).encode() + b"\n" + data)
    sys.stdout.buffer.flush()


def main() -> None:
    """Enrol one speaker."""
    os.nice(_NICE)
    method, models_dir, threads = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    assert method == "instant"
    try:
        encoder = SpeakerEncoder(speaker_encoder_path(models_dir))
        reference = examine(sys.stdin.buffer.read(), encoder)
        _say({"progress": 0.1, "stage": "loading the model"})
        enrolment = Instant.load(models_dir, encoder, threads=threads)
        clone = enrolment.clone(
            reference, lambda done, stage: _say({"progress": 0.3 + 0.65 * done, "stage": stage})
        )
    except InvalidInput as error:
        _say({"refused": error.message})
    except ModelUnavailable as error:
        _say({"unavailable": [error.file, error.problem]})
    else:
        voice = write_voice(clone.voice)
        found = {"similarity": clone.similarity, "warnings": reference.warnings}
        _say({"made": found, "sizes": [len(voice), clone.speech.nbytes]})
        sys.stdout.buffer.write(voice + clone.speech.astype("<f4").tobytes())
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
