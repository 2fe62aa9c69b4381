"""The outbox: an event and its deliveries are written in the transaction of their cause.

So the two happen together or not at all, and nothing is lost when a process dies in between.
``deliveries`` takes it from there.
"""

import json
import secrets
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from groundswell.jobs.webhooks.addresses import host_of, parse_url, port_of
from groundswell.store.webhook_tables import WebhookDelivery, WebhookEndpoint, WebhookEvent

EVENTS = tuple(
    f"{subject}.{end}"
    for subject in ("asr", "voice_clone", "tts")
    for end in ("completed", "failed")
)
"""What can be heard of (platform.md §7)."""

Receiver = tuple[str | None, str]
"""The id of an endpoint, or none for a URL that came with a request; and the URL."""


def publish(
    connection: Session | Connection,
    account_id: str,
    event_type: str,
    data: Mapping[str, Any],
    *,
    request_id: str = "",
    url: str | None = None,
) -> str | None:
    """Tell the account's endpoints, and the URL that a request named, that something happened.

    Args:
        connection: the transaction in which it happened; nothing is sent unless it is committed.
        account_id: whose it is.
        event_type: one of ``EVENTS``.
        data: what happened. Endpoints get it within an envelope, the URL as it is (stt.md §5).
        request_id: of the request or job, for the log.
        url: that the request named, checked by ``addresses.check_url``.

    Returns:
        The id of the event, or ``None`` when nobody wants to hear of it.
    """
    endpoints = connection.execute(
        select(WebhookEndpoint.id, WebhookEndpoint.url, WebhookEndpoint.events).where(
            WebhookEndpoint.account_id == account_id, WebhookEndpoint.disabled_at.is_(None)
        )
    )
    receivers: list[Receiver] = [
        (endpoint_id, address) for endpoint_id, address, events in endpoints if event_type in events
    ]
    if url is not None:
        receivers.append((None, url))
    if not receivers:
        return None
    event_id, _ = add_event(connection, account_id, event_type, data, request_id, receivers)
    return event_id


def add_event(
    connection: Session | Connection,
    account_id: str,
    event_type: str,
    data: Mapping[str, Any],
    request_id: str,
    receivers: Collection[Receiver],
) -> tuple[str, list[str]]:
    """Write an event and its deliveries, one to each receiver; returns the ids of all."""
    event_id = f"msg_{secrets.token_hex(12)}"
    encoded = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    connection.execute(
        insert(WebhookEvent).values(
            id=event_id,
            account_id=account_id,
            type=event_type,
            request_id=request_id or event_id,
            data=encoded,
            created_at=datetime.now(UTC),
        )
    )
    return event_id, add_deliveries(connection, account_id, event_id, receivers)


def add_deliveries(
    connection: Session | Connection,
    account_id: str,
    event_id: str,
    receivers: Collection[Receiver],
) -> list[str]:
    """Make an event due for receivers; returns the ids of the deliveries."""
    now = datetime.now(UTC)
    rows = [
        {
            "id": f"dlv_{secrets.token_hex(12)}",
            "account_id": account_id,
            "event_id": event_id,
            "endpoint_id": endpoint_id,
            "url": url,
            "lane": _lane(account_id, url),
            "state": "pending",
            "attempts": 0,
            "due_at": now,
            "created_at": now,
        }
        for endpoint_id, url in receivers
    ]
    connection.execute(insert(WebhookDelivery), rows)
    return [str(row["id"]) for row in rows]


def _lane(account_id: str, url: str) -> str:
    parsed = parse_url(url, allow_private=True)
    return f"{account_id} {host_of(parsed)}:{port_of(parsed)}"
