"""From what happens to what receivers get, on both databases."""

import contextlib
import hashlib
import hmac
import json
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import select, update
from standardwebhooks import Webhook, WebhookVerificationError
from tests.jobs.webhooks.conftest import DATA, KEY, Scene

from groundswell.accounts.history import History
from groundswell.errors import InvalidInput, NotFound
from groundswell.jobs.webhooks.deliveries import LEASE, Deliveries, Due, Tried
from groundswell.jobs.webhooks.endpoints import Endpoints
from groundswell.jobs.webhooks.outbox import publish
from groundswell.jobs.webhooks.sealing import Seal, SecretUnreadable
from groundswell.jobs.webhooks.sender import Answer
from groundswell.store.database import Database
from groundswell.store.history import WebhookEntry
from groundswell.store.webhook_tables import WebhookDelivery, WebhookEndpoint, WebhookEvent


def test_an_endpoint_gets_an_envelope_that_the_library_verifies(scene: Scene) -> None:
    _, secret = scene.register("/200")
    event_id = scene.announce()
    scene.start()
    (delivery,) = scene.await_end()
    assert (delivery.state, delivery.attempts, delivery.event_id) == ("delivered", 1, event_id)
    (request,) = scene.seen.requests
    told = Webhook(secret).verify(request.body, request.headers)
    assert (told["type"], told["data"]) == ("tts.completed", DATA)
    assert datetime.fromisoformat(told["timestamp"]).tzinfo is not None
    assert request.headers["webhook-id"] == request.headers["x-webhook-id"] == event_id
    assert request.headers["x-webhook-event"] == "tts.completed"
    assert request.headers["content-type"] == "application/json"
    digest = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
    assert request.headers["x-signature"] == digest
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(request.body + b" ", request.headers)


def test_a_secret_of_ones_own_signs_with_its_bytes(scene: Scene) -> None:
    own = "correct horse battery staple"
    _, secret = scene.endpoints.create(
        scene.account, f"{scene.seen.url}/200", ["tts.completed"], own
    )
    assert secret == own
    scene.announce()
    scene.start()
    scene.await_end()
    Webhook(own.encode()).verify(scene.seen.requests[0].body, scene.seen.requests[0].headers)


def test_a_url_of_a_request_gets_what_happened_as_it_is(scene: Scene) -> None:
    scene.start()
    scene.announce(url=f"{scene.seen.url}/200")
    scene.await_end(1)
    secret = scene.endpoints.replace_secret(scene.account)
    scene.announce(url=f"{scene.seen.url}/200")
    scene.await_end(2)
    unsigned, signed = scene.seen.requests
    assert json.loads(unsigned.body) == json.loads(signed.body) == DATA
    assert "webhook-signature" not in unsigned.headers
    assert "x-signature" not in unsigned.headers
    assert unsigned.headers["webhook-id"].startswith("msg_")
    assert Webhook(secret).verify(signed.body, signed.headers) == DATA


def test_who_hears_of_what(scene: Scene, other_account: str) -> None:
    scene.register("/after/1", "tts.completed", "tts.failed")
    scene.register("/200")
    scene.register("/201", "voice_clone.completed")
    scene.endpoints.create(other_account, f"{scene.seen.url}/202", ["tts.completed"])
    scene.announce(url=f"{scene.seen.url}/204")
    with scene.database.begin() as session:
        assert publish(session, scene.account, "asr.completed", DATA) is None
    scene.start()
    scene.await_end(3)
    assert sorted(request.path for request in scene.seen.requests) == ["/200", "/204", "/after/1"]
    assert len({request.headers["webhook-id"] for request in scene.seen.requests}) == 1


def test_nothing_is_told_of_what_did_not_happen(scene: Scene) -> None:
    with contextlib.suppress(InterruptedError), scene.database.begin() as session:
        publish(session, scene.account, "tts.completed", DATA, url=f"{scene.seen.url}/200")
        raise InterruptedError
    with scene.database.read() as session:
        assert session.scalars(select(WebhookEvent)).all() == []


