"""The policy of the engine, with a clock of its own and a machine that is simulated."""

import heapq
import itertools
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from groundswell.synthesis.costs import Costs
from groundswell.synthesis.forecast import Listener, capacity, ends, keeps_up, place_free_in
from groundswell.synthesis.schedule import (
    FILE_SHARE,
    FILE_WAIT_SECONDS,
    FIRST_SOUND_SECONDS,
    READ_AHEAD_SECONDS,
    WINDOWS,
    Refusal,
    Schedule,
    Stream,
)

PHONEMES = 40


@dataclass
class Machine:
    """Does the units that a schedule picks; each takes ``factor`` times the sound it makes.

    Every so many units of a stream begin a segment, which takes ``front`` more. Listeners take
    what is made at once, unless they are in ``stopped``. ``least`` is what each had in hand at the
    worst moment, once its windows had their full size.
    """

    factor: float = 0.2
    front: float = 0.05
    segment_units: int = 10**9
    limit: int = 1000
    patience: float = 1e9
    now: float = 0.0
    schedule: Schedule = field(init=False)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    left: dict[int, float] = field(default_factory=dict)
    first: dict[int, float] = field(default_factory=dict)
    finished: dict[int, float] = field(default_factory=dict)
    gaps: dict[int, float] = field(default_factory=dict)
    least: dict[int, float] = field(default_factory=dict)
    refused: dict[int, Refusal] = field(default_factory=dict)
    stopped: set[int] = field(default_factory=set)
    order: list[Stream] = field(default_factory=list)

    def __post_init__(self) -> None:
        costs = Costs()
        for _ in range(200):  # as after a warm-up
            costs.unit(self.factor * 2, 2.0, 0)
            costs.unit(self.front + self.factor * 0.35, 0.35, PHONEMES)
            costs.segment(PHONEMES * 0.07, PHONEMES)
        self.schedule = Schedule(costs, limit=self.limit, patience=self.patience)

    def open(
        self, seconds: float, owner: str = "a", *, live: bool = True, dry: float | None = None
    ) -> Stream:
        stream = Stream(next(self.numbers), owner, live, self.now, PHONEMES, seconds)
        self.left[stream.id] = seconds
        self.note(self.schedule.open(stream, self.now, dry=dry))
        return stream

    def note(self, refusals: list[Refusal]) -> None:
        for refusal in refusals:
            self.refused[refusal.stream.id] = refusal

    def step(self, until: float) -> None:
        """Do one unit, or let time pass until the next thing happens."""
        stream = self.schedule.pick(self.now)
        if stream is None:
            wake = self.schedule.wake_at()
            self.now = until if wake is None else min(until, max(wake, self.now) + 1e-6)
            self.note(self.schedule.review(self.now))
            return
        self.order.append(stream)
        begins = stream.units % self.segment_units == 0
        audio = min(self.left[stream.id], WINDOWS[min(stream.units, len(WINDOWS) - 1)])
        work = audio * self.factor + self.front * begins
        self.now += work
        if stream.live and stream.units > len(WINDOWS):
            left = stream.slack(self.now)
            self.least[stream.id] = min(left, self.least.get(stream.id, left))
        late = self.schedule.done(stream, self.now, work=work, audio=audio, began=PHONEMES * begins)
        self.gaps[stream.id] = self.gaps.get(stream.id, 0.0) + late
        self.first.setdefault(stream.id, self.now)
        self.left[stream.id] -= audio
        if stream.id not in self.stopped:
            self.schedule.took(stream, audio, self.now)
        if self.left[stream.id] <= 1e-9:
            self.finished[stream.id] = self.now
            self.schedule.close(stream)
        self.note(self.schedule.review(self.now))

    def run(self, until: float) -> None:
        while self.now < until:
            self.step(until)


# Order


def test_the_newcomer_is_heard_before_those_who_have_plenty() -> None:
    machine = Machine()
    early = machine.open(60)
    machine.run(5)
    assert early.slack(machine.now) > WINDOWS[-1]
    late = machine.open(60)
    came = machine.now
    machine.run(6)
    assert machine.first[late.id] - came < 2 * machine.factor * WINDOWS[-1]
    assert machine.gaps[early.id] == 0


def test_the_one_who_runs_dry_soonest_is_next() -> None:
    schedule = Machine().schedule
    streams = [Stream(number, "a", True, 0.0, PHONEMES, 60.0) for number in range(3)]
    for stream, dry in zip(streams, (9.0, 1.0, 4.0), strict=True):
        schedule.open(stream, 0.0, dry=dry)
    picked = []
    for _ in range(3):
        chosen = schedule.pick(0.0)
        assert chosen
        schedule.done(chosen, 0.0, work=0.1, audio=20.0, began=0)
        schedule.took(chosen, 20.0, 0.0)
        picked.append(chosen.id)
    assert picked == [1, 2, 0]


