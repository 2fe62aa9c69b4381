"""Properties of the request parser: whatever comes in, a request or InvalidInput comes out."""

import json
import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.api.body import parse_json
from groundswell.api.socket_message import SocketMessage, parse_message
from groundswell.api.speech_request import PROFILES, SpeechBody, SpeechRequest, parse_speech
from groundswell.errors import InvalidInput
from groundswell.settings import Settings

SETTINGS = Settings()
FIELDS = [*SpeechBody.model_fields, "consistency", "similarity", "enhancement", "continue", "flush"]
FIELDS += ["context_id", "cancel_request", "max_buffer_flush_ms", "max_buffer_delay_ms", "other"]
FIELDS += ["complete_backoff_ms", "is_final", "is_streaming"]

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["en", "auto", "pcm", "wav", "magnus", "true", "lightning_v3.1", "", " "])
)
values = st.recursive(
    leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5
)
bodies = st.dictionaries(st.sampled_from(FIELDS), values)
likely = st.fixed_dictionaries(
    {"text": st.text(min_size=1), "voice_id": st.just("magnus")},
    optional={
        "speed": st.floats(0.4, 2.1),
        "sample_rate": st.sampled_from([8000, 9000, 44100, 48000, "16000"]),
        "output_format": st.sampled_from(["pcm", "mp3", "mulaw"]),
        "language": st.sampled_from(["en", "hi", "he", "auto", "xx"]),
    },
)


@given(bodies | likely, st.sampled_from(list(PROFILES)))
def test_any_object_is_a_request_or_refused(fields: dict[str, Any], model: str) -> None:
    try:
        request = parse_speech(fields, PROFILES[model], SETTINGS)
    except InvalidInput:
        return
    assert isinstance(request, SpeechRequest)
    assert request.text.strip()
    assert len(request.text) <= SETTINGS.max_text_chars
    assert 0.5 <= request.speed <= 2
    assert not math.isnan(request.speed)
    assert 8000 <= request.sample_rate <= 44100
    assert request.output_format in {"pcm", "wav", "mp3", "ulaw", "alaw"}


@given(bodies | likely, st.sampled_from(list(PROFILES)))
def test_any_message_is_understood_or_refused(fields: dict[str, Any], model: str) -> None:
    try:
        message = parse_message(json.dumps(fields), PROFILES[model], SETTINGS)
    except InvalidInput:
        return
    assert isinstance(message, SocketMessage)
    assert message.speech is not None or message.cancel or message.context_id or message.flush


@given(st.binary() | st.text())
def test_any_bytes_are_an_object_or_refused(raw: bytes | str) -> None:
    with suppress(InvalidInput):
        assert isinstance(parse_json(raw), dict)


@pytest.mark.parametrize("model", list(PROFILES))
def test_both_spellings_of_a_model_are_one(model: str) -> None:
    fields = {"text": "Hi.", "voice_id": "magnus", "model": model.replace("-", "_")}
    assert parse_speech(fields, PROFILES["lightning-v3.1"], SETTINGS).model == model
