"""What a listener hears of a stream, by hand and by a player that ticks in milliseconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.bench.playback import Gap, Player, played

#: Arrivals of a stream in whole milliseconds: time after the one before, length.
STEPS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 300)), max_size=30)


def arrivals(steps: list[tuple[int, int]]) -> list[tuple[float, float]]:
    at, found = 5000, []
    for step, length in steps:
        at += step
        found.append((at / 1000, length / 1000))
    return found


def test_all_at_once_is_heard_without_a_gap() -> None:
    player = played([(3.0, 0.2)] * 10)
    assert (player.began, player.gaps) == (3.0, [])
    assert player.ends == pytest.approx(5.0)
    assert player.delivered == pytest.approx(2.0)


def test_a_late_chunk_is_a_gap_and_what_follows_is_shifted_by_it() -> None:
    player = played([(1.0, 0.5), (1.2, 0.5), (2.3, 1.0), (3.2, 0.1)])
    (gap,) = player.gaps
    assert gap.at == pytest.approx(2.0)
    assert gap.seconds == pytest.approx(0.3)
    assert gap.heard == pytest.approx(1.0)
    assert player.ends == pytest.approx(3.4)  # 3.1 without the gap


def test_every_gap_is_counted() -> None:
    player = played([(0.0, 0.1), (0.2, 0.1), (0.5, 0.1), (0.6, 0.1)])
    assert [gap.seconds for gap in player.gaps] == pytest.approx([0.1, 0.2])
    assert player.silence == pytest.approx(0.3)
    assert player.longest == pytest.approx(0.2)


def test_a_chunk_that_comes_just_in_time_is_no_gap() -> None:
    assert not played([(0.0, 0.1), (0.1, 0.1), (0.2, 0.1), (0.30000000000000004, 0.1)]).gaps


def test_silence_before_the_first_sound_and_empty_chunks_are_no_sound() -> None:
    player = played([(1.0, 0.0), (2.0, 0.5), (2.4, 0.0), (2.5, 0.5)])
    assert player.began == 2.0
    assert not player.gaps


def test_an_empty_chunk_does_not_end_a_gap() -> None:
    player = played([(0.0, 0.5), (1.0, 0.0), (2.0, 0.5)])
    assert player.gaps == [Gap(0.5, 1.5, 0.5)]


def test_nothing_heard() -> None:
    player = Player()
    assert player.began is None
    assert (player.delivered, player.silence, player.longest, player.ends) == (0, 0, 0, 0)


@given(STEPS)
def test_it_is_what_a_clock_that_ticks_milliseconds_hears(steps: list[tuple[int, int]]) -> None:
    player = played(arrivals(steps))
    waiting: dict[int, int] = {}
    for at, length in arrivals(steps):
        waiting[round(at * 1000)] = waiting.get(round(at * 1000), 0) + round(length * 1000)
    held = silent = heard = 0
    since = None  # silence only counts once sound follows
    for now in range(5000, max(waiting, default=5000) + 1):
        arrived = waiting.get(now, 0)
        if arrived and since is not None:
            silent += now - since
            since = None
        held += arrived
        if held:
            held -= 1
            heard += 1
        if not held and heard and since is None:
            since = now + 1
    assert player.silence * 1000 == pytest.approx(silent, abs=0.01)
    assert player.delivered * 1000 == pytest.approx(heard + held, abs=0.01)


@given(STEPS)
def test_nothing_is_lost(steps: list[tuple[int, int]]) -> None:
    player = played(arrivals(steps))
    if player.began is None:
        assert not player.gaps
        return
    assert player.ends == pytest.approx(player.began + player.delivered + player.silence)
    before = player.began
    for gap in player.gaps:  # in order, apart, and between the first and the last arrival
        assert gap.seconds > 0
        assert before < gap.at
        before = gap.at + gap.seconds
    assert before <= arrivals(steps)[-1][0] + 1e-9


@given(STEPS, st.data())
def test_a_later_chunk_never_makes_the_end_sooner(
    steps: list[tuple[int, int]], data: st.DataObject
) -> None:
    if len(steps) < 2:
        return
    late = data.draw(st.integers(1, len(steps) - 1))
    delayed = [(step + 50 * (at == late), length) for at, (step, length) in enumerate(steps)]
    assert played(arrivals(delayed)).ends >= played(arrivals(steps)).ends - 1e-9


@given(STEPS, st.integers(2, 5))
def test_how_sound_is_cut_does_not_matter(steps: list[tuple[int, int]], parts: int) -> None:
    whole = played(arrivals(steps))
    cut = played([(at, length / parts) for at, length in arrivals(steps) for _ in range(parts)])
    assert cut.silence == pytest.approx(whole.silence)
    assert cut.ends == pytest.approx(whole.ends)
