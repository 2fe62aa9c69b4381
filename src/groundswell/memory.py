"""Keeping no more memory than is in use; where that cannot be asked for, nothing happens."""

import contextlib
import ctypes
import mmap
from pathlib import Path

_MAPS = Path("/proc/self/maps")
_HEAPS = -8
"""``M_ARENA_MAX`` of glibc's ``mallopt``."""


def share_heaps() -> None:
    """Let all threads to come share two heaps: each keeps what its threads once needed."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_HEAPS, 2)


def release_freed() -> None:
    """Return what is freed but kept by the C library for later."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def release_file(path: Path) -> None:
    """Drop the pages of a file that is mapped for reading; whoever touches one reads it again."""
    with contextlib.suppress(OSError, AttributeError):
        path = path.resolve()  # as the kernel names it
        advise = ctypes.CDLL(None).madvise
        advise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        for line in _MAPS.read_text("utf-8").splitlines():
            if line.endswith(f" {path}"):
                first, end = (int(address, 16) for address in line.split()[0].split("-"))
                advise(first, end - first, mmap.MADV_DONTNEED)