def test_failures_are_tried_again_and_logged(scene: Scene) -> None:
    scene.register("/after/4")
    event_id = scene.announce()
    scene.start()
    (delivery,) = scene.await_end()
    assert (delivery.state, delivery.attempts) == ("delivered", 4)
    assert scene.seen.tried == {event_id: 4}
    trace = scene.tracking.trace(scene.account, delivery.id)
    assert json.loads(trace.data) == DATA
    assert [entry.attempt for entry in trace.attempts] == [1, 2, 3, 4]
    assert [entry.status for entry in trace.attempts] == ["failed"] * 3 + ["success"]
    first, last = trace.attempts[0], trace.attempts[-1]
    assert (first.response_status_code, first.response) == (500, "ok\n")
    assert str(first.error).startswith("the receiver answered 500; next attempt in ")
    assert (last.response_status_code, last.error, last.request_id) == (200, None, "r-1")
    log = History(scene.database).page(WebhookEntry, scene.account, page=1, size=50)
    assert log.total == len(log.entries) == 4
    # Each attempt is signed anew, with the moment it is made.
    pauses = [
        b.at - a.at for a, b in zip(scene.seen.requests, scene.seen.requests[1:], strict=False)
    ]
    assert all(pause >= 0.016 for pause in pauses)


def test_ten_retries_and_no_more(scene: Scene) -> None:
    scene.register("/503")
    event_id = scene.announce()
    scene.start(first_pause=0.001)
    (delivery,) = scene.await_end()
    assert (delivery.state, delivery.attempts, delivery.next_attempt_at) == ("failed", 11, None)
    assert scene.seen.tried == {event_id: 11}
    attempts = scene.tracking.trace(scene.account, delivery.id).attempts
    assert str(attempts[-1].error) == "the receiver answered 503; given up"
    assert scene.endpoints.all(scene.account)[0].failing_since is not None
    assert scene.endpoints.all(scene.account)[0].disabled_at is None


@pytest.mark.parametrize("status", [400, 401, 404, 302])
def test_what_will_not_pass_is_not_tried_again(scene: Scene, status: int) -> None:
    scene.register(f"/{status}")
    scene.announce()
    scene.start()
    (delivery,) = scene.await_end()
    assert (delivery.state, delivery.attempts) == ("failed", 1)


def test_gone_disables_at_once(scene: Scene) -> None:
    endpoint, _ = scene.register("/410")
    scene.announce()
    scene.start()
    scene.await_end()
    shown = scene.endpoints.get(scene.account, endpoint.id)
    assert (shown.disabled_reason, shown.disabled_at is not None) == ("it answered 410 Gone", True)
    with scene.database.begin() as session:
        assert publish(session, scene.account, "tts.completed", DATA) is None


def test_persistent_failure_disables_and_enabling_with_replay_loses_nothing(scene: Scene) -> None:
    endpoint, _ = scene.register("/503")
    given_up, waiting = scene.announce(), scene.announce()
    # The second one's next attempt is far away when the first is given up.
    with scene.database.begin() as session:
        session.execute(
            update(WebhookDelivery)
            .where(WebhookDelivery.event_id == waiting)
            .values(due_at=datetime.now(UTC) + timedelta(hours=1))
        )
    scene.start(first_pause=0.001, patience=timedelta(0))
    for delivery in scene.await_end(2):
        assert delivery.state == "failed"
    shown = scene.endpoints.get(scene.account, endpoint.id)
    assert shown.disabled_reason == "it accepted nothing for too long"
    assert shown.failing_since is not None
    with scene.database.begin() as session:
        session.execute(update(WebhookEndpoint).values(url=f"{scene.seen.url}/200"))
        session.execute(update(WebhookDelivery).values(url=f"{scene.seen.url}/200"))
    enabled = scene.endpoints.enable(scene.account, endpoint.id)
    assert (enabled.disabled_at, enabled.failing_since) == (None, None)
    for event_id in (given_up, waiting):
        scene.tracking.replay(scene.account, event_id)
    scene.await_end(4)
    assert scene.seen.accepted == {given_up: 1, waiting: 1}
    assert scene.endpoints.get(scene.account, endpoint.id).failing_since is None


