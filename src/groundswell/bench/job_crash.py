"""What becomes of jobs when their servers are killed.

Two workers on one database begin and run long syntheses and clones; one of them is killed with
SIGKILL at a random moment, again and again. In place of the model is what makes sound, or a voice,
in a second; all else is what a server runs. Afterwards every job must have ended once, its credits
be settled once, its files be what an undisturbed run makes, and nothing be left over.
"""

import hashlib
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from signal import SIGKILL
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groundswell.accounts.credits import Ledger, Quota, hold, settle
from groundswell.accounts.keys import Keys
from groundswell.bench.judges import BenchFailed
from groundswell.cloning.enrolment import Enrolled
from groundswell.jobs import workflows  # noqa: F401 - loaded once, before workers are forked
from groundswell.jobs.book import JobBook
from groundswell.jobs.cloning import KIND as CLONE_KIND
from groundswell.jobs.cloning import Clones, Wish
from groundswell.jobs.cloning import folder as voice_folder
from groundswell.jobs.job import Job
from groundswell.jobs.jobs import Jobs
from groundswell.jobs.speech import folder as folder_of
from groundswell.jobs.speech import speak_to_file
from groundswell.jobs.work import Work
from groundswell.store.clone_table import ClonedVoice
from groundswell.store.database import Database
from groundswell.store.job_table import JobRow
from groundswell.store.objects import Objects
from groundswell.store.tables import Reservation, Transfer
from groundswell.synthesis.model_files import speaker_encoder_path
from groundswell.synthesis.utterance import Frames, WordTime

LEASE = timedelta(seconds=2)
KIND = "tts"
_JOBS_FOR_A_KILL = 1
_CANCELLED = 7
"""One job of so many is cancelled, or its voice deleted."""
_CLONED = 2
"""A clone is begun with one job of so many."""
_ENROLMENT_STEPS, _ENROLMENT_STEP_SECONDS = 20, 0.05
_SEGMENTS, _SEGMENT_SECONDS = 8, 8
_FRAME_SECONDS = 0.02
"""That the generator takes for a second of sound."""
_LIMIT_SECONDS = 300.0
_LEASE_OF_CREDITS = timedelta(days=1)
_SECRET = "of the objects of this bench, long enough"  # noqa: S105
_processes = get_context("forkserver")
_processes.set_forkserver_preload([__name__])


@dataclass(slots=True)
class JobFindings:
    """What was found once all was quiet.

    Attributes:
        killed: workers.
        jobs: how many there were, by how they ended.
        clones: of them, by how they ended.
        runs: most runs that one job took.
        taken_over: runs beyond the first, of all jobs.
        problems: what should not be; empty if all is well.
    """

    killed: int = 0
    jobs: dict[str, int] = field(default_factory=dict)
    clones: dict[str, int] = field(default_factory=dict)
    runs: int = 0
    taken_over: int = 0
    problems: list[str] = field(default_factory=list)

    def expect(self, right: bool, problem: str) -> None:
        """Note a problem unless all is right."""
        if not right:
            self.problems.append(problem)


def crash(database_url: str, *, kills: int) -> JobFindings:
    """Kill workers on a database, let the last ones finish, and compare what is left."""
    with closing(Database(database_url)) as database, tempfile.TemporaryDirectory() as folder:
        database.migrate()
        Ledger(database)
        _, key = Keys(database).create("job-crash")
        jobs = max(8, kills * _JOBS_FOR_A_KILL)
        killed = _kill((database_url, key.account_id, key.id, folder, jobs), kills, database)
        findings = JobFindings(killed)
        objects = Objects(Path(folder) / "objects", secret=_SECRET)
        _compare(database, objects, key.id, findings)
        _compare_voices(database, objects, Path(folder), findings)
        findings.expect(
            sum(findings.jobs.values()) - sum(findings.clones.values()) == jobs,
            f"{findings.jobs} are not the {jobs} jobs begun, and {findings.clones}",
        )
    return findings


_Arguments = tuple[str, str, str, str, int]


