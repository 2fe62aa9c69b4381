"""How many listeners at once hear no gap, how soon a newcomer is heard beside them, and the peer.

Newcomers: one place of the load that was found is taken by short calls, one after another. With
more than that load a server that admits by cost would rightly refuse them.
"""

from dataclasses import replace

import numpy as np

from groundswell.bench.capacity import Search
from groundswell.bench.crowd import Crowd, Run, Stream, Target, trust
from groundswell.bench.listener_worker import Listener
from groundswell.bench.plots import distribution, timeline
from groundswell.bench.residents import MAX_SECONDS, residents
from groundswell.bench.sentences import corpus
from groundswell.bench.subject import Subject
from groundswell.bench.tables import Section, Table, Verdict, spread

MIN_SHARE = 0.85
MAX_NEWCOMER_SECONDS = 1.0
NEWCOMER_EVERY = 2.5
"""Seconds between newcomers."""
_NEWCOMER_HEARS = 2.0
_NEWCOMER_WINDOW = 75.0


def measure(
    subject: Subject, crowd: Crowd, *, seconds: float = 180.0, peer: Target | None = None
) -> Section:
    """Find the number, then let newcomers in, then give the same load to the peer.

    Args:
        subject: ours.
        crowd: who listens.
        seconds: how long nobody may hear a gap.
        peer: another server, idle.
    """
    target = Target("ours", subject.url, subject.key)
    search = Search(subject, target, crowd)
    best = search.find(seconds)
    count = best.count if best else 0
    share = count / search.limit
    window = min(seconds, _NEWCOMER_WINDOW)
    beside = max(1, count - 1)
    mixed = crowd.listen(
        target, [*_lasting(beside, window), *newcomers(window)], seconds=window + 10
    )
    new = mixed.streams[beside:]
    firsts = [s.first_audio for s in new if s.first_audio is not None]
    theirs = (
        crowd.listen(peer, residents(max(1, count), min(window, 30.0)), seconds=window + 60)
        if peer
        else None
    )
    tail = float(np.quantile(firsts, 0.95)) if firsts else float("inf")
    verdicts = (
        Verdict(
            f"Streams without any gap for {seconds:g} s ÷ the physical limit",
            f"{share:.2f} ({count} of {search.limit:.2f})",
            f"≥ {MIN_SHARE:g} (goal 0.95)",
            share >= MIN_SHARE,
        ),
        Verdict(
            f"First audio of a newcomer beside {_streams(beside)}, 95 %",
            f"{tail:.2f} s" if firsts else "never heard",
            f"≤ {MAX_NEWCOMER_SECONDS:g} s (goal 0.4)",
            tail <= MAX_NEWCOMER_SECONDS and len(firsts) == len(new),
        ),
        trust([mixed, *(trial.run for trial in search.trials)]),
    )
    data = {
        "seconds": seconds,
        "real_time_factors": search.factors,
        "limit": search.limit,
        "count": count,
        "share": share,
        "trials": [trial.data() for trial in search.trials],
        "newcomers": mixed.data() | {"residents": beside},
        "peer": theirs.data() | {"name": peer.name} if peer and theirs else None,
    }
    tables = [_limit_table(search), _search_table(search), _newcomer_table(mixed, beside)]
    shown = best or search.trials[-1]
    plots = [
        timeline(
            "streams", f"{_streams(shown.count)} at once, ours", _labelled(shown.run, "stream")
        ),
        timeline(
            "newcomers",
            f"Newcomers beside {_streams(beside)}, ours",
            _labelled(mixed, "stream", beside),
        ),
    ]
    if peer and theirs:
        tables.append(_peer_table(peer, theirs))
        plots.append(
            timeline("streams-peer", f"The same streams, {peer.name}", _labelled(theirs, "stream"))
        )
    if firsts:
        plots.append(
            distribution(
                "newcomers-first-audio",
                "Time to first audio under load",
                {"newcomers, ours": firsts},
            )
        )
    return Section("concurrency", tuple(tables), verdicts, data, tuple(plots))


def newcomers(seconds: float) -> list[Listener]:
    """Make callers who come one after another, each for a moment."""
    lines = corpus("en").lines
    count = int((seconds - 5) / NEWCOMER_EVERY)
    return [
        Listener(5 + at * NEWCOMER_EVERY, lines[at * 5 % len(lines)], "af_heart", _NEWCOMER_HEARS)
        for at in range(max(1, count))
    ]


