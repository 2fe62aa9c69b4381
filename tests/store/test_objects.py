"""Objects come back as they were put, whole and in parts, plain and encrypted."""

import secrets
from pathlib import Path

import pytest

from groundswell.errors import InvalidInput, NotFound, ObjectUnreadable
from groundswell.store.objects import CHUNK, Objects

SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7]
SECRET = "a secret of thirty-two characters"


@pytest.fixture(params=[None, SECRET], ids=["plain", "encrypted"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    return Objects(tmp_path / "objects", secret=request.param)


@pytest.mark.parametrize("size", SIZES)
def test_what_was_put_comes_back(objects: Objects, size: int) -> None:
    data = secrets.token_bytes(size)
    objects.put("jobs/one/speech.wav", data)
    assert objects.size("jobs/one/speech.wav") == size
    assert objects.get("jobs/one/speech.wav") == data
    for start, end in ((0, 1), (1, 5), (CHUNK - 2, CHUNK + 2), (size // 2, None), (size, None)):
        assert b"".join(objects.read("jobs/one/speech.wav", start, end)) == data[start:end]


def test_objects_are_listed_and_deleted(objects: Objects) -> None:
    for name in ("jobs/one/a", "jobs/one/pieces/1", "jobs/two/a"):
        objects.put(name, b"x")
    assert objects.list("jobs/one") == ["jobs/one/a", "jobs/one/pieces/1"]
    objects.delete("jobs/one/a")
    objects.delete("jobs/one/a")
    objects.delete_all("jobs/two")
    assert objects.list("jobs") == ["jobs/one/pieces/1"]
    with pytest.raises(NotFound):
        objects.size("jobs/one/a")


def test_a_half_written_object_does_not_exist(objects: Objects, tmp_path: Path) -> None:
    class Failure(Exception):
        pass

    def write_half() -> None:
        with objects.writer("jobs/one/a") as writer:
            writer.write(b"half")
            raise Failure

    with pytest.raises(Failure):
        write_half()
    assert objects.list("jobs") == []
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


@pytest.mark.parametrize(
    "key", ["../secret", "/etc/passwd", "a/../b", "a//b", "", ".hidden", "a/.b", "a\\b", "a#1"]
)
def test_a_key_that_is_a_trick_is_refused(objects: Objects, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        objects.put(key, b"x")
    with pytest.raises(ValueError, match="not a key"):
        objects.get(key)


def test_encrypted_objects_need_their_secret_and_all_of_their_bytes(tmp_path: Path) -> None:
    data = secrets.token_bytes(3 * CHUNK)
    Objects(tmp_path, secret=SECRET).put("voices/one", data)
    stored = tmp_path / "voices" / "one.sealed"
    sealed = stored.read_bytes()
    assert data[:64] not in sealed
    for other in (None, SECRET + "!"):
        with pytest.raises(ObjectUnreadable, match="GROUNDSWELL_OBJECT_KEY"):
            Objects(tmp_path, secret=other).get("voices/one")
    half = (len(sealed) - 23) // 3
    for damaged in (
        sealed[:-1],  # cut
        sealed[: 23 + half],  # cut between chunks
        sealed[:100] + bytes([sealed[100] ^ 1]) + sealed[101:],
        sealed[:23] + sealed[23 + half : 23 + 2 * half] + sealed[23 : 23 + half] + sealed[-half:],
    ):
        stored.write_bytes(damaged)
        with pytest.raises(ObjectUnreadable):
            Objects(tmp_path, secret=SECRET).get("voices/one")
    stored.write_bytes(sealed)
    stored.rename(tmp_path / "voices" / "two.sealed")
    with pytest.raises(ObjectUnreadable):
        Objects(tmp_path, secret=SECRET).get("voices/two")


def test_what_was_put_before_there_was_a_secret_is_read(tmp_path: Path) -> None:
    Objects(tmp_path).put("jobs/a", b"plain")
    assert Objects(tmp_path, secret=SECRET).get("jobs/a") == b"plain"


def test_a_url_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="GROUNDSWELL_OBJECT_URL"):
        Objects(tmp_path, url="ftp://example.org/x")
