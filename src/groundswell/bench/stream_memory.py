"""How much memory a server takes with ten streams open: all its processes together."""

from groundswell.bench.crowd import Crowd, Target, trust
from groundswell.bench.processes import MIB, MemoryMeter
from groundswell.bench.residents import residents
from groundswell.bench.subject import Subject
from groundswell.bench.tables import Section, Table, Verdict

STREAMS = 10
SECONDS = 30.0
MAX_MIB = 1.5e9 / MIB


def measure(subject: Subject, crowd: Crowd) -> Section:
    """Let ten ask at once; the server may refuse those whom it cannot serve in time."""
    assert subject.pid is not None
    target = Target("ours", subject.url, subject.key)
    with MemoryMeter(subject.pid) as meter:
        before = meter.now()
        run = crowd.listen(target, residents(STREAMS, SECONDS), seconds=2 * SECONDS)
        after = meter.now()
    heard = sum(stream.first_audio is not None for stream in run.streams)
    verdict = Verdict(
        f"Resident memory with {STREAMS} streams, highest",
        f"{meter.peak:.0f} MiB ({heard} of {STREAMS} served)",
        f"≤ {MAX_MIB:.0f} MiB (1.5 GB; goal 1 GB)",
        meter.peak <= MAX_MIB,
    )
    rows = (
        ("before", f"{before:.0f}"),
        ("highest, sampled every 50 ms", f"{meter.peak:.0f}"),
        ("after", f"{after:.0f}"),
    )
    table = Table("Resident memory of the server and its children", ("When", "MiB"), rows)
    data = run.data() | {"before_mib": before, "peak_mib": meter.peak, "after_mib": after}
    return Section("stream-memory", (table,), (verdict, trust([run])), data)
