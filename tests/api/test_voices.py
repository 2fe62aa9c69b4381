"""Voice lists, as the vendor's clients read them."""

import httpx
import pytest
from tests.live import LiveServer

MODELS = ("lightning", "lightning-large", "lightning-v2", "lightning-v3.1", "lightning-v3.1-pro")


@pytest.mark.parametrize("prefix", ["/waves/v1", "/api/v1"])
@pytest.mark.parametrize("model", [*MODELS, "lightning_v3.1"])
def test_get_voices(server: LiveServer, prefix: str, model: str) -> None:
    voices = server.http.get(f"{prefix}/{model}/get_voices").json()["voices"]
    assert len(voices) > 50
    for voice in voices:
        assert voice["voiceId"]
        assert voice["displayName"]
        tags = voice["tags"]
        assert tags["gender"] in {"male", "female"}
        assert tags["language"]
        assert all(language.islower() for language in tags["language"])
        assert tags["accent"]
        assert tags["age"] in {"young", "middle aged", "senior"}


def test_an_unknown_model_is_refused(server: LiveServer) -> None:
    reply = server.http.get("/waves/v1/thunder/get_voices")
    assert reply.status_code == 400
    assert reply.json()["error"] == "InvalidRequest"


def test_all_models_in_the_current_shape_needs_a_key(server: LiveServer) -> None:
    path = "/waves/v1/voice/get-all-models"
    assert httpx.get(server.url + path).status_code == 401
    voices = server.http.get(path).json()["voices"]
    assert {"_id", "voiceId", "displayName", "description", "audioPreview", "tags"} <= set(
        voices[0]
    )
    assert len({voice["_id"] for voice in voices}) == len(voices)


def test_all_models_in_the_legacy_shape_needs_none(server: LiveServer) -> None:
    models = httpx.get(server.url + "/api/v1/voice/get-all-models").json()
    by_name = {m["modelName"]: [v["voiceId"] for v in m["voiceIds"]] for m in models}
    assert set(by_name) == set(MODELS)
    assert "emily" in by_name["lightning"]


@pytest.mark.parametrize("voice", ["magnus", "daniel", "meher", "malcom", "lakshya", "emily"])
def test_documented_default_voices_speak(server: LiveServer, voice: str) -> None:
    assert server.speak(text="Hi.", voice_id=voice, sample_rate=8000).status_code == 200
