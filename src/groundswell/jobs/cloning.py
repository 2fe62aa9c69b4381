"""Cloned voices: made by a job, kept per account, erased with all that they were made from.

A row comes first, then the recording in the object store, then the job; what a crash leaves
between the first and the last is removed by ``mend``.
"""

import contextlib
import re
import secrets
import string
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groundswell.audio.encode import Delivery, with_exact_header
from groundswell.audio.resample import MODEL_RATE
from groundswell.cloning.enrolment import (
    Enrolled,
    EnrolmentFailed,
    EnrolmentInterrupted,
    Method,
    enrol,
)
from groundswell.cloning.voice_file import read_voice
from groundswell.errors import InvalidInput, ModelUnavailable, NotFound, UnknownVoice
from groundswell.jobs.job import Job
from groundswell.jobs.jobs import Jobs
from groundswell.jobs.work import Work
from groundswell.store.clone_table import ClonedVoice
from groundswell.store.database import Database
from groundswell.store.objects import Objects
from groundswell.synthesis.casting import OwnVoice
from groundswell.synthesis.model_files import speaker_encoder_path

KIND = "voice_clone"
METHOD: Method = "instant"
REFUSED = "refused"
LIMIT_MESSAGE = "clone limit exceeded, consider upgrading"
SAMPLE_TEXT = (
    "A young man with a brown hat asked us where the station was. My father usually reads the "
    "newspaper after he has had breakfast. The church bells rang just as the first guests came in."
)
"""What is said in the sample: the phrases that enrolment measures the new voice on."""

