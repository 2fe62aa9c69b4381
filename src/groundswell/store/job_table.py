"""The table of jobs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from groundswell.store.tables import Base, UtcDateTime


class JobRow(Base):
    """Work that outlives the request, and the process, that began it."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("account_id", "idempotency_key", name="jobs_once"),
        Index("ix_jobs_page", "account_id", "created_at", "id"),
        Index("ix_jobs_state", "state", "lease_until"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))
    """``queued``, ``running``, ``completed``, ``failed`` or ``cancelled``."""
    progress: Mapped[float] = mapped_column(Float, default=0.0)
    """0 to 1."""
    stage: Mapped[str] = mapped_column(String(100), default="")
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what was asked for: the same idempotency key must ask for the same."""
    idempotency_key: Mapped[str | None] = mapped_column(String(255))
    webhook_url: Mapped[str | None] = mapped_column(String(2048))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)

    run: Mapped[int] = mapped_column(default=1)
    """Which try this is. Whoever writes names it, so a run that was given up on cannot."""
    failures: Mapped[int] = mapped_column(default=0)
    """Runs that failed or died since a step was last finished."""
    due_at: Mapped[datetime] = mapped_column(UtcDateTime())
    """When the run may begin."""
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """Until when the process that runs it is believed to be alive."""
    cancelling: Mapped[bool] = mapped_column(default=False)
    """Whether somebody outside the servers asked for its end."""
    tidied: Mapped[bool] = mapped_column(default=False)
    """Whether what its runs left behind was removed after it ended."""
