"""What the documents say is so."""

import os
import re
import subprocess
import wave
from pathlib import Path

from groundswell.settings import Settings
from tests.live import LiveServer

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
