"""Recordings for tests: real speakers where the fixtures are, and faults made on purpose."""

import io
import os
import wave
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from groundswell.audio.decode import decode

RATE = 16000
SPEAKERS = ("1688", "2414", "2609", "3080")
_FIXTURES = Path(os.environ.get("GROUNDSWELL_TEST_FIXTURES", "/work/shared/fixtures"))
_SPEECH = _FIXTURES / "librispeech"

Float32 = NDArray[np.float32]


def needs_speakers() -> pytest.MarkDecorator:
    """Skip, by name, where the recordings are not."""
    return pytest.mark.skipif(
        not _SPEECH.is_dir(), reason=f"no LibriSpeech recordings at {_SPEECH}"
    )


@cache
def utterances(speaker: str) -> tuple[Float32, ...]:
    """A speaker's utterances, at 16 kHz."""
    files = sorted((_SPEECH / speaker).glob("*.flac"))
    return tuple(decode(file.read_bytes(), rate=RATE, longest=60).samples for file in files)


def reference(speaker: str, seconds: float = 15) -> Float32:
    """So many seconds of the first utterances."""
    return np.concatenate(utterances(speaker))[: int(seconds * RATE)]


def others(speaker: str, seconds: float = 40) -> Float32:
    """So many seconds of the last utterances."""
    return np.concatenate(utterances(speaker))[-int(seconds * RATE) :]


def wav(samples: Float32, rate: int = RATE, channels: int = 1) -> bytes:
    """A WAV file of 16 bits, the same on every channel."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        pcm = (np.clip(samples, -1, 1) * 32767).astype("<i2")
        file.writeframes(np.repeat(pcm, channels).tobytes())
    return buffer.getvalue()


def encoded(samples: Float32, container: str, codec: str, rate: int = 48000) -> bytes:
    """A file of another format, at 48 kHz unless said otherwise."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as file:
        stream: Any = file.add_stream(codec, rate=rate)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(
            (np.clip(samples, -1, 1) * 32767).astype("<i2")[None], format="s16", layout="mono"
        )
        frame.sample_rate = RATE
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=rate)
        fifo: Any = av.AudioFifo()
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            fifo.write(piece)
        size = stream.codec_context.frame_size or 1024
        while (piece := fifo.read(size)) or (piece := fifo.read()):
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return buffer.getvalue()


def video(samples: Float32 | None) -> bytes:
    """A second of grey film as MP4, with sound or without."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as file:
        pictures: Any = file.add_stream("mpeg4", rate=10)
        pictures.width = pictures.height = 64
        pictures.pix_fmt = "yuv420p"
        sound: Any = file.add_stream("aac", rate=RATE) if samples is not None else None
        if sound is not None:
            sound.layout = "mono"
        for _ in range(10):
            file.mux(pictures.encode(av.VideoFrame(64, 64, "yuv420p")))
        file.mux(pictures.encode(None))
        if samples is not None and sound is not None:
            frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
            frame.sample_rate = RATE
            fifo: Any = av.AudioFifo()
            fifo.write(frame)
            while (piece := fifo.read(1024)) or (piece := fifo.read()):
                file.mux(sound.encode(piece))
            file.mux(sound.encode(None))
    return buffer.getvalue()


def tone(seconds: float, frequency: float = 220.0) -> Float32:
    """A buzz of five harmonics."""
    t = np.arange(int(seconds * RATE)) / RATE
    parts = [0.2 / k * np.sin(2 * np.pi * frequency * k * t) for k in range(1, 6)]
    return np.asarray(np.sum(parts, axis=0), np.float32)


def melody(seconds: int) -> Float32:
    """Three notes a second."""
    choose = np.random.default_rng(4)
    notes = [220 * 2 ** (choose.integers(0, 12) / 12) for _ in range(seconds * 3)]
    return np.concatenate([tone(1 / 3, note) * np.hanning(RATE // 3) for note in notes]).astype(
        np.float32
    )


def noise(size: int, decibels: float) -> Float32:
    """White noise of a root mean square level in dBFS."""
    samples = np.random.default_rng(5).standard_normal(size)
    return np.asarray(samples * 10 ** (decibels / 20), np.float32)
