"""The pinned table, NOTICE, and finding the files."""

import json
from pathlib import Path

import pytest

from groundswell.errors import ModelUnavailable
from groundswell.synthesis.model_files import (
    Catalogue,
    ModelVariant,
    VoiceFiles,
    locate,
    model_path,
    pinned,
    prepared_dir,
    voice_path,
)

ROOT = Path(__file__).parents[2]
SMALL = Catalogue(
    "owner/model",
    "main",
    (ModelVariant("packages", "int8", 10, "a" * 64, "Apache-2.0", "here"),),
    VoiceFiles("pack", "1", "voices", "voices", 4, "Apache-2.0", "here", {"one": "", "two": ""}),
)


@pytest.fixture
def complete(tmp_path: Path) -> Path:
    """A models folder with every file of the small table."""
    folder = prepared_dir(tmp_path, "a" * 64)
    files = {name: {"size": 7, "sha256": "b" * 64} for name in ("front.onnx", "vocoder.onnx")}
    contents = {
        model_path(tmp_path): b"m" * 10,
        voice_path(tmp_path, "one"): b"1111",
        voice_path(tmp_path, "two"): b"2222",
        folder / "front.onnx": b"f" * 7,
        folder / "vocoder.onnx": b"v" * 7,
        folder / "prepared.json": json.dumps({"files": files}).encode(),
    }
    for path, content in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path


def test_the_table_is_whole() -> None:
    table = pinned()
    assert len(table.voices.sha256) == 54
    assert table.voices.size == 510 * 256 * 4
    hashes = [*table.voices.sha256.values(), *(m.sha256 for m in table.models)]
    assert len(set(hashes)) == len(hashes)
    assert all(len(h) == 64 and set(h) <= set("0123456789abcdef") for h in hashes)
    sizes = [m.size for m in table.models]
    assert len(set(sizes)) == len(sizes)  # a model file is recognised by its size
    packaged = table.variant("packages", "int8")
    assert packaged is not None
    assert sum(part.size for part in packaged.parts) == packaged.size == 92_361_271
    assert all(table.variant("hub", p) for p in ("int8", "fp16", "fp32"))


def test_notice_names_every_group_of_files_with_its_source() -> None:
    notice = (ROOT / "NOTICE").read_text()
    table = pinned()
    for group in ("kokoro/model.onnx", "front.onnx", "vocoder.onnx", "voices/*.bin"):
        assert group in notice
    sources = [part.package for model in table.models for part in model.parts]
    sources += [model.hub_path for model in table.models if model.hub_path]
    for source in [*sources, table.voices.package, table.hub_repository, "Apache-2.0", "GPL-3.0"]:
        assert source in notice


def test_no_registry_host_is_named_in_the_code() -> None:
    for path in (ROOT / "src/groundswell/synthesis").glob("*obtain*.py"):
        text = path.read_text()
        assert "pypi.org" not in text
        assert "npmjs" not in text
        assert "https://" not in text


def test_locate_finds_everything_at_once(complete: Path) -> None:
    found = locate(complete, catalogue=SMALL)
    folder = prepared_dir(complete, "a" * 64)
    assert found.model == model_path(complete)
    assert (found.front, found.vocoder) == (folder / "front.onnx", folder / "vocoder.onnx")
    assert found.voices == complete / "voices"


@pytest.mark.parametrize(
    "name",
    ["model.onnx", "one.bin", "two.bin", "front.onnx", "vocoder.onnx", "prepared.json"],
)
@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_locate_names_the_file_and_the_remedy(complete: Path, name: str, how: str) -> None:
    (path,) = complete.rglob(name)
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ModelUnavailable) as caught:
        locate(complete, catalogue=SMALL)
    assert caught.value.file == str(path)
    assert how in caught.value.problem
    assert "groundswell models pull" in str(caught.value)


@pytest.mark.parametrize("record", ["[]", "{}", '{"files": 3}', '{"files": {"front.onnx": {}}}'])
def test_a_strange_record_of_preparation_is_damage(complete: Path, record: str) -> None:
    (prepared_dir(complete, "a" * 64) / "prepared.json").write_text(record)
    with pytest.raises(ModelUnavailable, match=r"prepared\.json: damaged"):
        locate(complete, catalogue=SMALL)
