"""What settings change, at one server on which they are not as by default."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import select
from tests.live import LiveServer, live_server

from groundswell.store.database import Database
from groundswell.store.history import SpeechEntry

ORIGIN = "https://example.org"


@pytest.fixture(scope="module")
def changed() -> Iterator[LiveServer]:
    with live_server(
        unknown_voices="map",
        retired_routes="gone",
        cors_origins=f'["{ORIGIN}"]',
        content_logging="false",
    ) as running:
        yield running


def test_unpublished_names_speak(changed: LiveServer) -> None:
    first = changed.speak(text="Hi.", voice_id="zephyrina")
    assert first.status_code == 200
    assert first.content == changed.speak(text="Hi.", voice_id="zephyrina").content
    assert changed.speak(text="Hi.", voice_id="NOT a name!").status_code == 400


def test_retired_routes_are_gone(changed: LiveServer) -> None:
    retired = changed.speak("/waves/v1/lightning-v2/get_speech")
    assert retired.status_code == 410
    assert retired.json() == {
        "status": "error",
        "error_code": "MODEL_DEPRECATED",
        "message": "This model is retired. Please migrate to lightning-v3.1 via "
        "/waves/v1/lightning-v3.1/get_speech.",
        "recommended_endpoint": "/waves/v1/lightning-v3.1/get_speech",
    }


def test_cors_is_on(changed: LiveServer) -> None:
    reply = httpx.get(f"{changed.url}/waves/v1/health", headers={"Origin": ORIGIN})
    assert reply.headers["access-control-allow-origin"] == ORIGIN


def test_stopping_flushes_and_text_stays_out(changed: LiveServer) -> None:
    """Last: it stops the server."""
    assert changed.speak(text="Hello there.").status_code == 200
    assert changed.stop() == 0
    database = Database(f"sqlite:///{changed.data_dir / 'groundswell.db'}")
    with database.read() as session:
        entries = session.scalars(select(SpeechEntry).order_by(SpeechEntry.started_at)).all()
    database.close()
    assert (entries[-1].characters, entries[-1].status) == (12, "completed")
    assert {entry.text for entry in entries} == {""}