def test_a_reader_that_stops_is_worked_for_no_further_and_keeps_nobody_out() -> None:
    machine = Machine(factor=0.6)  # a machine for one
    stalled = machine.open(1000)
    machine.stopped.add(stalled.id)
    machine.run(20)
    assert READ_AHEAD_SECONDS < stalled.produced <= READ_AHEAD_SECONDS + WINDOWS[-1]
    other = machine.open(30)
    machine.run(21)
    assert other.produced
    # It goes on when its reader does.
    made = stalled.produced
    machine.stopped.clear()
    machine.schedule.took(stalled, made, machine.now)
    machine.run(60)
    assert stalled.produced > made


# Files


def test_files_take_what_listeners_leave() -> None:
    machine = Machine(factor=0.4)
    listener, file = machine.open(100), machine.open(100, live=False)
    machine.run(60)
    assert machine.gaps[listener.id] == 0
    # The listener needs 40 %; the file has nearly all of the rest.
    assert file.produced * machine.factor > 0.45 * 60


@pytest.mark.parametrize("listeners", [1, 2, 4, 8])
def test_files_leave_listeners_alone_though_some_units_take_far_longer(listeners: int) -> None:
    """As measured: beginning a long segment takes three times a window."""
    machine = Machine(factor=0.045, front=0.2, segment_units=8)
    file = machine.open(4000, owner="files", live=False)
    machine.run(5)
    for number in range(listeners):
        machine.open(200, owner=f"listener {number}")
        machine.run(machine.now + 2)
    before = file.produced
    machine.run(130)
    assert sum(machine.gaps[number] for number in range(1, listeners + 1)) == 0
    # Nor does any come near it: between here and its ear are a chunk and a busy server.
    assert min(machine.least.values()) > 0.4
    # It is not starved: whatever the listeners need not is the file's.
    needed = listeners * (0.045 + 0.2 / 8 / WINDOWS[-1])
    speed = 0.045 + 0.2 / 8 / WINDOWS[-1]
    assert file.produced - before > 0.8 * (1 - needed) * (machine.now - 5 - 2 * listeners) / speed


def test_files_progress_however_many_listen() -> None:
    machine = Machine(factor=0.3)
    for _ in range(6):  # twice what the machine can do: they followed on earlier speech
        machine.open(1e6, dry=0.0)
    file = machine.open(1e6, "b", live=False)
    machine.run(FILE_WAIT_SECONDS)
    before = file.produced
    machine.run(FILE_WAIT_SECONDS + 300)
    share = (file.produced - before) * machine.factor / 300
    assert FILE_SHARE * 0.7 < share < FILE_SHARE * 1.3


def test_owners_take_turns_with_files() -> None:
    machine = Machine()
    for _ in range(50):
        machine.open(60, "flood", live=False)
    machine.run(1)
    single = machine.open(10, "single", live=False)
    machine.run(10)
    # Half the machine was its own: some six units, each beside one of the flood's.
    assert machine.finished[single.id] - single.arrived < 2.5 * 10 * machine.factor + 1


# Admission


@given(
    st.lists(
        st.tuples(st.floats(0, 40), st.floats(0.5, 60), st.sampled_from("abc"), st.booleans()),
        min_size=1,
        max_size=30,
    ),
    st.floats(0.08, 0.45),
    st.sampled_from([0.0, 2.0, 30.0]),
)
@with_settings(max_examples=60)
def test_nobody_who_was_admitted_runs_dry(
    arrivals: list[tuple[float, float, str, bool]], factor: float, patience: float
) -> None:
    machine = Machine(factor=factor, front=0.02, patience=patience)
    for at, seconds, owner, live in sorted(arrivals):
        machine.run(at)
        machine.open(seconds, owner, live=live)
    machine.run(machine.now + 3000)
    # Files have their share whatever the forecast says, which does not count their single units:
    # 0.105 s was the most in 6,000 examples.
    allowed = 0.3 if any(not live for *_, live in arrivals) else 1e-6
    assert sum(machine.gaps.values()) <= allowed
    assert len(machine.finished) + len(machine.refused) == len(arrivals)
    for refusal in machine.refused.values():
        assert 0 <= refusal.retry_after < 40 * 60
    report = machine.schedule.report(machine.now)
    assert set(report.streams.values()) == {0}
    assert report.units == 0


@pytest.mark.parametrize("factor", [0.1, 0.19, 0.3])
def test_as_many_endless_streams_as_the_machine_can_serve(factor: float) -> None:
    machine = Machine(factor=factor, front=0.02)
    for _ in range(30):
        machine.open(10_000)
        machine.run(machine.now + 3)
    machine.run(machine.now + 120)
    listening = machine.schedule.report(machine.now).streams["listening"]
    assert listening == capacity(factor, 0.95) == int(0.95 / factor)
    assert sum(machine.gaps.values()) == 0


