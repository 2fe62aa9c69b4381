"""The worker does the most urgent piece first."""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError

import pytest

from groundswell.synthesis.deadlines import DeadlineWorker


class Gate:
    """Holds the worker until opened, so that work piles up behind it."""

    def __init__(self, worker: DeadlineWorker[None]) -> None:
        self._open = threading.Event()
        begun = threading.Event()

        def wait() -> None:
            begun.set()
            self._open.wait(10)

        self.held = worker.submit(0, wait)
        begun.wait(10)

    def open(self) -> None:
        self._open.set()


def noting(done: list[str], name: str) -> Callable[[], None]:
    return lambda: done.append(name)


def test_the_earliest_deadline_first_and_ties_in_order() -> None:
    worker: DeadlineWorker[None] = DeadlineWorker("test")
    gate = Gate(worker)
    done: list[str] = []
    queued = [
        worker.submit(deadline, noting(done, name))
        for deadline, name in ((3, "late"), (1, "soon"), (2, "b"), (2, "c"), (0.5, "now"))
    ]
    gate.open()
    for future in queued:
        future.result(10)
    assert done == ["now", "soon", "b", "c", "late"]
    worker.close()


def test_cancelled_work_is_not_done() -> None:
    worker: DeadlineWorker[None] = DeadlineWorker("test")
    gate = Gate(worker)
    done: list[str] = []
    dropped, kept = worker.submit(1, noting(done, "x")), worker.submit(2, noting(done, "y"))
    assert dropped.cancel()
    assert not gate.held.cancel()
    gate.open()
    kept.result(10)
    assert done == ["y"]
    worker.close()


def test_errors_go_to_who_asked_and_the_worker_lives_on() -> None:
    worker: DeadlineWorker[float] = DeadlineWorker("test")
    with pytest.raises(ZeroDivisionError):
        worker.submit(0, lambda: 1 / 0).result(10)
    assert worker.submit(0, lambda: 2.0).result(10) == 2.0
    worker.close()


def test_closing_cancels_what_waits() -> None:
    worker: DeadlineWorker[None] = DeadlineWorker("test")
    gate = Gate(worker)
    waiting = worker.submit(1, lambda: None)
    worker.close()
    with pytest.raises(CancelledError):
        waiting.result(10)
    gate.open()
    gate.held.result(10)
    with pytest.raises(RuntimeError):
        worker.submit(0, lambda: None)
