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
from groundswell.synthesis.geometry import (
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
    assert all(last - first <= WINDOW_FRAMES[-1] + LEAST_WINDOW for first, last in windows)
    if len(windows) > 1:
        assert windows[-1][1] - windows[-1][0] >= LEAST_WINDOW
        assert windows[0][1] - windows[0][0] == WINDOW_FRAMES[0 if soon else -1]


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


@pytest.fixture(scope="module")
def graphs(speaker: Speaker) -> WindowedGraphs:
    """The rewritten graphs, as they are before OpenVINO gets them."""
    model = locate(settings().models_dir).model
    style = style_row(speaker.utterance(TEXT, voice="af_heart").voice.style, 5)
    return rewrite(onnx.load_from_string(split(model, style).vocoder))


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

    def samples(left: int, right: int) -> Float32:
        harmonics = source.harmonics[:, :, HARMONICS_RATE * left : HARMONICS_RATE * right + 1]
        sliced = {"hidden": source.hidden[:, :, left:right], "harmonics": harmonics}
        made: Float32 = run.run(["audio"], sliced | given)[0]
        return made

    whole = samples(0, source.hidden.shape[2])
    window = samples(50 - CONTEXT, 90 + CONTEXT)
    inner = slice(CONTEXT * SAMPLES_PER_HIDDEN, -CONTEXT * SAMPLES_PER_HIDDEN)
    wanted = whole[50 * SAMPLES_PER_HIDDEN : 90 * SAMPLES_PER_HIDDEN]
    assert np.abs(window[inner] - wanted).max() < 1e-4
    # The test can fail: with half the context they differ.
    half = CONTEXT // 2
    narrow = samples(50 - half, 90 + half)[half * SAMPLES_PER_HIDDEN : -half * SAMPLES_PER_HIDDEN]
    assert np.abs(narrow - wanted).max() > 1e-4


def test_a_whole_segment_is_normalised_by_itself(speaker: Speaker, graphs: WindowedGraphs) -> None:
    _, source, _ = decoded(speaker, "bf_emma")
    run = onnxruntime.InferenceSession(graphs.measuring.SerializeToString())
    names = ("hidden", "harmonics", "scales", "shifts")
    wanted = run.run(["audio"], {name: getattr(source, name) for name in names})[0]
    made = speaker.model._generator.whole(*(getattr(source, name) for name in names))
    assert signal_to_noise(wanted, made) > 30


@pytest.mark.parametrize("voice", ["af_heart", "hm_omega", "magnus"])
def test_windows_as_served_equal_the_whole(speaker: Speaker, voice: str) -> None:
    _, source, statistics = decoded(speaker, voice)
    frames = source.hidden.shape[2] // 2
    whole = speaker.model.vocode_window(source, statistics, 0, frames)
    pieces = [
        speaker.model.vocode_window(source, statistics, first, last)
        for first, last in plan_windows(0, frames, soon=True)
    ]
    assert len(pieces) >= 3
    assert signal_to_noise(whole, np.concatenate(pieces)) > 25
    # The same slice gives the same samples, whatever ran in between.
    again = speaker.model.vocode_window(source, statistics, 0, pieces[0].size // SAMPLES_PER_FRAME)
    assert np.array_equal(again, pieces[0])


def test_foretold_statistics_keep_the_sound_of_the_whole(speaker: Speaker) -> None:
    utterance = speaker.utterance(TEXT, voice="af_heart")
    segment = next(iter(utterance.segments))
    style = style_row(utterance.voice.style, len(segment.phonemes))
    prosody = speaker.model.predict(segment.phonemes, style, 1.0)
    whole = speaker.model.vocode(prosody)
    source = speaker.model.decode(prosody)
    statistics = utterance.voice.statistics.of(source.hidden, source.harmonics)
    windowed = speaker.model.vocode_window(source, statistics, 0, prosody.frames)
    assert np.corrcoef(whole, windowed)[0, 1] > 0.9
    assert windowed.std() / whole.std() == pytest.approx(1, abs=0.1)
    # The test can fail: another voice's statistics are heard.
    other = voice_statistics(parse_mix("hm_psi")).of(source.hidden, source.harmonics)
    wrong = speaker.model.vocode_window(source, other, 0, prosody.frames)
    assert np.corrcoef(whole, wrong)[0, 1] < np.corrcoef(whole, windowed)[0, 1] - 0.05


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
