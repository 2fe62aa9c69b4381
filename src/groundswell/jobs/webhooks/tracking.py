"""What became of events: shown to their owner, and sent once more if the owner wishes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from groundswell.errors import NotFound
from groundswell.jobs.webhooks.outbox import add_deliveries
from groundswell.store.database import Database
from groundswell.store.history import WebhookEntry
from groundswell.store.webhook_tables import WebhookDelivery, WebhookEvent

STATES = ("pending", "delivered", "failed")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as its owner sees it.

    Attributes:
        event_id: what the receiver gets as ``webhook-id``.
        state: one of ``STATES``.
        attempts: that are over.
        next_attempt_at: about when, while it is pending.
    """

    id: str
    event_id: str
    event_type: str
    request_id: str
    endpoint_id: str | None
    url: str
    state: str
    attempts: int
    created_at: datetime
    ended_at: datetime | None
    next_attempt_at: datetime | None

    @classmethod
    def of(cls, row: WebhookDelivery, event: WebhookEvent) -> "Delivery":
        """Read two rows."""
        return cls(
            id=row.id,
            event_id=event.id,
            event_type=event.type,
            request_id=event.request_id,
            endpoint_id=row.endpoint_id,
            url=row.url,
            state=row.state,
            attempts=row.attempts,
            created_at=row.created_at,
            ended_at=row.ended_at,
            next_attempt_at=row.due_at,
        )


@dataclass(frozen=True, slots=True)
class Trace:
    """A delivery with what was sent, and its attempts, oldest first."""

    delivery: Delivery
    data: str
    attempts: list[WebhookEntry]


class Tracking:
    """The deliveries of a database, by account. Blocking."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self,
        account_id: str,
        *,
        endpoint_id: str | None = None,
        state: str | None = None,
        page: int = 1,
        size: int = 50,
    ) -> tuple[list[Delivery], int]:
        """Return some deliveries, newest first, and how many there are."""
        table = WebhookDelivery
        conditions: list[Any] = [table.account_id == account_id]
        if endpoint_id is not None:
            conditions.append(table.endpoint_id == endpoint_id)
        if state is not None:
            conditions.append(table.state == state)
        with self._database.read() as session:
            total = session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
            found = session.execute(
                select(table, WebhookEvent)
                .join(WebhookEvent, WebhookEvent.id == table.event_id)
                .where(*conditions)
                .order_by(table.created_at.desc(), table.id.desc())
                .offset((page - 1) * size)
                .limit(size)
            )
            return [Delivery.of(*row) for row in found], total

    def trace(self, account_id: str, delivery_id: str) -> Trace:
        """Return a delivery with all that is known of it.

        Raises:
            NotFound: the account has no such delivery.
        """
        with self._database.read() as session:
            row = session.get(WebhookDelivery, delivery_id)
            if row is None or row.account_id != account_id:
                raise NotFound("Webhook delivery not found.")
            event = session.get_one(WebhookEvent, row.event_id)
            attempts = session.scalars(
                select(WebhookEntry)
                .where(WebhookEntry.delivery_id == delivery_id)
                .order_by(WebhookEntry.id)
            )
            return Trace(Delivery.of(row, event), event.data, list(attempts))

    def replay(self, account_id: str, replayed_id: str) -> list[str]:
        """Send once more, with the same ``webhook-id``: to one receiver, or to all of an event's.

        Args:
            account_id: whose.
            replayed_id: of a delivery, or of an event.

        Returns:
            The ids of the new deliveries.

        Raises:
            NotFound: the account has neither.
        """
        table = WebhookDelivery
        with self._database.begin() as session:
            found = session.execute(
                select(table.event_id, table.endpoint_id, table.url)
                .where(
                    table.account_id == account_id,
                    (table.id == replayed_id) | (table.event_id == replayed_id),
                )
                .order_by(table.created_at)
            ).all()
            if not found:
                raise NotFound("Webhook delivery not found.")
            receivers = dict.fromkeys((row.endpoint_id, row.url) for row in found)
            return add_deliveries(session, account_id, found[0].event_id, list(receivers))
