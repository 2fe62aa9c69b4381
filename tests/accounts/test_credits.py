"""The ledger: what is held, spent and given back; on both databases."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from groundswell.accounts.audit import audit_page
from groundswell.accounts.credits import MAX_CREDITS, Balance, Ledger, Quota
from groundswell.accounts.keys import Keys
from groundswell.errors import CreditsExhausted, InvalidInput, NotFound
from groundswell.store.database import Database
from groundswell.store.tables import CreditBalance, Reservation, Transfer


@pytest.fixture
def quota(keys: Keys, account: str) -> Quota:
    return Quota(keys.create("app", account=account)[1].id)


def give(ledger: Ledger, account: str, amount: int, **fields: Any) -> Balance:
    return ledger.grant(
        account, amount, **{"kind": "top_up", "reason": "r", "actor": "a", **fields}
    )


def books(database: Database, account: str) -> dict[str, int]:
    """The books as the ledger's rows sum them up."""
    summed: Counter[str] = Counter()
    with database.read() as session:
        for row in session.scalars(select(Transfer).where(Transfer.account_id == account)):
            summed[row.source] -= row.amount
            summed[row.target] += row.amount
    return {book: summed[book] for book in ("issued", "available", "reserved", "spent")}


def kinds(database: Database, reservation: str) -> dict[str, int]:
    with database.read() as session:
        rows = session.scalars(select(Transfer).where(Transfer.reservation_id == reservation))
        return {row.kind: row.amount for row in rows}


def assert_balanced(database: Database, ledger: Ledger, account: str) -> Balance:
    balance = ledger.balance(account)
    assert books(database, account) == {
        "issued": balance.issued,
        "available": balance.available,
        "reserved": balance.reserved,
        "spent": balance.spent,
    }
    assert balance.issued + balance.available + balance.reserved + balance.spent == 0
    return balance


def test_what_was_delivered_is_spent_and_the_rest_released(
    database: Database, ledger: Ledger, account: str, quota: Quota
) -> None:
    give(ledger, account, 100)
    held = ledger.reserve(account, quota, 60)
    assert ledger.balance(account) == Balance(-100, 40, 60, 0)
    assert ledger.settle(held, 25)
    assert assert_balanced(database, ledger, account) == Balance(-100, 75, 0, 25)
    assert ledger.used(quota) == 25
    assert kinds(database, held) == {"reserve": 60, "settle": 25, "release": 35}


def test_a_failed_request_leaves_no_expense(
    database: Database, ledger: Ledger, account: str, quota: Quota
) -> None:
    held = ledger.reserve(account, quota, 60)
    ledger.settle(held, None)
    assert kinds(database, held) == {"reserve": 60, "release": 60}
    assert assert_balanced(database, ledger, account).credits == 0


def test_nothing_is_settled_twice(
    database: Database, ledger: Ledger, account: str, quota: Quota
) -> None:
    held = ledger.reserve(account, quota, 10)
    assert [ledger.settle(held, 10), ledger.settle(held, 10)] == [True, False]
    assert assert_balanced(database, ledger, account).spent == 10


def test_more_than_was_held_is_never_taken(
    database: Database, ledger: Ledger, account: str, quota: Quota
) -> None:
    ledger.settle(ledger.reserve(account, quota, 10), 10**9)
    assert assert_balanced(database, ledger, account).spent == 10


def test_a_prepaid_account_cannot_go_below_zero(
    database: Database, ledger: Ledger, account: str, quota: Quota
) -> None:
    give(ledger, account, 10)
    ledger.reserve(account, quota, 10, prepaid=True)
    with pytest.raises(CreditsExhausted):
        ledger.reserve(account, quota, 1, prepaid=True)
    assert assert_balanced(database, ledger, account).available == 0


def test_other_accounts_go_into_debt(ledger: Ledger, account: str, quota: Quota) -> None:
    ledger.settle(ledger.reserve(account, quota, 10), 10)
    assert ledger.balance(account).credits == -10


def test_a_quota_counts_what_is_held(
    database: Database, ledger: Ledger, account: str, quota: Quota
) -> None:
    limited = Quota(quota.key_id, 100)
    held = ledger.reserve(account, limited, 100)
    with pytest.raises(CreditsExhausted):
        ledger.reserve(account, limited, 1)
    ledger.settle(held, 30)
    ledger.reserve(account, limited, 70)
    with pytest.raises(CreditsExhausted):
        ledger.reserve(account, limited, 1)
    # What is refused leaves no trace.
    assert assert_balanced(database, ledger, account).reserved == 70


def test_a_quota_begins_anew_with_its_period(ledger: Ledger, account: str, quota: Quota) -> None:
    ledger.settle(ledger.reserve(account, Quota(quota.key_id, 10, "total"), 10), 10)
    for period in ("day", "month"):
        ledger.reserve(account, Quota(quota.key_id, 10, period), 10)
    moment = datetime(2026, 3, 9, 23, 59, tzinfo=UTC)
    names = [Quota("k", 1, period).period_at(moment) for period in ("total", "day", "month")]
    assert names == ["total", "2026-03-09", "2026-03"]


