"""What a reference must be, on real speakers and on faults made of them (docs/cloning.md)."""

from collections.abc import Callable

import numpy as np
import pytest
from tests.cloning.material import (
    RATE,
    SPEAKERS,
    Float32,
    melody,
    needs_speakers,
    noise,
    reference,
    tone,
    utterances,
    wav,
)

from groundswell.cloning.encoder import SpeakerEncoder
from groundswell.cloning.reference import closeness_of_halves, examine
from groundswell.errors import InvalidInput
from groundswell.settings import settings
from groundswell.synthesis.model_files import speaker_encoder_path


@pytest.fixture(scope="module")
def encoder() -> SpeakerEncoder:
    return SpeakerEncoder(speaker_encoder_path(settings().models_dir))


def level(samples: Float32) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(samples.astype(float) ** 2))))


@needs_speakers()
@pytest.mark.parametrize("speaker", SPEAKERS)
def test_a_clear_recording_of_one_speaker_passes_without_a_word(
    encoder: SpeakerEncoder, speaker: str
) -> None:
    found = examine(wav(reference(speaker)), encoder)
    assert found.warnings == ()
    assert 8 < found.seconds <= 15
    hertz = np.exp(found.pitch.mean)
    # 1688 and 3080 are women.
    assert (150 < hertz < 260) if speaker in {"1688", "3080"} else (90 < hertz < 150)


def two_in_turn() -> Float32:
    return np.concatenate(
        [reference("2414", 6), reference("3080", 6), reference("2414", 12)[96000:]]
    )


FAULTS: dict[str, tuple[Callable[[], Float32], str]] = {
    "half a second": (lambda: reference("1688", 0.5), "too short"),
    "whisper from afar": (lambda: reference("1688") * 0.002, "too quiet"),
    "overdriven": (lambda: np.clip(reference("1688") * 8, -1, 1), "clipped"),
    "two in turn": (two_in_turn, "several speakers"),
    "two halves": (
        lambda: np.concatenate([reference("1688", 8), reference("3080", 8)]),
        "several speakers",
    ),
    "mostly silence": (
        lambda: np.concatenate([reference("3080", 2), noise(20 * RATE, -75)]),
        "mostly silence",
    ),
    "noise as loud as the voice": (
        lambda: reference("1688") + noise(15 * RATE, level(reference("1688"))),
        "too noisy",
    ),
    "melody": (lambda: melody(10), "music or a tone"),
    "tone": (lambda: tone(10), "music or a tone"),
    "hiss": (lambda: noise(10 * RATE, -20), "without speech"),
    "silence": (lambda: np.zeros(10 * RATE, np.float32), "too quiet"),
}


@needs_speakers()
@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_named_and_say_what_to_do(encoder: SpeakerEncoder, fault: str) -> None:
    make, said = FAULTS[fault]
    with pytest.raises(InvalidInput, match=said) as refused:
        examine(wav(make()), encoder)
    assert refused.value.message.count(".") >= 2, "a remedy follows"


@needs_speakers()
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: reference("3080", 6), "Only"),
        (lambda: reference("1688") * 0.04, "quiet"),
        (lambda: reference("1688") + noise(15 * RATE, level(reference("1688")) - 10), "noise"),
    ],
    ids=["short", "quiet", "some noise"],
)
def test_what_would_clone_better_is_said(
    encoder: SpeakerEncoder, make: Callable[[], Float32], said: str
) -> None:
    warnings = examine(wav(make()), encoder).warnings
    assert len(warnings) == 1
    assert said in warnings[0]


@needs_speakers()
def test_a_telephone_is_noticed(encoder: SpeakerEncoder) -> None:
    warnings = examine(wav(reference("1688")[::2], rate=8000), encoder).warnings
    assert any("8000 Hz" in warning for warning in warnings)


@needs_speakers()
@pytest.mark.parametrize("speaker", SPEAKERS)
def test_one_speaker_is_never_taken_for_two(encoder: SpeakerEncoder, speaker: str) -> None:
    for utterance in utterances(speaker)[-4:]:
        if utterance.size > 3 * RATE:
            assert closeness_of_halves(encoder.partials(utterance)) > 0.75


def test_partials_that_are_all_alike_are_one_group() -> None:
    assert closeness_of_halves(np.tile(np.eye(1, 256, dtype=np.float32), (5, 1))) == 1.0