_ID = re.compile(r"voice_[A-Za-z0-9]{10}")
_ALPHABET = string.ascii_letters + string.digits
_READY_KEPT = 64
_UNFINISHED_UPLOAD = timedelta(minutes=10)
_BRITISH = re.compile(r"british|australian|english \(uk\)|\buk\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller wants of a new voice."""

    display_name: str
    model: str
    description: str = ""
    accent: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    consent: str = ""
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Cloned:
    """A cloned voice as its owner sees it; see ``ClonedVoice``."""

    id: str
    account_id: str
    display_name: str
    description: str
    accent: str
    tags: list[str]
    language: str
    model: str
    method: str
    consent: str
    file_name: str
    status: str
    similarity: float | None
    warnings: list[str]
    error: str | None
    error_code: str | None
    created_at: datetime

    @classmethod
    def of(cls, row: ClonedVoice) -> "Cloned":
        """Read a row."""
        return cls(**{name: getattr(row, name) for name in cls.__slots__})

    @property
    def sample(self) -> str:
        """The object that holds a sample of it."""
        return f"{folder(self.id)}/sample.wav"


def looks_cloned(voice_id: str) -> bool:
    """Whether an id is in the form of a clone's."""
    return _ID.fullmatch(voice_id) is not None


def folder(voice_id: str) -> str:
    """Where the objects of a voice are."""
    return f"voices/{voice_id}"


class Clones:
    """The cloned voices of one database. Blocking.

    Args:
        database: where they are listed.
        objects: where they are kept.
        jobs: what makes them; the kind is registered here.
        models_dir: folder of model files.
        threads: of enrolment.
        most: voices one account may have.
        timeout: seconds one enrolment may take.
        enrol: makes a voice, as ``enrolment.enrol`` does.
        pauses: seconds before each new try of an enrolment that was ended from outside.
    """

    def __init__(
        self,
        database: Database,
        objects: Objects,
        jobs: Jobs,
        *,
        models_dir: Path,
        threads: int,
        most: int,
        timeout: float,
        enrol: Callable[..., Enrolled] = enrol,
        pauses: tuple[float, ...] = (1.0, 5.0),
    ) -> None:
        self._database, self._objects, self._jobs = database, objects, jobs
        self._models_dir, self._threads = models_dir, threads
        self._most, self._timeout, self._enrol = most, timeout, enrol
        self._pauses = pauses
        self._ready: OrderedDict[str, OwnVoice] = OrderedDict()
        self._lock = Lock()
        jobs.register(KIND, self._perform, ended=self._ended, discard=self._discard)

    def create(self, account_id: str, wish: Wish, recording: bytes) -> Cloned:
        """Keep a recording and begin to make a voice of it.

        Raises:
            InvalidInput: the account has as many as it may.
            ModelUnavailable: this server has no speaker encoder.
            TooBusy: the account has too many unfinished jobs.
        """
        if not speaker_encoder_path(self._models_dir).exists():
            raise ModelUnavailable(speaker_encoder_path(self._models_dir), "missing")
        row = ClonedVoice(
            id="voice_" + "".join(secrets.choice(_ALPHABET) for _ in range(10)),
            account_id=account_id,
            display_name=wish.display_name,
            description=wish.description,
            accent=wish.accent,
            tags=list(wish.tags),
            language=wish.language,
            model=wish.model,
            method=METHOD,
            consent=wish.consent,
            file_name=wish.file_name,
            status="pending",
            warnings=[],
            created_at=datetime.now(UTC),
        )
        voice_id = row.id
        with self._database.begin() as session:
            count = select(func.count()).select_from(ClonedVoice)
            kept = session.scalar(count.where(ClonedVoice.account_id == account_id)) or 0
            if kept >= self._most:
                raise InvalidInput(LIMIT_MESSAGE)
            session.add(row)

        def begun(session: Session, job: Job) -> None:
            session.get_one(ClonedVoice, voice_id).job_id = job.id

        try:
            self._objects.put(f"{folder(voice_id)}/reference", recording)
            self._jobs.start(KIND, account_id, {"voice_id": voice_id}, begun=begun)
        except BaseException:
            self._erase(voice_id)
            raise
        return self.get(account_id, voice_id)

    def get(self, account_id: str, voice_id: str) -> Cloned:
        """Return one.

        Raises:
            NotFound: the account has no such voice.
        """
        with self._database.read() as session:
            return Cloned.of(_owned(session, account_id, voice_id))

    def all(self, account_id: str) -> list[Cloned]:
        """Return the account's voices, newest first."""
        with self._database.read() as session:
            rows = session.scalars(
                select(ClonedVoice)
                .where(ClonedVoice.account_id == account_id)
                .order_by(ClonedVoice.created_at.desc(), ClonedVoice.id)
            )
            return [Cloned.of(row) for row in rows]

    def delete(self, account_id: str, voice_id: str) -> None:
        """Erase a voice, its recording and its sample; speech under way is finished.

        Raises:
            NotFound: the account has no such voice.
        """
        with self._database.read() as session:
            job_id = _owned(session, account_id, voice_id).job_id
        if job_id is not None:
            with contextlib.suppress(NotFound):  # ended long ago
                self._jobs.cancel(job_id)
        self._erase(voice_id)

    def load(self, account_id: str, voice_id: str) -> OwnVoice | None:
        """Return what the engine needs of a voice; none if the id is not in a clone's form.

        Raises:
            UnknownVoice: the account has no such voice.
            InvalidInput: it is not made yet, or could not be.
        """
        if not looks_cloned(voice_id):
            return None
        try:
            clone = self.get(account_id, voice_id)
        except NotFound:
            raise UnknownVoice(voice_id) from None
        if clone.status != "completed":
            state = "could not be made" if clone.status == "failed" else "is still being made"
            raise InvalidInput(f"The voice {voice_id} {state}.", field="voice_id")
        with self._lock:
            if voice_id in self._ready:
                self._ready.move_to_end(voice_id)
                return self._ready[voice_id]
        model = read_voice(self._objects.get(f"{folder(voice_id)}/voice.npz"))
        british = clone.language in {"", "en"} and bool(_BRITISH.search(clone.accent))
        with self._lock:
            # One object for a voice, whoever was first: the engine process is sent it once.
            voice = self._ready.setdefault(voice_id, OwnVoice(voice_id, british, model))
            if len(self._ready) > _READY_KEPT:
                self._ready.popitem(last=False)
        return voice

    def mend(self, older_than: timedelta = _UNFINISHED_UPLOAD) -> None:
        """Remove voices whose recording never arrived: their process died meanwhile."""
        before = datetime.now(UTC) - older_than
        with self._database.read() as session:
            lost = session.scalars(
                select(ClonedVoice.id).where(
                    ClonedVoice.job_id.is_(None), ClonedVoice.created_at < before
                )
            ).all()
        for voice_id in lost:
            self._erase(voice_id)

    def _perform(self, work: Work) -> dict[str, Any]:
        voice_id = work.request["voice_id"]
        where = folder(voice_id)
        self._note(voice_id, status="processing")
        work.progress(0.02, "reading the recording")
        try:
            made = self._enrolled(self._objects.get(f"{where}/reference"), work, self._pauses)
        except InvalidInput:
            self._note(voice_id, error_code=REFUSED)
            raise
        except EnrolmentFailed as error:
            self._note(voice_id, error_code=error.code)
            raise
        delivery = Delivery("wav", MODEL_RATE)
        sample = with_exact_header(delivery.feed(made.speech) + delivery.finish(), MODEL_RATE)
        work.check()
        self._objects.put(f"{where}/voice.npz", made.voice)
        self._objects.put(f"{where}/sample.wav", sample)
        return {
            "voice_id": voice_id,
            "similarity": round(made.similarity, 4),
            "warnings": list(made.warnings),
            "files": {"sample": f"{where}/sample.wav"},
        }

    def _enrolled(self, reference: bytes, work: Work, pauses: tuple[float, ...]) -> Enrolled:
        try:
            return self._enrol(
                reference,
                models_dir=self._models_dir,
                threads=self._threads,
                method=METHOD,
                timeout=self._timeout,
                progress=work.progress,
            )
        except EnrolmentInterrupted:
            if not pauses:
                raise
        work.wait(pauses[0])
        return self._enrolled(reference, work, pauses[1:])

    def _ended(self, session: Session, job: Job) -> None:
        """Write down how it went, in the transaction that ends the job."""
        row = session.get(ClonedVoice, job.request["voice_id"])
        if row is None:  # deleted meanwhile
            return
        if job.result is not None:
            row.status = "completed"
            row.similarity = job.result["similarity"]
            row.warnings = job.result["warnings"]
        else:
            row.status = "failed"
            row.error = job.error or "The job was cancelled."

    def _discard(self, job: Job) -> None:
        """Remove the objects of a voice that was not made, or is no more."""
        voice_id = job.request["voice_id"]
        with self._database.read() as session:
            row = session.get(ClonedVoice, voice_id)
        if row is None or row.status != "completed":
            self._objects.delete_all(folder(voice_id))

    def _note(self, voice_id: str, **values: str) -> None:
        with self._database.begin() as session:
            row = session.get(ClonedVoice, voice_id)
            for name, value in values.items() if row is not None else ():
                setattr(row, name, value)

    def _erase(self, voice_id: str) -> None:
        with self._lock:
            self._ready.pop(voice_id, None)
        # Objects first: while the row is there, the erasure can be asked for again.
        self._objects.delete_all(folder(voice_id))
        with self._database.begin() as session:
            row = session.get(ClonedVoice, voice_id)
            if row is not None:
                session.delete(row)


def _owned(session: Session, account_id: str, voice_id: str) -> ClonedVoice:
    row = session.get(ClonedVoice, voice_id) if _ID.fullmatch(voice_id) else None
    if row is None or row.account_id != account_id:
        raise NotFound("Voice not found")
    return row
