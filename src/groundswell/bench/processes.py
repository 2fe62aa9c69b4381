"""The cost of another process with all its children: CPU seconds, resident memory, open files."""

import contextlib
import threading
import time
from types import TracebackType

import psutil

MIB = 1024 * 1024
_SETTLE_SECONDS = 0.25
_SAMPLE_SECONDS = 0.05


class Tree:
    """A process and its children, whoever of them is there at the moment."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)

    def cpu(self) -> float:
        """CPU seconds so far, those of children that ended included."""
        total = 0.0
        for process in self._all():
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system + times.children_user + times.children_system
        return total

    def memory(self) -> float:
        """Resident memory in MiB; what processes share counts for each of them."""
        total = 0
        for process in self._all():
            with contextlib.suppress(psutil.NoSuchProcess):
                total += process.memory_info().rss
        return total / MIB

    def files(self) -> int:
        """Open file descriptors, sockets included."""
        total = 0
        for process in self._all():
            with contextlib.suppress(psutil.NoSuchProcess):
                total += process.num_fds()
        return total

    def _all(self) -> list[psutil.Process]:
        return [self._root, *self._root.children(recursive=True)]


class CpuMeter:
    """CPU seconds (user and system, all threads) between readings of a process and its children.

    A reading waits until the inference threads have stopped spinning, so that the spin after a
    run is counted with that run.
    """

    def __init__(self, pid: int) -> None:
        self._tree = Tree(pid)
        self._last = self._tree.cpu()

    def start(self) -> None:
        """Begin an interval."""
        self._last = self._tree.cpu()

    def lap(self) -> float:
        """Return the CPU seconds since the interval began."""
        time.sleep(_SETTLE_SECONDS)
        return self._tree.cpu() - self._last


class MemoryMeter:
    """Resident memory of a process and its children, also sampled in the background for its peak.

    A context manager: sampling runs inside.
    """

    def __init__(self, pid: int) -> None:
        self._tree = Tree(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peak = self.now()

    def now(self) -> float:
        """Return the resident memory in MiB."""
        return self._tree.memory()

    def _watch(self) -> None:
        while not self._stop.wait(_SAMPLE_SECONDS):
            try:
                self.peak = max(self.peak, self.now())
            except psutil.NoSuchProcess:
                return

    def __enter__(self) -> "MemoryMeter":
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
