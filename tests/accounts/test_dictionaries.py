"""Dictionaries as an account keeps them."""

from uuid import uuid4

import pytest

from groundswell.accounts import dictionaries
from groundswell.accounts.accounts import Accounts
from groundswell.accounts.dictionaries import MAX_PER_REQUEST, Dictionaries
from groundswell.errors import InvalidInput, NotFound, UnknownDictionary
from groundswell.store.database import Database
from groundswell.text.dictionary import Dictionary, InvalidEntry


def an_account(database: Database) -> str:
    return Accounts(database).create(uuid4().hex).id


def spoken(dictionary: Dictionary, text: str) -> list[str]:
    return [match.replacement for match in dictionary.find(text)]


def test_what_runs_keeps_what_it_began_with(database: Database, account: str) -> None:
    kept = Dictionaries(database)
    made = kept.create(account, [("SQL", "one")])
    began = kept.load(account, [made.id])
    kept.replace(account, made.id, [("SQL", "two")])
    after = kept.load(account, [made.id])
    kept.delete(account, made.id)
    assert spoken(began, "SQL") == ["one"]
    assert spoken(after, "SQL") == ["two"]
    with pytest.raises(UnknownDictionary):
        kept.load(account, [made.id])


def test_another_process_sees_a_change_at_once(database: Database, account: str) -> None:
    here, there = Dictionaries(database), Dictionaries(database)
    made = here.create(account, [("SQL", "one")])
    assert spoken(there.load(account, [made.id]), "SQL") == ["one"]
    here.replace(account, made.id, [("SQL", "two")])
    assert spoken(there.load(account, [made.id]), "SQL") == ["two"]


def test_a_loaded_dictionary_is_made_once(database: Database, account: str) -> None:
    kept = Dictionaries(database)
    made = kept.create(account, [("SQL", "one")])
    first, second = (kept.load(account, [made.id]) for _ in range(2))
    assert first.tables[0] is second.tables[0]


def test_the_cache_forgets_the_oldest(
    database: Database, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dictionaries, "_CACHE_ENTRIES", 3)
    kept = Dictionaries(database)
    made = [kept.create(account, [("a", "b"), ("c", str(n))]) for n in range(5)]
    assert len(kept._ready) == 1
    assert spoken(kept.load(account, [each.id for each in made]), "c a") == ["0", "b"]


def test_a_foreign_dictionary_is_an_unknown_one(database: Database, account: str) -> None:
    kept = Dictionaries(database)
    made = kept.create(account, [("SQL", "one")])
    stranger = an_account(database)
    with pytest.raises(UnknownDictionary):
        kept.load(stranger, [made.id])
    with pytest.raises(NotFound):
        kept.replace(stranger, made.id, [("SQL", "two")])
    with pytest.raises(NotFound):
        kept.delete(stranger, made.id)
    assert kept.all(stranger) == []
    assert [record.items for record in kept.all(account)] == [[("SQL", "one")]]


@pytest.mark.parametrize("unknown", ["", "0" * 24, "0" * 25, "\0", "' OR 1=1 --", "É" * 24])
def test_unknown_ids(database: Database, account: str, unknown: str) -> None:
    kept = Dictionaries(database)
    with pytest.raises(UnknownDictionary):
        kept.load(account, [unknown])
    with pytest.raises(NotFound):
        kept.delete(account, unknown)


def test_several_in_their_order(database: Database, account: str) -> None:
    kept = Dictionaries(database)
    one = kept.create(account, [("SQL", "one")]).id
    two = kept.create(account, [("SQL", "two"), ("API", "three")]).id
    assert spoken(kept.load(account, [one, two, one]), "SQL API") == ["one", "three"]
    assert spoken(kept.load(account, [two, one]), "SQL API") == ["two", "three"]
    assert not kept.load(account, [])


def test_too_many(database: Database, account: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionaries, "MAX_PER_ACCOUNT", 2)
    kept = Dictionaries(database)
    with pytest.raises(InvalidInput, match=str(MAX_PER_REQUEST)):
        kept.load(account, [f"{n:024x}" for n in range(MAX_PER_REQUEST + 1)])
    for _ in range(2):
        kept.create(account, [("a", "b")])
    with pytest.raises(InvalidInput, match="delete one"):
        kept.create(account, [("a", "b")])


def test_a_refused_change_changes_nothing(database: Database, account: str) -> None:
    kept = Dictionaries(database)
    made = kept.create(account, [("SQL", "one")])
    with pytest.raises(InvalidEntry):
        kept.replace(account, made.id, [("SQL", "two"), ("API", "//")])
    assert spoken(kept.load(account, [made.id]), "SQL") == ["one"]
