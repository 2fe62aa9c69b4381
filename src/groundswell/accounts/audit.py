"""The audit log: what administrators did, with the fields before and after, never a secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groundswell.errors import InvalidInput
from groundswell.store.database import Database
from groundswell.store.tables import AuditEntry

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, newest first, and how many there are."""

    entries: list[AuditEntry]
    total: int


def note(
    session: Session,
    actor: str,
    action: str,
    target: str,
    *,
    before: Fields | None = None,
    after: Fields | None = None,
) -> None:
    """Add an entry in the transaction of the action itself: one is not without the other.

    Args:
        session: the transaction.
        actor: who: ``admin``, or ``cli:<user>``.
        action: what, such as ``key.create``.
        target: on what, such as ``key:<id>``.
        before: the target's fields before; must hold no secret.
        after: and after.
    """
    session.add(
        AuditEntry(
            actor=plain(actor, "actor", 100),
            action=action,
            target=target,
            before=_storable(before),
            after=_storable(after),
            created_at=datetime.now(UTC),
        )
    )


def audit_page(
    database: Database, *, target: str | None = None, limit: int = 50, offset: int = 0
) -> AuditPage:
    """Return entries, newest first."""
    chosen = select(AuditEntry)
    if target is not None:
        chosen = chosen.where(AuditEntry.target == target)
    with database.read() as session:
        total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
        page = chosen.order_by(AuditEntry.id.desc()).limit(limit).offset(offset)
        return AuditPage(list(session.scalars(page)), total)


def plain(value: str, field: str, longest: int) -> str:
    """Return a text that is safe to store and to show on one line.

    Raises:
        InvalidInput: it is empty, too long, or holds control characters or unpaired surrogates.
    """
    value = value.strip()
    if not 1 <= len(value) <= longest:
        raise InvalidInput(f"{field} must have 1 to {longest} characters.", field=field)
    if not value.isprintable():
        raise InvalidInput(f"{field} must be one line of printable characters.", field=field)
    return value


def _storable(fields: Fields | None) -> dict[str, Any] | None:
    if fields is None:
        return None
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in fields.items()}
