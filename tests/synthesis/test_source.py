"""The harmonic source equals the exported graph's, up to its rounding."""

import numpy as np
import onnx
import onnxruntime
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from groundswell import Speaker
from groundswell.settings import settings
from groundswell.synthesis.model_files import locate
from groundswell.synthesis.prepare import split
from groundswell.synthesis.source import BINS, HarmonicSource
from groundswell.synthesis.voices import style_row
from groundswell.synthesis.windowed import rewrite

WAVE = "/decoder/decoder/generator/Squeeze_output_0"
SOURCE = HarmonicSource(np.array([1.0, -0.5, 0.25, 0, 0, 0, 0, 0, 0.1]), -0.03)


def test_the_wave_is_that_of_the_exported_graph(speaker: Speaker) -> None:
    utterance = speaker.utterance("The kettle is on, and the door is open.", voice="af_heart")
    segment = next(iter(utterance.segments))
    style = style_row(utterance.voice.style, len(segment.phonemes))
    vocoder = onnx.load_from_string(split(locate(settings().models_dir).model, style).vocoder)
    f0 = speaker.model.predict(segment.phonemes, style, 1.0).f0
    made = rewrite(vocoder).source.wave(f0.reshape(-1))
    info = helper.make_tensor_value_info(WAVE, TensorProto.FLOAT, None)
    vocoder.graph.output.append(info)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    run = onnxruntime.InferenceSession(vocoder.SerializeToString(), options)
    half = np.zeros_like(f0)
    features = np.zeros((1, 512, f0.shape[1] // 2), np.float32)
    given = {"features": features, "f0": f0, "noise": half, "style": style}
    exported = run.run([WAVE], given)[0].reshape(-1)
    assert exported.std() > 0.01
    assert made.shape == exported.shape
    # The export's phase is a float32 sum: it drifts.
    assert np.abs(made - exported).max() < 0.01
    assert np.abs(made[:24_000] - exported[:24_000]).max() < 1e-3


@given(st.lists(st.floats(60, 600), min_size=2, max_size=40))
def test_harmonics_are_the_transform_of_the_wave(pitch: list[float]) -> None:
    f0 = np.array(pitch, np.float32)[None]
    made = SOURCE.harmonics(f0)
    assert made.shape == (1, 2 * BINS, 60 * f0.shape[1] + 1)
    wave = np.pad(SOURCE.wave(f0.reshape(-1)).astype(np.float64), 10, mode="reflect")
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(20) / 20)
    at = made.shape[2] // 2
    wanted = np.fft.rfft(wave[5 * at : 5 * at + 20] * window)
    got = made[0, :BINS, at] * np.exp(1j * made[0, BINS:, at])
    assert np.abs(got - wanted).max() < 1e-4


def test_a_wave_of_one_pitch_is_the_sum_of_its_harmonics() -> None:
    wave = SOURCE.wave(np.full(80, 200, np.float32))
    middle = np.arctanh(wave[6000:18_000].astype(np.float64))
    spectrum = np.abs(np.fft.rfft(middle)) / (middle.size / 2)
    bin_of = middle.size * 200 // 24_000
    for k, weight in enumerate(SOURCE.weights, start=1):
        assert abs(spectrum[bin_of * k] - 0.1 * abs(weight)) < 1e-3


def test_unvoiced_source_is_constant_and_its_empty_bins_have_no_phase() -> None:
    made = SOURCE.harmonics(np.zeros((1, 30), np.float32))[0]
    assert np.allclose(made[2:BINS], 0)
    assert np.all(made[BINS + 2 :] == 0)
    assert np.allclose(made[BINS], np.pi)  # the bias is negative
