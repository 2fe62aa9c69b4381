"""Every client in a virtual environment of its own, made from its lock file once and kept."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
KEPT = HERE.parents[1] / ".venv-clients"
CREATION_LIMIT_SECONDS = 600.0


def client_python(client: str) -> Path:
    """The interpreter of a client's environment; made first if this lock file has none yet."""
    lock = HERE / f"{client}.lock"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    digest = hashlib.sha256(lock.read_bytes() + version.encode()).hexdigest()[:12]
    folder = KEPT / f"{client}-{digest}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = folder / ".ready"
    KEPT.mkdir(exist_ok=True)
    # Two test runs at once must not build the same folder.
    with (KEPT / f"{client}.busy").open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        if not ready.exists():
            for outdated in KEPT.glob(f"{client}-????????????"):
                shutil.rmtree(outdated)
            _uv("venv", "--quiet", "--python", sys.executable, str(folder))
            _uv("pip", "sync", "--quiet", "--require-hashes", "--python", str(python), str(lock))
            ready.touch()
    return python


def _uv(*arguments: str) -> None:
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    assert uv, "uv is missing; `make setup` installs it"
    done = subprocess.run(
        [uv, *arguments],
        capture_output=True,
        text=True,
        timeout=CREATION_LIMIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"uv {' '.join(arguments)} failed:\n{done.stderr[-3000:]}"
