"""Uploads by their content: every format that is offered, and what people send instead."""

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cloning.material import RATE, encoded, tone, video, wav

from groundswell.audio.decode import container_of, decode
from groundswell.errors import InvalidInput

SOUND = tone(3.0)


def read(data: bytes, longest: float = 60) -> np.ndarray:
    return decode(data, rate=RATE, longest=longest).samples


@pytest.mark.parametrize(
    ("container", "codec"),
    [
        ("mp3", "libmp3lame"),
        ("ipod", "aac"),
        ("webm", "libopus"),
        ("ogg", "libopus"),
        ("flac", "flac"),
        ("wav", "pcm_s16le"),
    ],
)
def test_formats(container: str, codec: str) -> None:
    samples = read(encoded(SOUND, container, codec))
    assert samples.dtype == np.float32
    assert samples.size == pytest.approx(SOUND.size, abs=0.15 * RATE)
    middle = samples[RATE : 2 * RATE]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(middle.size)))
    assert abs(int(spectrum.argmax()) - 220) <= 2


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (44100, 2), (48000, 8), (96000, 1)])
def test_rates_and_channels_become_one(rate: int, channels: int) -> None:
    data = wav(
        np.interp(np.arange(3 * rate) / rate, np.arange(SOUND.size) / RATE, SOUND).astype(
            np.float32
        ),
        rate,
        channels,
    )
    recording = decode(data, rate=RATE, longest=60)
    assert recording.original_rate == rate
    assert recording.samples.size == pytest.approx(SOUND.size, abs=200)


def test_the_sound_of_a_film_is_used() -> None:
    assert read(video(SOUND)).size == pytest.approx(SOUND.size, abs=0.15 * RATE)


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("voice.wav", wav(SOUND))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        _zip(),
        b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/secret\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"<?xml version='1.0'?><MPD></MPD>",
        b"RIFF\x10\x00\x00\x00AVI LIST",
        b"%PDF-1.7 hello",
    ],
)
def test_what_is_no_audio_is_refused_by_its_content(data: bytes) -> None:
    assert container_of(data[:16]) is None
    with pytest.raises(InvalidInput, match="no audio"):
        read(data)


def test_a_film_without_sound_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no sound"):
        read(video(None))


def test_a_long_recording_is_refused_before_all_of_it_is_decoded() -> None:
    with pytest.raises(InvalidInput, match="longer than 60 seconds"):
        read(encoded(np.zeros(600 * RATE, np.float32), "mp3", "libmp3lame", rate=16000))


def test_a_header_alone_is_refused() -> None:
    with pytest.raises(InvalidInput):
        read(wav(SOUND)[:44])


def test_a_recording_that_was_cut_off_gives_what_is_there() -> None:
    data = wav(SOUND)
    assert read(data[: len(data) // 2]).size == pytest.approx(SOUND.size / 2, abs=RATE / 10)


HEADS = (b"RIFF\x00\x00\x00\x00WAVE", b"fLaC", b"OggS", b"\x1aE\xdf\xa3", b"\x00\x00\x00 ftypM4A ")


@given(head=st.sampled_from((*HEADS, b"ID3", b"\xff\xfb")), rest=st.binary(max_size=600))
def test_garbage_behind_a_good_beginning_never_does_worse_than_a_refusal(
    head: bytes, rest: bytes
) -> None:
    try:
        samples = read(head + rest)
    except InvalidInput:
        return
    assert np.isfinite(samples).all()