def _kill(arguments: _Arguments, kills: int, database: Database) -> int:
    draw = random.Random(kills)  # noqa: S311 - moments, not secrets
    killed = 0
    workers = [_worker(arguments), _worker(arguments)]
    try:
        while killed < kills:
            time.sleep(draw.uniform(0.1, 2.0))
            at = draw.randrange(2)
            if (code := workers[at].exitcode) is not None:
                raise BenchFailed(f"A worker ended by itself, with {code}.")
            workers[at].kill()
            workers[at].join()
            if workers[at].exitcode == -SIGKILL:
                killed += 1
            workers[at] = _worker(arguments)
        limit = time.monotonic() + _LIMIT_SECONDS
        while not _quiet(database, arguments[-1]):
            if time.monotonic() > limit:
                break
            time.sleep(0.5)
    finally:
        for worker in workers:
            worker.kill()
            worker.join()
    return killed


def _quiet(database: Database, jobs: int) -> bool:
    with database.read() as session:
        begun = session.scalar(select(func.count()).where(JobRow.kind == KIND)) or 0
        untidy = session.scalar(select(func.count()).where(~JobRow.tidied)) or 0
    return begun >= jobs and not untidy


def _worker(arguments: _Arguments) -> ForkServerProcess:
    worker = _processes.Process(target=_work, args=arguments)
    worker.start()
    return worker


def _work(url: str, account_id: str, key_id: str, folder: str, count: int) -> None:
    database = Database(url)
    objects = Objects(Path(folder) / "objects", secret=_SECRET)
    jobs = Jobs(database, Path(folder), most=4 * count, lease=LEASE)

    def perform(work: Work) -> Mapping[str, Any]:
        made = speak_to_file(work, objects, _opened(work), _text(), "wav", 24_000)
        return made | {"credits": len(_text())}

    def ended(session: Session, job: Job) -> None:
        settle(session.connection(), job.id.replace("-", ""), (job.result or {}).get("credits"))

    def begun(session: Session, job: Job) -> None:
        hold(
            session.connection(),
            job.id.replace("-", ""),
            account_id,
            Quota(key_id),
            len(_text()),
            prepaid=False,
            lease=_LEASE_OF_CREDITS,
        )

    def discard(job: Job) -> None:
        objects.delete_all(folder_of(job.id))

    jobs.register(KIND, perform, concurrency=2, ended=ended, discard=discard)
    clones = _clones(database, objects, jobs, Path(folder))
    jobs.open()
    draw = random.Random()  # noqa: S311
    for number in range(count):
        job = jobs.start(
            KIND, account_id, {"number": number}, idempotency_key=str(number), begun=begun
        )
        time.sleep(draw.uniform(0, 0.2))
        if number % _CANCELLED == 0 and draw.random() < 0.5:
            jobs.cancel(job.id)
        if number % _CLONED == 0:
            _clone(clones, account_id, number, deleted=number % _CANCELLED == 0)
    while True:
        time.sleep(1)


def _clones(database: Database, objects: Objects, jobs: Jobs, folder: Path) -> Clones:
    encoder = speaker_encoder_path(folder)
    encoder.parent.mkdir(parents=True, exist_ok=True)
    encoder.touch()  # that there is one is all that is asked before enrolment
    return Clones(
        *(database, objects, jobs),
        models_dir=folder,
        threads=1,
        most=10**6,
        timeout=60,
        enrol=_enrol,
    )


def _clone(clones: Clones, account_id: str, number: int, *, deleted: bool) -> None:
    """Begin a clone, unless an earlier worker did; perhaps delete it at once."""
    name = f"voice {number}"
    if name not in {each.display_name for each in clones.all(account_id)}:
        clone = clones.create(account_id, Wish(name, "lightning-v3.1"), name.encode())
        if deleted:
            clones.delete(account_id, clone.id)


def _enrol(reference: bytes, *, progress: Callable[[float, str], None], **_: object) -> Enrolled:
    """Takes a second, as enrolment would some more; the voice tells what it was made from."""
    for step in range(_ENROLMENT_STEPS):
        progress(step / _ENROLMENT_STEPS, "listening")
        time.sleep(_ENROLMENT_STEP_SECONDS)
    return Enrolled(reference[::-1], np.zeros(2400, np.float32), 0.8, ())


def _text() -> str:
    return " ".join(f"word{number}" for number in range(_SEGMENTS * _SEGMENT_SECONDS))