def _lasting(count: int, seconds: float) -> list[Listener]:
    """Make residents who are there until the run ends, however far the server is ahead of them."""
    longest = max(seconds, MAX_SECONDS)
    return [replace(listener, hears=None) for listener in residents(count, longest)]


def _labelled(run: Run, name: str, count: int | None = None) -> dict[str, Stream]:
    """Name the streams: the first ``count`` of them, and the others as newcomers."""
    first = len(run.streams) if count is None else count
    return {
        f"{name} {at + 1}" if at < first else f"newcomer {at + 1 - first}": stream
        for at, stream in enumerate(run.streams)
    }


def _streams(count: int) -> str:
    return "1 stream" if count == 1 else f"{count} streams"


def _limit_table(search: Search) -> Table:
    row = (str(len(search.factors)), spread(search.factors), f"{search.limit:.2f} streams")
    columns = ("Batches", "Real-time factor: median (quartiles)", "At most that is enough for")
    return Table("The physical limit", columns, (row,))


def _search_table(search: Search) -> Table:
    rows = tuple(
        (
            str(trial.count),
            f"{trial.seconds:g} s",
            "yes" if trial.holds else "no",
            f"{max(len(s.player.gaps) for s in trial.run.streams)}",
            f"{max(s.player.longest for s in trial.run.streams) * 1000:.0f} ms",
            str(sum(s.heard.error is not None for s in trial.run.streams)),
            f"{max((s.first_audio or np.inf) for s in trial.run.streams):.2f} s",
        )
        for trial in search.trials
    )
    return Table(
        "Streams at once; a run ends at its first gap",
        ("Streams", "For", "Hold", "Most gaps", "Longest", "Refused", "Slowest first audio"),
        rows,
    )


def _newcomer_table(run: Run, beside: int) -> Table:
    new, old = run.streams[beside:], run.streams[:beside]
    firsts = [s.first_audio for s in new if s.first_audio is not None]
    opened = [s.heard.connecting + s.first_audio for s in new if s.first_audio is not None]
    rows = [
        ("newcomers, and of them refused or never heard", f"{len(new)}, {len(new) - len(firsts)}"),
        ("advice of refusals (Retry-After)", _advice(run)),
    ]
    if firsts:
        rows += [
            ("first audio, median (quartiles)", spread(firsts, "s")),
            (
                "first audio, 95 % and worst",
                f"{np.quantile(firsts, 0.95):.2f} s, {max(firsts):.2f} s",
            ),
            ("the same with the opening of the socket, 95 %", f"{np.quantile(opened, 0.95):.2f} s"),
        ]
    rows += [
        (
            "gaps of the streams beside them",
            f"{sum(len(s.player.gaps) for s in old)}, together "
            f"{sum(s.player.silence for s in old) * 1000:.0f} ms",
        ),
        ("gaps of the newcomers", f"{sum(len(s.player.gaps) for s in new)}"),
    ]
    return Table(
        f"A newcomer every {NEWCOMER_EVERY:g} s beside {_streams(beside)}",
        ("What", "Measured"),
        tuple(rows),
    )


def _advice(run: Run) -> str:
    given = [s.heard.retry_after for s in run.streams if s.heard.retry_after is not None]
    refused = sum(s.heard.error is not None for s in run.streams)
    return f"{len(given)} of {refused}" + (f": {spread(given, 's')}" if given else "")


def _peer_table(peer: Target, run: Run) -> Table:
    rows = tuple(
        (
            str(at + 1),
            "never" if stream.first_audio is None else f"{stream.first_audio:.2f} s",
            str(len(stream.player.gaps)),
            f"{stream.player.silence:.1f} s",
            f"{stream.player.longest:.1f} s",
            f"{stream.player.delivered:.0f} s"
            + (f", {stream.heard.error}" * bool(stream.heard.error)),
        )
        for at, stream in enumerate(run.streams)
    )
    return Table(
        f"The same listeners, {run.streams[0].listener.hears:g} s each, at {peer.name}",
        ("Stream", "First audio", "Gaps", "Silence", "Longest", "Delivered"),
        rows,
    )
