"""API keys: made once, stored as a hash, checked on every request."""

import hashlib
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from groundswell.errors import InvalidInput, NotFound, Unauthorized
from groundswell.store.database import Database
from groundswell.store.tables import Account, ApiKey

DEFAULT_ACCOUNT = "default"
_CACHE_SECONDS = 1.0
"""How long a looked-up key is believed: a revocation works everywhere within this."""
_CACHE_ENTRIES = 4096
_LAST_USED_EVERY = timedelta(minutes=1)
_MAX_KEY_LENGTH = 256


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a request comes from."""

    key_id: str
    account_id: str


class Keys:
    """The keys of one database. Blocking; call it from a worker thread when serving."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cache: OrderedDict[str, tuple[float, Caller | None]] = OrderedDict()
        self._lock = Lock()

    def create(
        self,
        name: str,
        *,
        account: str = DEFAULT_ACCOUNT,
        rate_limit_rpm: int | None = None,
        concurrency: int | None = None,
        credit_quota: int | None = None,
    ) -> tuple[str, ApiKey]:
        """Make a key; returns the key itself, which is never shown again, and its record.

        Raises:
            InvalidInput: the name is empty or too long, or a limit is negative.
        """
        if not 1 <= len(name.strip()) <= 200:
            raise InvalidInput("A key needs a name of 1 to 200 characters.", field="name")
        limits = {
            "rate_limit_rpm": rate_limit_rpm,
            "concurrency": concurrency,
            "credit_quota": credit_quota,
        }
        for field, value in limits.items():
            if value is not None and not 0 <= value <= 2**31 - 1:
                raise InvalidInput(f"{field} must be between 0 and {2**31 - 1}.", field=field)
        key = _new_key()
        with self._database.begin() as session:
            record = ApiKey(
                id=uuid4().hex,
                account_id=_account(session, account).id,
                name=name.strip(),
                prefix=key[:8],
                hash=_hash(key),
                created_at=datetime.now(UTC),
                **limits,
            )
            session.add(record)
        return key, record

    def all(self) -> list[ApiKey]:
        """Return every key's record, oldest first."""
        with self._database.read() as session:
            return list(session.scalars(select(ApiKey).order_by(ApiKey.created_at, ApiKey.id)))

    def revoke(self, selector: str) -> ApiKey:
        """Stop a key, named by id, prefix or name.

        Raises:
            NotFound: no active key, or more than one, matches.
        """
        with self._database.begin() as session:
            record = _one_active(session, selector)
            record.revoked_at = datetime.now(UTC)
        self._forget()
        return record

    def rotate(self, selector: str) -> tuple[str, ApiKey]:
        """Replace a key's secret; the old one stops at once.

        Raises:
            NotFound: as ``revoke``.
        """
        key = _new_key()
        with self._database.begin() as session:
            record = _one_active(session, selector)
            record.prefix, record.hash = key[:8], _hash(key)
        self._forget()
        return key, record

    def check(self, key: str) -> Caller:
        """Return who a key belongs to.

        Raises:
            Unauthorized: the key is malformed, unknown or revoked.
        """
        if not key.startswith("sk_") or len(key) > _MAX_KEY_LENGTH:
            raise Unauthorized
        digest = _hash(key)
        now = time.monotonic()
        with self._lock:
            known = self._cache.get(digest)
        if known is None or now - known[0] > _CACHE_SECONDS:
            known = (now, self._look_up(digest))
            with self._lock:
                self._cache[digest] = known
                while len(self._cache) > _CACHE_ENTRIES:
                    self._cache.popitem(last=False)
        if known[1] is None:
            raise Unauthorized
        return known[1]

    def _look_up(self, digest: str) -> Caller | None:
        # The comparison is of hashes of random keys: its timing tells nothing about a key.
        with self._database.read() as session:
            record = session.scalar(
                select(ApiKey).where(ApiKey.hash == digest, ApiKey.revoked_at.is_(None))
            )
        if record is None:
            return None
        now = datetime.now(UTC)
        if record.last_used_at is None or now - record.last_used_at > _LAST_USED_EVERY:
            with self._database.begin() as session:
                session.execute(
                    update(ApiKey).where(ApiKey.id == record.id).values(last_used_at=now)
                )
        return Caller(record.id, record.account_id)

    def _forget(self) -> None:
        with self._lock:
            self._cache.clear()


def _new_key() -> str:
    return "sk_" + secrets.token_hex(24)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _account(session: Session, name: str) -> Account:
    account = session.scalar(select(Account).where(Account.name == name))
    if account is None:
        account = Account(id=uuid4().hex, name=name, created_at=datetime.now(UTC))
        session.add(account)
        session.flush()
    return account


def _one_active(session: Session, selector: str) -> ApiKey:
    found = list(
        session.scalars(
            select(ApiKey).where(
                ApiKey.revoked_at.is_(None),
                (ApiKey.id == selector) | (ApiKey.prefix == selector) | (ApiKey.name == selector),
            )
        )
    )
    if len(found) == 1:
        return found[0]
    problem = f"{len(found)} active keys match" if found else "No active key matches"
    raise NotFound(f"{problem} {selector!r}; 'groundswell keys list' shows ids and names.")
