"""A recording in any common format to samples, judged by its content and never by its name.

The container is recognised by its first bytes and FFmpeg (PyAV) is held to it: left to guess, it
would also follow playlists that name other files and addresses. Decoding is foreign code at
work on foreign bytes: do it in a process that may die.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from av.audio.resampler import AudioResampler

from groundswell.audio.resample import Samples
from groundswell.errors import InvalidInput

FORMATS = "WAV, MP3, M4A, WebM, Ogg or FLAC"


@dataclass(frozen=True, slots=True)
class Recording:
    """Decoded speech.

    Attributes:
        samples: [n] float32, mono.
        rate: samples per second, as asked for.
        original_rate: samples per second in the file.
    """

    samples: Samples
    rate: int
    original_rate: int


def container_of(head: bytes) -> str | None:
    """Name the container that a file begins as, in FFmpeg's words; None if it is none of ours.

    Args:
        head: the first bytes, at least 12 of them if there are as many.
    """
    if head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE":
        return "wav"
    for magic, name in ((b"fLaC", "flac"), (b"OggS", "ogg"), (b"\x1aE\xdf\xa3", "matroska")):
        if head.startswith(magic):
            return name
    if head[4:8] == b"ftyp":
        return "mov"
    # An ID3 tag, or the sync word of an MPEG-1/2 layer III frame.
    if head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] and head[1] & 0xE6 == 0xE2):
        return "mp3"
    return None


def decode(data: bytes, *, rate: int, longest: float) -> Recording:
    """Decode the first sound track of a file; other tracks are not looked at.

    Args:
        data: the file.
        rate: samples per second wanted.
        longest: seconds; more than that is refused as soon as it is found.

    Raises:
        InvalidInput: no known format, no sound in it, damaged, or too long.
    """
    container = container_of(data[:16])
    if container is None:
        raise InvalidInput(f"The file is no audio that can be read: send {FORMATS}.", field="file")
    try:
        with av.open(io.BytesIO(data), format=container) as file:
            if not file.streams.audio:
                raise InvalidInput("The file holds no sound.", field="file")
            track = file.streams.audio[0]
            original = int(track.codec_context.sample_rate or 0)
            pieces, size = [], 0
            for piece in _pieces(file, track, rate):
                pieces.append(piece)
                size += piece.size
                if size > longest * rate:
                    raise InvalidInput(
                        f"The recording is longer than {longest:g} seconds: cut it.", field="file"
                    )
    except (av.FFmpegError, ValueError, OverflowError, MemoryError) as error:
        raise InvalidInput(
            f"The file begins as {container} but cannot be decoded: it is damaged or cut off.",
            field="file",
        ) from error
    samples = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
    if not samples.size:
        raise InvalidInput("The file holds no sound.", field="file")
    return Recording(np.nan_to_num(samples, posinf=0.0, neginf=0.0), rate, original)


def _pieces(file: Any, track: Any, rate: int) -> Iterator[Samples]:
    resampler = AudioResampler(format="flt", layout="mono", rate=rate)
    decoded = _until_damaged(file.decode(track))
    for frame in decoded:
        frame.pts = None  # gaps and jumps of time stamps are of no interest
        for made in resampler.resample(frame):
            yield made.to_ndarray().astype(np.float32).reshape(-1)
    for made in resampler.resample(None):
        yield made.to_ndarray().astype(np.float32).reshape(-1)


def _until_damaged(frames: Iterator[Any]) -> Iterator[Any]:
    """The frames up to the first that cannot be read; if that is the very first, its error."""
    some = False
    while True:
        try:
            frame = next(frames, None)
        except av.FFmpegError:
            if not some:
                raise
            return
        if frame is None:
            return
        some = True
        yield frame
