"""What a handler is given: the job it runs, and how it tells and asks about it."""

from collections.abc import Callable, Mapping
from threading import Event
from typing import Any, TypeVar

from groundswell.jobs.job import Job

_T = TypeVar("_T")
Step = Callable[[str, Callable[[], Any]], Any]
"""Runs a function and keeps its result under a name."""


class JobStopped(Exception):
    """The run must end: its job was cancelled, or another process has it, or the server stops."""


class Work:
    """One run of a job, in the hands of its handler.

    A handler may be run again from its beginning after a kill or a failure that passes; what must
    not be done twice goes into steps.

    Args:
        job: the job when the run began.
        run_step: keeps results of steps.
        done: the steps that earlier runs finished, and their results.
    """

    def __init__(self, job: Job, run_step: Step, done: Mapping[str, Any]) -> None:
        self.job = job
        self.fraction = job.progress
        self.stage = job.stage
        self._run_step = run_step
        self._done = dict(done)
        self._stopped = Event()

    @property
    def id(self) -> str:
        """The job's id."""
        return self.job.id

    @property
    def request(self) -> dict[str, Any]:
        """What was asked for."""
        return self.job.request

    def progress(self, fraction: float, stage: str | None = None) -> None:
        """Say how far it is, 0 to 1, and what it does; costs nothing, seen within a second.

        Raises:
            JobStopped: the run must end.
        """
        self.check()
        self.fraction = min(1.0, max(0.0, fraction))
        if stage is not None:
            self.stage = stage

    def step(self, name: str, function: Callable[[], _T]) -> _T:
        """Do something once: if an earlier run, or this one, finished the step, return its result.

        A kill between the end of ``function`` and the note of its result lets it be called again,
        so its effects must bear that.

        Args:
            name: unique within the job.
            function: returns something JSON can hold.

        Raises:
            JobStopped: the run must end.
        """
        self.check()
        if name not in self._done:
            self._done[name] = self._run_step(name, function)
        result: _T = self._done[name]
        return result

    def finished(self, name: str) -> bool:
        """Whether a step was finished."""
        return name in self._done

    def cancelled(self) -> bool:
        """Whether the run must end."""
        return self._stopped.is_set()

    def check(self) -> None:
        """Return if the run may go on.

        Raises:
            JobStopped: it must end.
        """
        if self.cancelled():
            raise JobStopped

    def wait(self, seconds: float) -> None:
        """Sleep, unless the run must end meanwhile.

        Raises:
            JobStopped: it must end.
        """
        self._stopped.wait(seconds)
        self.check()

    def stop(self) -> None:
        """Tell the handler that the run must end."""
        self._stopped.set()
