"""Limits and credits at a real server: SQLite alone, and PostgreSQL with Redis."""

import json
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from tests.live import LiveServer, live_server
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from groundswell.bench.backends import run_redis

TOKEN = "an-admin-token-for-the-tests"
SPEECH = "/waves/v1/tts"
TEXT = "Good morning to you."
PRO_PRICE = 2


@dataclass
class Rented:
    """A server that is lent to others by key, and the Redis it may use."""

    server: LiveServer
    redis: ExitStack | None

    def admin(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        url = f"{self.server.url}/admin/v1/{path}"
        answer = httpx.request(method, url, json=body or None, headers=headers, timeout=30)
        assert answer.is_success, answer.text
        return dict(answer.json())

    def key(self, **terms: Any) -> str:
        return str(self.admin("POST", "keys", **({"name": "app"} | terms))["key"])

    def speak(self, key: str, text: str = TEXT, **fields: Any) -> httpx.Response:
        body = {"text": text, "voice_id": "magnus", "sample_rate": 8000, "speed": 2} | fields
        path = fields.pop("path", SPEECH)
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.post(f"{self.server.url}{path}", json=body, headers=headers, timeout=120)

    def credits(self, account: str) -> dict[str, int]:
        return dict(self.admin("GET", f"accounts/{account}")["credits"])

    def settled(self, account: str) -> dict[str, int]:
        """The account's credits once nothing is held any more."""
        limit = time.monotonic() + 30
        while self.credits(account)["reserved"]:
            assert time.monotonic() < limit
            time.sleep(0.05)
        return self.credits(account)


@pytest.fixture(scope="module", params=["sqlite", "postgresql+redis"])
def rented(request: pytest.FixtureRequest) -> Iterator[Rented]:
    with ExitStack() as stack:
        settings: dict[str, Any] = {
            "admin_token": TOKEN,
            "prices": json.dumps({"lightning-v3.1-pro": PRO_PRICE * 1000}),
        }
        redis = None
        if request.param != "sqlite":
            new: Callable[[], str] = request.getfixturevalue("new_postgresql_url")
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="gs-"))
            redis = stack.enter_context(ExitStack())
            settings["redis_url"] = redis.enter_context(run_redis(folder))
            settings["database_url"] = new()
        yield Rented(stack.enter_context(live_server(**settings)), redis)


def account(rented: Rented, **terms: Any) -> str:
    name = f"account-{time.monotonic_ns()}"
    rented.admin("POST", "accounts", name=name, **terms)
    return name


def test_the_first_key_is_free_and_without_limits(rented: Rented) -> None:
    answer = rented.server.speak()
    assert answer.status_code == 200
    assert "x-ratelimit-limit" not in answer.headers


def test_speech_costs_its_characters_by_model(rented: Rented) -> None:
    name = account(rented)
    key = rented.key(account=name)
    assert rented.speak(key).status_code == 200
    assert rented.settled(name)["spent"] == len(TEXT)
    assert rented.speak(key, model="lightning_v3.1_pro").status_code == 200
    assert rented.settled(name)["spent"] == len(TEXT) * (1 + PRO_PRICE)
    assert rented.speak(key, voice_id="nobody").status_code == 400
    assert rented.speak(key, text="🙂").status_code == 400
    assert rented.settled(name)["spent"] == len(TEXT) * (1 + PRO_PRICE)


@pytest.mark.parametrize("path", [SPEECH, "/waves/v1/tts/live"])
def test_a_quota_that_is_used_up_answers_403(rented: Rented, path: str) -> None:
    name = account(rented)
    key = rented.key(account=name, credit_quota=len(TEXT))
    assert rented.speak(key, path=path).status_code == 200
    refused = rented.speak(key, path=path)
    assert refused.status_code == 403
    assert refused.json() == {
        "error": "Forbidden",
        "message": "The key's credit quota is used up.",
        "error_code": "CREDIT_QUOTA_EXCEEDED",
    }


def test_a_prepaid_account_speaks_as_long_as_it_has_credits(rented: Rented) -> None:
    name = account(rented, prepaid=True)
    key = rented.key(account=name)
    assert rented.speak(key).status_code == 403
    rented.admin("POST", f"accounts/{name}/credits", amount=len(TEXT), reason="Order")
    assert rented.speak(key).status_code == 200
    assert rented.settled(name)["balance"] == 0
    assert rented.speak(key).status_code == 403


def test_a_client_that_leaves_pays_for_what_it_got(rented: Rented) -> None:
    name = account(rented)
    key = rented.key(account=name)
    text = " ".join(f"This is sentence number {n} of a long story." for n in range(60))
    body = {"text": text, "voice_id": "magnus", "sample_rate": 8000}
    headers = {"Authorization": f"Bearer {key}"}
    url = f"{rented.server.url}/waves/v1/tts/live"
    with httpx.stream("POST", url, json=body, headers=headers, timeout=120) as answer:
        lines = answer.iter_lines()
        for _ in range(40):
            next(lines)
    spent = rented.settled(name)["spent"]
    assert 0 < spent < len(text)


def test_a_rate_is_shown_and_kept(rented: Rented) -> None:
    key = rented.key(rate_limit_rpm=2)
    headers = {"Authorization": f"Bearer {key}"}
    url = f"{rented.server.url}/waves/v1/lightning-v3.1/get_voices"
    first, _, third = (httpx.get(url, headers=headers) for _ in range(3))
    assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == (
        "2",
        "1",
    )
    assert third.status_code == 429
    assert third.json()["error"] == "TooManyRequests"
    assert 1 <= int(third.headers["retry-after"]) <= 60
    assert third.headers["x-ratelimit-remaining"] == "0"
    assert 0 <= int(third.headers["x-ratelimit-reset"]) - time.time() <= 61


