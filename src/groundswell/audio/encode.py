"""Encoders from float32 samples to the wire formats, each holding its own stream's state.

Formats: ``pcm`` (signed 16-bit little-endian, no header), ``wav`` (RIFF around the same),
``mp3`` (MPEG layer III by LAME), ``ulaw`` and ``alaw`` (ITU-T G.711, one byte a sample).
"""

import audioop
import struct
from typing import Literal, Protocol, get_args

import lameenc
import numpy as np

from groundswell.audio.resample import MODEL_RATE, Resampler, Samples
from groundswell.errors import InvalidInput

AudioFormat = Literal["pcm", "wav", "mp3", "ulaw", "alaw"]
AUDIO_FORMATS: tuple[AudioFormat, ...] = get_args(AudioFormat)

CONTENT_TYPES: dict[AudioFormat, str] = {
    "pcm": "audio/wav",  # as upstream labels it; clients do not read it
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "ulaw": "audio/basic",
    "alaw": "audio/alaw",
}

_MPEG_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_UNKNOWN_LENGTH = 0xFFFFFFFF


class Encoder(Protocol):
    """Turns samples at the target rate into bytes; concatenated output is one valid stream."""

    def feed(self, samples: Samples) -> bytes:
        """Encode samples [n]; may hold some back."""

    def finish(self) -> bytes:
        """Return what was held back. Nothing may be fed afterwards."""


def to_int16(samples: Samples) -> bytes:
    """Round samples [n] in -1..1 to signed 16-bit little-endian, saturating."""
    scaled = np.clip(np.rint(samples * 32767.0), -32768, 32767)
    return bytes(scaled.astype("<i2").tobytes())


class PcmEncoder:
    """Raw signed 16-bit little-endian samples."""

    def feed(self, samples: Samples) -> bytes:
        """Encode samples [n] to 2n bytes."""
        return to_int16(samples)

    def finish(self) -> bytes:
        """Nothing is held back."""
        return b""


class WavEncoder:
    """A RIFF header of unknown length, then PCM: a WAV that can be sent before it is complete.

    ``wav_file`` makes the header exact once the whole is known.
    """

    def __init__(self, sample_rate: int) -> None:
        self._header = wav_header(sample_rate, None)

    def feed(self, samples: Samples) -> bytes:
        """Encode samples [n]; the first call puts the header in front."""
        header, self._header = self._header, b""
        return header + to_int16(samples)

    def finish(self) -> bytes:
        """Return the header if nothing was ever fed."""
        return self._header


class Mp3Encoder:
    """MPEG layer III, mono, constant bit rate; other rates than MPEG's are raised to the next."""

    def __init__(self, sample_rate: int) -> None:
        out_rate = next((rate for rate in _MPEG_RATES if rate >= sample_rate), _MPEG_RATES[-1])
        encoder = lameenc.Encoder()
        encoder.set_channels(1)
        encoder.set_in_sample_rate(sample_rate)
        encoder.set_out_sample_rate(out_rate)
        encoder.set_bit_rate(128 if out_rate >= 32000 else 64 if out_rate >= 16000 else 32)
        encoder.set_quality(5)
        encoder.silence()
        self._encoder = encoder

    def feed(self, samples: Samples) -> bytes:
        """Encode samples [n]; up to two frames are held back."""
        return bytes(self._encoder.encode(to_int16(samples)))

    def finish(self) -> bytes:
        """Return the last frames."""
        return bytes(self._encoder.flush())


class UlawEncoder:
    """G.711 mu-law."""

    def feed(self, samples: Samples) -> bytes:
        """Encode samples [n] to n bytes."""
        return audioop.lin2ulaw(to_int16(samples), 2)

    def finish(self) -> bytes:
        """Nothing is held back."""
        return b""


class AlawEncoder:
    """G.711 A-law."""

    def feed(self, samples: Samples) -> bytes:
        """Encode samples [n] to n bytes."""
        return audioop.lin2alaw(to_int16(samples), 2)

    def finish(self) -> bytes:
        """Nothing is held back."""
        return b""


class Delivery:
    """The whole way from model-rate samples to wire bytes of one stream: resample, then encode."""

    def __init__(self, audio_format: AudioFormat, sample_rate: int) -> None:
        self._resampler = Resampler(MODEL_RATE, sample_rate)
        self._encoder = encoder_for(audio_format, sample_rate)

    def feed(self, samples: Samples) -> bytes:
        """Take model-rate samples [n], return the bytes that are ready."""
        return self._encoder.feed(self._resampler.feed(samples))

    def finish(self) -> bytes:
        """Return everything still held back."""
        return self._encoder.feed(self._resampler.finish()) + self._encoder.finish()


def encoder_for(audio_format: AudioFormat, sample_rate: int) -> Encoder:
    """Make the encoder of a format.

    Raises:
        InvalidInput: the format is not one of ``AUDIO_FORMATS``.
    """
    match audio_format:
        case "pcm":
            return PcmEncoder()
        case "wav":
            return WavEncoder(sample_rate)
        case "mp3":
            return Mp3Encoder(sample_rate)
        case "ulaw":
            return UlawEncoder()
        case "alaw":
            return AlawEncoder()
    raise InvalidInput(f"Unknown output format {audio_format!r}.", field="output_format")


def wav_header(sample_rate: int, data_bytes: int | None) -> bytes:
    """Return the 44-byte RIFF header of mono 16-bit PCM; ``None`` means length unknown yet."""
    data_size = _UNKNOWN_LENGTH if data_bytes is None else data_bytes
    riff_size = _UNKNOWN_LENGTH if data_bytes is None else data_bytes + 36
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", riff_size, b"WAVE", b"fmt ", 16, 1, 1),
        *(sample_rate, sample_rate * 2, 2, 16, b"data", data_size),
    )


def with_exact_header(wav: bytes, sample_rate: int) -> bytes:
    """Replace the header of a complete streamed WAV by one that states its length."""
    return wav_header(sample_rate, len(wav) - 44) + wav[44:]
