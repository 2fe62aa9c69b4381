"""Running a client's driver against a server, and reading what it reports."""

import json
import os
import subprocess
import wave
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.clients.environment import HERE, client_python
from tests.live import LiveServer

DRIVER_LIMIT_SECONDS = 420.0

TEXT = "Hello from my own machine."
LONG = (
    "The first sentence is spoken while the last one is still being written. "
    "Does the second follow it without a gap? It does, and the third one brings it to an end."
)
"""Three sentences; above 140 characters, where old clients cut the text for some models."""
VOICE = "magnus"


@dataclass
class Sound:
    """Audio as a client got it: 16-bit mono samples."""

    samples: NDArray[np.int16]
    rate: int

    @property
    def pcm(self) -> bytes:
        return self.samples.tobytes()

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    def assert_speech(self, text: str, *, speed: float = 1.0) -> None:
        """It lasts about as long as the text takes to say, is audible and not clipped to bits."""
        per_character = self.seconds * speed / len(text)
        assert 0.035 < per_character < 0.13, f"{self.seconds:.2f} s for {len(text)} characters"
        level = np.abs(self.samples.astype(np.int32))
        assert level.max() > 2000, f"peak {level.max()}"
        loud = np.sqrt(np.mean(self.samples.astype(np.float64) ** 2))
        assert loud > 200, f"root mean square {loud:.0f}"
        assert np.mean(level >= 32767) < 0.001, "clipped"


class ScenarioFailed(AssertionError):
    """A scenario raised where it should have worked."""


@dataclass
class Report:
    """What a driver printed."""

    client: str
    results: dict[str, dict[str, Any]]
    strangers: list[str]
    stderr: str = field(repr=False)

    def value(self, scenario: str) -> Any:
        """The value of a scenario that worked."""
        result = self.results[scenario]
        if "error" in result:
            error = result["error"]
            raise ScenarioFailed(f"{error['type']}: {error['message']}\n{error['trace']}")
        return result["value"]

    def sound(self, scenario: str) -> Sound:
        """The audio of a scenario whose value is one piece of audio."""
        return sound(self.value(scenario))

    def error(self, scenario: str) -> dict[str, Any]:
        """The exception of a scenario that should have raised."""
        result = self.results[scenario]
        assert "error" in result, f"{scenario} raised nothing: {result['value']}"
        error: dict[str, Any] = result["error"]
        return error


def sound(described: dict[str, Any]) -> Sound:
    """Load audio that a driver saved."""
    path = Path(described["file"])
    if path.suffix == ".wav":
        with wave.open(str(path)) as reader:
            assert (reader.getnchannels(), reader.getsampwidth()) == (1, 2)
            frames = reader.readframes(reader.getnframes())
            return Sound(np.frombuffer(frames, np.int16), reader.getframerate())
    return Sound(np.frombuffer(path.read_bytes(), np.int16), described["rate"])


def drive(client: str, server: LiveServer, folder: Path) -> Report:
    """Run a client's driver once."""
    inputs = {"text": TEXT, "long": LONG, "voice": VOICE}
    environment = client_environment(server, folder) | {
        "CLIENT_OUT": str(folder),
        "CLIENT_INPUT": json.dumps(inputs),
        "CLIENT_SCENARIOS": os.environ.get("CLIENT_SCENARIOS", ""),
    }
    done = subprocess.run(
        [str(client_python(client)), str(HERE / "drivers" / f"drive_{client}.py")],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=DRIVER_LIMIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"the driver of {client} died:\n{done.stderr[-4000:]}"
    (folder / "stderr.txt").write_text(done.stderr)
    printed = json.loads(done.stdout)
    return Report(client, printed["results"], printed["strangers"], done.stderr)


def client_environment(server: LiveServer, home: Path) -> dict[str, str]:
    """What a client may know: where the server is, its key, and nothing of this machine's user."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(home),
        "GROUNDSWELL_URL": server.url,
        "SMALLEST_API_KEY": server.key,
        "SMALLESTAI_TELEMETRY": "0",
        "DO_NOT_TRACK": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
