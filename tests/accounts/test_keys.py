"""Keys: made once, stored as a hash, revoked at once."""

from pathlib import Path

import pytest
from sqlalchemy import text

from groundswell.accounts.keys import Keys
from groundswell.errors import InvalidInput, NotFound, Unauthorized
from groundswell.store.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    database.migrate()
    return database


@pytest.fixture
def keys(database: Database) -> Keys:
    return Keys(database)


def test_a_key_identifies_its_owner(keys: Keys) -> None:
    key, record = keys.create("app")
    assert key.startswith("sk_")
    assert keys.check(key).key_id == record.id


def test_only_a_hash_is_stored(keys: Keys, database: Database, tmp_path: Path) -> None:
    key, _ = keys.create("app")
    database.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert key.encode() not in stored
    assert key[8:].encode() not in stored


@pytest.mark.parametrize(
    "key", ["", "sk_", "nonsense", "sk_" + "0" * 48, "sk_" + "x" * 10_000, "sk_\ud800", "SK_abc"]
)
def test_anything_else_is_refused(keys: Keys, key: str) -> None:
    keys.create("app")
    with pytest.raises(Unauthorized):
        keys.check(key)


def test_revoking_stops_a_key_also_for_other_processes(keys: Keys, database: Database) -> None:
    key, _ = keys.create("app")
    elsewhere = Keys(database)
    keys.revoke("app")
    for view in (keys, elsewhere):
        with pytest.raises(Unauthorized):
            view.check(key)


def test_rotating_replaces_the_secret_and_keeps_the_record(keys: Keys) -> None:
    old, record = keys.create("app")
    new, rotated = keys.rotate(record.id)
    assert keys.check(new).key_id == record.id == rotated.id
    with pytest.raises(Unauthorized):
        keys.check(old)


def test_use_is_remembered(keys: Keys) -> None:
    key, _ = keys.create("app")
    assert keys.all()[0].last_used_at is None
    keys.check(key)
    keys.note_use()
    assert keys.all()[0].last_used_at is not None


def test_ambiguous_and_unknown_selectors_are_named(keys: Keys) -> None:
    keys.create("twin")
    keys.create("twin")
    with pytest.raises(NotFound, match="2 active keys match"):
        keys.revoke("twin")
    with pytest.raises(NotFound, match="No active key"):
        keys.rotate("nobody")


def test_impossible_limits_are_refused(keys: Keys) -> None:
    with pytest.raises(InvalidInput):
        keys.create("app", rate_limit_rpm=-1)
    with pytest.raises(InvalidInput):
        keys.create("app", credit_quota=10**15 + 1)


def test_names_are_data(keys: Keys, database: Database) -> None:
    keys.create("'; DROP TABLE api_keys; --")
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM api_keys")).scalar_one() == 1