def test_a_socket_over_a_limit_gets_an_error_and_stays_open(rented: Rented) -> None:
    name = account(rented)
    key = rented.key(account=name, credit_quota=len(TEXT))
    url = f"{rented.server.ws_url}/waves/v1/tts/live"
    message = {"text": TEXT, "voice_id": "magnus", "sample_rate": 8000, "speed": 2}
    with connect(url, additional_headers={"Authorization": f"Bearer {key}"}) as socket:

        def last() -> dict[str, Any]:
            socket.send(json.dumps(message))
            while (frame := json.loads(socket.recv(60)))["status"] not in ("complete", "error"):
                pass
            return dict(frame)

        assert last()["status"] == "complete"
        for _ in range(2):
            frame = last()
            assert frame["status"] == "error"
            assert frame["error"]["code"] == "CREDIT_QUOTA_EXCEEDED"
            assert "retry_after" not in frame  # waiting brings no credits
    assert rented.settled(name)["spent"] == len(TEXT)


def test_a_socket_turn_counts_against_the_rate(rented: Rented) -> None:
    key = rented.key(rate_limit_rpm=2)  # the upgrade is the first
    url = f"{rented.server.ws_url}/waves/v1/tts/live"
    message = {"text": TEXT, "voice_id": "magnus", "sample_rate": 8000, "speed": 2}
    ends = []
    with connect(url, additional_headers={"Authorization": f"Bearer {key}"}) as socket:
        for _ in range(2):
            socket.send(json.dumps(message))
            while (frame := json.loads(socket.recv(60)))["status"] not in ("complete", "error"):
                pass
            ends.append(frame["status"])
    assert ends == ["complete", "error"]
    assert 1 <= frame["retry_after"] <= 60
    with (
        pytest.raises(InvalidStatus) as refusal,
        connect(url, additional_headers={"Authorization": f"Bearer {key}"}),
    ):
        pass
    assert refusal.value.response.status_code == 429
    assert 1 <= int(refusal.value.response.headers["retry-after"]) <= 60


def test_sockets_are_five_times_the_units(rented: Rented) -> None:
    name = account(rented, concurrency=1)
    key = rented.key(account=name)
    url = f"{rented.server.ws_url}/waves/v1/tts/live"
    headers = {"Authorization": f"Bearer {key}"}
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(connect(url, additional_headers=headers))
        with pytest.raises(InvalidStatus) as refusal, connect(url, additional_headers=headers):
            pass
        assert refusal.value.response.status_code == 429
        assert int(refusal.value.response.headers["retry-after"]) >= 1


def test_a_key_of_another_product_is_refused(rented: Rented) -> None:
    key = rented.key(scopes=["stt"])
    assert rented.speak(key).status_code == 403
    url = f"{rented.server.ws_url}/waves/v1/tts/live"
    with (
        pytest.raises(InvalidStatus) as refusal,
        connect(url, additional_headers={"Authorization": f"Bearer {key}"}),
    ):
        pass
    assert refusal.value.response.status_code == 403


def test_concurrency_is_of_the_account(rented: Rented) -> None:
    name = account(rented, concurrency=1)
    one, two = rented.key(account=name), rented.key(account=name)
    long = " ".join(f"This is sentence number {n} of a long story." for n in range(60))
    body = {"text": long, "voice_id": "magnus", "sample_rate": 8000}
    url = f"{rented.server.url}/waves/v1/tts/live"
    headers = {"Authorization": f"Bearer {one}"}
    with httpx.stream("POST", url, json=body, headers=headers, timeout=120) as answer:
        lines = answer.iter_lines()  # kept: httpx hangs up when it is collected
        next(lines)
        refused = rented.speak(two)
    assert refused.status_code == 429
    assert refused.headers["x-ratelimit-limit"] == "1"
    rented.settled(name)
    assert rented.speak(two).status_code == 200


def test_keys_are_in_no_log_metric_or_error(rented: Rented) -> None:
    key = rented.key()
    rented.speak(key)
    wrong = "sk_" + "f" * 48
    assert wrong not in rented.speak(wrong).text
    query = urlencode({"token": key})
    with connect(f"{rented.server.ws_url}/waves/v1/tts/live?{query}"):
        pass
    httpx.get(f"{rented.server.url}/waves/v1/{key}")
    metrics = httpx.get(f"{rented.server.url}/metrics").text
    for secret in (key, key[9:], wrong, TOKEN):
        assert secret not in rented.server.log()
        assert secret not in metrics


def test_health_shows_database_and_cache(rented: Rented) -> None:
    health = httpx.get(f"{rented.server.url}/waves/v1/health")
    assert health.status_code == 200
    assert {health.json()[part]["status"] for part in ("mongo", "redis")} == {"connected"}


def test_without_redis_the_server_says_so_and_goes_on(rented: Rented) -> None:
    """Last: it takes Redis away."""
    if rented.redis is None:
        return
    key = rented.key(rate_limit_rpm=100, concurrency=5)
    rented.redis.close()
    health = httpx.get(f"{rented.server.url}/waves/v1/health")
    assert (health.status_code, health.json()["redis"]["status"]) == (200, "disconnected")
    assert rented.speak(key).status_code == 200
    assert re.search("Redis does not answer", rented.server.log())
