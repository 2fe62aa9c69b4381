"""``groundswell models``: what a person and a script see."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from groundswell.cli.models import app
from groundswell.errors import ModelUnavailable
from groundswell.settings import settings
from groundswell.synthesis import obtain
from groundswell.synthesis.obtain import FileReport, Progress

WHOLE = FileReport("kokoro/model.onnx", 1234567, "a" * 64, "ok", "", "Apache-2.0", "hub")
GONE = FileReport("voices/one.bin", None, None, "missing", "missing", "Apache-2.0", "npm")


@pytest.fixture
def models_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GROUNDSWELL_MODELS_DIR", str(tmp_path))
    settings.cache_clear()
    monkeypatch.setattr(obtain, "verify", lambda _: [WHOLE])
    return tmp_path


def invoke(*arguments: str) -> Any:
    result = CliRunner().invoke(app, arguments)
    settings.cache_clear()
    return result


@pytest.mark.usefixtures("models_dir")
def test_verify_lists_file_size_hash_and_licence() -> None:
    result = invoke("verify")
    assert result.exit_code == 0
    _, line = result.stdout.splitlines()
    assert line.split() == [
        "kokoro/model.onnx", "ok", "1,234,567", "a" * 64, "Apache-2.0", "hub",
    ]  # fmt: skip
    assert result.stderr == ""


@pytest.mark.usefixtures("models_dir")
def test_verify_fails_and_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(obtain, "verify", lambda _: [WHOLE, GONE])
    result = invoke("verify")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "voices/one.bin: missing",
        "Run 'groundswell models pull' to mend this.",
    ]
    result = invoke("verify", "--json")
    assert result.exit_code == 1
    assert [entry["state"] for entry in json.loads(result.stdout)] == ["ok", "missing"]


def test_verify_of_an_empty_folder_is_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDSWELL_MODELS_DIR", str(tmp_path / "none"))
    settings.cache_clear()
    result = invoke("verify")
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert (
        len(result.stdout.splitlines()) == 1 + 57
    )  # the heading, model, record, 54 voices, encoder


def test_pull_passes_its_options_and_prints_plain_lines(
    models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, Any] = {}

    def pull(folder: Path, **options: Any) -> None:
        seen.update(options, folder=folder)
        for done in (0, 1, 2):
            options["progress"](Progress("voices: one", done, 2))
        options["progress"](Progress("all model files are in place", 2, 2))

    monkeypatch.setattr(obtain, "pull", pull)
    result = invoke("pull", "--source", "hub", "--precision", "fp16")
    assert result.exit_code == 0, result.output
    assert (seen["folder"], seen["source"], seen["precision"]) == (models_dir, "hub", "fp16")
    assert seen["hub_url"].startswith("https://")
    assert result.stderr.splitlines() == ["voices: one", "all model files are in place"]
    assert str(models_dir) in result.stdout


@pytest.mark.usefixtures("models_dir")
def test_pull_tells_an_error_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def pull(_: Path, **__: Any) -> None:
        raise ModelUnavailable("voices/one.bin", "npm said\nno", "Install Node.js.")

    monkeypatch.setattr(obtain, "pull", pull)
    result = invoke("pull")
    assert result.exit_code == 1
    assert result.stderr == "Error: voices/one.bin: npm said no. Install Node.js.\n"
    assert result.stdout == ""


@pytest.mark.usefixtures("models_dir")
def test_packages_have_no_fp32_and_say_so() -> None:
    result = invoke("pull", "--precision", "fp32")
    assert result.exit_code == 1
    assert "--source hub" in result.stderr.splitlines()[-1]
