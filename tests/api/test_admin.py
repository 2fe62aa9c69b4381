"""The admin routes, without a model: on both databases."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from groundswell.accounts.keys import Keys
from groundswell.api.app import create_app
from groundswell.api.services import Services
from groundswell.settings import Settings
from groundswell.store.database import Database

TOKEN = "correct horse battery staple"
AUTH = {"Authorization": f"Bearer {TOKEN}".encode()}
Answer = dict[str, Any]


@pytest.fixture
def client(database: Database) -> Iterator[TestClient]:
    settings = Settings(admin_token=TOKEN)  # type: ignore[arg-type]
    running = Services(settings, database, Keys(database))
    app = create_app(running)
    yield TestClient(app, headers=AUTH, raise_server_exceptions=False)  # type: ignore[arg-type]
    running.admission.close()
    running.usage.close()


@pytest.fixture
def key(client: TestClient) -> Answer:
    return created(client, name="app", rate_limit_rpm=60, scopes=["tts"], credit_quota=500)


def created(client: TestClient, **fields: object) -> Answer:
    answer = client.post("/admin/v1/keys", json=fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_key_is_shown_once(client: TestClient, key: Answer) -> None:
    assert key["key"].startswith(key["prefix"])
    shown = client.get(f"/admin/v1/keys/{key['id']}").json()
    assert shown == {name: value for name, value in key.items() if name != "key"}
    assert shown["rate_limit_rpm"] == 60
    assert shown["scopes"] == ["tts"]
    assert (shown["credit_quota"], shown["credits_used"]) == (500, 0)
    assert key["key"] not in client.get("/admin/v1/keys").text
    assert key["key"][9:] not in client.get("/admin/v1/audit").text


def test_patching_changes_what_is_given_and_null_takes_a_limit_away(
    client: TestClient, key: Answer
) -> None:
    where = f"/admin/v1/keys/{key['id']}"
    changed = client.patch(where, json={"rate_limit_rpm": None, "concurrency": 3}).json()
    assert (changed["rate_limit_rpm"], changed["concurrency"]) == (None, 3)
    assert changed["credit_quota"] == 500
    assert client.patch(where, json={"name": None}).json()["name"] == "app"


def test_rotating_and_revoking(client: TestClient, key: Answer) -> None:
    where = f"/admin/v1/keys/{key['id']}"
    voices = "/waves/v1/lightning-v3.1/get_voices"

    def status(secret: str) -> int:
        return client.get(voices, headers={"Authorization": f"Bearer {secret}"}).status_code

    assert status(key["key"]) == 200
    rotated = client.post(f"{where}/rotate").json()
    assert rotated["id"] == key["id"]
    assert (status(key["key"]), status(rotated["key"])) == (401, 200)
    assert client.delete(where).json()["disabled"] is True
    assert status(rotated["key"]) == 401
    assert client.delete(where).status_code == 404
    assert client.get(where).json()["disabled"] is True


def test_accounts_and_their_keys(client: TestClient) -> None:
    account = client.post("/admin/v1/accounts", json={"name": "acme"}).json()
    assert (account["concurrency"], account["prepaid"], account["suspended"]) == (10, False, False)
    mine = created(client, name="one", account="acme")
    created(client, name="two")
    assert mine["account_id"] == account["id"]
    listed = client.get("/admin/v1/keys", params={"account": account["id"]}).json()
    assert ([one["id"] for one in listed["keys"]], listed["total"]) == ([mine["id"]], 1)
    assert client.get("/admin/v1/keys", params={"limit": 1}).json()["total"] == 2
    assert client.get("/admin/v1/accounts").json()["total"] == 2
    where = "/admin/v1/accounts/acme"
    changed = client.patch(where, json={"suspended": True, "concurrency": None}).json()
    assert (changed["suspended"], changed["concurrency"]) == (True, None)
    assert client.post("/admin/v1/accounts", json={"name": "acme"}).status_code == 400


def test_a_suspended_account_is_told_so(client: TestClient) -> None:
    client.post("/admin/v1/accounts", json={"name": "acme"})
    key = created(client, name="one", account="acme")["key"]
    client.patch("/admin/v1/accounts/acme", json={"suspended": True})
    answer = client.get(
        "/waves/v1/lightning-v3.1/get_voices", headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 403
    assert answer.json() == {"error": "Forbidden", "message": "This account is suspended."}


def test_credits_are_given_with_a_reason_and_an_actor(client: TestClient) -> None:
    client.post("/admin/v1/accounts", json={"name": "acme", "prepaid": True})
    where = "/admin/v1/accounts/acme/credits"
    order = {"amount": 1000, "reason": "Order 7", "reference": "INV-7"}
    given = client.post(where, json=order, headers={"X-Admin-Actor": "ada"})
    assert (given.status_code, given.json()["credits"]["balance"]) == (201, 1000)
    assert client.post(where, json=order).status_code == 400
    taken = {"amount": -200, "kind": "adjustment", "reason": "Mistake"}
    assert client.post(where, json=taken).json()["credits"]["balance"] == 800
    entries = client.get("/admin/v1/audit").json()["entries"]
    assert [(one["actor"], one["action"]) for one in entries] == [
        ("admin", "credits.adjustment"),
        ("ada", "credits.top_up"),
        ("admin", "account.create"),
    ]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "amount"),
        ({"amount": 0, "reason": "r"}, "amount"),
        ({"amount": -1, "reason": "r"}, "amount"),
        ({"amount": 1.5, "reason": "r"}, "amount"),
        ({"amount": True, "reason": "r"}, "amount"),
        ({"amount": "5", "reason": "r"}, "amount"),
        ({"amount": 2**63, "reason": "r"}, "amount"),
        ({"amount": 5}, "reason"),
        ({"amount": 5, "reason": "a\u0000b"}, "reason"),
        ({"amount": 5, "reason": "r", "kind": "gift"}, "kind"),
        ({"amount": 5, "reason": "r", "ammount": 5}, "ammount"),
    ],
)
def test_impossible_grants_name_the_field(client: TestClient, fields: Answer, named: str) -> None:
    client.post("/admin/v1/accounts", json={"name": "acme"})
    answer = client.post("/admin/v1/accounts/acme/credits", json=fields)
    assert answer.status_code == 400
    assert answer.json()["details"][0]["path"] == [named]
    assert client.get("/admin/v1/accounts/acme").json()["credits"]["granted"] == 0


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "name"),
        ({"name": "x\n2026 level=error"}, "name"),
        ({"name": 5}, "name"),
        ({"name": "x", "rate_limit_rpm": -1}, "rate_limit_rpm"),
        ({"name": "x", "rate_limit_rpm": 10**30}, "rate_limit_rpm"),
        ({"name": "x", "concurrency": 1.0}, "concurrency"),
        ({"name": "x", "scopes": ["all"]}, "scopes"),
        ({"name": "x", "quota_period": "week"}, "quota_period"),
        ({"name": "x", "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"name": "x", "expires_at": "soon"}, "expires_at"),
        ({"name": "x", "hash": "0"}, "hash"),
    ],
)
def test_impossible_keys_name_the_field(client: TestClient, fields: Answer, named: str) -> None:
    answer = client.post("/admin/v1/keys", json=fields)
    assert answer.status_code == 400
    assert answer.json()["details"][0]["path"][0] == named
    assert client.get("/admin/v1/keys").json()["total"] == 0


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "offset=-1", "offset=99999999999", "limit=1e3"]
)
def test_pages_are_bounded(client: TestClient, query: str) -> None:
    for where in ("keys", "accounts", "audit"):
        assert client.get(f"/admin/v1/{where}?{query}").status_code == 400


def test_unknown_things_are_not_found(client: TestClient) -> None:
    for name in ("nobody", "%00", "%27%20OR%201=1", "%F0%9F%98%80", "x" * 5000):
        assert client.get(f"/admin/v1/keys/{name}").status_code == 404
        assert client.get(f"/admin/v1/accounts/{name}").status_code == 404
        assert client.post(f"/admin/v1/keys/{name}/rotate").status_code == 404
    assert created(client, name="x")["key"]
    assert client.post("/admin/v1/keys", json={"name": "x", "account": "no"}).status_code == 404


ROUTES = [
    ("GET", "keys"),
    ("POST", "keys"),
    ("DELETE", "keys/x"),
    ("PATCH", "accounts/default"),
    ("POST", "accounts/default/credits"),
    ("GET", "audit"),
]


@pytest.mark.parametrize("given", ["", "wrong", TOKEN[:-1], TOKEN + "x", "x" * 10_000])
def test_no_route_answers_without_the_token(client: TestClient, given: str) -> None:
    for method, path in ROUTES:
        for scheme in ("Bearer", "Basic"):
            header = {"Authorization": f"{scheme} {given}".encode()}
            answer = client.request(method, f"/admin/v1/{path}", headers=header)  # type: ignore[arg-type]
            assert answer.status_code == 401
            assert TOKEN not in answer.text


def test_a_key_is_no_admin_token(client: TestClient, key: Answer) -> None:
    header = {"Authorization": f"Bearer {key['key']}"}
    assert client.get("/admin/v1/keys", headers=header).status_code == 401


def test_without_a_token_there_are_no_routes(database: Database) -> None:
    running = Services(Settings(), database, Keys(database))
    client = TestClient(create_app(running), headers={"Authorization": "Bearer None"})
    for method, path in ROUTES:
        assert client.request(method, f"/admin/v1/{path}").status_code == 404
    running.admission.close()
    running.usage.close()
