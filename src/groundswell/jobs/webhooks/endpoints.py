"""The endpoints that accounts registered, and the secrets that sign what is sent to them."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groundswell.errors import InvalidInput, NotFound
from groundswell.jobs.webhooks.outbox import EVENTS, add_event
from groundswell.jobs.webhooks.sealing import Seal
from groundswell.jobs.webhooks.signing import checked_secret, new_secret
from groundswell.store.database import Database
from groundswell.store.webhook_tables import WebhookEndpoint, WebhookSecret

MAX_PER_ACCOUNT = 50
"""Endpoints that one account may have."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint as its owner sees it.

    Attributes:
        events: what it hears of.
        failing_since: the first failed attempt after the last accepted one.
        disabled_at: since when nothing is sent to it.
        disabled_reason: why.
    """

    id: str
    url: str
    events: list[str]
    created_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_reason: str | None

    @classmethod
    def of(cls, row: WebhookEndpoint) -> "Endpoint":
        """Read a row."""
        return cls(**{name: getattr(row, name) for name in cls.__slots__})


class Endpoints:
    """The endpoints of a database. Blocking.

    Args:
        database: where they are.
        seal: for their secrets.
    """

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._seal = seal

    def create(
        self, account_id: str, url: str, events: Collection[str], secret: str | None = None
    ) -> tuple[Endpoint, str]:
        """Register a URL, which ``addresses.check_url`` let pass.

        Args:
            account_id: whose.
            url: where to.
            events: some of ``EVENTS``.
            secret: to sign with; without one, one is made.

        Returns:
            The endpoint, and its secret, which is never shown again.

        Raises:
            InvalidInput: an event is unknown, the secret does not do, or there are too many.
        """
        if not events or not set(events) <= set(EVENTS):
            raise InvalidInput(f"events must be some of {', '.join(EVENTS)}.", field="events")
        given = new_secret() if secret is None else checked_secret(secret)
        row = WebhookEndpoint(
            id=f"wh_{secrets.token_hex(12)}",
            account_id=account_id,
            url=url,
            events=[event for event in EVENTS if event in events],
            secret=self._seal.seal(given),
            created_at=datetime.now(UTC),
        )
        with self._database.begin() as session:
            count = select(func.count()).where(WebhookEndpoint.account_id == account_id)
            if (session.scalar(count) or 0) >= MAX_PER_ACCOUNT:
                raise InvalidInput(
                    f"The account already has {MAX_PER_ACCOUNT} webhooks; delete one first."
                )
            session.add(row)
        return Endpoint.of(row), given

    def all(self, account_id: str) -> list[Endpoint]:
        """Return the account's endpoints, oldest first."""
        query = select(WebhookEndpoint).where(WebhookEndpoint.account_id == account_id)
        with self._database.read() as session:
            rows = session.scalars(query.order_by(WebhookEndpoint.created_at, WebhookEndpoint.id))
            return [Endpoint.of(row) for row in rows]

    def get(self, account_id: str, endpoint_id: str) -> Endpoint:
        """Return an endpoint.

        Raises:
            NotFound: the account has no such endpoint.
        """
        with self._database.read() as session:
            return Endpoint.of(_owned(session, account_id, endpoint_id))

    def delete(self, account_id: str, endpoint_id: str) -> None:
        """Forget an endpoint, and what is on its way to it.

        Raises:
            NotFound: the account has no such endpoint.
        """
        with self._database.begin() as session:
            session.delete(_owned(session, account_id, endpoint_id))

    def enable(self, account_id: str, endpoint_id: str) -> Endpoint:
        """Send to an endpoint again; what was given up meanwhile can be replayed.

        Raises:
            NotFound: the account has no such endpoint.
        """
        with self._database.begin() as session:
            row = _owned(session, account_id, endpoint_id)
            row.failing_since = row.disabled_at = row.disabled_reason = None
        return Endpoint.of(row)

    def test(
        self, account_id: str, endpoint_id: str, event_type: str | None = None
    ) -> tuple[str, str]:
        """Send an event that did not happen, also to a disabled endpoint.

        Args:
            account_id: whose.
            endpoint_id: which.
            event_type: one of ``EVENTS``; without one, the first that the endpoint hears of.

        Returns:
            The ids of the event and of its delivery.

        Raises:
            NotFound: the account has no such endpoint.
            InvalidInput: there is no such event.
        """
        if event_type not in (None, *EVENTS):
            raise InvalidInput(f"event must be one of {', '.join(EVENTS)}.", field="event")
        with self._database.begin() as session:
            row = _owned(session, account_id, endpoint_id)
            kind = event_type or row.events[0]
            data: dict[str, Any] = {
                "request_id": f"test_{secrets.token_hex(8)}",
                "status": kind.rpartition(".")[2],
                "test": True,
            }
            receivers = [(row.id, row.url)]
            event_id, (delivery_id,) = add_event(
                session, account_id, kind, data, data["request_id"], receivers
            )
        return event_id, delivery_id

    def replace_secret(self, account_id: str, secret: str | None = None) -> str:
        """Set what signs deliveries to URLs that requests name; returns it, for the only time.

        Raises:
            InvalidInput: the secret does not do.
        """
        given = new_secret() if secret is None else checked_secret(secret)
        row = WebhookSecret(
            account_id=account_id, secret=self._seal.seal(given), created_at=datetime.now(UTC)
        )
        with self._database.begin() as session:
            session.merge(row)
        return given


def _owned(session: Session, account_id: str, endpoint_id: str) -> WebhookEndpoint:
    row = session.get(WebhookEndpoint, endpoint_id)
    if row is None or row.account_id != account_id:
        raise NotFound("Webhook not found.")
    return row
