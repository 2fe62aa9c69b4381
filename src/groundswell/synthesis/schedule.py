"""The policy of the engine: who is admitted, and whose unit of work is next.

Pure: no clock, no threads, no model. The rules, in full:

1. A *listener's* deadline is the moment its sound runs dry if it plays as it receives; before its
   first sound, arrival plus ``FIRST_SOUND_SECONDS``. The earliest deadline is served first.
2. A *file* (nobody hears it before its end) takes the time that, by the forecast, no listener
   needs, its unit and the next listener's being as long as the longest of late, and
   ``RESERVE_SECONDS`` besides. A unit of w seconds is due w ÷ ``FILE_SHARE`` seconds after the one
   before, the first one when those have left who were let in before there was a file, or after
   ``FILE_WAIT_SECONDS``. Owners take turns, and so do one's files.
3. A stream may be ahead of what its reader took by ``READ_AHEAD_SECONDS`` and the unit under way.
4. A listener is admitted when the forecast says that nobody runs dry (``forecast.keeps_up``). Until
   then it waits; owners take turns, earlier ones first within an owner. It is refused as soon as
   it cannot be heard within ``patience`` seconds after its arrival, and told when a place will be
   free. A reader that has stopped reading counts for nothing here.
5. An owner that was refused and has no listener keeps a claim on one place until some time after it
   was told to come back: others who have listeners already leave that place free.
6. When as many streams are open as may be, the owner with most waiting gives up its last one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from groundswell.synthesis.costs import Costs
from groundswell.synthesis.forecast import Listener, capacity, ends, keeps_up, place_free_in
from groundswell.synthesis.geometry import SECONDS_PER_FRAME, WINDOW_FRAMES

FIRST_SOUND_SECONDS = 0.3
READ_AHEAD_SECONDS = 3.0
FILE_SHARE = 0.1
"""Share of the machine's time that files have, however many listen."""
RESERVE_SECONDS = 0.5
"""What a listener keeps in hand while files are spoken, beyond the forecast: for a chunk that is
not full yet (up to 0.2 s of what was made) and a server that is busy with the file."""
FILE_WAIT_SECONDS = 60.0
"""How long at most listeners keep files from their share."""
HEADROOM = 0.05
"""Share of the machine's time that the forecast leaves to error."""
LEAST_PATIENCE = 1.0
"""A stream that can be heard within this is never refused."""
CLAIM_SECONDS = 10.0
"""How long after the time it was told a refused owner's place is kept."""
STATES = ("queued", "starting", "listening", "file")
"""What a stream may be: waiting for admission, for its first sound, being heard, or not live."""
WINDOWS = tuple(frames * SECONDS_PER_FRAME for frames in WINDOW_FRAMES)
"""Seconds of sound that the first units of a stream make; all later ones as the last."""


@dataclass(slots=True, eq=False)
class Stream:
    """One synthesis, as the scheduler sees it.

    Attributes:
        id: its number.
        owner: who is served in turn with others.
        live: somebody listens while it is made.
        arrived: when.
        phonemes: of the first segment.
        seconds: estimated length of all of it.
        dry: when the listener's sound runs out, or when first sound is wanted.
        continues: its listener already hears earlier speech, which this follows.
        admitted: whether it may be worked on.
        ready: whether what the next unit needs is at hand.
        produced: seconds of sound made.
        taken: seconds of it that the reader took.
        units: units of work done.
        served: when it was last served, in units of work.
    """

    id: int
    owner: str
    live: bool
    arrived: float
    phonemes: int
    seconds: float
    dry: float = 0.0
    continues: bool = False
    admitted: bool = False
    ready: bool = True
    produced: float = 0.0
    taken: float = 0.0
    units: int = 0
    served: int = 0

    @property
    def heard(self) -> bool:
        """Whether there is anything to run dry."""
        return self.continues or self.produced > 0

    @property
    def unread(self) -> float:
        """Seconds of sound made and not taken yet."""
        return self.produced - self.taken

    @property
    def remaining(self) -> float:
        """Estimated seconds of sound still to be made."""
        return max(0.0, self.seconds - self.produced)

    def stalled(self, now: float) -> bool:
        """Whether its reader has taken nothing for as long as the sound it has would last."""
        return self.unread > 0 and self.dry < now

    def slack(self, now: float) -> float:
        """Seconds until the listener runs dry; nobody runs dry who has not read what there is."""
        return max(self.dry - now, self.unread) if self.unread > 0 else self.dry - now


