"""The cost of another process: CPU seconds and resident memory."""

import threading
import time
from types import TracebackType

import psutil

MIB = 1024 * 1024
_SETTLE_SECONDS = 0.25
_SAMPLE_SECONDS = 0.05


class CpuMeter:
    """CPU seconds (user and system, all threads) between readings of a process.

    A reading waits until the inference threads have stopped spinning, so that the spin after a
    run is counted with that run.
    """

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._last = self._now()

    def start(self) -> None:
        """Begin an interval."""
        self._last = self._now()

    def lap(self) -> float:
        """Return the CPU seconds since the interval began."""
        time.sleep(_SETTLE_SECONDS)
        return self._now() - self._last

    def _now(self) -> float:
        times = self._process.cpu_times()
        return float(times.user + times.system)


class MemoryMeter:
    """Resident memory of a process, also sampled in the background for its peak.

    A context manager: sampling runs inside.
    """

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peak = self.now()

    def now(self) -> float:
        """Return the resident memory in MiB."""
        return float(self._process.memory_info().rss) / MIB

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
