"""A job as its owner sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from groundswell.store.job_table import JobRow

State = Literal["queued", "running", "completed", "failed", "cancelled"]
UNFINISHED: tuple[State, ...] = ("queued", "running")
STATES: tuple[State, ...] = (*UNFINISHED, "completed", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Job:
    """One job at one moment.

    Attributes:
        kind: what it does, for example ``tts``.
        progress: 0 to 1.
        stage: what it is doing, in a word or two.
        request: what was asked for, as JSON.
        result: what came of it; completed jobs only.
        error: why it failed, for its owner to read.
        run: which try this is, from 1.
    """

    id: str
    account_id: str
    kind: str
    state: State
    progress: float
    stage: str
    request: dict[str, Any]
    result: dict[str, Any] | None
    error: str | None
    idempotency_key: str | None
    webhook_url: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    run: int
    failures: int

    @property
    def ended(self) -> bool:
        """Whether nothing more happens."""
        return self.state not in UNFINISHED

    @classmethod
    def of(cls, row: JobRow) -> "Job":
        """Read a row."""
        return cls(**{name: getattr(row, name) for name in cls.__slots__})
