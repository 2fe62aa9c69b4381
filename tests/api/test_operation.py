"""Health, metrics, documentation, CORS."""

import httpx
from tests.live import LiveServer


def test_health_has_the_vendors_keys(server: LiveServer) -> None:
    for prefix in ("/waves/v1", "/api/v1"):
        reply = httpx.get(f"{server.url}{prefix}/health")
        assert reply.status_code == 200
        body = reply.json()
        assert body["status"] == "ok"
        for part in ("mongo", "redis", "rabbitmq"):
            assert body[part] == {"status": "connected"}


def test_metrics_count(server: LiveServer) -> None:
    before = server.metric("tts_characters_total"), server.metric("tts_audio_seconds_total")
    server.speak(text="Twelve chars")
    assert server.metric("tts_characters_total") == before[0] + 12
    assert server.metric("tts_audio_seconds_total") > before[1] + 0.3
    assert server.metric("tts_active_requests") == 0
    assert server.metric("groundswell_ready") == 1


def test_the_documentation_needs_nothing_from_outside(server: LiveServer) -> None:
    page = httpx.get(server.url + "/docs").text
    assert "swagger" in page.lower()
    assert "https://" not in page.replace("https://fastapi.tiangolo.com/img/favicon.png", "")
    schema = httpx.get(server.url + "/openapi.json").json()
    speech = schema["paths"]["/waves/v1/lightning-v3.1/get_speech"]["post"]
    fields = speech["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert {"text", "voice_id", "speed", "language"} <= set(fields)


def test_no_cors_by_default(server: LiveServer) -> None:
    reply = httpx.get(f"{server.url}/waves/v1/health", headers={"Origin": "https://example.org"})
    assert "access-control-allow-origin" not in reply.headers
