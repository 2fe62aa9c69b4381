"""The SDKs create, poll, list, speak with and delete a clone (sdk-matrix.md)."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.driving import TEXT, Report, client_environment, sound
from tests.clients.environment import HERE, client_python
from tests.cloning.material import needs_speakers, reference, wav
from tests.live import PATIENCE_SECONDS, LiveServer, live_server

pytestmark = needs_speakers()


@pytest.fixture(scope="module")
def cloning() -> Iterator[LiveServer]:
    """A server that answers before the clone is made, so that the SDKs poll."""
    with live_server(clone_wait_seconds=0, clone_timeout_seconds=PATIENCE_SECONDS) as running:
        yield running


@pytest.mark.parametrize("client", ["smallestai_5", "smallestai_4", "smallestai_3"])
def test_an_sdk_clones(cloning: LiveServer, client: str, tmp_path: Path) -> None:
    recording = tmp_path / "voice.wav"
    recording.write_bytes(wav(reference("1688", 10)))
    inputs = {"text": TEXT, "recording": str(recording), "patience": PATIENCE_SECONDS}
    done = subprocess.run(
        [str(client_python(client)), str(HERE / "drivers" / "drive_cloning.py")],
        env=client_environment(cloning, tmp_path)
        | {"CLIENT_OUT": str(tmp_path), "CLIENT_INPUT": json.dumps(inputs)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    printed = json.loads(done.stdout)
    value = Report(client, printed["results"], printed["strangers"], done.stderr).value("cloning")
    assert re.fullmatch(r"voice_[A-Za-z0-9]{10}", value["voice"])
    assert value["status"] == "completed"
    assert value["left"] == []
    sound(value["sound"]).assert_speech(TEXT)
    assert printed["strangers"] == []
