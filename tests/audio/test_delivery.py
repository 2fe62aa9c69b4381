"""From model samples to wire bytes: formats, rates, and indifference to chunking."""

import io
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.decoding import mp3_length

from groundswell.audio.encode import AUDIO_FORMATS, AudioFormat, Delivery, with_exact_header
from groundswell.audio.limit import CEILING, KNEE, limit
from groundswell.audio.resample import MODEL_RATE, Samples

RATES = (8000, 9123, 16000, 22050, 24000, 44100)


def tone(seconds: float, frequency: float = 440.0, amplitude: float = 0.5) -> Samples:
    at = np.arange(round(seconds * MODEL_RATE)) / MODEL_RATE
    return (amplitude * np.sin(2 * np.pi * frequency * at)).astype(np.float32)


def encoded(samples: Samples, audio_format: AudioFormat, rate: int, cuts: list[int]) -> bytes:
    delivery = Delivery(audio_format, rate)
    pieces = np.split(samples, sorted(min(cut, samples.size) for cut in cuts))
    return b"".join([delivery.feed(piece) for piece in pieces]) + delivery.finish()


@pytest.mark.parametrize("audio_format", AUDIO_FORMATS)
@pytest.mark.parametrize("rate", RATES)
def test_length_is_that_of_the_input(audio_format: AudioFormat, rate: int) -> None:
    audio = encoded(tone(1.0), audio_format, rate, [])
    match audio_format:
        case "pcm":
            assert len(audio) == pytest.approx(2 * rate, abs=4)
        case "wav":
            assert len(audio) == pytest.approx(2 * rate + 44, abs=4)
        case "ulaw" | "alaw":
            assert len(audio) == pytest.approx(rate, abs=2)
        case "mp3":
            # The codec pads both ends.
            assert mp3_length(audio)[1] == pytest.approx(1.0, abs=0.25)


@given(
    st.sampled_from(AUDIO_FORMATS),
    st.sampled_from(RATES),
    st.lists(st.integers(0, 12000), max_size=8),
)
def test_chunking_changes_no_byte(audio_format: AudioFormat, rate: int, cuts: list[int]) -> None:
    samples = tone(0.5)
    assert encoded(samples, audio_format, rate, cuts) == encoded(samples, audio_format, rate, [])


def test_a_tone_keeps_its_frequency_and_level() -> None:
    pcm = np.frombuffer(encoded(tone(1.0), "pcm", 8000, []), "<i2") / 32767
    spectrum = np.abs(np.fft.rfft(pcm * np.hanning(pcm.size)))
    assert np.argmax(spectrum) * 8000 / pcm.size == pytest.approx(440, abs=2)
    assert np.abs(pcm[400:-400]).max() == pytest.approx(0.5, abs=0.01)


def test_g711_decodes_to_the_signal() -> None:
    # Reference decoder after ITU-T G.711: independent of the encoder under test.
    code = ~np.frombuffer(encoded(tone(0.5), "ulaw", 8000, []), np.uint8)
    sign, exponent, mantissa = code & 0x80, (code >> 4) & 7, code & 0x0F
    magnitude = ((mantissa.astype(int) << 3) + 0x84 << exponent) - 0x84
    decoded = np.where(sign, -magnitude, magnitude) / 32768
    reference = np.frombuffer(encoded(tone(0.5), "pcm", 8000, []), "<i2") / 32768
    assert np.abs(decoded - reference).max() < 0.02


def test_wav_header_states_the_length() -> None:
    audio = with_exact_header(encoded(tone(0.25), "wav", 16000, []), 16000)
    with wave.open(io.BytesIO(audio)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16000, 1, 2)
        assert file.getnframes() == 4000


def test_the_limiter_leaves_quiet_sound_alone_and_never_clips() -> None:
    quiet = tone(0.1, amplitude=KNEE)
    assert limit(quiet) is quiet
    loud = tone(0.1, amplitude=3.0)
    limited = limit(loud)
    assert np.abs(limited).max() <= CEILING
    # Monotonic: louder in is never quieter out, so no new discontinuity can arise.
    order = np.argsort(loud)
    assert np.all(np.diff(limited[order]) >= 0)
