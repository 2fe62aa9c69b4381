"""Balance, ledger, breakdown and invoices (platform.md §3)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.api.reading import client_of

from groundswell.accounts.credits import Ledger, Quota
from groundswell.accounts.keys import Keys
from groundswell.store.database import Database

BILLING = "/payment/v1"
NASTY = ("'; DROP TABLE transfers; --", '" OR 1=1', "\x00", "x" * 9000, "-1", "½", "1e3")
TOO_LONG = (
    "Date range cannot exceed 90 days. Please narrow your range or contact support for bulk "
    "exports."
)


@pytest.fixture
def client(database: Database, account: str) -> Iterator[TestClient]:
    with client_of(database, account) as client:
        yield client


@pytest.fixture
def other_client(database: Database, other_account: str) -> Iterator[TestClient]:
    with client_of(database, other_account) as client:
        yield client


@pytest.fixture
def busy_ledger(database: Database, account: str) -> Ledger:
    """1000 bought, 50 given, 20 taken back; 30 and 12 spent, 5 held."""
    ledger = Ledger(database)
    _, key = Keys(database).create("spender", account=account)
    ledger.grant(account, 1000, kind="top_up", reason="paid", actor="me", reference="inv-7")
    ledger.grant(account, 50, kind="bonus", reason="welcome", actor="me")
    ledger.grant(account, -20, kind="adjustment", reason="mistake", actor="me")
    for held, spent in ((40, 30), (12, 12), (9, None)):
        ledger.settle(ledger.reserve(account, Quota(key.id), held), spent)
    ledger.reserve(account, Quota(key.id), 5)
    return ledger


def get(client: TestClient, path: str, **parameters: Any) -> Any:
    answer = client.get(f"{BILLING}/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["success"] is True
    return body["data"]


def test_a_new_account_has_nothing(client: TestClient) -> None:
    balance = {"creditBalance": 0, "planId": "self_hosted", "isEnterprise": False}
    assert get(client, "credits/balance") == balance
    breakdown = {"platform": 0, "voiceAi": 0, "voiceModels": 0}
    assert get(client, "credits/usage/breakdown") == breakdown
    assert get(client, "invoices") == []
    ledger = get(client, "credits/ledger")
    assert (ledger["transactions"], ledger["total"], ledger["hasMore"]) == ([], 0, False)
    assert ledger["summary"] == {"totalCreditsConsumed": 0, "totalCreditsAdded": 0}


@pytest.mark.usefixtures("busy_ledger")
def test_the_ledger_tells_every_change(client: TestClient) -> None:
    ledger = get(client, "credits/ledger")
    told = [(t["transactionType"], t["amount"], t["balanceAfter"]) for t in ledger["transactions"]]
    assert told == [
        ("USAGE_DEDUCTION", -12, 988),
        ("USAGE_DEDUCTION", -30, 1000),
        ("ADMIN_ADJUSTMENT", -20, 1030),
        ("SIGNUP_BONUS", 50, 1050),
        ("CREDIT_PURCHASE", 1000, 1000),
    ]
    assert (ledger["total"], ledger["hasMore"]) == (5, False)
    assert ledger["summary"] == {"totalCreditsConsumed": 42, "totalCreditsAdded": 1050}
    spent, *_, bought = ledger["transactions"]
    assert set(spent) == {
        "id", "transactionType", "amount", "balanceAfter", "featureId", "createdAt", "requestId"
    }  # fmt: skip
    assert spent["featureId"] == "tts.generate"
    assert (bought["referenceId"], bought["description"]) == ("inv-7", "paid")
    assert datetime.fromisoformat(bought["createdAt"]) <= datetime.now(UTC)
    assert get(client, "credits/balance")["creditBalance"] == 988
    assert get(client, "credits/usage/breakdown")["voiceModels"] == 42


@pytest.mark.usefixtures("busy_ledger")
def test_pages_and_filters(client: TestClient) -> None:
    page = get(client, "credits/ledger", limit=2, offset=2)
    assert [t["amount"] for t in page["transactions"]] == [-20, 50]
    assert (page["total"], page["hasMore"]) == (5, True)
    assert not get(client, "credits/ledger", limit=2, offset=3)["hasMore"]
    assert get(client, "credits/ledger", offset=10**9)["transactions"] == []
    amounts = {
        "USAGE_DEDUCTION": [-12, -30],
        "CREDIT_PURCHASE": [1000],
        "PAYMENTS": [1000],
        "SIGNUP_BONUS": [50],
        "ADMIN_ADJUSTMENT": [-20],
        "AUTO_RELOAD": [],
        "COUPON_CREDIT": [],
        "MIGRATION": [],
    }
    for kind, expected in amounts.items():
        found = get(client, "credits/ledger", type=kind)
        assert [t["amount"] for t in found["transactions"]] == expected
        assert found["total"] == len(expected)
        assert found["summary"] == {"totalCreditsConsumed": 42, "totalCreditsAdded": 1050}
    scopes = {"voice_models": [-12, -30], "platform": [], "voice_ai": []}
    for scope, expected in scopes.items():
        found = get(client, "credits/ledger", scope=scope)
        assert [t["amount"] for t in found["transactions"]] == expected


@pytest.mark.usefixtures("busy_ledger")
def test_the_period_is_kept_and_told(client: TestClient) -> None:
    now = datetime.now(UTC)
    before = {
        "from": (now - timedelta(days=9)).isoformat(),
        "to": (now - timedelta(days=1)).isoformat(),
    }
    ledger = get(client, "credits/ledger", **before)
    assert ledger["total"] == 0
    for name, moment in before.items():
        told = datetime.fromisoformat(ledger["period"][name])
        assert abs(told - datetime.fromisoformat(moment)) < timedelta(milliseconds=1)
    week = get(client, "credits/ledger")["period"]
    assert datetime.fromisoformat(week["to"]) - datetime.fromisoformat(week["from"]) == timedelta(7)


@pytest.mark.usefixtures("busy_ledger")
def test_accounts_see_their_own_only(other_client: TestClient) -> None:
    assert get(other_client, "credits/ledger")["total"] == 0
    assert get(other_client, "credits/balance")["creditBalance"] == 0
    assert get(other_client, "credits/usage/breakdown")["voiceModels"] == 0


def test_what_is_out_of_bounds_is_named(client: TestClient) -> None:
    kinds = "USAGE_DEDUCTION, CREDIT_PURCHASE, SIGNUP_BONUS, ADMIN_ADJUSTMENT, AUTO_RELOAD, "
    problems = {
        "limit": "limit: must be an integer from 1 to 100",
        "offset": "offset: must be an integer from 0 to 1000000000",
        "from": "from: Invalid date",
        "to": "to: Invalid date",
        "type": f"type: must be one of {kinds}COUPON_CREDIT, MIGRATION, PAYMENTS",
        "scope": "scope: must be one of platform, voice_ai, voice_models",
    }
    wrong = [({name: value}, problems[name]) for name, value in product(problems, NASTY)]
    wrong += [
        ({"limit": "0"}, problems["limit"]),
        ({"limit": "101"}, problems["limit"]),
        ({"from": "x", "to": "y"}, "from: Invalid date; to: Invalid date"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "from: must not be after to"),
        ({"from": "2026-03-01", "to": "2026-05-31"}, TOO_LONG),
    ]
    for parameters, problem in wrong:
        answer = client.get(f"{BILLING}/credits/ledger", params=parameters)
        error = {"code": "validation_error", "message": problem}
        assert (answer.status_code, answer.json()) == (400, {"success": False, "error": error})
    assert get(client, "credits/ledger", **{"from": "2026-03-01", "to": "2026-05-30"})["total"] == 0


def test_a_key_is_needed(client: TestClient) -> None:
    for path in ("credits/balance", "credits/ledger", "credits/usage/breakdown", "invoices"):
        answer = client.get(f"{BILLING}/{path}", headers={"Authorization": ""})
        assert answer.status_code == 401
        assert answer.json()["success"] is False
        assert answer.json()["error"]["code"] == "unauthorized"
