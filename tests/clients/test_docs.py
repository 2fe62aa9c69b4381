"""Every snippet of docs/clients.md, run as it stands there."""

import re
import shutil
import subprocess
import sys
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.clients.driving import Sound, client_environment
from tests.clients.environment import HERE, client_python
from tests.live import LiveServer

PAGE = HERE.parents[1] / "docs" / "clients.md"
_SNIPPET = re.compile(
    r"^<!-- run: (?P<place>\w+) -->\n```(?:python|sh)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Snippet:
    """A block of code and the environment it is for."""

    place: str
    code: str
    line: int

    def command(self) -> list[str]:
        if self.place == "sh":
            return ["sh", "-eu", "-c", self.code]
        python = sys.executable if self.place == "own" else str(client_python(self.place))
        return [python, "-W", "error::SyntaxWarning", "-c", self.code]


def _snippets() -> list[Snippet]:
    text = PAGE.read_text()
    return [
        Snippet(found["place"], found["code"], text.count("\n", 0, found.start()) + 1)
        for found in _SNIPPET.finditer(text)
    ]


@pytest.mark.parametrize("snippet", _snippets(), ids=lambda s: f"{s.place}-line-{s.line}")
def test_snippet_speaks(snippet: Snippet, server: LiveServer, tmp_path: Path) -> None:
    if snippet.place == "sh" and not shutil.which("curl"):
        pytest.skip("curl is not installed")
    done = subprocess.run(
        snippet.command(),
        env=client_environment(server, tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    with wave.open(str(tmp_path / "hello.wav")) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        Sound(samples, file.getframerate()).assert_speech("Hello from my own machine.")


def test_every_python_block_is_run() -> None:
    assert PAGE.read_text().count("```python\n") == sum(s.place != "sh" for s in _snippets())


def test_versions_are_those_of_the_lock_files() -> None:
    text = PAGE.read_text()
    for wanted in HERE.glob("*.in"):
        name, _, version = wanted.read_text().strip().partition("==")
        assert f"pip install {name}=={version}" in text
        assert f"`{name}` | {version} |" in text