@dataclass(frozen=True, slots=True)
class Refusal:
    """A stream that was not admitted, and when to come back."""

    stream: Stream
    retry_after: float


@dataclass(frozen=True, slots=True)
class Report:
    """The state of the engine at one moment.

    Attributes:
        streams: open streams by state.
        units: units of work that could be done now, or are being done.
        slack: the least seconds of sound any listener has left; none without listeners.
        capacity: endless listeners the machine can serve at present cost.
        real_time_factor: seconds of work for a second of sound.
    """

    streams: dict[str, int] = field(default_factory=dict)
    units: int = 0
    slack: float | None = None
    capacity: int = 0
    real_time_factor: float = 0.0


class Schedule:
    """Holds the open streams and decides.

    Args:
        costs: what speech costs; learnt from by ``done``.
        limit: streams that may be open at once.
        patience: seconds after its arrival in which a listener must be heard.
        windows: seconds of sound of a stream's first units; the last holds for all later ones.
    """

    def __init__(
        self,
        costs: Costs,
        *,
        limit: int,
        patience: float,
        windows: Sequence[float] = WINDOWS,
    ) -> None:
        self.costs = costs
        self._windows = windows
        self._limit = limit
        self._patience = max(patience, LEAST_PATIENCE)
        self._streams: dict[int, Stream] = {}
        self._served = 0
        self._owners: dict[str, int] = {}
        self._claims: dict[str, float] = {}
        self._files_from = 0.0
        self._under_way: tuple[Stream, float] | None = None

    def open(self, stream: Stream, now: float, *, dry: float | None = None) -> list[Refusal]:
        """Take in a stream.

        Args:
            stream: the new one.
            now: the time.
            dry: when the sound runs out that its listener already has of earlier speech; such a
                stream goes on with what was admitted, and is never refused.
        """
        refused: list[Refusal] = []
        if len(self._streams) >= self._limit and dry is None:
            refused.append(self._crowd_out(stream, now))
            if refused[0].stream is stream:
                return refused
        if not stream.live and not any(True for _ in self._files()):
            playing = (one.slack(now) + one.remaining for one in self._listeners())
            wait = min(FILE_WAIT_SECONDS, max(playing, default=0.0))
            self._files_from = max(self._files_from, now + wait)
        self._streams[stream.id] = stream
        stream.continues = dry is not None
        stream.dry = stream.arrived + FIRST_SOUND_SECONDS if dry is None else max(dry, now)
        stream.admitted = stream.continues or not stream.live
        return refused + self.review(now)

    def review(self, now: float) -> list[Refusal]:
        """Admit who can be admitted, refuse who can no longer be heard in time."""
        for stream in list(self._in_turn()):
            if not self._admissible(stream, now):
                break
            stream.admitted = True
            self._owners[stream.owner] = self._tick()
            self._claims.pop(stream.owner, None)
        refused = []
        leaving, ahead = self._leaving(now), list[float]()
        places = capacity(self.costs.real_time_factor, self._supply())
        for stream in list(self._in_turn()):
            wait = place_free_in(leaving, ahead, places)
            work = self.costs.first_sound(stream.phonemes)
            if now - stream.arrived + wait + work > self._patience:
                refused.append(self._refuse(stream, max(wait, self._backlog(now), work), now))
            else:
                ahead.append(stream.seconds)
        return refused

    def pick(self, now: float) -> Stream | None:
        """Choose the stream whose unit of work is next, and count it as under way."""
        able = [stream for stream in self._streams.values() if self._able(stream)]
        live = min(
            (stream for stream in able if stream.live),
            key=lambda stream: (stream.dry, stream.id),
            default=None,
        )
        file = min(
            (stream for stream in able if not stream.live),
            key=lambda stream: (self._owners.get(stream.owner, 0), stream.served, stream.id),
            default=None,
        )
        chosen = file if file and (live is None or self._goes_first(file, live, now)) else live
        if chosen is not None:
            chosen.served = self._tick()
            if not chosen.live:
                self._owners[chosen.owner] = chosen.served
            self._under_way = (chosen, now)
        return chosen

    def done(self, stream: Stream, now: float, *, work: float, audio: float, began: int) -> float:
        """Take account of a finished unit.

        Args:
            stream: whose.
            now: the time.
            work: seconds it took.
            audio: seconds of sound it made.
            began: phonemes of the segment that it began, 0 if it continued one.

        Returns:
            Seconds for which the listener had nothing to play.
        """
        self._under_way = None
        if audio:
            self.costs.unit(work, audio, began)
        if not stream.live:
            self._files_from = now
        late = max(0.0, -stream.slack(now)) if stream.live and stream.heard else 0.0
        stream.dry = max(stream.dry, now) + audio if stream.heard else now + audio
        stream.produced += audio
        stream.units += 1
        return late

    def took(self, stream: Stream, audio: float, now: float) -> None:
        """The reader took sound: what it has not read yet, it will still play."""
        stream.dry = max(stream.dry, now + stream.unread)
        stream.taken += audio

    def close(self, stream: Stream) -> None:
        """Forget a stream."""
        self._streams.pop(stream.id, None)
        if not self._streams:
            self._owners.clear()

    def wake_at(self) -> float | None:
        """When to call ``review`` next, if nothing happens before."""
        waits = [s.arrived + self._patience for s in self._streams.values() if not s.admitted]
        return min(waits, default=None)

    def report(self, now: float) -> Report:
        """Describe the present state."""
        streams = dict.fromkeys(STATES, 0)
        for stream in self._streams.values():
            streams[_state(stream)] += 1
        heard = [s.slack(now) for s in self._listeners() if s.heard and s.remaining]
        under_way = self._under_way is not None
        return Report(
            streams,
            sum(map(self._able, self._streams.values())) + under_way,
            min(heard, default=None),
            capacity(self.costs.real_time_factor, self._supply()),
            self.costs.real_time_factor,
        )

    def _tick(self) -> int:
        self._served += 1
        return self._served

    def _files(self) -> Iterator[Stream]:
        return (stream for stream in self._streams.values() if not stream.live)

    def _listeners(self) -> Iterator[Stream]:
        return (stream for stream in self._streams.values() if stream.live and stream.admitted)

    def _in_turn(self) -> Iterator[Stream]:
        """Those who wait to be admitted, owners taking turns."""
        waiting = [stream for stream in self._streams.values() if not stream.admitted]
        waiting.sort(key=lambda stream: (stream.arrived, stream.id))
        turns: dict[str, int] = {}
        keyed = []
        for stream in waiting:
            turn = turns[stream.owner] = turns.get(stream.owner, -1) + 1
            keyed.append((turn, self._owners.get(stream.owner, 0), stream.arrived, stream.id))
        by_id = {stream.id: stream for stream in waiting}
        return (by_id[key[-1]] for key in sorted(keyed))

    def _able(self, stream: Stream) -> bool:
        return (
            stream.admitted
            and stream.ready
            and not self._is_under_way(stream)
            and stream.unread <= READ_AHEAD_SECONDS
        )

    def _is_under_way(self, stream: Stream) -> bool:
        return self._under_way is not None and self._under_way[0] is stream

    def _supply(self) -> float:
        files = FILE_SHARE if any(True for _ in self._files()) else 0.0
        return 1.0 - HEADROOM - files

    def _windows_of(self, stream: Stream) -> Sequence[float]:
        """Seconds of sound of a stream's next units."""
        return self._windows[min(stream.units, len(self._windows) - 1) :]

    def _listener(self, stream: Stream, now: float) -> Listener:
        return Listener(stream.slack(now), stream.remaining, self._windows_of(stream))

    def _admissible(self, new: Stream, now: float) -> bool:
        """Whether nobody runs dry, and the newcomer is heard in time, if it is admitted."""
        present = [stream for stream in self._listeners() if not stream.stalled(now)]
        if not present:
            # Whatever the forecast says: nobody else is there to run dry. Files, which had the
            # machine to themselves, wait as after a unit.
            self._files_from = max(self._files_from, now)
            return True
        before = self._work_before(now)
        listeners = [self._listener(stream, now) for stream in present if stream.heard]
        newcomers = sorted((s for s in present if not s.heard), key=lambda stream: stream.dry)
        first, *later = self._windows
        for stream in [*newcomers, new, *self._claimants(new, now)]:
            before += self.costs.first_sound(stream.phonemes)
            listeners.append(
                Listener(before + first, max(0.0, stream.remaining - first), later or [first])
            )
            if stream is new and now - new.arrived + before > self._patience:
                return False
        return keeps_up(listeners, before, self.costs.real_time_factor, self._supply())

    def _goes_first(self, file: Stream, live: Stream, now: float) -> bool:
        """Whether a file's unit is due, or can be done without anybody running dry."""
        factor = self.costs.real_time_factor
        work = factor * min(max(file.remaining, self._windows[0]), self._windows[-1])
        if self._files_from + work / FILE_SHARE < now:
            return True
        present = [stream for stream in self._listeners() if not stream.stalled(now)]
        listeners = [self._listener(stream, now) for stream in present]
        # The file's unit, and then a listener's, may begin a long segment.
        before = max(work, self.costs.longest_unit) + self.costs.longest_unit + RESERVE_SECONDS
        return all(stream.heard for stream in present) and keeps_up(
            listeners, before, factor, 1.0 - HEADROOM
        )

    def _work_before(self, now: float) -> float:
        """What is left of the unit under way, as far as it can be known, and one of a file's."""
        factor, longest = self.costs.real_time_factor, self._windows[-1]
        before = factor * longest if any(True for _ in self._files()) else 0.0
        if self._under_way is None:
            return before
        stream, since = self._under_way
        if stream.produced:
            whole = factor * self._windows_of(stream)[0]
        else:
            whole = self.costs.first_sound(stream.phonemes)
        return before + max(0.0, whole - (now - since))

    def _backlog(self, now: float) -> float:
        """Seconds of work until all who were let in are heard."""
        unheard = (stream for stream in self._listeners() if not stream.heard)
        first = sum(self.costs.first_sound(stream.phonemes) for stream in unheard)
        return self._work_before(now) + first

    def _claimants(self, new: Stream, now: float) -> list[Stream]:
        """A stream like the new one for every owner whose place it must leave free."""
        present = {stream.owner for stream in self._listeners()}
        self._claims = {owner: until for owner, until in self._claims.items() if until > now}
        if new.owner not in present:
            return []
        return [new for owner in self._claims if owner not in present]

    def _leaving(self, now: float) -> list[float]:
        """Seconds until each listener needs the machine no more."""
        present = (stream for stream in self._listeners() if not stream.stalled(now))
        listeners = [self._listener(stream, now) for stream in present]
        return ends(listeners, self.costs.real_time_factor)

    def _refuse(self, stream: Stream, wait: float, now: float) -> Refusal:
        self.close(stream)
        if stream.live and not any(other.owner == stream.owner for other in self._listeners()):
            self._claims[stream.owner] = now + wait + CLAIM_SECONDS
        return Refusal(stream, wait)

    def _crowd_out(self, new: Stream, now: float) -> Refusal:
        """Refuse the last of the owner with most streams that have no sound yet."""
        waiting: dict[str, list[Stream]] = {new.owner: [new]}
        for stream in self._streams.values():
            if not stream.heard and not self._is_under_way(stream):
                waiting.setdefault(stream.owner, []).append(stream)
        most = max(waiting.values(), key=lambda those: (len(those), new in those))
        last = max(most, key=lambda stream: (stream.arrived, stream.id))
        files = self.costs.real_time_factor * min((s.remaining for s in self._files()), default=0)
        return self._refuse(last, min(self._leaving(now), default=files), now)


def _state(stream: Stream) -> str:
    if not stream.live:
        return "file"
    if not stream.admitted:
        return "queued"
    return "listening" if stream.heard else "starting"
