"""Pronunciation dictionaries: kept per account, checked when written, versioned.

What a request loads is immutable, so a request that runs keeps what it began with, whatever is
changed or deleted meanwhile.
"""

import re
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groundswell.errors import InvalidInput, NotFound, UnknownDictionary
from groundswell.store.database import Database
from groundswell.store.dictionary_table import PronunciationDictionary
from groundswell.text.dictionary import Dictionary, Entry

MAX_PER_REQUEST = 20
"""Dictionaries that one request may name."""
MAX_PER_ACCOUNT = 500
"""Dictionaries that one account may keep."""
_ID = re.compile(r"[0-9a-f]{24}")
_CACHE_ENTRIES = 100_000
"""Entries of dictionaries kept ready, over all accounts (about 300 bytes each)."""


@dataclass(frozen=True, slots=True)
class Record:
    """A dictionary as its owner sees it.

    Attributes:
        id: 24 hexadecimal characters.
        items: words and pronunciations as given.
    """

    id: str
    items: list[Entry]
    created_at: datetime


class Dictionaries:
    """The dictionaries of one database. Blocking; call it from a worker thread when serving."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ready: OrderedDict[tuple[str, int], tuple[Dictionary, int]] = OrderedDict()
        self._held = 0  # entries in it
        self._lock = Lock()

    def create(self, account_id: str, items: Sequence[Entry]) -> Record:
        """Keep a new dictionary.

        Raises:
            InvalidEntry: an entry cannot be used.
            InvalidInput: the account has too many.
        """
        dictionary = Dictionary.of(items)
        row = PronunciationDictionary(
            id=secrets.token_hex(12),
            account_id=account_id,
            version=1,
            items=[list(item) for item in items],
            created_at=datetime.now(UTC),
        )
        with self._database.begin() as session:
            kept = session.scalar(
                select(func.count())
                .select_from(PronunciationDictionary)
                .where(PronunciationDictionary.account_id == account_id)
            )
            if (kept or 0) >= MAX_PER_ACCOUNT:
                raise InvalidInput(
                    f"The account already has {MAX_PER_ACCOUNT} pronunciation dictionaries; "
                    "delete one first.",
                    field="items",
                )
            session.add(row)
        self._remember((row.id, row.version), dictionary, len(items))
        return _record(row)

    def all(self, account_id: str) -> list[Record]:
        """Return the account's dictionaries, oldest first."""
        table = PronunciationDictionary
        with self._database.read() as session:
            rows = session.scalars(
                select(table)
                .where(table.account_id == account_id)
                .order_by(table.created_at, table.id)
            )
            return [_record(row) for row in rows]

    def replace(self, account_id: str, dictionary_id: str, items: Sequence[Entry]) -> Record:
        """Replace all items; requests that begin from now on use the new ones.

        Raises:
            InvalidEntry: an entry cannot be used; the dictionary stays as it was.
            NotFound: the account has no such dictionary.
        """
        dictionary = Dictionary.of(items)
        with self._database.begin() as session:
            row = _owned(session, account_id, dictionary_id)
            row.items = [list(item) for item in items]
            row.version += 1
        self._remember((row.id, row.version), dictionary, len(items))
        return _record(row)

    def delete(self, account_id: str, dictionary_id: str) -> None:
        """Forget a dictionary.

        Raises:
            NotFound: the account has no such dictionary.
        """
        with self._database.begin() as session:
            session.delete(_owned(session, account_id, dictionary_id))

    def load(self, account_id: str, dictionary_ids: Sequence[str]) -> Dictionary:
        """Return what these say together, the first before the others.

        Raises:
            UnknownDictionary: the account has no dictionary of one of these ids.
            InvalidInput: there are too many.
        """
        wanted = list(dict.fromkeys(dictionary_ids))
        if len(wanted) > MAX_PER_REQUEST:
            raise InvalidInput(
                f"pronunciation_dicts names {len(wanted)} dictionaries; {MAX_PER_REQUEST} are the "
                "most a request may use.",
                field="pronunciation_dicts",
            )
        for dictionary_id in wanted:
            if not _ID.fullmatch(dictionary_id):
                raise UnknownDictionary(dictionary_id)
        if not wanted:
            return Dictionary()
        table = PronunciationDictionary
        with self._database.read() as session:
            found = session.execute(
                select(table.id, table.version).where(
                    table.account_id == account_id, table.id.in_(wanted)
                )
            )
            versions = {row.id: row.version for row in found}
            together = Dictionary()
            for dictionary_id in wanted:
                if dictionary_id not in versions:
                    raise UnknownDictionary(dictionary_id)
                key = (dictionary_id, versions[dictionary_id])
                together = together.then(self._prepared(key) or self._prepare(session, *key))
        return together

    def entries(self, account_id: str, dictionary_ids: Sequence[str]) -> list[list[Entry]]:
        """Return what each of these holds, to be kept by what outlasts them.

        Raises:
            UnknownDictionary: the account has no dictionary of one of these ids.
        """
        table = PronunciationDictionary
        with self._database.read() as session:
            rows = session.execute(
                select(table.id, table.items).where(
                    table.account_id == account_id, table.id.in_(dictionary_ids)
                )
            )
            held = {row.id: [(word, said) for word, said in row.items] for row in rows}
        for dictionary_id in dictionary_ids:
            if dictionary_id not in held:
                raise UnknownDictionary(dictionary_id)
        return [held[dictionary_id] for dictionary_id in dict.fromkeys(dictionary_ids)]

    def _prepared(self, key: tuple[str, int]) -> Dictionary | None:
        with self._lock:
            known = self._ready.get(key)
            if known is None:
                return None
            self._ready.move_to_end(key)
            return known[0]

    def _prepare(self, session: Session, dictionary_id: str, version: int) -> Dictionary:
        table = PronunciationDictionary
        row = session.execute(
            select(table.version, table.items).where(table.id == dictionary_id)
        ).one_or_none()
        if row is None:  # deleted since its version was read
            raise UnknownDictionary(dictionary_id)
        dictionary = Dictionary.of((word, spoken) for word, spoken in row.items)
        self._remember((dictionary_id, row.version), dictionary, len(row.items))
        return dictionary

    def _remember(self, key: tuple[str, int], dictionary: Dictionary, size: int) -> None:
        with self._lock:
            _, before = self._ready.pop(key, (None, 0))
            self._ready[key] = (dictionary, size)
            self._held += size - before
            while self._held > _CACHE_ENTRIES and len(self._ready) > 1:
                _, (_, oldest) = self._ready.popitem(last=False)
                self._held -= oldest


def _owned(session: Session, account_id: str, dictionary_id: str) -> PronunciationDictionary:
    table = PronunciationDictionary
    row = None
    if _ID.fullmatch(dictionary_id):
        owned = (table.id == dictionary_id, table.account_id == account_id)
        row = session.scalar(select(table).where(*owned).with_for_update())
    if row is None:
        raise NotFound("Pronunciation dictionary not found")
    return row


def _record(row: PronunciationDictionary) -> Record:
    return Record(row.id, [(word, spoken) for word, spoken in row.items], row.created_at)