def _opened(work: Work) -> Any:
    """Opens the sound of a job from any segment."""

    @contextmanager
    def open_frames(skipped: int) -> Iterator[Iterator[Frames]]:
        yield _frames(work.request["number"], skipped, work)

    return open_frames


def _frames(number: int, skipped: int, work: Work | None) -> Iterator[Frames]:
    """Frames of one second each, whose samples tell which they are."""
    text = _text()
    until = [at for at, char in enumerate(text + " ") if char == " "]
    for second in range(skipped * _SEGMENT_SECONDS, _SEGMENTS * _SEGMENT_SECONDS):
        if work is not None:
            work.wait(_FRAME_SECONDS)
        start = second - skipped * _SEGMENT_SECONDS
        noise = np.random.default_rng((number, second)).standard_normal(24_000)
        samples = (0.1 * noise).astype(np.float32)
        word = WordTime(second, f"word{second}", start, start + 0.5, until[second])
        yield Frames(samples, start, (word,), (second + 1) % _SEGMENT_SECONDS == 0)


def _expected(number: int) -> str:
    """The hash of the sound of a job that nobody disturbed, without its header."""
    samples = np.concatenate([frames.samples for frames in _frames(number, 0, None)])
    scaled = np.clip(np.rint(samples * 32767.0), -32768, 32767).astype("<i2")
    return hashlib.sha256(scaled.tobytes()).hexdigest()


def _compare(database: Database, objects: Objects, key_id: str, findings: JobFindings) -> None:
    jobs, _ = JobBook(database).page(account_id=None, kind=None, state=None, limit=10**6, offset=0)
    findings.jobs = dict(Counter(job.state for job in jobs))
    findings.runs = max((job.run for job in jobs), default=0)
    findings.taken_over = sum(job.run - 1 for job in jobs)
    kept: set[str] = set()
    with database.read() as session:
        transfers = Counter(
            (row.reservation_id, row.kind) for row in session.scalars(select(Transfer))
        )
        left = session.scalar(select(func.count()).where(Reservation.key_id == key_id))
    findings.expect(not left, f"{left} reservations were not settled")
    for job in jobs:
        findings.expect(job.state in {"completed", "cancelled"}, f"a job {job.state}: {job.error}")
        if job.kind != KIND:
            continue
        charged = transfers[job.id.replace("-", ""), "settle"]
        findings.expect(
            charged == (job.state == "completed"), f"a job {job.state} was charged {charged} times"
        )
        if job.result is None:
            continue
        kept |= set(job.result["files"].values())
        sound = objects.get(job.result["files"]["audio"])[44:]
        right = hashlib.sha256(sound).hexdigest() == _expected(job.request["number"])
        findings.expect(right, f"the sound of job {job.request['number']} is not what it should be")
        words = objects.get(job.result["files"]["words"])
        findings.expect(words.count(b'"word"') == _SEGMENTS * _SEGMENT_SECONDS, "words are amiss")
    stored = set(objects.list("jobs"))
    findings.expect(stored == kept, f"{len(stored - kept)} orphans, {len(kept - stored)} missing")


def _compare_voices(
    database: Database, objects: Objects, folder: Path, findings: JobFindings
) -> None:
    """Every voice is whole, and of those that are no more nothing is left."""
    jobs, _ = JobBook(database).page(
        account_id=None, kind=CLONE_KIND, state=None, limit=10**6, offset=0
    )
    findings.clones = dict(Counter(job.state for job in jobs))
    # What a kill left between a voice and its job, as a server does it after some time.
    _clones(database, objects, Jobs(database, folder), folder).mend(timedelta())
    kept: set[str] = set()
    with database.read() as session:
        rows = list(session.scalars(select(ClonedVoice)))
    findings.expect(bool(rows), "no voice was made")
    for row in rows:
        where = voice_folder(row.id)
        kept |= {f"{where}/{name}" for name in ("reference", "voice.npz", "sample.wav")}
        findings.expect(row.status == "completed", f"a voice is {row.status}: {row.error}")
        if row.status == "completed":
            voice = objects.get(f"{where}/voice.npz")
            right = voice == row.display_name.encode()[::-1]
            findings.expect(right, f"{row.display_name} is not what it should be")
    stored = set(objects.list("voices"))
    findings.expect(
        stored == kept, f"of voices {len(stored - kept)} orphans, {len(kept - stored)} missing"
    )
