"""Accounts: who owns keys, voices, dictionaries, logs and credits."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from groundswell.accounts.audit import note
from groundswell.accounts.terms import checked
from groundswell.errors import InvalidInput, NotFound
from groundswell.store.database import Database
from groundswell.store.tables import Account, CreditBalance

DEFAULT_ACCOUNT = "default"
"""The account of keys that name none. It has no limits until some are set."""
DEFAULT_CONCURRENCY = 10
"""Concurrency units of an account that an administrator creates (contract: tts.md §12)."""


class Accounts:
    """The accounts of one database. Blocking; call it from a worker thread when serving."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        name: str,
        *,
        concurrency: int | None = DEFAULT_CONCURRENCY,
        prepaid: bool = False,
        actor: str = "system",
    ) -> Account:
        """Make an account.

        Args:
            name: its name, unique.
            concurrency: requests at a time; ``None`` is no limit.
            prepaid: refuse requests once the balance does not cover them.
            actor: who makes it; for the audit log.

        Raises:
            InvalidInput: a field does not fit, or the name is taken.
        """
        fields = checked({"name": name, "concurrency": concurrency, "prepaid": prepaid})
        with self._database.begin() as session:
            _check_unused(session, fields["name"])
            record = add_account(session, fields)
            note(session, actor, "account.create", f"account:{record.id}", after=described(record))
        return record

    def page(self, *, limit: int = 50, offset: int = 0) -> tuple[list[Account], int]:
        """Return some accounts, oldest first, and how many there are."""
        with self._database.read() as session:
            total = session.scalar(select(func.count()).select_from(Account)) or 0
            ordered = select(Account).order_by(Account.created_at, Account.id)
            return list(session.scalars(ordered.limit(limit).offset(offset))), total

    def get(self, selector: str) -> Account:
        """Return an account by id or name.

        Raises:
            NotFound: there is none.
        """
        with self._database.read() as session:
            return find_account(session, selector)

    def change(self, selector: str, changes: dict[str, Any], *, actor: str = "system") -> Account:
        """Change ``name``, ``concurrency``, ``prepaid`` or ``suspended``.

        Raises:
            NotFound: no such account.
            InvalidInput: a field does not fit, or the name is taken.
        """
        fields = checked(changes)
        with self._database.begin() as session:
            record = find_account(session, selector)
            before = described(record)
            if "suspended" in fields:
                suspended = fields.pop("suspended")
                record.suspended_at = (
                    (record.suspended_at or datetime.now(UTC)) if suspended else None
                )
            if fields.get("name", record.name) != record.name:
                _check_unused(session, fields["name"])
            for field, value in fields.items():
                setattr(record, field, value)
            target = f"account:{record.id}"
            note(session, actor, "account.change", target, before=before, after=described(record))
        return record


def add_account(session: Session, fields: dict[str, Any]) -> Account:
    """Add an account and its books."""
    record = Account(id=uuid4().hex, created_at=datetime.now(UTC), **fields)
    session.add(record)
    session.flush()
    session.add(CreditBalance(account_id=record.id, issued=0, available=0, reserved=0, spent=0))
    return record


def find_account(session: Session, selector: str) -> Account:
    """Return an account by id or name.

    Raises:
        NotFound: there is none.
    """
    query = select(Account).where(or_(Account.id == selector, Account.name == selector))
    known = selector.isprintable()  # a database may not even take other texts
    found = session.scalars(query.order_by(Account.id != selector)).first() if known else None
    if found is None:
        raise NotFound(
            f"No account is called {selector[:80]!r}; 'groundswell accounts list' shows them."
        )
    return found


def described(record: Account) -> dict[str, Any]:
    """The fields of an account as administrators see them."""
    return {
        "id": record.id,
        "name": record.name,
        "concurrency": record.concurrency,
        "prepaid": record.prepaid,
        "suspended": record.suspended_at is not None,
        "created_at": record.created_at,
    }


def _check_unused(session: Session, name: str) -> None:
    if session.scalar(select(Account.id).where(Account.name == name)) is not None:
        raise InvalidInput("An account with this name exists.", field="name")
