"""Group commit: what many threads ask for at once becomes one transaction.

Whoever comes first does the work of all who wait by then, while the next ones gather behind it.
The lock of the database and the flush to the disk are paid once for all of them, and nobody is
answered before that flush. Source: DeWitt et al., "Implementation Techniques for Main Memory
Database Systems", 1984.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Any, Generic, TypeVar, cast

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout)

_T = TypeVar("_T")


class Operation(Generic[_T]):
    """Something to be committed; ``_T`` is what it answers."""


class GroupCommit:
    """Commits operations together.

    Args:
        commit: runs operations in one transaction; returns what each answers, or the exception with
            which it alone is refused. What it raises is for all of them.
    """

    def __init__(self, commit: Callable[[Sequence[Operation[Any]]], Sequence[Any]]) -> None:
        self._commit = commit
        self._waiting: deque[tuple[Operation[Any], Future[Any]]] = deque()
        self._committing = Lock()

    def run(self, operation: Operation[_T]) -> _T:
        """Return what the operation answers, once it is committed."""
        answer: Future[Any] = Future()
        self._waiting.append((operation, answer))
        with self._committing:
            if not answer.done():
                self._run([self._waiting.popleft() for _ in range(len(self._waiting))])
        return cast("_T", answer.result())

    def _run(self, batch: list[tuple[Operation[Any], Future[Any]]]) -> None:
        try:
            answers = self._commit([operation for operation, _ in batch])
        except BaseException as error:
            if len(batch) > 1 and not isinstance(error, _UNAVAILABLE):
                # One that the database does not take must not take the others down.
                for one in batch:
                    self._run([one])
                return
            answers = [error] * len(batch)
        for (_, future), answer in zip(batch, answers, strict=True):
            if isinstance(answer, BaseException):
                future.set_exception(answer)
            else:
                future.set_result(answer)
