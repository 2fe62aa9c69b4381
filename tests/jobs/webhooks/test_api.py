"""Webhooks over HTTP, without a model, to a real receiver."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from standardwebhooks import Webhook
from starlette.testclient import TestClient
from tests.jobs.webhooks.test_addresses import INSIDE, REFUSED_AS_WRITTEN

from groundswell.accounts.accounts import Accounts
from groundswell.accounts.keys import Keys
from groundswell.api.app import create_app
from groundswell.api.services import Services
from groundswell.api.webhooks import tell_of_ends
from groundswell.bench.receiver import Receiver, receiver
from groundswell.errors import InvalidInput
from groundswell.jobs.webhooks.endpoints import MAX_PER_ACCOUNT
from groundswell.jobs.work import Work
from groundswell.settings import Settings
from groundswell.store.database import Database

PATH = "/waves/v1/webhooks"


@dataclass
class Site:
    """An application in this process, without a model, and a client of one account."""

    running: Services
    account: str

    def client(self, account: str, **terms: Any) -> TestClient:
        key, _ = self.running.keys.create("test", account=account, **terms)
        headers = {"Authorization": f"Bearer {key}"}
        return TestClient(create_app(self.running), headers=headers, raise_server_exceptions=False)

    @cached_property
    def http(self) -> TestClient:
        return self.client(self.account)

    def stranger(self) -> TestClient:
        """A client of another account."""
        return self.client(Accounts(self.running.database).create(uuid4().hex).id)


@contextmanager
def site(new_url: Callable[[Path], str], folder: Path, **settings: Any) -> Iterator[Site]:
    with closing(Database(new_url(folder))) as database:
        running = Services(Settings(data_dir=folder, **settings), database, Keys(database))
        running.webhooks.worker.start()
        yield Site(running, Accounts(database).create(uuid4().hex).id)
        running.webhooks.worker.close()
        running.usage.close()


@pytest.fixture(scope="module")
def strict(
    new_sqlite_url: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """With the settings that a deployment has."""
    with site(new_sqlite_url, tmp_path_factory.mktemp("strict")) as made:
        yield made


@pytest.fixture(scope="module")
def lenient(
    new_sqlite_url: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Lets webhooks go to this machine, and hardly waits between retries."""
    options = {"webhook_allow_private": True, "webhook_retry_seconds": 0.01}
    with site(new_sqlite_url, tmp_path_factory.mktemp("lenient"), **options) as made:
        yield made


@pytest.fixture(scope="module")
def seen() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


def register(server: Site, url: str, **fields: Any) -> Any:
    return server.http.post(PATH, json={"url": url, "events": ["tts.completed"]} | fields)


def await_delivery(server: Site, delivery_id: str) -> dict[str, Any]:
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        found: dict[str, Any] = server.http.get(f"{PATH}/deliveries/{delivery_id}").json()
        if found["status"] != "pending":
            return found
        time.sleep(0.05)
    raise AssertionError(f"not delivered in time: {found}")


def test_from_registration_to_replay(lenient: Site, seen: Receiver) -> None:
    reply = register(lenient, f"{seen.url}/after/2", events=["tts.failed", "tts.completed"])
    assert reply.status_code == 201
    created = reply.json()
    secret = created.pop("secret")
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
    assert created["events"] == ["tts.completed", "tts.failed"]
    assert created["status"] == "enabled"
    listed = lenient.http.get(PATH).json()["data"]
    assert created in listed
    assert secret not in str(listed)
    assert lenient.http.get(f"{PATH}/{created['id']}").json() == created

    fired = lenient.http.post(f"{PATH}/{created['id']}/test", json={"event": "tts.failed"})
    assert fired.status_code == 202
    told = await_delivery(lenient, fired.json()["delivery_id"])
    assert (told["status"], told["attempts"], told["webhook_id"]) == ("delivered", 2, created["id"])
    assert told["data"]["test"] is True
    assert [attempt["response_status_code"] for attempt in told["log"]] == [500, 200]
    mine = [r for r in seen.requests if r.headers["webhook-id"] == told["event_id"]]
    assert len(mine) == 2
    assert Webhook(secret).verify(mine[1].body, mine[1].headers)["type"] == "tts.failed"
    assert Webhook(secret).verify(mine[0].body, mine[0].headers)["data"] == told["data"]

    log = lenient.http.get("/waves/v1/analytics/webhooks/logs").json()
    attempts = [entry for entry in log["data"] if entry["webhook_url"] == created["url"]]
    assert [entry["attempt"] for entry in attempts] == [2, 1]
    assert [entry["status"] for entry in attempts] == ["success", "failed"]
    assert attempts[0]["event_type"] == "tts.failed"
    assert attempts[0]["request_id"] == told["data"]["request_id"]

    again = lenient.http.post(f"{PATH}/deliveries/{told['event_id']}/replay")
    assert again.status_code == 202
    (replayed,) = again.json()["deliveries"]
    assert await_delivery(lenient, replayed)["status"] == "delivered"
    assert seen.tried[told["event_id"]] == 3
    page = lenient.http.get(f"{PATH}/deliveries", params={"webhook": created["id"]}).json()
    assert [delivery["id"] for delivery in page["data"]] == [replayed, told["id"]]

    deleted = lenient.http.delete(f"{PATH}/{created['id']}")
    assert deleted.json() == {"id": created["id"], "deleted": True}
    assert lenient.http.get(f"{PATH}/{created['id']}").status_code == 404


