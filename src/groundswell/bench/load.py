"""The parts of ``bench load``, one after another on one server, with the peers beside it."""

from collections.abc import Iterable
from contextlib import ExitStack

from groundswell.bench import concurrency, latency, stream_memory, throughput
from groundswell.bench.crowd import Target, crowd
from groundswell.bench.fastkokoro import fastkokoro
from groundswell.bench.judges import BenchFailed
from groundswell.bench.parts import Part
from groundswell.bench.residents import VOICES
from groundswell.bench.rival import Rival
from groundswell.bench.subject import subject
from groundswell.bench.tables import Section
from groundswell.settings import settings
from groundswell.synthesis.model_files import locate


def measure(
    parts: Iterable[Part],
    *,
    seconds: float = 180.0,
    rounds: int = 7,
    beside_fastkokoro: bool = False,
    url: str | None = None,
    key: str | None = None,
) -> list[Section]:
    """Measure the parts in the order of ``Part``.

    Args:
        parts: which.
        seconds: how long concurrent streams may hear no gap.
        rounds: of latency and throughput.
        beside_fastkokoro: whether that server is measured too.
        url: a running server; without it one is started.
        key: a key of that server.

    Raises:
        BenchFailed: a part needs the process of the server, and it is not ours.
    """
    wanted = set(parts) or set(Part)
    if url is not None:
        if unknown := sorted(wanted & {Part.THROUGHPUT, Part.MEMORY} & set(parts)):
            raise BenchFailed(
                f"{', '.join(unknown)}: the CPU and memory of a server can only be read when the "
                "bench starts it; leave out --url."
            )
        wanted -= {Part.THROUGHPUT, Part.MEMORY}
    paths = locate(settings().models_dir)
    sections: list[Section] = []
    with ExitStack() as stack:
        server = stack.enter_context(subject(url, key))
        listeners = stack.enter_context(crowd())
        peer = None
        if beside_fastkokoro:
            peer = stack.enter_context(fastkokoro(paths, list(VOICES)))
        target, other = Target("ours", server.url, server.key), peer[0] if peer else None
        if wanted & {Part.LATENCY, Part.THROUGHPUT}:
            with Rival(paths, [latency.VOICE]) as rival:
                if Part.LATENCY in wanted:
                    sections.append(
                        latency.measure(target, listeners, rival, rounds=rounds, peer=other)
                    )
                if Part.THROUGHPUT in wanted:
                    sections.append(throughput.measure(server, rival, rounds=rounds, peer=peer))
        if Part.CONCURRENCY in wanted:
            sections.append(concurrency.measure(server, listeners, seconds=seconds, peer=other))
        if Part.MEMORY in wanted:
            sections.append(stream_memory.measure(server, listeners))
    return sections