def test_one_failure_after_long_silence_disables_nothing(scene: Scene) -> None:
    scene.register("/404")
    scene.announce()
    scene.start(patience=timedelta(hours=1))
    scene.await_end()
    assert scene.endpoints.all(scene.account)[0].disabled_at is None


def test_a_replay_has_the_same_id_and_attempts_of_its_own(scene: Scene) -> None:
    scene.register("/200")
    event_id = scene.announce()
    scene.start()
    (delivery,) = scene.await_end()
    (again,) = scene.tracking.replay(scene.account, delivery.id)
    scene.await_end(2)
    assert scene.seen.accepted == {event_id: 2}
    assert [entry.attempt for entry in scene.tracking.trace(scene.account, again).attempts] == [1]


def test_a_deleted_endpoint_gets_nothing_more(scene: Scene) -> None:
    endpoint, _ = scene.register("/200")
    scene.announce()
    scene.endpoints.delete(scene.account, endpoint.id)
    scene.start()
    time.sleep(1)
    assert scene.seen.requests == []
    assert scene.tracking.page(scene.account) == ([], 0)
    with pytest.raises(NotFound):
        scene.endpoints.get(scene.account, endpoint.id)


def test_a_receiver_that_hangs_holds_up_no_other(scene: Scene) -> None:
    for _ in range(40):
        scene.announce(url=f"{scene.seen.url}/hang")
    # Another origin of the same account; its deliveries are younger than all of the hanging ones.
    good = scene.seen.url.replace("127.0.0.1", "localhost")
    wanted = {scene.announce(url=f"{good}/200") for _ in range(20)}
    scene.start(timeout=8)
    limit = time.monotonic() + 7
    while not wanted <= scene.seen.accepted.keys() and time.monotonic() < limit:
        time.sleep(0.05)
    assert wanted <= scene.seen.accepted.keys()


def test_a_foreign_account_finds_nothing(scene: Scene, other_account: str) -> None:
    endpoint, _ = scene.endpoints.create(scene.account, "https://example.org/", ["tts.completed"])
    event_id = scene.announce()
    (delivery,), _ = scene.tracking.page(scene.account)
    assert scene.endpoints.all(other_account) == []
    assert scene.tracking.page(other_account) == ([], 0)
    for ask in (
        lambda: scene.endpoints.get(other_account, endpoint.id),
        lambda: scene.endpoints.delete(other_account, endpoint.id),
        lambda: scene.endpoints.enable(other_account, endpoint.id),
        lambda: scene.endpoints.test(other_account, endpoint.id),
        lambda: scene.tracking.trace(other_account, delivery.id),
        lambda: scene.tracking.replay(other_account, delivery.id),
        lambda: scene.tracking.replay(other_account, event_id),
    ):
        with pytest.raises(NotFound):
            ask()


