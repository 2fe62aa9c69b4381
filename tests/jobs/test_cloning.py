"""Cloned voices of two accounts, their limit, and what crashes leave behind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.jobs.waiting import ended

from groundswell.accounts.accounts import Accounts
from groundswell.cloning.enrolment import Enrolled, EnrolmentInterrupted
from groundswell.errors import InvalidInput, ModelUnavailable, NotFound, UnknownVoice
from groundswell.jobs.cloning import KIND, LIMIT_MESSAGE, Clones, Wish, folder
from groundswell.jobs.jobs import Jobs
from groundswell.settings import settings
from groundswell.store.clone_table import ClonedVoice
from groundswell.store.database import Database
from groundswell.store.objects import Objects

WISH = Wish("Test", "lightning-v3.1")


@pytest.fixture
def objects(tmp_path: Path) -> Objects:
    return Objects(tmp_path / "objects")


@pytest.fixture
def new_clones(database: Database, objects: Objects, jobs: Jobs) -> Callable[..., Clones]:
    """Makes the clones of a database."""
    usual = partial(Clones, threads=1, most=2, timeout=60)
    return partial(usual, database, objects, jobs, models_dir=settings().models_dir)


@pytest.fixture
def clones(new_clones: Callable[..., Clones]) -> Clones:
    """Jobs are begun and, since nothing opens them, never run."""
    return new_clones()


@pytest.fixture
def owners(database: Database) -> tuple[str, str]:
    accounts = Accounts(database)
    one, two = accounts.create("one"), accounts.create("two")
    return one.id, two.id


def test_a_voice_begins_as_a_row_a_recording_and_a_job(
    clones: Clones, objects: Objects, jobs: Jobs, owners: tuple[str, str]
) -> None:
    clone = clones.create(owners[0], WISH, b"sound")
    assert clone.status == "pending"
    assert objects.get(f"{folder(clone.id)}/reference") == b"sound"
    (job,) = jobs.page(account_id=owners[0])[0]
    assert (job.kind, job.request) == (KIND, {"voice_id": clone.id})
    with pytest.raises(InvalidInput, match="still being made"):
        clones.load(owners[0], clone.id)


def test_others_have_no_such_voice(clones: Clones, owners: tuple[str, str]) -> None:
    mine, stranger = owners
    clone = clones.create(mine, WISH, b"sound")
    for wrong in (clone.id, "voice_0000000000"):
        with pytest.raises(NotFound) as unknown:
            clones.delete(stranger, wrong)
        assert str(unknown.value) == "Voice not found"
        with pytest.raises(UnknownVoice):
            clones.load(stranger, wrong)
    assert clones.all(stranger) == []
    assert clones.get(mine, clone.id) == clone


def test_deleting_erases_all_and_cancels_the_job(
    clones: Clones, objects: Objects, jobs: Jobs, owners: tuple[str, str]
) -> None:
    clone = clones.create(owners[0], WISH, b"sound")
    clones.delete(owners[0], clone.id)
    assert objects.list("voices") == []
    assert [job.state for job in jobs.page()[0]] == ["cancelled"]
    with pytest.raises(NotFound):
        clones.get(owners[0], clone.id)


def test_a_cancelled_job_leaves_a_failed_voice(
    clones: Clones, jobs: Jobs, owners: tuple[str, str]
) -> None:
    clone = clones.create(owners[0], WISH, b"sound")
    jobs.cancel(jobs.page()[0][0].id)
    found = clones.get(owners[0], clone.id)
    assert (found.status, found.error) == ("failed", "The job was cancelled.")


@pytest.mark.parametrize(
    ("kills", "status"), [(2, "completed"), (3, "failed")], ids=["twice", "thrice"]
)
def test_an_enrolment_ended_from_outside_is_tried_again_twice(
    kills: int,
    status: str,
    new_clones: Callable[..., Clones],
    jobs: Jobs,
    owners: tuple[str, str],
) -> None:
    tries: list[bytes] = []

    def often_killed(reference: bytes, **_: Any) -> Enrolled:
        tries.append(reference)
        if len(tries) <= kills:
            raise EnrolmentInterrupted("The voice could not be made.", "voice_clone_error")
        return Enrolled(b"voice", np.zeros(2400, np.float32), 0.9, ())

    clones = new_clones(enrol=often_killed, pauses=(0.0, 0.0))
    clone = clones.create(owners[0], WISH, b"sound")
    jobs.open()
    ended(jobs, jobs.page()[0][0].id)
    assert tries == [b"sound"] * 3
    assert clones.get(owners[0], clone.id).status == status


def test_no_more_than_the_account_may_have(clones: Clones, owners: tuple[str, str]) -> None:
    for _ in range(2):
        clones.create(owners[0], WISH, b"sound")
    with pytest.raises(InvalidInput, match=LIMIT_MESSAGE):
        clones.create(owners[0], WISH, b"sound")
    clones.create(owners[1], WISH, b"sound")


def test_what_never_got_its_recording_is_removed(
    clones: Clones, database: Database, objects: Objects, owners: tuple[str, str]
) -> None:
    kept = clones.create(owners[0], WISH, b"sound")
    lost = clones.create(owners[0], WISH, b"sound")
    with database.begin() as session:
        row = session.get_one(ClonedVoice, lost.id)
        row.job_id, row.created_at = None, datetime.now(UTC) - timedelta(hours=1)
    clones.mend()
    assert [clone.id for clone in clones.all(owners[0])] == [kept.id]
    assert objects.list("voices") == [f"{folder(kept.id)}/reference"]


def test_without_the_encoder_nothing_is_begun(
    new_clones: Callable[..., Clones], owners: tuple[str, str], tmp_path: Path
) -> None:
    clones = new_clones(models_dir=tmp_path)
    with pytest.raises(ModelUnavailable, match="models pull"):
        clones.create(owners[0], WISH, b"sound")
    assert clones.all(owners[0]) == []
