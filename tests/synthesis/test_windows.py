"""Windows of a sentence give the samples of the whole; on the real model."""

from itertools import pairwise

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell import Speaker
from groundswell.synthesis.kokoro import Decoded
from groundswell.synthesis.statistics import Statistics, voice_statistics
from groundswell.synthesis.utterance import Utterance
from groundswell.synthesis.vocode import LEAST_WINDOW, WINDOW_FRAMES, plan_windows
from groundswell.synthesis.voices import PACKS, parse_mix, style_row
from groundswell.synthesis.windowed import NotRewritable, rewrite

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
    style = style_row(utterance.style, len(segment.phonemes))
    decoded = speaker.model.decode(speaker.model.predict(segment.phonemes, style, 1.0))
    statistics = utterance.statistics.of(decoded.hidden, decoded.harmonics)
    return utterance, decoded, statistics


@pytest.mark.parametrize("voice", ["af_heart", "hm_omega", "magnus"])
def test_windows_equal_the_whole(speaker: Speaker, voice: str) -> None:
    _, source, statistics = decoded(speaker, voice)
    frames = source.hidden.shape[2] // 2
    whole = speaker.model.vocode_window(source, statistics, 0, frames)
    pieces = [
        speaker.model.vocode_window(source, statistics, first, last)
        for first, last in plan_windows(0, frames, soon=True)
    ]
    assert len(pieces) > 3
    assert np.abs(np.concatenate(pieces) - whole).max() < 1e-4


def test_foretold_statistics_keep_the_sound_of_the_whole(speaker: Speaker) -> None:
    utterance = speaker.utterance(TEXT, voice="af_heart")
    segment = next(iter(utterance.segments))
    style = style_row(utterance.style, len(segment.phonemes))
    prosody = speaker.model.predict(segment.phonemes, style, 1.0)
    whole = speaker.model.vocode(prosody)
    source = speaker.model.decode(prosody)
    statistics = utterance.statistics.of(source.hidden, source.harmonics)
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