def test_a_disabled_webhook_says_so_and_can_be_enabled(lenient: Site, seen: Receiver) -> None:
    created = register(lenient, f"{seen.url}/410").json()
    fired = lenient.http.post(f"{PATH}/{created['id']}/test").json()
    assert await_delivery(lenient, fired["delivery_id"])["status"] == "failed"
    shown = lenient.http.get(f"{PATH}/{created['id']}").json()
    assert (shown["status"], shown["disabled_reason"]) == ("disabled", "it answered 410 Gone")
    enabled = lenient.http.post(f"{PATH}/{created['id']}/enable").json()
    assert enabled["status"] == "enabled"
    assert "disabled_at" not in enabled


def test_the_secret_of_an_account_is_shown_once(lenient: Site) -> None:
    made = lenient.http.post(f"{PATH}/secret").json()["secret"]
    assert made.startswith("whsec_")
    own = {"secret": "a secret of one's own"}
    assert lenient.http.post(f"{PATH}/secret", json=own).json() == own
    assert lenient.http.get(f"{PATH}/secret").status_code == 404


@pytest.mark.parametrize("url", REFUSED_AS_WRITTEN)
def test_urls_that_are_refused_as_written(strict: Site, url: str) -> None:
    reply = register(strict, url)
    assert reply.status_code == 400
    assert reply.json()["details"][0]["path"] == ["url"]


@pytest.mark.parametrize("address", [*INSIDE, "localhost", "does-not-exist.invalid"])
def test_urls_that_lead_inside(strict: Site, address: str) -> None:
    reply = register(strict, f"https://{f'[{address}]' if ':' in address else address}/hook")
    assert reply.status_code == 400
    assert reply.json()["message"] == "The webhook URL must lead to a public address."


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": "https://example.org/"},
        {"events": ["tts.completed"]},
        {"url": 5, "events": ["tts.completed"]},
        {"url": "https://8.8.8.8/", "events": "tts.completed"},
        {"url": "https://8.8.8.8/", "events": []},
        {"url": "https://8.8.8.8/", "events": ["tts.begun"]},
        {"url": "https://8.8.8.8/", "events": [None]},
        {"url": "https://8.8.8.8/", "events": ["tts.completed"], "secret": "short"},
        {"url": "https://8.8.8.8/", "events": ["tts.completed"], "secret": {}},
    ],
)
def test_bodies_that_do_not_do(strict: Site, body: dict[str, Any]) -> None:
    reply = strict.http.post(PATH, json=body)
    assert reply.status_code == 400
    assert reply.json()["details"][0]["path"]


def test_both_prefixes_and_a_key(strict: Site) -> None:
    assert strict.http.get("/api/v1/webhooks").status_code == 200
    for path in (PATH, f"{PATH}/deliveries", f"{PATH}/wh_1"):
        assert strict.http.get(path, headers={"Authorization": ""}).status_code == 401


