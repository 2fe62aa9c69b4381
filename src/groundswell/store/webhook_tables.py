"""The tables of webhooks: who wants to hear of what, what happened, and what is under way."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from groundswell.store.tables import Base, UtcDateTime

_PENDING = "due_at IS NOT NULL"


class WebhookEndpoint(Base):
    """A URL that an account registered."""

    __tablename__ = "webhook_endpoints"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    url: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(Text)
    """Sealed."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """The first failed attempt after the last accepted one."""
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    disabled_reason: Mapped[str | None] = mapped_column(Text)


class WebhookSecret(Base):
    """What signs the deliveries of an account to URLs that its requests name."""

    __tablename__ = "webhook_secrets"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    """Sealed."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())


class WebhookEvent(Base):
    """Something that happened, and that somebody wants to hear of."""

    __tablename__ = "webhook_events"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """What receivers get as ``webhook-id``."""
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    type: Mapped[str] = mapped_column(String(40))
    request_id: Mapped[str] = mapped_column(String(128))
    """Of the request or job that it is about."""
    data: Mapped[str] = mapped_column(Text)
    """A JSON object, as it is sent."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)


class WebhookDelivery(Base):
    """One event on its way to one receiver."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index(
            "ix_webhook_deliveries_due",
            "due_at",
            sqlite_where=text(_PENDING),
            postgresql_where=text(_PENDING),
        ),
        Index("ix_webhook_deliveries_page", "account_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    event_id: Mapped[str] = mapped_column(
        ForeignKey("webhook_events.id", ondelete="CASCADE"), index=True
    )
    endpoint_id: Mapped[str | None] = mapped_column(
        ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), index=True
    )
    """None when the URL came with a request."""
    url: Mapped[str] = mapped_column(Text)
    lane: Mapped[str] = mapped_column(Text)
    """Account and origin: deliveries of one lane share a number of connections."""
    state: Mapped[str] = mapped_column(String(10))
    """``pending``, ``delivered`` or ``failed``."""
    attempts: Mapped[int]
    """That came to an end."""
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """When it is to be tried; while a worker tries, when its lease ends. None once it is over."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
