"""Keys: made once, stored as a hash, revoked at once."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from groundswell.accounts.accounts import Accounts
from groundswell.accounts.audit import audit_page
from groundswell.accounts.keys import Keys
from groundswell.errors import Forbidden, InvalidInput, NotFound, Unauthorized
from groundswell.store.database import Database


def test_a_key_identifies_its_owner(keys: Keys) -> None:
    key, record = keys.create("app")
    assert key.startswith("sk_")
    assert keys.check(key).key_id == record.id


def test_only_a_hash_is_stored(new_sqlite_url: Callable[[Path], str], tmp_path: Path) -> None:
    database = Database(new_sqlite_url(tmp_path))
    key, _ = Keys(database).create("app")
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


def test_a_key_ends_when_it_expires(keys: Keys) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=3)
    key, _ = keys.create("app", expires_at=soon)
    assert keys.check(key).expires_at == soon
    time.sleep(max(0.0, (soon - datetime.now(UTC)).total_seconds()))
    with pytest.raises(Unauthorized):
        keys.check(key)
    with pytest.raises(Unauthorized):
        Keys(keys._database).check(key)


def test_the_keys_of_a_suspended_account_stop_within_a_second(
    keys: Keys, database: Database
) -> None:
    accounts = Accounts(database)
    accounts.create("acme")
    key, _ = keys.create("app", account="acme")
    keys.check(key)
    accounts.change("acme", {"suspended": True})
    time.sleep(1)
    with pytest.raises(Forbidden, match="suspended"):
        keys.check(key)
    accounts.change("acme", {"suspended": False})
    assert keys.check(key)


def test_a_revocation_elsewhere_works_within_a_second(keys: Keys, database: Database) -> None:
    key, record = keys.create("app")
    keys.check(key)
    Keys(database).revoke(record.id)
    time.sleep(1)
    with pytest.raises(Unauthorized):
        keys.check(key)


def test_terms_reach_the_caller(keys: Keys) -> None:
    key, record = keys.create(
        "app", rate_limit_rpm=5, concurrency=2, credit_quota=10**12, scopes=["stt", "tts"]
    )
    caller = keys.check(key)
    assert (caller.rate_limit_rpm, caller.concurrency, caller.credit_quota) == (5, 2, 10**12)
    assert caller.scopes == "tts stt"
    keys.change(record.id, {"rate_limit_rpm": None, "quota_period": "day"})
    caller = keys.check(key)
    assert (caller.rate_limit_rpm, caller.quota_period) == (None, "day")


@pytest.mark.parametrize(
    "terms",
    [
        {"quota_period": "week"},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"concurrency": 10**9},
        {"name": "a\nlevel=error forged"},
        {"name": "\x00"},
        {"name": "\ud800"},
        {"name": " "},
        {"name": "x" * 201},
    ],
)
def test_impossible_terms_are_refused(keys: Keys, terms: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match=next(iter(terms))):
        keys.create(**({"name": "app"} | terms))
    assert keys.all() == []


def test_selectors_are_data(keys: Keys) -> None:
    keys.create("app")
    for selector in ("\x00", "\ud800", "' OR 1=1 --", "%", "x" * 10_000):
        with pytest.raises(NotFound):
            keys.get(selector)


def test_an_account_must_exist(keys: Keys) -> None:
    with pytest.raises(NotFound, match="accounts list"):
        keys.create("app", account="nobody")


def test_the_audit_log_knows_who_did_what_and_no_secret(keys: Keys, database: Database) -> None:
    key, record = keys.create("app", actor="ada", rate_limit_rpm=5)
    keys.change(record.id, {"rate_limit_rpm": 9}, actor="bob")
    new, _ = keys.rotate(record.id, actor="bob")
    keys.revoke(record.id, actor="eve")
    entries = audit_page(database, target=f"key:{record.id}").entries
    assert [(entry.actor, entry.action) for entry in reversed(entries)] == [
        ("ada", "key.create"),
        ("bob", "key.change"),
        ("bob", "key.rotate"),
        ("eve", "key.revoke"),
    ]
    changed = entries[2]
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before["rate_limit_rpm"], changed.after["rate_limit_rpm"]) == (5, 9)
    written = repr([(entry.before, entry.after) for entry in entries])
    assert key[9:] not in written
    assert new[9:] not in written
    assert record.hash not in written
