"""Which model files there are, where they live, and where to find them quickly.

The table of pinned files is ``model_files.toml``. In the models folder::

    kokoro/model.onnx                      the acoustic model, whole
    voices/<name>.bin                      the style packs
    speaker-encoder/pretrained.pt          the speaker encoder of cloning
    prepared/<model>-v<version>/           the model split once, at 'models pull':
        front.onnx                         see groundswell.synthesis.prepare
        decode.xml, .bin, source.npz,      the vocoder rewritten for windows, see .windowed,
        generator.xml, .bin                or
        vocoder.onnx                       as exported, where that did not work
        prepared.json                      their sizes and hashes, written last

This module reads sizes only, so that a server starts at once; hashes are the business of
``models pull`` and ``models verify`` (``groundswell.synthesis.obtain``).
"""

import json
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from groundswell.errors import ModelUnavailable

Source = Literal["packages", "hub"]
Precision = Literal["int8", "fp16", "fp32"]

PREPARATION_VERSION = 6
"""Raised whenever the prepared graphs change, so that old ones are not taken for new."""

PREPARED = (
    (
        *("front.onnx", "decode.xml", "decode.bin"),
        *("source.npz", "generator.xml", "generator.bin"),
    ),
    ("front.onnx", "vocoder.onnx"),
)
"""What a preparation consists of: for windows, or plain, when every sentence is vocoded whole."""


@dataclass(frozen=True)
class Part:
    """A piece of a model file, as a Python package carries it."""

    package: str
    version: str
    member: str
    size: int
    sha256: str


@dataclass(frozen=True)
class ModelVariant:
    """One file that may stand at ``kokoro/model.onnx``; recognised by its size."""

    source: Source
    precision: Precision
    size: int
    sha256: str
    licence: str
    origin: str
    parts: tuple[Part, ...] = ()
    hub_path: str = ""


@dataclass(frozen=True)
class VoiceFiles:
    """The style packs: one size, licence and package, a hash each."""

    package: str
    version: str
    folder: str
    hub_folder: str
    size: int
    licence: str
    origin: str
    sha256: dict[str, str]


@dataclass(frozen=True)
class OtherFile:
    """A file that speaking does without; ``path`` is within the models folder."""

    path: str
    licence: str
    origin: str
    part: Part


@dataclass(frozen=True)
class Catalogue:
    """Every pinned file, and the hub repository that holds them."""

    hub_repository: str
    hub_revision: str
    models: tuple[ModelVariant, ...]
    voices: VoiceFiles
    others: tuple[OtherFile, ...] = ()

    def variant(self, source: Source, precision: Precision) -> ModelVariant | None:
        """The model file of a precision from a source, if that source carries it."""
        return next(
            (m for m in self.models if (m.source, m.precision) == (source, precision)), None
        )

    def variant_of_size(self, size: int) -> ModelVariant | None:
        """The model file with this many bytes; no two have the same number."""
        return next((m for m in self.models if m.size == size), None)


@dataclass(frozen=True)
class WindowedPaths:
    """The vocoder rewritten for windows."""

    decode: Path
    source: Path
    generator: Path


@dataclass(frozen=True)
class ModelPaths:
    """The files that the engine opens; ``vocoder`` exists only where ``windowed`` does not."""

    model: Path
    front: Path
    vocoder: Path
    voices: Path
    windowed: WindowedPaths | None = None


@lru_cache(maxsize=1)
def pinned() -> Catalogue:
    """The table of model files that this version of Groundswell knows."""
    with Path(__file__).with_name("model_files.toml").open("rb") as file:
        table = tomllib.load(file)
    return Catalogue(
        hub_repository=table["hub"]["repository"],
        hub_revision=table["hub"]["revision"],
        models=tuple(_variant(entry) for entry in table["model"]),
        voices=VoiceFiles(**table["voices"]),
        others=tuple(_other(entry) for entry in table["other"]),
    )


def _variant(entry: dict[str, Any]) -> ModelVariant:
    parts = tuple(Part(**part) for part in entry.pop("parts", ()))
    return ModelVariant(parts=parts, **entry)


def _other(entry: dict[str, Any]) -> OtherFile:
    return OtherFile(part=Part(**entry.pop("part")), **entry)


def speaker_encoder_path(models_dir: Path) -> Path:
    """Where the weights of the speaker encoder live."""
    return models_dir / "speaker-encoder" / "pretrained.pt"


def model_path(models_dir: Path) -> Path:
    """Where the whole acoustic model lives."""
    return models_dir / "kokoro" / "model.onnx"


def voice_path(models_dir: Path, voice: str) -> Path:
    """Where the style pack of a voice lives."""
    return models_dir / "voices" / f"{voice}.bin"


def prepared_dir(models_dir: Path, model_sha256: str) -> Path:
    """Where the graphs split from the model with this hash live."""
    return models_dir / "prepared" / f"{model_sha256[:16]}-v{PREPARATION_VERSION}"


def locate(models_dir: Path, *, catalogue: Catalogue | None = None) -> ModelPaths:
    """Find every model file; looks at names and sizes only, so it takes milliseconds.

    Raises:
        ModelUnavailable: naming the first file that is missing or of the wrong size.
    """
    catalogue = catalogue or pinned()
    model = model_path(models_dir)
    variant = catalogue.variant_of_size(_size(model))
    if variant is None:
        known = ", ".join(f"{m.size:,}" for m in catalogue.models)
        raise ModelUnavailable(
            model, f"damaged: {_size(model):,} bytes, where a known model has {known}"
        )
    voices = models_dir / "voices"
    for name in catalogue.voices.sha256:
        _require(voice_path(models_dir, name), catalogue.voices.size)
    folder = prepared_dir(models_dir, variant.sha256)
    prepared = read_prepared(folder)
    for name, (size, _) in prepared.items():
        _require(folder / name, size)
    windowed = None
    if "decode.xml" in prepared:
        windowed = WindowedPaths(
            folder / "decode.xml", folder / "source.npz", folder / "generator.xml"
        )
    return ModelPaths(model, folder / "front.onnx", folder / "vocoder.onnx", voices, windowed)


def read_prepared(folder: Path) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of each prepared graph, as recorded when they were made.

    Raises:
        ModelUnavailable: when the record is missing or unreadable.
    """
    record = folder / "prepared.json"
    _size(record)
    try:
        files = json.loads(record.read_bytes())["files"]
        names = next(names for names in PREPARED if set(names) == set(files))
        return {name: (int(files[name]["size"]), str(files[name]["sha256"])) for name in names}
    except (ValueError, LookupError, TypeError, StopIteration) as error:
        raise ModelUnavailable(record, "damaged: not a record of prepared graphs") from error


def _require(path: Path, size: int) -> None:
    found = _size(path)
    if found != size:
        raise ModelUnavailable(path, f"damaged: {found:,} bytes instead of {size:,}")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        problem = "missing" if isinstance(error, FileNotFoundError) else f"{error.strerror}"
        raise ModelUnavailable(path, problem) from error