def test_without_patience_the_rest_is_refused_and_told_when_to_come() -> None:
    machine = Machine(factor=0.3, patience=0)
    streams = []
    for _ in range(6):
        streams.append(machine.open(20))
        machine.run(machine.now + 1.5)
    assert set(machine.refused) == {3, 4, 5}
    # Who comes back when it was told is admitted.
    refusal = machine.refused[5]
    machine.run(machine.now + refusal.retry_after)
    again = machine.open(20)
    machine.run(machine.now + 2)
    assert again.produced


def test_who_waits_too_long_is_refused_when_its_patience_ends() -> None:
    machine = Machine(factor=0.4, patience=10)
    machine.open(1000)
    machine.run(3)
    machine.open(1000)
    machine.run(6)
    waiting = machine.open(5, "b")
    machine.run(30)
    assert waiting.id in machine.refused
    assert machine.refused[waiting.id].retry_after > 100


def test_a_flood_does_not_keep_another_owner_out() -> None:
    machine = Machine(factor=0.3, patience=3600)
    for _ in range(50):
        machine.open(20, "flood")
    machine.run(5)
    single = machine.open(5, "single")
    machine.run(200)
    before = [s for s in machine.first.values() if s < machine.first[single.id]]
    assert len(before) <= 4  # those who were heard already, and one place


def test_a_refused_owner_finds_a_place_when_it_comes_back() -> None:
    machine = Machine(factor=0.3, patience=0)
    for _ in range(3):
        machine.open(20, "flood")
        machine.run(machine.now + 1.5)
    refused = machine.open(5, "single")
    back = machine.now + machine.refused[refused.id].retry_after
    while machine.now < back:
        machine.open(20, "flood")  # again and again
        machine.run(min(back, machine.now + 0.2))
    again = machine.open(5, "single")
    machine.run(machine.now + 2)
    assert again.produced


def test_speech_that_follows_on_is_never_refused_and_as_urgent_as_its_listener() -> None:
    machine = Machine(factor=0.3, patience=0, limit=4)
    for _ in range(4):
        machine.open(100)
        machine.run(machine.now + 1.5)
    follows = machine.open(3, dry=machine.now + 2)
    machine.run(machine.now + 2)
    assert follows.produced
    assert machine.gaps[follows.id] == 0


def test_when_too_many_are_open_the_owner_with_most_gives_one_up() -> None:
    machine = Machine(limit=10)
    flood = [machine.open(60, "flood", live=False) for _ in range(12)]
    assert set(machine.refused) == {flood[10].id, flood[11].id}
    single = machine.open(60, "single", live=False)
    assert single.id not in machine.refused
    assert flood[9].id in machine.refused


# The forecast


def test_a_gap_is_foreseen() -> None:
    one = Listener(slack=1.0, remaining=100, windows=[2.0])
    assert keeps_up([one], 0.0, 0.4, 1.0)
    assert not keeps_up([one], 0.3, 0.4, 1.0)  # 0.3 + 0.8 > 1
    assert not keeps_up([one, one], 0.0, 0.6, 1.0)
    enough = Listener(slack=1.0, remaining=0.5, windows=[2.0])
    assert keeps_up([enough, enough], 0.0, 0.6, 1.0)


@given(
    st.lists(st.floats(0, 100), max_size=8),
    st.lists(st.floats(0, 100), max_size=8),
    st.integers(1, 5),
)
def test_a_place_is_free_when_enough_have_left(
    leaving: list[float], ahead: list[float], places: int
) -> None:
    taken = sorted(leaving)[-places:] + [0.0] * max(0, places - len(leaving))
    heapq.heapify(taken)
    for stay in ahead:
        heapq.heappush(taken, heapq.heappop(taken) + stay)
    assert place_free_in(leaving, ahead, places) == pytest.approx(min(taken))
    assert place_free_in(leaving, [*ahead, 1.0], places) >= place_free_in(leaving, ahead, places)


def test_streams_end_by_playing_or_by_work() -> None:
    slow, quick = Listener(2.0, 100.0, [2.0]), Listener(2.0, 1.0, [2.0])
    assert ends([slow], 0.3) == [30.0]
    assert ends([slow, quick], 0.3) == pytest.approx([30.3, 0.6])
    assert ends([slow], 2.0) == [102.0]


def test_the_first_sound_of_a_newcomer_has_its_deadline() -> None:
    stream = Machine().open(10)
    assert stream.dry == stream.arrived + FIRST_SOUND_SECONDS
