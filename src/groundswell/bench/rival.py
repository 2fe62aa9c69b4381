"""What we are measured against: plain kokoro-onnx with the same model file and the same voices."""

import tempfile
from pathlib import Path
from types import TracebackType

import numpy as np
from kokoro_onnx import Kokoro
from numpy.typing import NDArray

from groundswell.synthesis.model_files import ModelPaths
from groundswell.synthesis.voices import STYLE_ROWS, STYLE_SIZE

NAME = "kokoro-onnx"
_LANGUAGES = {"en": "en-us", "es": "es", "hi": "hi"}


class Rival:
    """kokoro-onnx as its documentation uses it, its own phonemes included.

    A context manager: it needs its voices in one file, made in a temporary folder.
    """

    def __init__(self, paths: ModelPaths, voices: list[str]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="groundswell-rival-")
        packed = Path(self._folder.name) / "voices.npz"
        pack_voices(paths, voices, packed)
        self._kokoro = Kokoro(str(paths.model), str(packed))

    def speak(self, text: str, voice: str, language: str) -> tuple[NDArray[np.float32], int]:
        """Return samples [n] and their rate."""
        samples, rate = self._kokoro.create(text, voice=voice, lang=_LANGUAGES[language])
        return samples.astype(np.float32), int(rate)

    def __enter__(self) -> "Rival":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()


def pack_voices(paths: ModelPaths, voices: list[str], file: Path) -> None:
    """Write voices into the one file that kokoro-onnx and its relatives read."""
    styles = {name: _style(paths.voices / f"{name}.bin") for name in voices}
    np.savez(file, **styles)  # type: ignore[arg-type]


def _style(path: Path) -> NDArray[np.float32]:
    return np.fromfile(path, dtype="<f4").reshape(STYLE_ROWS, 1, STYLE_SIZE)
