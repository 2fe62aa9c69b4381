"""A peer that serves: ``fastkokoro``, with the same model file and the same voices.

It lives in a virtual environment of its own, made once with the same ONNX Runtime as ours. It is
run as its documentation says, told only where the files are.
"""

import subprocess
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_path

from groundswell.bench.crowd import Target
from groundswell.bench.judges import BenchFailed
from groundswell.bench.rival import pack_voices
from groundswell.bench.server_process import free_port, server_process
from groundswell.synthesis.model_files import ModelPaths

NAME = "fastkokoro"
VERSION = "0.7.0"
_INSTALL_LIMIT_SECONDS = 900.0


@contextmanager
def fastkokoro(paths: ModelPaths, voices: list[str]) -> Iterator[tuple[Target, int]]:
    """Start the server; yields it and its process id.

    Raises:
        BenchFailed: it cannot be installed, or does not become ready.
    """
    python = _environment()
    with tempfile.TemporaryDirectory(prefix="groundswell-fastkokoro-") as folder:
        packed = Path(folder) / "voices.npz"
        pack_voices(paths, voices, packed)
        port, log = free_port(), Path(folder) / "server.log"
        environment = {
            "FASTKOKORO_MODEL_PATH": str(paths.model),
            "FASTKOKORO_VOICES_PATH": str(packed),
            "FASTKOKORO_HOST": "127.0.0.1",
            "FASTKOKORO_PORT": str(port),
            "FASTKOKORO_CACHE_DIR": folder,
        }
        command, url = [str(python.with_name("fastkokoro"))], f"http://127.0.0.1:{port}"
        with server_process(command, environment, f"{url}/health", log) as process:
            yield Target(NAME, url, speech="openai"), process.pid


def _environment() -> Path:
    """Return the interpreter of its environment, made first if there is none of these versions."""
    runtime = version("onnxruntime")
    folder = user_cache_path("groundswell") / "bench" / f"{NAME}-{VERSION}-onnxruntime-{runtime}"
    python, ready = folder / "bin" / "python", folder / ".ready"
    if not ready.exists():
        venv.create(folder, clear=True, with_pip=True)
        wanted = [f"{NAME}[cpu]=={VERSION}", f"onnxruntime=={runtime}"]
        done = subprocess.run(  # noqa: S603
            [str(python), "-m", "pip", "install", "--quiet", *wanted],
            capture_output=True,
            text=True,
            timeout=_INSTALL_LIMIT_SECONDS,
            check=False,
        )
        if done.returncode:
            raise BenchFailed(f"{NAME} cannot be installed:\n{done.stderr[-2000:]}")
        ready.touch()
    return python
