"""Files that are whole or absent: written aside, checked, then renamed into place."""

import hashlib
import os
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from groundswell.errors import ModelUnavailable

if sys.platform != "win32":
    import fcntl

CHUNK = 1 << 20
_TEMPORARY = ".part-"


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal.

    Raises:
        OSError: when the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def size_of(path: Path) -> int:
    """The size of a file in bytes; 0 when it is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def holds(path: Path, size: int, sha256: str) -> bool:
    """Whether the file is there with this size and hash."""
    try:
        return path.stat().st_size == size and sha256_of(path) == sha256
    except OSError:
        return False


def chunks_of(path: Path) -> Iterator[bytes]:
    """The content of a file, a megabyte at a time."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def place(
    path: Path, content: Iterable[bytes], *, sha256: str | None = None, origin: str = ""
) -> str:
    """Write a file so that it is never seen half written; returns its SHA-256.

    Args:
        path: where the file goes; its folder is made when missing.
        content: the bytes, in pieces.
        sha256: what the content must hash to; any when None.
        origin: where the content comes from, for the message.

    Raises:
        ModelUnavailable: when the content has another hash; ``path`` is left as it was.
        OSError: when the disk refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{_TEMPORARY}{path.name}.{secrets.token_hex(4)}")
    digest = hashlib.sha256()
    try:
        with temporary.open("xb") as file:
            for chunk in content:
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        found = digest.hexdigest()
        if sha256 is not None and found != sha256:
            raise wrong_hash(path, found, sha256, origin)
        temporary.replace(path)
        _sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)
    return found


def wrong_hash(path: Path, found: str, expected: str, origin: str) -> ModelUnavailable:
    """The error for content that is not what the table of model files promises."""
    came = f" from {origin}" if origin else ""
    return ModelUnavailable(
        path,
        f"what came{came} has SHA-256 {found} instead of {expected}; it was thrown away",
        "Run 'groundswell models pull' again; if it comes back, a proxy or mirror alters the "
        "file: try the other --source.",
    )


def adopt(downloaded: Path, path: Path) -> None:
    """Move a finished and checked download of the same file system to its place.

    Raises:
        OSError: when the disk refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with downloaded.open("rb+") as file:
        os.fsync(file.fileno())
    downloaded.replace(path)
    _sync_folder(path.parent)


def clear_leftovers(folder: Path) -> None:
    """Remove what a killed process left half written in this folder; call it locked."""
    for leftover in folder.glob(f"{_TEMPORARY}*"):
        leftover.unlink(missing_ok=True)


@contextmanager
def one_at_a_time(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the folder's lock, so that two pulls do not fetch the same file twice.

    Files stay whole without it (every rename is atomic), so where there is no ``flock``
    (Windows, some network file systems) the work goes on unlocked.

    Args:
        folder: an existing folder.
        waiting: called once when another process holds the lock.

    Raises:
        OSError: when the lock file cannot be made.
    """
    if sys.platform == "win32":
        yield
        return
    with (folder / ".lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:
            pass
        yield


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut, where the system can sync folders."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
