"""Jobs begin once, run, and end once."""

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Session
from tests.jobs.waiting import ended, until

from groundswell.errors import Conflict, InvalidInput, NotFound, TooBusy
from groundswell.jobs.job import Job
from groundswell.jobs.jobs import Jobs
from groundswell.jobs.work import Work


def double(work: Work) -> Mapping[str, Any]:
    return {"doubled": 2 * work.request["number"]}


def test_a_job_runs_and_its_result_is_kept(jobs: Jobs, account: str) -> None:
    ends: list[Job] = []
    jobs.register("double", double)
    jobs.on_end(lambda _session, job: ends.append(job))
    before = jobs.start("double", account, {"number": 4})
    assert before.state == "queued"
    jobs.open()
    after = ended(jobs, before.id)
    assert (after.state, after.result, after.progress) == ("completed", {"doubled": 8}, 1.0)
    assert after.started_at is not None
    later = jobs.start("double", account, {"number": 5})
    assert ended(jobs, later.id).result == {"doubled": 10}
    assert [(job.id, job.state) for job in ends] == [
        (before.id, "completed"),
        (later.id, "completed"),
    ]


def test_steps_are_done_once_over_failures_that_pass(jobs: Jobs, account: str) -> None:
    made: list[str] = []
    tries: list[int] = []

    def handler(work: Work) -> Mapping[str, Any]:
        def make(name: str) -> str:
            made.append(name)
            return name

        names = [work.step(name, partial(make, name)) for name in ("one", "two")]
        tries.append(work.job.run)
        if len(tries) < 3:
            raise TooBusy("not now", retry_after=0.1)
        return {"names": names}

    jobs.register("steps", handler)
    jobs.open()
    job = ended(jobs, jobs.start("steps", account, {}).id)
    assert job.result == {"names": ["one", "two"]}
    assert made == ["one", "two"]
    assert tries == [1, 2, 3]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (InvalidInput("The text is empty."), "The text is empty."),
        (ValueError("secret detail"), "An unexpected error occurred."),
    ],
)
def test_other_failures_end_a_job(jobs: Jobs, account: str, error: Exception, message: str) -> None:
    def handler(_: Work) -> Mapping[str, Any]:
        raise error

    jobs.register("failing", handler)
    jobs.open()
    job = ended(jobs, jobs.start("failing", account, {}).id)
    assert (job.state, job.error, job.result) == ("failed", message, None)


def test_progress_is_seen_and_cancel_stops_the_work(jobs: Jobs, account: str) -> None:
    stopped = threading.Event()
    discarded: list[str] = []

    def handler(work: Work) -> Mapping[str, Any]:
        work.progress(0.25, "speaking")
        try:
            work.wait(60)
        finally:
            stopped.set()
        return {}

    jobs.register("long", handler, discard=lambda job: discarded.append(job.id))
    jobs.open()
    job = jobs.start("long", account, {})
    until(lambda: jobs.get(job.id).progress == 0.25)
    assert jobs.get(job.id).stage == "speaking"
    assert jobs.cancel(job.id).state == "cancelled"
    assert stopped.wait(5)
    until(lambda: job.id in discarded)
    assert jobs.cancel(job.id).state == "cancelled"


def test_a_queued_job_can_be_cancelled(jobs: Jobs, account: str) -> None:
    jobs.register("double", double)
    job = jobs.start("double", account, {"number": 1})
    assert jobs.cancel(job.id).state == "cancelled"
    jobs.open()
    other = jobs.start("double", account, {"number": 2})
    assert ended(jobs, other.id).state == "completed"
    assert jobs.get(job.id).started_at is None


def test_a_kind_runs_as_many_at_a_time_as_it_may(jobs: Jobs, account: str) -> None:
    lock, running, most = threading.Lock(), [0], [0]

    def handler(work: Work) -> Mapping[str, Any]:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        work.wait(0.3)
        with lock:
            running[0] -= 1
        return {}

    jobs.register("narrow", handler, concurrency=2)
    jobs.open()
    started = [jobs.start("narrow", account, {"n": n}) for n in range(5)]
    for job in started:
        assert ended(jobs, job.id).state == "completed"
    assert most == [2]


def test_a_failed_end_hook_ends_nothing_and_is_tried_again(jobs: Jobs, account: str) -> None:
    from sqlalchemy.exc import OperationalError

    calls: list[str] = []

    def hook(_: Session, job: Job) -> None:
        calls.append(job.state)
        if len(calls) == 1:
            raise OperationalError("", {}, Exception("away"))

    jobs.register("double", double, ended=hook)
    jobs.open()
    assert ended(jobs, jobs.start("double", account, {"number": 1}).id).state == "completed"
    assert calls == ["completed", "completed"]


def test_an_idempotency_key_begins_one_job(jobs: Jobs, account: str, other_account: str) -> None:
    jobs.register("double", double)
    first = jobs.start("double", account, {"number": 1}, idempotency_key="k")
    assert jobs.start("double", account, {"number": 1}, idempotency_key="k").id == first.id
    other = jobs.start("double", other_account, {"number": 1}, idempotency_key="k")
    assert other.id != first.id
    with pytest.raises(Conflict):
        jobs.start("double", account, {"number": 2}, idempotency_key="k")
    for bad in ("", "x" * 256):
        with pytest.raises(InvalidInput):
            jobs.start("double", account, {"number": 1}, idempotency_key=bad)


def test_many_at_once_with_one_key_begin_one_job(jobs: Jobs, account: str) -> None:
    jobs.register("double", double)
    ids: list[str] = []

    def start() -> None:
        ids.append(jobs.start("double", account, {"number": 1}, idempotency_key="k").id)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 8
    assert len(set(ids)) == 1


def test_an_account_has_a_bounded_number_of_unfinished_jobs(
    new_jobs: Callable[..., Jobs], account: str, other_account: str
) -> None:
    jobs = new_jobs(most=2)
    jobs.register("double", double)
    first = jobs.start("double", account, {"number": 1})
    jobs.start("double", account, {"number": 2})
    with pytest.raises(TooBusy):
        jobs.start("double", account, {"number": 3})
    jobs.start("double", other_account, {"number": 3})
    jobs.cancel(first.id)
    jobs.start("double", account, {"number": 3})


def test_jobs_of_others_are_unknown(jobs: Jobs, account: str, other_account: str) -> None:
    jobs.register("double", double)
    job = jobs.start("double", account, {"number": 1})
    for job_id, owner in ((job.id, other_account), ("nothing", account)):
        with pytest.raises(NotFound):
            jobs.get(job_id, owner)
        with pytest.raises(NotFound):
            jobs.cancel(job_id, owner)
    assert jobs.page(account_id=other_account) == ([], 0)
    listed, total = jobs.page(account_id=account, kind="double", state="queued", limit=1)
    assert ([each.id for each in listed], total) == ([job.id], 1)
    assert jobs.page(account_id=account, state="failed")[1] == 0
