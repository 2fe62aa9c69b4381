"""Where and when a measurement was made, without naming the host."""

import os
import platform
import subprocess
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from groundswell import __version__
from groundswell.settings import settings
from groundswell.synthesis.model_files import model_path, pinned

_GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Machine:
    """The conditions of a run."""

    cpu: str
    cores: int
    memory_gib: float
    system: str
    python: str
    groundswell: str
    onnxruntime: str
    model: str
    engine_threads: int
    load_before: float
    commit: str | None = None

    @classmethod
    def here(cls) -> "Machine":
        """Look around; call it before the work begins, for the load's sake."""
        variant = pinned().variant_of_size(model_path(settings().models_dir).stat().st_size)
        return cls(
            cpu=_cpu_model(),
            cores=os.cpu_count() or 1,
            memory_gib=round(psutil.virtual_memory().total / _GIB, 1),
            system=f"{platform.system()} {platform.machine()}",
            python=platform.python_version(),
            groundswell=__version__,
            onnxruntime=version("onnxruntime"),
            model=f"Kokoro-82M {variant.precision if variant else 'unknown'}",
            engine_threads=settings().engine_threads,
            load_before=round(psutil.getloadavg()[0], 2),
            commit=_commit(),
        )

    @property
    def busy(self) -> bool:
        """Whether something else was running: times and CPU costs are then upper bounds."""
        return self.load_before > 0.5 * self.cores

    def data(self) -> dict[str, Any]:
        """Return everything as JSON."""
        return asdict(self)

    def __str__(self) -> str:
        """One line for a page."""
        noise = f"; **busy: load {self.load_before} before the run**" if self.busy else ""
        return (
            f"{self.cores} cores of {self.cpu}, {self.memory_gib:g} GiB, {self.system}; "
            f"{self.engine_threads} engine threads; {self.model}; Groundswell {self.groundswell}"
            f"{f' ({self.commit})' if self.commit else ''}, "
            f"ONNX Runtime {self.onnxruntime}, Python {self.python}{noise}"
        )


def _commit() -> str | None:
    """The commit of the source tree; ``+`` marks changes on top. ``None`` without a repository."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty=+"]
    try:
        found = subprocess.run(  # noqa: S603
            [*command, "--exclude=*"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip()


def _cpu_model() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
