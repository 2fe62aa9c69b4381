"""The tables of what was done: one log per family, and its figures by the hour.

A row of ``usage_hours`` is changed in the transaction that adds the entries it counts, so that
totals, time series and the way to a far page never need to count entries.
"""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from groundswell.store.tables import Base, RowNumber, UtcDateTime


class LogEntry:
    """What every log entry has.

    ``FAMILY`` names the log; ``CONTENT`` the columns that hold what people said or wrote, which
    are erased when ``expires_at`` has come.
    """

    FAMILY: str
    CONTENT: tuple[str, ...] = ()

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    request_id: Mapped[str] = mapped_column(String(128))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime())

    @declared_attr
    def account_id(cls) -> Mapped[str]:  # noqa: N805 - SQLAlchemy calls it on the class
        """Whose it is."""
        return mapped_column(ForeignKey("accounts.id"))


class SpeechEntry(LogEntry, Base):
    """One synthesis: finished, failed or cancelled."""

    __tablename__ = "speech_log"
    __table_args__ = (
        Index("ix_speech_log_page", "account_id", "started_at", "id"),
        Index("ix_speech_log_expires_at", "expires_at"),
    )
    FAMILY = "tts"
    CONTENT = ("text",)

    key_id: Mapped[str] = mapped_column(String(32))
    key_prefix: Mapped[str] = mapped_column(String(16))
    """The key's first characters as they were then: rotation changes them."""
    route: Mapped[str] = mapped_column(String(80))
    transport: Mapped[str] = mapped_column(String(8))
    """``http``, ``chunked``, ``sse``, ``ws`` or ``job``."""
    model: Mapped[str] = mapped_column(String(40))
    voice_id: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    characters: Mapped[int]
    speed: Mapped[float] = mapped_column(Float)
    sample_rate: Mapped[int]
    output_format: Mapped[str] = mapped_column(String(8))
    enhancement: Mapped[float | None] = mapped_column(Float)
    similarity: Mapped[float | None] = mapped_column(Float)
    consistency: Mapped[float | None] = mapped_column(Float)
    status: Mapped[str] = mapped_column(String(10))
    """``completed``, ``failed`` or ``cancelled``."""
    error: Mapped[str | None] = mapped_column(Text)
    credits: Mapped[int] = mapped_column(BigInteger)
    audio_ms: Mapped[int] = mapped_column(BigInteger)
    """Audio that was delivered."""
    first_audio_ms: Mapped[int | None]
    """From admission to the first samples; none when there were none."""
    latency_ms: Mapped[int]
    """From admission to the end."""
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class RecognitionEntry(LogEntry, Base):
    """One recognition of speech."""

    __tablename__ = "recognition_log"
    __table_args__ = (
        Index("ix_recognition_log_page", "account_id", "started_at", "id"),
        Index("ix_recognition_log_request", "account_id", "request_id"),
        Index("ix_recognition_log_expires_at", "expires_at"),
    )
    FAMILY = "asr"
    CONTENT = ("transcription", "keywords")

    request_type: Mapped[str] = mapped_column(String(4))
    model: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(16))
    audio_ms: Mapped[int] = mapped_column(BigInteger)
    file_size: Mapped[int] = mapped_column(BigInteger)
    transcription: Mapped[str] = mapped_column(Text)
    word_timestamps: Mapped[bool]
    diarize: Mapped[bool]
    redact_pii: Mapped[bool]
    redact_pci: Mapped[bool]
    numerals: Mapped[str] = mapped_column(String(8))
    keywords: Mapped[str] = mapped_column(Text)
    emotion_detection: Mapped[bool]
    gender_detection: Mapped[bool]
    emotions: Mapped[str] = mapped_column(Text)
    gender: Mapped[str] = mapped_column(String(16))
    webhook_url: Mapped[str] = mapped_column(Text)
    credits: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class WebhookEntry(LogEntry, Base):
    """One attempt to deliver a webhook."""

    __tablename__ = "webhook_log"
    __table_args__ = (Index("ix_webhook_log_page", "account_id", "started_at", "id"),)
    FAMILY = "webhook"

    webhook_url: Mapped[str] = mapped_column(Text)
    method: Mapped[str] = mapped_column(String(8))
    event_type: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(8))
    attempt: Mapped[int]
    response_status_code: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Text)
    duration_ms: Mapped[int | None]
    delivery_id: Mapped[str | None] = mapped_column(String(32), index=True)
    response: Mapped[str | None] = mapped_column(Text)
    """Its first characters."""


class UsageHour(Base):
    """The figures of one account, family and hour (UTC)."""

    __tablename__ = "usage_hours"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    family: Mapped[str] = mapped_column(String(8), primary_key=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime(), primary_key=True)
    requests: Mapped[int] = mapped_column(BigInteger)
    listed: Mapped[int] = mapped_column(BigInteger)
    """Entries that the log shows: those of ``requests`` that were not deleted."""
    credits: Mapped[int] = mapped_column(BigInteger)
    peak_running: Mapped[int]
    peak_sockets: Mapped[int]


def hour_of(moment: datetime) -> datetime:
    """The beginning of the hour, in UTC, that a moment falls in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