def test_a_foreign_webhook_is_an_unknown_one(lenient: Site, seen: Receiver) -> None:
    created = register(lenient, f"{seen.url}/200").json()
    fired = lenient.http.post(f"{PATH}/{created['id']}/test").json()
    known = (created["id"], fired["delivery_id"], fired["event_id"])
    unknown = ("wh_" + "0" * 24, "dlv_" + "0" * 24, "msg_" + "0" * 24)
    http = lenient.stranger()
    assert http.get(PATH).json() == {"data": []}
    assert http.get(f"{PATH}/deliveries").json()["totalCount"] == 0
    for ask in (
        lambda webhook, *_: http.get(f"{PATH}/{webhook}"),
        lambda webhook, *_: http.delete(f"{PATH}/{webhook}"),
        lambda webhook, *_: http.post(f"{PATH}/{webhook}/test"),
        lambda webhook, *_: http.post(f"{PATH}/{webhook}/enable"),
        lambda _, delivery, __: http.get(f"{PATH}/deliveries/{delivery}"),
        lambda _, delivery, __: http.post(f"{PATH}/deliveries/{delivery}/replay"),
        lambda _, __, event: http.post(f"{PATH}/deliveries/{event}/replay"),
    ):
        foreign, missing = ask(*known), ask(*unknown)
        assert foreign.status_code == missing.status_code == 404
        assert foreign.json() == missing.json()
    assert lenient.http.get(f"{PATH}/{created['id']}").status_code == 200


def test_a_key_for_recognition_does_nothing_about_speech(lenient: Site, seen: Receiver) -> None:
    created = register(lenient, f"{seen.url}/200").json()
    http = lenient.client(lenient.account, scopes=["stt"])
    body = {"url": f"{seen.url}/200", "events": ["asr.completed"]}
    assert http.post(PATH, json=body).status_code == 201
    assert http.post(PATH, json=body | {"events": ["voice_clone.failed"]}).status_code == 403
    assert http.delete(f"{PATH}/{created['id']}").status_code == 403
    assert http.post(f"{PATH}/{created['id']}/test").status_code == 403


def test_an_account_has_so_many_and_no_more(lenient: Site, seen: Receiver) -> None:
    http = lenient.stranger()
    body = {"url": f"{seen.url}/200", "events": ["tts.completed"]}
    for _ in range(MAX_PER_ACCOUNT):
        assert http.post(PATH, json=body).status_code == 201
    assert "50 webhooks" in http.post(PATH, json=body).json()["message"]


class TestJobs:
    """The end of a job is told in the transaction that ends it."""

    @pytest.fixture
    def running(self, database: Database, tmp_path: Path) -> Iterator[Services]:
        options: dict[str, Any] = {"data_dir": tmp_path, "webhook_allow_private": True}
        services = Services(Settings(**options), database, Keys(database))
        services.jobs.register("tts", self.work)
        services.jobs.on_end(tell_of_ends(services))
        services.jobs.open()
        services.webhooks.worker.start()
        yield services
        services.jobs.close()
        services.webhooks.worker.close()
        services.usage.close()

    @staticmethod
    def work(work: Work) -> dict[str, Any]:
        if work.request["text"] == "bad":
            raise InvalidInput("The text is bad.")
        return {"files": {"audio": f"jobs/{work.id}/speech.wav"}, "characters": 3}

    def await_told(self, seen: Receiver, count: int) -> list[dict[str, Any]]:
        limit = time.monotonic() + 20
        while len(seen.requests) < count and time.monotonic() < limit:
            time.sleep(0.05)
        return [json.loads(request.body) for request in seen.requests]

    def test_what_is_told(self, running: Services, account: str) -> None:
        with receiver() as seen:
            endpoints = running.webhooks.endpoints
            endpoints.create(account, f"{seen.url}/200", ["tts.completed"])
            job = running.jobs.start("tts", account, {"text": "Hi."}, webhook_url=f"{seen.url}/204")
            told = self.await_told(seen, 2)
        envelope = next(one for one in told if "type" in one and "data" in one)
        (plain,) = (one for one in told if one is not envelope)
        assert envelope["type"] == "tts.completed"
        assert envelope["data"] == plain
        assert (plain["request_id"], plain["id"], plain["type"]) == (job.id, job.id, "tts")
        assert (plain["status"], plain["result"]["characters"]) == ("completed", 3)
        assert plain["result"]["files"]["audio"].startswith("http://127.0.0.1:8080/waves/v1/files/")

    def test_a_failure_is_told_too(self, running: Services, account: str) -> None:
        with receiver() as seen:
            running.jobs.start("tts", account, {"text": "bad"}, webhook_url=f"{seen.url}/200")
            (told,) = self.await_told(seen, 1)
            assert seen.requests[0].headers["x-webhook-event"] == "tts.failed"
        assert (told["status"], told["error"]) == ("failed", "The text is bad.")
