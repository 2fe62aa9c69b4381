"""Windows of a sentence give the samples of the whole; on the real model."""

from itertools import pairwise

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell import Speaker
from groundswell.settings import settings
from groundswell.synthesis.accelerated import WHOLE_SIZE, padded_frames
from groundswell.synthesis.geometry import (
    COARSE_RATE,
    CONTEXT,
    HARMONICS_RATE,
    SAMPLES_PER_FRAME,
    SAMPLES_PER_HIDDEN,
    WINDOW_FRAMES,
)
from groundswell.synthesis.kokoro import Decoded, Float32
from groundswell.synthesis.model_files import locate
from groundswell.synthesis.prepare import split
from groundswell.synthesis.statistics import Statistics, voice_statistics
from groundswell.synthesis.utterance import Utterance
from groundswell.synthesis.vocode import LEAST_WINDOW, plan_windows
from groundswell.synthesis.voices import PACKS, parse_mix, style_row
from groundswell.synthesis.windowed import (
    NotRewritable,
    WindowedGraphs,
    rewrite,
)

TEXT = "The library opens at nine, and closes late on Thursdays, so ask at the desk for a card."


@given(st.integers(0, 60), st.integers(1, 2000), st.booleans())
def test_windows_cover_every_frame_once(begin: int, length: int, soon: bool) -> None:
    windows = list(plan_windows(begin, begin + length, soon=soon))
    assert windows[0][0] == begin
    assert windows[-1][1] == begin + length
    assert all(a[1] == b[0] for a, b in pairwise(windows))
    lengths = [last - first for first, last in windows]
    assert max(lengths) <= WINDOW_FRAMES[-1]
    if len(windows) > 1:
        assert lengths[-1] >= LEAST_WINDOW
        assert all(length in WINDOW_FRAMES for length in lengths[:-1])
    if soon and length >= WINDOW_FRAMES[0] + LEAST_WINDOW:
        assert lengths[0] == WINDOW_FRAMES[0]


def decoded(speaker: Speaker, voice: str) -> tuple[Utterance, Decoded, Statistics]:
    utterance = speaker.utterance(TEXT, voice=voice)
    segment = next(iter(utterance.segments))
    style = style_row(utterance.voice.style, len(segment.phonemes))
    decoded = speaker.model.decode(speaker.model.predict(segment.phonemes, style, 1.0))
    statistics = utterance.voice.statistics.of(decoded.hidden, decoded.harmonics)
    return utterance, decoded, statistics


def signal_to_noise(wanted: Float32, made: Float32) -> float:
    """In dB."""
    return float(10 * np.log10(np.mean(wanted**2) / np.mean((wanted - made) ** 2)))


def ones(steps: int) -> Float32:
    return np.ones((1, 1, steps), np.float32)


def padded(values: Float32, padding: int) -> Float32:
    """With zeros behind the end."""
    return np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, padding)])


@pytest.fixture(scope="module")
def graphs(speaker: Speaker) -> WindowedGraphs:
    """The rewritten graphs, as they are before OpenVINO gets them."""
    model = locate(settings().models_dir).model
    style = style_row(speaker.utterance(TEXT, voice="af_heart").voice.style, 5)
    return rewrite(onnx.load_from_string(split(model, style).vocoder))


@pytest.fixture(scope="module")
def measuring(graphs: WindowedGraphs) -> onnxruntime.InferenceSession:
    """The generator for whole sentences, in float32."""
    return onnxruntime.InferenceSession(graphs.measuring.SerializeToString())


def test_windows_of_the_graph_equal_its_whole(speaker: Speaker, graphs: WindowedGraphs) -> None:
    _, source, statistics = decoded(speaker, "af_heart")
    run = onnxruntime.InferenceSession(graphs.fusible.SerializeToString())
    factors = source.scales / statistics.deviations
    given = {
        "factors": factors,
        "offsets": source.shifts - statistics.means * factors,
        "scales": source.scales,
        "shifts": source.shifts,
        "own": np.zeros(1, np.float32),
    }

    def samples(left: int, right: int, padding: int = 0) -> Float32:
        steps, fine = right - left, HARMONICS_RATE * (right - left) + 1
        harmonics = source.harmonics[:, :, HARMONICS_RATE * left : HARMONICS_RATE * right + 1]
        sliced = {
            "hidden": padded(source.hidden[:, :, left:right], padding),
            "harmonics": padded(harmonics, HARMONICS_RATE * padding),
            "mask_coarse": padded(ones(COARSE_RATE * steps), COARSE_RATE * padding),
            "mask_fine": padded(ones(fine), HARMONICS_RATE * padding),
        }
        made: Float32 = run.run(["audio"], sliced | given)[0]
        return made[: SAMPLES_PER_HIDDEN * steps]

    whole = samples(0, source.hidden.shape[2])
    window = samples(50 - CONTEXT, 90 + CONTEXT)
    inner = slice(CONTEXT * SAMPLES_PER_HIDDEN, -CONTEXT * SAMPLES_PER_HIDDEN)
    wanted = whole[50 * SAMPLES_PER_HIDDEN : 90 * SAMPLES_PER_HIDDEN]
    assert np.abs(window[inner] - wanted).max() < 1e-4
    # The test can fail: with half the context they differ.
    half = CONTEXT // 2
    narrow = samples(50 - half, 90 + half)[half * SAMPLES_PER_HIDDEN : -half * SAMPLES_PER_HIDDEN]
    assert np.abs(narrow - wanted).max() > 1e-4
    # Padding behind the end of a segment changes nothing.
    end = source.hidden.shape[2]
    assert np.abs(samples(end - 40, end, padding=17) - samples(end - 40, end)).max() < 1e-5


