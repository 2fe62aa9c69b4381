"""A real enrolment: its own process, a real speaker, the voice that comes of it."""

import numpy as np
import psutil
import pytest
import soxr
from tests.cloning.material import needs_speakers, others, reference, tone, wav

from groundswell import Speaker
from groundswell.audio.loudness import integrated
from groundswell.audio.resample import MODEL_RATE
from groundswell.cloning.encoder import SpeakerEncoder
from groundswell.cloning.enrolment import (
    Enrolled,
    EnrolmentFailed,
    EnrolmentInterrupted,
    Listener,
    enrol,
)
from groundswell.cloning.voice_file import read_voice
from groundswell.errors import GroundswellError, InvalidInput, ModelUnavailable
from groundswell.settings import settings
from groundswell.synthesis.casting import OwnVoice
from groundswell.synthesis.model_files import speaker_encoder_path
from groundswell.synthesis.synthesise import synthesise
from groundswell.synthesis.utterance import PitchMap

PATIENCE = 3600.0  # a busy test machine may be slow
UNSEEN = "I would rather take the early train tomorrow, if there is still a seat left."

pytestmark = needs_speakers()


@pytest.fixture(scope="module")
def stages() -> list[tuple[float, str]]:
    return []


@pytest.fixture(scope="module")
def made(stages: list[tuple[float, str]]) -> Enrolled:
    return enrol(
        wav(reference("1688")),
        models_dir=settings().models_dir,
        threads=2,
        timeout=PATIENCE,
        progress=lambda done, stage: stages.append((done, stage)),
    )


def test_it_sounds_like_the_speaker_on_a_sentence_it_was_not_made_by(
    made: Enrolled, speaker: Speaker
) -> None:
    own = OwnVoice("voice_0000000000", british=False, model=read_voice(made.voice))
    pieces = synthesise(speaker.model, speaker.utterance(UNSEEN, own=own))
    speech = np.concatenate([piece.samples for piece in pieces])
    stock = speaker.speak(UNSEEN, voice="af_heart")
    encoder = SpeakerEncoder(speaker_encoder_path(settings().models_dir))
    wanted = encoder.embed(others("1688"))

    def likeness(samples: np.ndarray) -> float:
        heard = soxr.resample(samples, 24000, 16000).astype(np.float32)
        return float(encoder.embed(heard) @ wanted)

    assert likeness(speech) > 0.72  # 0.79 measured; 0.58 between strangers
    assert likeness(speech) > likeness(stock) + 0.05
    assert made.similarity > 0.72
    assert integrated(speech, MODEL_RATE) == pytest.approx(-20, abs=2)


def test_progress_only_grows(made: Enrolled, stages: list[tuple[float, str]]) -> None:
    done = [fraction for fraction, _ in stages]
    assert done == sorted(done)
    assert 0 < done[0] < done[-1] < 1


def test_what_cannot_be_used_is_refused_with_the_reason() -> None:
    with pytest.raises(InvalidInput, match="too short") as refused:
        enrol(wav(tone(0.5)), models_dir=settings().models_dir, threads=1, timeout=PATIENCE)
    assert refused.value.field == "file"


def begin(progress: Listener) -> None:
    """Enrol a speaker, with somebody who hears how far it is."""
    enrol(
        wav(reference("1688")),
        models_dir=settings().models_dir,
        threads=1,
        timeout=PATIENCE,
        progress=progress,
    )


def test_it_ends_when_its_listener_does() -> None:
    def leave(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begin(leave)


def test_a_kill_from_outside_is_told_from_a_failure() -> None:
    def kill(*_: object) -> None:
        for child in psutil.Process().children():
            if "groundswell.cloning" in child.cmdline():
                child.kill()

    with pytest.raises(EnrolmentInterrupted):
        begin(kill)


def test_it_takes_no_longer_than_it_may() -> None:
    with pytest.raises(EnrolmentFailed) as late:
        enrol(wav(reference("1688")), models_dir=settings().models_dir, threads=1, timeout=0.3)
    assert late.value.code == "voice_clone_timeout"


def test_without_the_encoder_it_says_which_file_is_missing(tmp_path: object) -> None:
    from pathlib import Path

    with pytest.raises(ModelUnavailable, match="models pull"):
        enrol(wav(tone(4)), models_dir=Path(str(tmp_path)), threads=1, timeout=PATIENCE)


def test_a_damaged_voice_is_not_spoken_with(made: Enrolled) -> None:
    for data in (b"", made.voice[: len(made.voice) // 2], b"PK\x03\x04"):
        with pytest.raises(GroundswellError, match="damaged"):
            read_voice(data)


def test_the_identity_of_pitch_changes_nothing_at_all() -> None:
    f0 = np.array([0, 5, 10, 100, 250.5], np.float32)
    assert PitchMap().apply(f0) is f0
    moved = PitchMap(1.0, float(np.log(2))).apply(f0)
    assert np.allclose(moved, [0, 5, 10, 200, 501])