def test_what_a_dead_process_held_is_settled_as_noted(
    database: Database, account: str, quota: Quota
) -> None:
    gone = Ledger(database, lease=timedelta(seconds=-1))
    silent = gone.reserve(account, quota, 50)
    spoke = gone.reserve(account, quota, 50)
    gone.renew({spoke: 20})
    here = Ledger(database)
    assert here.expire() == 2
    assert here.expire() == 0
    assert kinds(database, silent) == {"reserve": 50, "release": 50}
    assert kinds(database, spoke) == {"reserve": 50, "settle": 20, "release": 30}
    assert not gone.settle(spoke, 50)
    assert assert_balanced(database, here, account).spent == 20


def test_a_renewed_lease_does_not_expire(
    database: Database, ledger: Ledger, account: str, quota: Quota
) -> None:
    held = Ledger(database, lease=timedelta(seconds=-1)).reserve(account, quota, 50)
    ledger.renew({held: 5})
    assert ledger.expire() == 0
    assert ledger.settle(held, 50)


def test_the_credits_of_the_dead_are_there_for_the_next(
    database: Database, ledger: Ledger, account: str, quota: Quota
) -> None:
    give(ledger, account, 50)
    Ledger(database, lease=timedelta(seconds=-1)).reserve(account, quota, 50, prepaid=True)
    ledger.reserve(account, quota, 50, prepaid=True)
    assert assert_balanced(database, ledger, account).reserved == 50


def test_impossible_amounts_are_refused(ledger: Ledger, account: str, quota: Quota) -> None:
    for amount in (-1, MAX_CREDITS + 1, 2**63, 10**400):
        with pytest.raises(InvalidInput):
            ledger.reserve(account, quota, amount)
    for amount in (0, -1, MAX_CREDITS + 1, 2**63, 10**400):
        with pytest.raises(InvalidInput, match="amount"):
            give(ledger, account, amount)


def test_a_balance_does_not_overflow(database: Database, ledger: Ledger, account: str) -> None:
    give(ledger, account, MAX_CREDITS)
    with pytest.raises(InvalidInput, match="beyond"):
        give(ledger, account, 1)
    assert assert_balanced(database, ledger, account).credits == MAX_CREDITS


def test_an_adjustment_may_take_back(database: Database, ledger: Ledger, account: str) -> None:
    give(ledger, account, 10)
    give(ledger, account, -15, kind="adjustment")
    assert assert_balanced(database, ledger, account).credits == -5


def test_a_reference_works_once(ledger: Ledger, account: str, other_account: str) -> None:
    give(ledger, account, 10, reference="INV-1")
    with pytest.raises(InvalidInput, match="before"):
        give(ledger, account, 10, reference="INV-1")
    assert ledger.balance(account).credits == 10
    give(ledger, other_account, 10, reference="INV-1")


@pytest.mark.parametrize("field", ["reason", "actor", "reference"])
def test_texts_of_the_ledger_are_one_printable_line(
    ledger: Ledger, account: str, field: str
) -> None:
    for value in ("", " ", "a\nb", "a\x00b", "\ud800", "\u202e", "x" * 501):
        with pytest.raises(InvalidInput, match=field):
            give(ledger, account, 1, **{field: value})


def test_texts_are_data(database: Database, ledger: Ledger, account: str) -> None:
    text = "'); DROP TABLE transfers; -- %(x)s {0} \\"
    give(ledger, account, 1, reason=text, actor=text, reference=text)
    with database.read() as session:
        row = session.scalars(select(Transfer)).one()
    assert (row.reason, row.actor, row.reference) == (text, text, text)


def test_an_unknown_account_has_no_books(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        ledger.balance("nobody")
    with pytest.raises(NotFound):
        give(ledger, "nobody", 1)


def test_a_grant_and_its_audit_entry_go_together(
    database: Database, ledger: Ledger, account: str
) -> None:
    give(ledger, account, 7, reason="Paid", actor="ada")
    (entry, *_) = audit_page(database, target=f"account:{account}").entries
    assert (entry.actor, entry.action) == ("ada", "credits.top_up")
    assert entry.after == {"amount": 7, "reason": "Paid", "reference": None, "balance": 7}


def test_a_transaction_that_fails_halfway_changes_nothing(
    database: Database, ledger: Ledger, account: str, quota: Quota
) -> None:
    with database.begin() as session:
        session.execute(delete(CreditBalance).where(CreditBalance.account_id == account))
    with pytest.raises(CreditsExhausted):
        ledger.reserve(account, quota, 1)
    with database.read() as session:
        assert session.scalars(select(Reservation)).all() == []
        assert session.scalars(select(Transfer)).all() == []