def test_padding_changes_nothing_in_the_low_rate_half(
    speaker: Speaker, graphs: WindowedGraphs
) -> None:
    utterance = speaker.utterance(TEXT, voice="af_heart")
    segment = next(iter(utterance.segments))
    style = style_row(utterance.voice.style, len(segment.phonemes))
    prosody = speaker.model.predict(segment.phonemes, style, 1.0)
    run = onnxruntime.InferenceSession(graphs.decode.SerializeToString())

    def hidden(padding: int) -> Float32:
        given = {
            "features": padded(prosody.features, padding),
            "f0": padded(prosody.f0, 2 * padding),
            "noise": padded(prosody.noise, 2 * padding),
            "style": style,
            "mask_frames": padded(ones(prosody.frames), padding),
            "mask_hidden": padded(ones(2 * prosody.frames), 2 * padding),
        }
        made: Float32 = run.run(["hidden"], given)[0]
        return made[:, :, : 2 * prosody.frames]

    wanted = hidden(0)
    assert signal_to_noise(wanted, hidden(23)) > 100
    served = speaker.model.decode(prosody).hidden
    assert signal_to_noise(wanted, served) > 30


@given(st.integers(1, 4000))
def test_lengths_are_rounded_to_few(frames: int) -> None:
    size = padded_frames(frames)
    assert frames <= size
    assert size <= max(48, frames * 1.5)
    assert padded_frames(size) == size


def test_a_whole_segment_is_normalised_by_itself(
    speaker: Speaker, measuring: onnxruntime.InferenceSession
) -> None:
    _, source, _ = decoded(speaker, "bf_emma")
    for steps in (WHOLE_SIZE, WHOLE_SIZE - 21):
        given = {
            "hidden": source.hidden[:, :, :steps],
            "harmonics": source.harmonics[:, :, : HARMONICS_RATE * steps + 1],
            "scales": source.scales,
            "shifts": source.shifts,
        }
        wanted = measuring.run(["audio"], given)[0]
        assert signal_to_noise(wanted, speaker.model._generator.whole(**given)) > 30


@pytest.mark.parametrize("voice", ["af_heart", "hm_omega", "magnus"])
def test_windows_as_served_equal_the_whole(
    speaker: Speaker, measuring: onnxruntime.InferenceSession, voice: str
) -> None:
    """By the statistics that the whole sentence has."""
    _, source, _ = decoded(speaker, voice)
    names = ("hidden", "harmonics", "scales", "shifts")
    whole, *own = measuring.run(None, {name: getattr(source, name) for name in names})
    statistics = Statistics(*own)
    frames = source.hidden.shape[2] // 2
    pieces = [
        speaker.model.vocode_window(source, statistics, first, last)
        for first, last in plan_windows(0, frames, soon=True)
    ]
    assert len(pieces) >= 3
    assert signal_to_noise(whole, np.concatenate(pieces)) > 25
    # The same slice gives the same samples, whatever ran in between.
    again = speaker.model.vocode_window(source, statistics, 0, pieces[0].size // SAMPLES_PER_FRAME)
    assert np.array_equal(again, pieces[0])


def test_foretold_statistics_keep_the_sound_of_the_whole(
    speaker: Speaker, measuring: onnxruntime.InferenceSession
) -> None:
    _, source, statistics = decoded(speaker, "af_heart")
    names = ("hidden", "harmonics", "scales", "shifts")
    (whole,) = measuring.run(["audio"], {name: getattr(source, name) for name in names})
    windows = list(plan_windows(0, source.hidden.shape[2] // 2, soon=True))

    def spoken(by: Statistics) -> Float32:
        return np.concatenate([speaker.model.vocode_window(source, by, *each) for each in windows])

    windowed = spoken(statistics)
    assert np.corrcoef(whole, windowed)[0, 1] > 0.9
    assert windowed.std() / whole.std() == pytest.approx(1, abs=0.1)
    # The test can fail: another voice's statistics are heard.
    other = voice_statistics(parse_mix("hm_psi")).of(source.hidden, source.harmonics)
    assert np.corrcoef(whole, spoken(other))[0, 1] < np.corrcoef(whole, windowed)[0, 1] - 0.05


def test_every_pack_has_statistics_and_a_mix_lies_between() -> None:
    for pack in PACKS:
        voice = voice_statistics(parse_mix(pack))
        assert np.isfinite(voice.means).all()
        assert np.isfinite(voice.log_deviations).all()
        assert np.ptp(voice.log_deviations) > 1
    a, b = (voice_statistics(parse_mix(pack)) for pack in ("af_heart", "am_adam"))
    mix = voice_statistics(parse_mix("af_heart:0.25+am_adam:0.75"))
    assert np.allclose(mix.means, 0.25 * a.means + 0.75 * b.means, atol=1e-4)


def test_another_graph_is_refused() -> None:
    with pytest.raises(NotRewritable):
        rewrite(onnx.ModelProto())