class TestLeases:
    """Two workers, one delivery."""

    @pytest.fixture
    def deliveries(self, scene: Scene) -> Deliveries:
        scene.announce(url="https://example.org/")
        return Deliveries(scene.database, first_pause=1000)

    @staticmethod
    def take(deliveries: Deliveries, *tried: Tried) -> list[Due]:
        return deliveries.turn(tried, Counter(), free=5, per_lane=5)

    def expire(self, database: Database) -> None:
        with database.begin() as session:
            session.execute(update(WebhookDelivery).values(due_at=datetime.now(UTC) - LEASE))

    def test_what_is_taken_is_taken(self, deliveries: Deliveries) -> None:
        assert len(self.take(deliveries)) == 1
        assert self.take(deliveries) == []

    def test_what_a_dead_worker_had_falls_due_again(
        self, deliveries: Deliveries, database: Database
    ) -> None:
        (first,) = self.take(deliveries)
        self.expire(database)
        (second,) = self.take(deliveries)
        # It is the same attempt: its end is not known, and a crash is not the receiver's fault.
        assert (second.id, second.event_id) == (first.id, first.event_id)
        assert (second.attempt, first.attempt) == (1, 1)

    def test_the_word_of_a_worker_that_was_given_up_on_does_not_count(
        self, scene: Scene, deliveries: Deliveries
    ) -> None:
        (late,) = self.take(deliveries)
        self.expire(scene.database)
        (current,) = self.take(deliveries)
        now = datetime.now(UTC)
        self.take(deliveries, Tried(current, now, Answer(status=200)))
        self.take(deliveries, Tried(late, now, Answer(status=500)))
        (delivery,), _ = scene.tracking.page(scene.account)
        assert (delivery.state, delivery.attempts) == ("delivered", 1)
        # Both attempts were made, and both are in the log.
        assert len(scene.tracking.trace(scene.account, delivery.id).attempts) == 2

    def test_what_is_given_back_is_due_at_once(self, deliveries: Deliveries) -> None:
        taken = self.take(deliveries)
        deliveries.release(taken)
        assert [due.attempt for due in self.take(deliveries)] == [1]

    def test_many_workers_take_each_delivery_once(
        self, scene: Scene, deliveries: Deliveries
    ) -> None:
        for _ in range(60):
            scene.announce(url="https://example.org/")
        taken: list[Due] = []

        def work() -> None:
            while due := deliveries.turn([], Counter(), free=4, per_lane=4):
                taken.extend(due)

        threads = [Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(taken) == len({due.id for due in taken}) == 61

    def test_a_lane_has_its_share(self, scene: Scene, deliveries: Deliveries) -> None:
        for _ in range(9):
            scene.announce(url="https://example.org/")
        for host in ("a", "b"):
            scene.announce(url=f"https://{host}.example.org/")
        lanes = Counter(
            due.lane.partition(" ")[2] for due in deliveries.turn([], Counter(), free=6, per_lane=2)
        )
        assert lanes == {"example.org:443": 2, "a.example.org:443": 1, "b.example.org:443": 1}


def test_old_events_are_erased_unless_they_are_under_way(scene: Scene) -> None:
    scene.announce(url=f"{scene.seen.url}/200")
    worker = scene.start()
    scene.await_end()
    worker.close()
    scene.announce(url=f"{scene.seen.url}/200")
    later = datetime.now(UTC) + timedelta(days=8)
    assert Deliveries(scene.database).erase(later) == 1
    ((left,), _) = scene.tracking.page(scene.account)
    assert left.state == "pending"


@pytest.mark.parametrize(
    ("events", "secret", "field"),
    [
        ([], None, "events"),
        (["tts.completed", "nonsense"], None, "events"),
        (["tts.completed"], "short", "secret"),
        (["tts.completed"], "x" * 201, "secret"),
        (["tts.completed"], "with a \n line break in it", "secret"),
        (["tts.completed"], "whsec_not base64 at all!", "secret"),
        (["tts.completed"], "whsec_c2hvcnQ=", "secret"),
    ],
)
def test_what_cannot_be_registered(
    events: list[str], secret: str | None, field: str, account: str, endpoints: Endpoints
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        endpoints.create(account, "https://example.org/", events, secret)
    assert refusal.value.field == field


def test_secrets_are_stored_sealed(scene: Scene) -> None:
    _, secret = scene.endpoints.create(scene.account, "https://example.org/", ["tts.completed"])
    with scene.database.read() as session:
        (stored,) = session.scalars(select(WebhookEndpoint.secret))
    assert secret not in stored
    assert Seal(KEY).open(stored) == secret
    for other in (Seal("another key"), Seal(None)):
        with pytest.raises(SecretUnreadable):
            other.open(stored)
    assert Seal(KEY).open(Seal(None).seal(secret)) == secret


def test_a_worker_that_stops_gives_back_what_it_could_not_end(scene: Scene) -> None:
    scene.announce(url=f"{scene.seen.url}/hang")
    worker = scene.start(timeout=30)
    limit = time.monotonic() + 10
    while not scene.seen.requests and time.monotonic() < limit:
        time.sleep(0.02)
    worker.close()
    ((delivery,), _) = scene.tracking.page(scene.account)
    assert (delivery.state, delivery.attempts) == ("pending", 0)
    assert delivery.next_attempt_at
    assert delivery.next_attempt_at <= datetime.now(UTC)
