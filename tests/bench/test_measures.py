import numpy as np
import pytest

from groundswell.bench import judges, loudness, memory
from groundswell.bench.cost import Pair
from groundswell.bench.sentences import corpora, corpus, passages, phrases
from groundswell.synthesis.catalogue import catalogue


def test_there_are_enough_sentences() -> None:
    counts = {entry.language: len(entry.lines) for entry in corpora()}
    assert counts["en"] >= 20
    assert min(counts["es"], counts["hi"]) >= 10
    assert sum(counts.values()) >= 40
    assert len({line for entry in corpora() for line in entry.lines}) == sum(counts.values())


def test_passages_are_whole_sentences() -> None:
    assert passages("en")[0] == " ".join(corpus("en").lines[:2])


def test_every_voice_of_the_sentences_exists() -> None:
    named = {voice for entry in corpora() for voice in entry.voices} | {p.voice for p in phrases()}
    for voice in named:
        assert catalogue().resolve(voice).native


def test_the_loudness_sample_is_spread_and_distinct() -> None:
    chosen = [voice.id for voice in loudness.sample(24)]
    assert len(set(chosen)) == 24
    assert sum(catalogue().resolve(voice).native for voice in chosen) >= 3


def test_peaks_and_clips() -> None:
    samples = np.array([0.0, 0.5, -0.25], np.float32)
    assert loudness.peak_db(samples) == pytest.approx(-6.02, abs=0.01)
    assert loudness.clipped(samples) == 0
    assert loudness.clipped(np.array([1.0, -1.0, 32767 / 32768, 0.9], np.float32)) == 3


def test_requests_are_mixed_and_always_the_same() -> None:
    bodies = memory.mixed_requests(200)
    assert bodies == memory.mixed_requests(200)
    assert len({body["language"] for body in bodies[:100]}) >= 8
    assert {body["output_format"] for body in bodies} == {"wav", "pcm", "mp3", "ulaw", "alaw"}
    assert max(len(body["text"]) for body in bodies) > 300
    assert any(not body["text"] for body in bodies)


def test_growth_is_seen() -> None:
    flat = memory.Course(600.0, [700.0] * 200, 720.0)
    leaking = memory.Course(600.0, [700.0 + n for n in range(200)], 900.0)
    warming = memory.Course(600.0, [*range(600, 700), *[700.0] * 100], 700.0)
    assert flat.slope == pytest.approx(0, abs=1e-6)
    assert leaking.slope == pytest.approx(100)
    assert warming.slope == pytest.approx(0, abs=1e-6)


def test_overhead_is_relative_to_the_model() -> None:
    assert Pair("wav", server=4.2, model=4.0).overhead == pytest.approx(0.05)


def test_a_missing_judge_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(judges.JUDGES, "a-judge", "no_such_module")
    with pytest.raises(judges.BenchFailed, match=r"a-judge.*groundswell\[bench\]"):
        judges.require()
