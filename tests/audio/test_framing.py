"""Cutting bytes into chunks of equal length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.audio.encode import AudioFormat
from groundswell.audio.framing import Framer


def cut(framer: Framer, parts: list[bytes]) -> list[bytes]:
    chunks = [chunk for part in parts for chunk in framer.feed(part)]
    rest = framer.finish()
    return [*chunks, rest] if rest else chunks


@pytest.mark.parametrize(
    ("audio_format", "rate", "milliseconds", "size"),
    [
        ("pcm", 8000, 20, 320),
        ("ulaw", 8000, 20, 160),
        ("alaw", 8000, 20, 160),
        ("wav", 24000, 200, 9600),
        ("pcm", 44100, 200, 17640),
        ("pcm", 44100, 25, 2204),  # 1102.5 samples: a sample is never halved
        ("pcm", 11025, 20, 440),
    ],
)
def test_sizes(audio_format: AudioFormat, rate: int, milliseconds: int, size: int) -> None:
    framer = Framer(audio_format, rate, milliseconds)
    chunks = cut(framer, [bytes(size * 3 + 5)])
    assert [len(chunk) for chunk in chunks] == [size, size, size, 5]


def test_a_full_last_chunk_leaves_no_empty_one() -> None:
    assert cut(Framer("ulaw", 8000, 20), [bytes(320)]) == [bytes(160), bytes(160)]
    assert cut(Framer("ulaw", 8000, 20), []) == []


def test_mp3_is_passed_on_as_it_comes() -> None:
    assert cut(Framer("mp3", 8000, 20), [b"abc", b"", b"d"]) == [b"abc", b"d"]


@given(st.lists(st.binary(max_size=700), max_size=20))
def test_nothing_is_lost_however_it_arrives(parts: list[bytes]) -> None:
    chunks = cut(Framer("ulaw", 8000, 20), parts)
    assert b"".join(chunks) == b"".join(parts)
    assert all(len(chunk) == 160 for chunk in chunks[:-1])
    assert all(0 < len(chunk) <= 160 for chunk in chunks[-1:])
