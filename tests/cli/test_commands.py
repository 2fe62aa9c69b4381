"""The command line: what it prints, and how it ends."""

import io
import json
import os
import subprocess
import sys
import wave
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from groundswell.cli import main
from groundswell.settings import settings


def run(*words: str, data_dir: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a process."""
    environment = os.environ | env
    if data_dir:
        environment["GROUNDSWELL_DATA_DIR"] = str(data_dir)
    return subprocess.run(
        [sys.executable, "-m", "groundswell", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def invoke(
    *words: str, data_dir: Path | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """The same in this process, which has loaded all of it already."""
    if data_dir:
        env["GROUNDSWELL_DATA_DIR"] = str(data_dir)
    out, err, status = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["groundswell", *words])
        for name, value in env.items():
            patch.setenv(name, value)
        settings.cache_clear()
        try:
            main()
        except SystemExit as left:
            status = int(left.code or 0)
        finally:
            settings.cache_clear()
    return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())


def test_keys_live_and_die(tmp_path: Path) -> None:
    made = run("keys", "create", "--name", "app", data_dir=tmp_path)
    key = made.stdout
    assert key.startswith("sk_")
    assert key.endswith("\n")
    assert made.stdout.count("\n") == 1
    listed = invoke("keys", "list", data_dir=tmp_path).stdout
    assert "app" in listed
    assert "active" in listed
    assert key.strip() not in listed
    rotated = invoke("keys", "rotate", "app", data_dir=tmp_path).stdout
    assert rotated.startswith("sk_")
    assert rotated != key
    assert invoke("keys", "revoke", "app", data_dir=tmp_path).returncode == 0
    assert "revoked" in invoke("keys", "list", data_dir=tmp_path).stdout
    again = invoke("keys", "revoke", "app", data_dir=tmp_path)
    assert again.returncode == 1
    assert again.stderr.startswith("groundswell: No active key matches")


def test_limits_given_at_creation_are_shown(tmp_path: Path) -> None:
    made = invoke("keys", "create", "--name", "a", "--rate-limit", "61", data_dir=tmp_path)
    assert made.stdout.startswith("sk_")
    assert made.stderr == ""
    assert "61" in invoke("keys", "show", "a", data_dir=tmp_path).stdout


def test_voices_are_listed() -> None:
    table = invoke("voices", "list", "--language", "es")
    assert "camilla" in table.stdout
    voices = json.loads(invoke("voices", "list", "--json").stdout)
    assert {"magnus", "af_heart", "meher"} <= {voice["id"] for voice in voices}
    assert invoke("voices", "list", "--language", "xx").returncode == 1


def test_say_writes_what_is_asked_for(tmp_path: Path) -> None:
    wav = tmp_path / "hello.wav"
    said = invoke(
        "say", "Hello there.", "-o", str(wav), "--voice", "magnus", "--sample-rate", "16000"
    )
    assert said.returncode == 0, said.stderr
    with wave.open(str(wav)) as file:
        assert file.getframerate() == 16000
        assert 0.3 < file.getnframes() / 16000 < 3
    ulaw = tmp_path / "hello.raw"
    assert (
        invoke("say", "Hola.", "-o", str(ulaw), "--format", "ulaw", "--language", "es").returncode
        == 0
    )
    assert ulaw.stat().st_size > 4000


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["say", "Hi.", "-o", "x.wav", "--voice", "nobody"], "Unknown voice 'nobody'"),
        (["say", "Hi.", "-o", "x.flac"], "Unknown format 'flac'"),
        (["say", "Hi.", "-o", "/nowhere/x.wav"], "No such file"),
        (["say", "", "-o", "x.wav"], "text"),
    ],
)
def test_mistakes_are_one_line(words: list[str], message: str) -> None:
    failed = invoke(*words)
    assert failed.returncode == 1
    assert message in failed.stderr
    assert failed.stderr.count("\n") == 1


def test_serving_without_models_names_file_and_remedy(tmp_path: Path) -> None:
    failed = run("serve", "--port", "0", data_dir=tmp_path, GROUNDSWELL_MODELS_DIR=str(tmp_path))
    assert failed.returncode == 1
    assert "groundswell models pull" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_bad_settings_are_named(tmp_path: Path) -> None:
    failed = run("serve", data_dir=tmp_path, GROUNDSWELL_MAX_TEXT_CHARS="many")
    assert failed.returncode == 1
    assert "GROUNDSWELL_MAX_TEXT_CHARS" in failed.stderr
    assert "Traceback" not in failed.stderr
