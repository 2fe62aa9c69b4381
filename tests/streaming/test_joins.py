"""Telephony: 20 ms frames at 8 kHz, and nothing to be heard where they meet."""

import audioop
import base64
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from groundswell import Speaker
from groundswell.audio.encode import AudioFormat, Delivery
from groundswell.audio.framing import Framer
from groundswell.audio.resample import Samples
from tests.live import LiveServer, live_server
from tests.streaming.conversation import LIVE, SPEED, conversation, spoken
from tests.streaming.test_sse import CURRENT_AUDIO, CURRENT_END, audio_in
from tests.text.prose import PROSE

TELEPHONY: tuple[AudioFormat, ...] = ("pcm", "ulaw", "alaw")
FRAME = 160
"""Samples in 20 ms at 8 kHz."""
TEXTS = 50
VOICES = {"en": "magnus", "hi": "hf_alpha", "es": "ef_dora"}

Signal = NDArray[np.int64]


@pytest.fixture(scope="module")
def speech(speaker: Speaker) -> list[list[Samples]]:
    """What the engine makes of 50 texts, in the units in which it makes it."""
    texts = [
        (language, sentence.strip())
        for language in VOICES
        for sentence in PROSE[language].replace("।", "।.").replace("?", "?.").split(".")
        if sentence.strip()
    ][:TEXTS]
    assert len({text for _, text in texts}) == TEXTS
    return [
        [
            frames.samples
            for frames in speaker.stream(
                text, voice=VOICES[language], language=language, speed=SPEED
            )
        ]
        for language, text in texts
    ]


@pytest.fixture(scope="module")
def telephone() -> Iterator[LiveServer]:
    with live_server(stream_chunk_ms=20) as running:
        yield running


def framed(units: list[Samples], audio_format: AudioFormat) -> list[bytes]:
    """Deliver units as a stream of 20 ms frames, in steps of 20 ms."""
    delivery, framer = Delivery(audio_format, 8000), Framer(audio_format, 8000, 20)
    frames: list[bytes] = []
    for unit in units:
        for at in range(0, unit.size, 480):
            frames += framer.feed(delivery.feed(unit[at : at + 480]))
    frames += framer.feed(delivery.finish())
    rest = framer.finish()
    return [*frames, rest] if rest else frames


def signal_of(encoded: bytes, audio_format: AudioFormat) -> Signal:
    match audio_format:
        case "ulaw":
            encoded = audioop.ulaw2lin(encoded, 2)
        case "alaw":
            encoded = audioop.alaw2lin(encoded, 2)
    return np.frombuffer(encoded, "<i2").astype(np.int64)


def jumps(signal: Signal, offset: int) -> NDArray[np.float64]:
    """How the step into each sample ``offset`` of a frame compares with the steps around it.

    1 means: as large as the largest of the 10 ms before and after.
    """
    steps = np.abs(np.diff(signal))
    positions = np.arange(FRAME + offset, signal.size - FRAME, FRAME)
    found = np.empty(positions.size)
    for number, position in enumerate(positions):
        at = position - 1  # the step into the sample
        around = np.concatenate([steps[at - 80 : at], steps[at + 1 : at + 81]])
        # Steps of the quantisation of near silence are no sound.
        found[number] = steps[at] / max(64, int(around.max()))
    return found


@pytest.mark.parametrize("audio_format", TELEPHONY)
def test_frames_add_up_to_the_undivided_stream(
    speech: list[list[Samples]], audio_format: AudioFormat
) -> None:
    for units in speech:
        delivery = Delivery(audio_format, 8000)
        whole = delivery.feed(np.concatenate(units)) + delivery.finish()
        frames = framed(units, audio_format)
        assert b"".join(frames) == whole
        assert {len(frame) for frame in frames[:-1]} == {
            FRAME * (2 if audio_format == "pcm" else 1)
        }


@pytest.mark.parametrize("audio_format", TELEPHONY)
def test_no_join_is_steeper_than_the_sound_around_it(
    speech: list[list[Samples]], audio_format: AudioFormat
) -> None:
    signals = [signal_of(b"".join(framed(u, audio_format)), audio_format) for u in speech]
    at_joins = np.concatenate([jumps(signal, 0) for signal in signals])
    within = np.concatenate([jumps(signal, at) for signal in signals for at in range(16, 160, 16)])
    assert at_joins.size > 1500
    assert at_joins.max() <= max(1.5, within.max())
    # Nor are joins steeper in the main: the same share of them stands out as of other places.
    assert np.mean(at_joins > 0.9) <= np.mean(within > 0.9) + 0.01
    assert np.median(at_joins) == pytest.approx(np.median(within), abs=0.02)


@pytest.mark.parametrize("height", [1500, -4000])
def test_a_click_at_the_joins_would_be_found(speech: list[list[Samples]], height: int) -> None:
    """The measure above can fail: every tenth frame is raised or lowered as a whole."""
    found, expected = 0, 0
    for units in speech:
        signal = signal_of(b"".join(framed(units, "pcm")), "pcm")
        clicked = signal.copy()
        for at in range(2 * FRAME, signal.size - 2 * FRAME, 10 * FRAME):
            clicked[at : at + FRAME] += height
            # Where the sound itself is as steep as the click, nobody would hear it either.
            steep = np.abs(np.diff(signal[at - 81 : at + 81])).max()
            expected += bool(steep < abs(height) / 3)
        found += int(np.sum(jumps(clicked, 0)[1::10] > 1.5))
    assert expected > 40
    assert found >= expected


def test_encoders_that_forget_their_state_would_be_found(speech: list[list[Samples]]) -> None:
    """Resampling each frame afresh, as a naive server does, is seen as well."""
    worst = 0.0
    for units in speech[:10]:
        whole = np.concatenate(units)
        parts = []
        for at in range(0, whole.size, 480):
            delivery = Delivery("pcm", 8000)
            part = delivery.feed(whole[at : at + 480]) + delivery.finish()
            parts.append(part.ljust(2 * FRAME, b"\0")[: 2 * FRAME])
        worst = max(worst, float(jumps(signal_of(b"".join(parts), "pcm"), 0).max()))
    assert worst > 1.5


@pytest.mark.parametrize("output_format", TELEPHONY)
def test_the_server_sends_frames_of_twenty_milliseconds(
    telephone: LiveServer, output_format: AudioFormat
) -> None:
    text = "Good night, and thank you."
    size = FRAME * (2 if output_format == "pcm" else 1)
    with conversation(telephone) as talk:
        talk.send(text, output_format=output_format)
        over_socket = [
            base64.b64decode(frame["data"]["audio"])
            for frame in talk.until()
            if frame["status"] == "chunk"
        ]
    events = telephone.speak(
        LIVE, text=text, output_format=output_format, speed=SPEED, sample_rate=8000
    ).content
    whole = spoken(telephone, text, output_format=output_format)
    for frames in (over_socket, audio_in(events, CURRENT_AUDIO, CURRENT_END)):
        assert len(frames) > 30
        assert {len(frame) for frame in frames[:-1]} == {size}
        assert 0 < len(frames[-1]) <= size
        assert b"".join(frames) == whole
