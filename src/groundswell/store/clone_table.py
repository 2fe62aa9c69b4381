"""The table of cloned voices."""

from datetime import datetime

from sqlalchemy import JSON, Float, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from groundswell.store.tables import Base, UtcDateTime


class ClonedVoice(Base):
    """A voice made after a recording; what it is made of is in the object store."""

    __tablename__ = "cloned_voices"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    """What a request passes as ``voice_id``."""
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    display_name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    accent: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(16))
    model: Mapped[str] = mapped_column(String(40))
    method: Mapped[str] = mapped_column(String(16))
    consent: Mapped[str] = mapped_column(Text)
    """What the caller said about the speaker's consent."""
    file_name: Mapped[str] = mapped_column(Text)
    """Of the recording, as the caller named it; used for nothing."""
    status: Mapped[str] = mapped_column(String(10))
    """``pending``, ``processing``, ``completed`` or ``failed``."""
    job_id: Mapped[str | None] = mapped_column(String(36))
    """The job that makes it; none until the recording is stored."""
    similarity: Mapped[float | None] = mapped_column(Float)
    warnings: Mapped[list[str]] = mapped_column(JSON)
    error: Mapped[str | None] = mapped_column(Text)
    error_code: Mapped[str | None] = mapped_column(String(32))
    """Why it failed: ``refused`` (the recording), or a code of the contract."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
