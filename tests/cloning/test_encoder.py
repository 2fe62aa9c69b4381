"""The speaker encoder against the original, and the reader of its weights against bad files."""

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from tests.cloning.material import RATE, Float32, needs_speakers, others, reference

from groundswell.cloning.encoder import SpeakerEncoder
from groundswell.cloning.torch_file import read_state
from groundswell.errors import ModelUnavailable
from groundswell.settings import settings
from groundswell.synthesis.model_files import speaker_encoder_path

# What Resemblyzer 0.1.4 on PyTorch 2.13 gives for the signal below, at -30 dBFS.
ORIGINAL = np.load(Path(__file__).with_name("resemblyzer.npz"))


@pytest.fixture(scope="module")
def encoder() -> SpeakerEncoder:
    return SpeakerEncoder(speaker_encoder_path(settings().models_dir))


def signal() -> Float32:
    t = np.arange(56000) / RATE
    phase = 2 * np.pi * np.cumsum(140 + 40 * np.sin(2 * np.pi * 0.7 * t)) / RATE
    buzz = np.sum([np.sin(k * phase) / k for k in range(1, 20)], axis=0)
    hiss = 0.02 * np.random.default_rng(11).standard_normal(t.size)
    loudness = 0.6 + 0.4 * np.sin(2 * np.pi * 3 * t)
    return np.asarray((buzz * loudness + hiss) * 0.1, np.float32)


def test_it_gives_what_the_original_gives(encoder: SpeakerEncoder) -> None:
    assert np.abs(encoder.partials(signal()) - ORIGINAL["partials"]).max() < 1e-4
    assert np.abs(encoder.embed(signal()) - ORIGINAL["embedding"]).max() < 1e-4


def test_loudness_does_not_matter(encoder: SpeakerEncoder) -> None:
    assert np.allclose(
        encoder.embed(signal()), encoder.embed(signal() * np.float32(0.05)), atol=1e-5
    )


@pytest.mark.parametrize("size", [1, 100, 25600, 25601, 40000])
def test_recordings_of_any_length(encoder: SpeakerEncoder, size: int) -> None:
    embedding = encoder.embed(signal()[:size])
    assert embedding.shape == (256,)
    assert np.linalg.norm(embedding) == pytest.approx(1, abs=1e-5)


@needs_speakers()
def test_it_knows_people(encoder: SpeakerEncoder) -> None:
    one, same = encoder.embed(reference("1688")), encoder.embed(others("1688"))
    other = encoder.embed(others("2609"))
    assert one @ same > 0.9
    assert one @ other < 0.7


class _Trap:
    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)

    def __init__(self, path: Path) -> None:
        self.path = path


def test_a_file_that_would_run_something_is_refused(tmp_path: Path) -> None:
    file, trace = tmp_path / "weights.pt", tmp_path / "ran"
    file.write_bytes(pickle.dumps(_Trap(trace), protocol=2))
    with pytest.raises(ModelUnavailable, match="damaged"):
        read_state(file, "model_state")
    assert not trace.exists()


@pytest.mark.parametrize("keep", [0, 10, 5000, 1_000_000])
def test_a_file_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    whole = speaker_encoder_path(settings().models_dir).read_bytes()
    file = tmp_path / "weights.pt"
    file.write_bytes(whole[:keep])
    with pytest.raises(ModelUnavailable):
        SpeakerEncoder(file)
