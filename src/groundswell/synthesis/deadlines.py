"""A worker that does the most urgent piece of work first."""

import atexit
import heapq
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

_T = TypeVar("_T")


class DeadlineWorker(Generic[_T]):
    """One thread, and work ordered by deadline (earliest deadline first).

    A deadline is a moment of ``time.monotonic``; of equal ones, what came first is done first.
    """

    def __init__(self, name: str) -> None:
        self._heap: list[tuple[float, int, Future[_T], Callable[[], _T]]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()
        # A thread inside the inference runtime must not outlive the interpreter.
        atexit.register(self._end)

    def submit(self, deadline: float, work: Callable[[], _T]) -> Future[_T]:
        """Queue work. Cancelling the future takes it out, unless it has begun.

        Raises:
            RuntimeError: the worker is closed.
        """
        future: Future[_T] = Future()
        with self._changed:
            if self._closed:
                raise RuntimeError("the worker is closed")
            heapq.heappush(self._heap, (deadline, next(self._order), future, work))
            self._changed.notify()
        return future

    def close(self) -> None:
        """Cancel what is queued; the piece under way ends by itself."""
        with self._changed:
            self._closed = True
            queued, self._heap = self._heap, []
            self._changed.notify()
        for _, _, future, _ in queued:
            future.cancel()

    def _end(self) -> None:
        self.close()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._heap:
                    if self._closed:
                        return
                    self._changed.wait()
                _, _, future, work = heapq.heappop(self._heap)
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work())
            except BaseException as error:
                future.set_exception(error)
