"""API keys: made once, stored as a hash, checked on every request."""

import hashlib
import math
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from groundswell.accounts.accounts import DEFAULT_ACCOUNT, add_account, find_account
from groundswell.accounts.audit import note
from groundswell.accounts.credits import Quota
from groundswell.accounts.terms import checked
from groundswell.errors import Forbidden, NotFound, Unauthorized
from groundswell.store.database import Database
from groundswell.store.tables import Account, ApiKey

_CACHE_SECONDS = 0.8
"""How long a looked-up key is believed: a revocation works everywhere within a second."""
_CACHE_ENTRIES = 4096
_MAX_KEY_LENGTH = 256


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a request comes from, and on what terms (a limit of ``None`` is no limit).

    Attributes:
        key_id: the key.
        account_id: its account.
        prefix: the key's first characters, for display.
        rate_limit_rpm: requests per minute with this key.
        concurrency: requests at a time with this key.
        account_concurrency: requests at a time of the account.
        credit_quota: credits this key may use in each period.
        quota_period: ``total``, ``day`` or ``month``.
        prepaid: whether the account must have the credits beforehand.
        scopes: products the key may use, separated by spaces; ``None`` is all.
        expires_at: when the key ends.
    """

    key_id: str
    account_id: str
    prefix: str = ""
    rate_limit_rpm: int | None = None
    concurrency: int | None = None
    account_concurrency: int | None = None
    credit_quota: int | None = None
    quota_period: str = "total"
    prepaid: bool = False
    scopes: str | None = None
    expires_at: datetime | None = None

    @property
    def quota(self) -> Quota:
        """The key's credit quota."""
        return Quota(self.key_id, self.credit_quota, self.quota_period)

    def check_scope(self, product: str) -> None:
        """Raise ``Forbidden`` when the key is not for this product."""
        if self.scopes is not None and product not in self.scopes.split():
            raise Forbidden(f"This key is not for {product}; its scopes are: {self.scopes}.")


class Keys:
    """The keys of one database. Blocking; call it from a worker thread when serving."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cache: OrderedDict[str, tuple[float, Caller]] = OrderedDict()
        self._used: dict[str, datetime] = {}
        self._lock = Lock()

    def create(
        self, name: str, *, account: str | None = None, actor: str = "system", **terms: Any
    ) -> tuple[str, ApiKey]:
        """Make a key; returns the key itself, which is never shown again, and its record.

        Args:
            name: what it is for.
            account: id or name of an account; the default one is made when it is missing.
            actor: who makes it; for the audit log.
            terms: as ``accounts.terms.checked`` takes them.

        Raises:
            InvalidInput: a field does not fit.
            NotFound: no such account.
        """
        fields = checked({"name": name, **terms})
        key = _new_key()
        with self._database.begin() as session:
            record = ApiKey(
                id=uuid4().hex,
                account_id=_account(session, account).id,
                prefix=key[:8],
                hash=_hash(key),
                created_at=datetime.now(UTC),
                **{"quota_period": "total", **fields},
            )
            session.add(record)
            note(session, actor, "key.create", f"key:{record.id}", after=described(record))
        return key, record

    def all(self) -> list[ApiKey]:
        """Return every key's record, oldest first."""
        with self._database.read() as session:
            return list(session.scalars(select(ApiKey).order_by(ApiKey.created_at, ApiKey.id)))

    def page(
        self, *, account: str | None = None, limit: int = 50, offset: int = 0
    ) -> tuple[list[ApiKey], int]:
        """Return some keys, oldest first, and how many there are.

        Raises:
            NotFound: no such account.
        """
        query = select(ApiKey)
        with self._database.read() as session:
            if account is not None:
                query = query.where(ApiKey.account_id == find_account(session, account).id)
            total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
            ordered = query.order_by(ApiKey.created_at, ApiKey.id).limit(limit).offset(offset)
            return list(session.scalars(ordered)), total

    def get(self, selector: str) -> ApiKey:
        """Return a key, also a revoked one, named by id, prefix or name.

        Raises:
            NotFound: no key, or more than one, matches.
        """
        with self._database.read() as session:
            return _one(session, selector, active=False)

    def change(self, selector: str, changes: dict[str, Any], *, actor: str = "system") -> ApiKey:
        """Change the terms or the name of an active key; it holds everywhere within a second.

        Raises:
            NotFound: no active key, or more than one, matches.
            InvalidInput: a field does not fit.
        """
        fields = checked(changes)
        with self._database.begin() as session:
            record = _one(session, selector)
            before = described(record)
            for field, value in fields.items():
                setattr(record, field, value)
            target = f"key:{record.id}"
            note(session, actor, "key.change", target, before=before, after=described(record))
        self._forget()
        return record

    def revoke(self, selector: str, *, actor: str = "system") -> ApiKey:
        """Stop a key.

        Raises:
            NotFound: no active key, or more than one, matches.
        """
        with self._database.begin() as session:
            record = _one(session, selector)
            record.revoked_at = datetime.now(UTC)
            note(session, actor, "key.revoke", f"key:{record.id}", after=described(record))
        self._forget()
        return record

    def rotate(self, selector: str, *, actor: str = "system") -> tuple[str, ApiKey]:
        """Replace a key's secret; the old one stops at once.

        Raises:
            NotFound: as ``revoke``.
        """
        key = _new_key()
        with self._database.begin() as session:
            record = _one(session, selector)
            before = described(record)
            record.prefix, record.hash = key[:8], _hash(key)
            target = f"key:{record.id}"
            note(session, actor, "key.rotate", target, before=before, after=described(record))
        self._forget()
        return key, record

    def check(self, key: str) -> Caller:
        """Return who a key belongs to.

        Raises:
            Unauthorized: the key is malformed, unknown, revoked or expired.
            Forbidden: its account is suspended.
        """
        if (found := self.known(key)) is not None:
            return found
        digest, now = _hash(key), time.monotonic()
        caller = self._look_up(digest)
        with self._lock:
            # Misses are not kept: whoever guesses keys must not push known ones out.
            self._cache[digest] = (now, caller)
            self._cache.move_to_end(digest)
            while len(self._cache) > _CACHE_ENTRIES:
                self._cache.popitem(last=False)
        return self._checked(caller)

    def known(self, key: str) -> Caller | None:
        """Return what ``check`` does if the key was looked up just now; does not block.

        Raises:
            Unauthorized: the key is malformed or expired.
        """
        if not key.startswith("sk_") or len(key) > _MAX_KEY_LENGTH:
            raise Unauthorized
        with self._lock:
            seen, caller = self._cache.get(_hash(key), (-math.inf, None))
        if caller is None or time.monotonic() - seen > _CACHE_SECONDS:
            return None
        return self._checked(caller)

    def _checked(self, caller: Caller) -> Caller:
        moment = datetime.now(UTC)
        if caller.expires_at is not None and caller.expires_at <= moment:
            raise Unauthorized
        with self._lock:
            self._used[caller.key_id] = moment
        return caller

    def note_use(self) -> None:
        """Write when keys were last used; collected, so that no request waits for it."""
        with self._lock:
            used, self._used = self._used, {}
        if used:
            rows = [{"key": key, "moment": moment} for key, moment in sorted(used.items())]
            with self._database.begin() as session:
                session.connection().execute(_NOTE_USE, rows)

    def _look_up(self, digest: str) -> Caller:
        # The comparison is of hashes of random keys: its timing tells nothing about a key.
        query = (
            select(ApiKey, Account)
            .join(Account, Account.id == ApiKey.account_id)
            .where(ApiKey.hash == digest, ApiKey.revoked_at.is_(None))
        )
        with self._database.read() as session:
            found = session.execute(query).one_or_none()
        if found is None:
            raise Unauthorized
        key, account = found
        if account.suspended_at is not None:
            raise Forbidden("This account is suspended.")
        return Caller(
            key_id=key.id,
            account_id=account.id,
            prefix=key.prefix,
            rate_limit_rpm=key.rate_limit_rpm,
            concurrency=key.concurrency,
            account_concurrency=account.concurrency,
            credit_quota=key.credit_quota,
            quota_period=key.quota_period,
            prepaid=account.prepaid,
            scopes=key.scopes,
            expires_at=key.expires_at,
        )

    def _forget(self) -> None:
        with self._lock:
            self._cache.clear()


