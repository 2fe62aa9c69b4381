"""What the documents say is so."""

import json
import os
import re
import subprocess
import wave
from pathlib import Path
from typing import Any

from groundswell.settings import Settings
from tests.live import LiveServer, live_server

ROOT = Path(__file__).parents[1]


def test_every_setting_is_documented_as_it_is() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    rows = dict(re.findall(r"^\| `GROUNDSWELL_(\w+)` \| [^|]* \| (.*) \|$", page, re.MULTILINE))
    assert rows == {
        name.upper(): str(field.description).replace("|", "\\|")
        for name, field in Settings.model_fields.items()
    }


def test_the_first_curl_of_the_readme_works(server: LiveServer, tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text()
    curl = re.search(r"^curl .*?\n\n", readme + "\n\n", re.MULTILINE | re.DOTALL)
    assert curl
    command = curl[0].split("```")[0]
    assert "http://localhost:8080" in command
    command = command.replace("http://localhost:8080", server.url).replace("$KEY", server.key)
    subprocess.run(["bash", "-c", command], check=True, cwd=tmp_path)
    with wave.open(str(tmp_path / "hello.wav")) as file:
        assert file.getnframes() / file.getframerate() > 0.8


def test_the_commands_about_dictionaries_work(server: LiveServer, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "dictionaries.md").read_text()
    commands = "\n".join(re.findall(r"```shell\n(.*?)```", page, re.DOTALL))
    commands = commands.replace("http://localhost:8080", server.url)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        check=True,
        cwd=tmp_path,
        env=os.environ | {"KEY": server.key},
        capture_output=True,
        text=True,
    )
    assert '"pronunciation":"my ess queue ell"' in done.stdout
    assert done.stdout.endswith('"deleted":true}')
    with wave.open(str(tmp_path / "nike.wav")) as file:
        assert file.getnframes() / file.getframerate() > 0.8


def test_the_commands_about_jobs_work(server: LiveServer, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "jobs.md").read_text()
    commands = "\n".join(re.findall(r"```shell\n(.*?)```", page, re.DOTALL))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands.replace("http://localhost:8080", server.url)],
        check=True,
        cwd=tmp_path,
        env=os.environ | {"KEY": server.key},
        capture_output=True,
        text=True,
    )
    assert "It was a bright cold day in April." in done.stdout
    assert (tmp_path / "chapter.mp3").read_bytes()[:2] == b"\xff\xfb"


def test_the_library_example_of_the_readme_works(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text()
    example = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert example
    exec(compile(example[1], "README.md", "exec"), {})


def test_links_between_documents_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_administration_walk_through_is_so(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "administration.md").read_text()
    blocks = re.findall(r"^```(sh|json)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    token, border = "a-token-for-this-test", "---- end of block ----"
    commands = "".join(f"{text}\necho; echo '{border}'\n" for kind, text in blocks if kind == "sh")
    with live_server(admin_token=token) as server:
        done = subprocess.run(
            ["bash", "-c", commands.replace("http://localhost:8080", server.url)],
            check=True,
            cwd=tmp_path,
            env=os.environ | {"GROUNDSWELL_ADMIN_TOKEN": token},
            capture_output=True,
            text=True,
        )
    answers = iter(done.stdout.split(f"\n{border}\n"))
    answer, compared = "", 0
    for kind, text in blocks:
        if kind == "sh":
            answer = next(answers)
        else:
            compared += 1
            assert_like(json.loads(answer), json.loads(text))
    assert compared >= 7
    with wave.open(str(tmp_path / "ready.wav")) as file:
        assert file.getnframes() / file.getframerate() > 0.8
    suspended = json.loads(answer)["entries"][0]
    assert (suspended["action"], suspended["after"]["suspended"]) == ("account.change", True)


_CHANGING = {
    *("id", "account_id", "created_at", "timestamp", "request_id", "key_prefix"),
    *("audio_seconds", "first_audio_ms", "latency_ms"),
}


def assert_like(answer: Any, shown: Any, name: str = "") -> None:
    """The answer is as shown; where values change from run to run, it has the same type."""
    if isinstance(shown, dict):
        assert list(answer) == list(shown)
        for key, value in shown.items():
            assert_like(answer[key], value, key)
    elif isinstance(shown, list):
        assert len(answer) == len(shown)
        for one, other in zip(answer, shown, strict=True):
            assert_like(one, other, name)
    elif name in _CHANGING:
        assert type(answer) is type(shown), name
    else:
        assert answer == shown, name