def described(record: ApiKey) -> dict[str, Any]:
    """The fields of a key as administrators see them; never the key or its hash."""
    return {
        "id": record.id,
        "account_id": record.account_id,
        "name": record.name,
        "prefix": record.prefix,
        "created_at": record.created_at,
        "last_used_at": record.last_used_at,
        "expires_at": record.expires_at,
        "disabled": record.revoked_at is not None,
        "rate_limit_rpm": record.rate_limit_rpm,
        "concurrency": record.concurrency,
        "credit_quota": record.credit_quota,
        "quota_period": record.quota_period,
        "scopes": record.scopes.split() if record.scopes is not None else None,
    }


_NOTE_USE: Any = (
    update(ApiKey.__table__)  # type: ignore[arg-type]
    .where(ApiKey.id == bindparam("key"))
    .values(last_used_at=bindparam("moment"))
)


def _new_key() -> str:
    return "sk_" + secrets.token_hex(24)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _account(session: Session, selector: str | None) -> Account:
    if selector not in (None, DEFAULT_ACCOUNT):
        return find_account(session, str(selector))
    found = session.scalar(select(Account).where(Account.name == DEFAULT_ACCOUNT))
    return found or add_account(session, {"name": DEFAULT_ACCOUNT})


def _one(session: Session, selector: str, *, active: bool = True) -> ApiKey:
    query = select(ApiKey).where(
        or_(ApiKey.id == selector, ApiKey.prefix == selector, ApiKey.name == selector)
    )
    if active:
        query = query.where(ApiKey.revoked_at.is_(None))
    found = list(session.scalars(query.limit(100))) if selector.isprintable() else []
    exact = [record for record in found if record.id == selector] or found
    if len(exact) == 1:
        return exact[0]
    kind = "active key" if active else "key"
    problem = f"{len(exact)} {kind}s match" if exact else f"No {kind} matches"
    raise NotFound(f"{problem} {selector[:80]!r}; 'groundswell keys list' shows ids and names.")
