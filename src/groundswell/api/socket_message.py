"""One message of a speech socket (tts.md §§8.2, 8.8), parsed."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from groundswell.api.body import fit, parse_json
from groundswell.api.speech_request import ModelProfile, SpeechRequest, parse_speech
from groundswell.errors import InvalidInput
from groundswell.settings import Settings

_Milliseconds = Annotated[float, Field(ge=0, le=5000, allow_inf_nan=False)]


class _Controls(BaseModel):
    """The fields that say what to do with the text."""

    model_config = ConfigDict(extra="ignore")

    more: bool | None = Field(None, alias="continue")
    flush: bool = False
    max_buffer_flush_ms: _Milliseconds = 0
    complete_backoff_ms: Annotated[float, Field(ge=0, le=10000, allow_inf_nan=False)] = 4000
    context_id: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    max_buffer_delay_ms: _Milliseconds = 3000
    cancel_request: bool = False
    # the retired streaming-tts route
    is_streaming: bool = False
    is_final: bool | None = None


@dataclass(frozen=True, slots=True)
class SocketMessage:
    """A parsed message.

    Attributes:
        speech: how to speak; its text is the fragment. ``None`` when only cancelling, or closing
            without saying how.
        more: further text will follow.
        flush: release what is held.
        cancel: drop what is not released.
        context_id: the context it belongs to, if any.
        release_after: seconds without new text after which held text is released; 0 is never.
        complete_after: seconds of quiet after which a turn left open is complete.
        keep_alive: the message only shows that the client is there.
    """

    speech: SpeechRequest | None
    more: bool
    flush: bool
    cancel: bool
    context_id: str | None
    release_after: float
    complete_after: float
    keep_alive: bool = False


def parse_message(raw: str, profile: ModelProfile, settings: Settings) -> SocketMessage:
    """Parse one text frame.

    Raises:
        InvalidInput: not JSON, too large, a field missing or out of range.
    """
    if len(raw) > settings.max_body_bytes:
        raise InvalidInput(f"The message exceeds {settings.max_body_bytes} bytes.")
    fields = {name: value for name, value in parse_json(raw).items() if value is not None}
    controls = fit(_Controls, fields)
    more = _more(controls)
    text = fields.get("text")
    closing = controls.context_id is not None and not more
    speech: SpeechRequest | None = None
    if not controls.cancel_request:
        if text is None and (controls.flush or closing):
            fields["text"] = text = ""
        if not (text == "" and "voice_id" not in fields):
            speech = parse_speech(_clamped(fields, profile), profile, settings, fragment=True)
            if speech.output_format == "wav":
                # A header in every chunk would be noise: wav means PCM on a stream.
                speech = speech.as_pcm()
        if text == "" and not (controls.flush or closing or more):
            raise InvalidInput("The 'text' field is required.", field="text")
    wait = (
        controls.max_buffer_flush_ms
        if controls.context_id is None
        else controls.max_buffer_delay_ms
    )
    idle_fields = ("continue", "flush", "is_final", "context_id")
    return SocketMessage(
        speech,
        more=more,
        flush=controls.flush,
        cancel=controls.cancel_request,
        context_id=controls.context_id,
        release_after=wait / 1000,
        complete_after=controls.complete_backoff_ms / 1000,
        keep_alive=isinstance(text, str)
        and text != ""
        and not text.strip()
        and not any(fields.get(name) for name in idle_fields),
    )


def _more(controls: _Controls) -> bool:
    if controls.more is not None:
        return controls.more
    return controls.is_streaming and controls.is_final is False


def _clamped(fields: dict[str, Any], profile: ModelProfile) -> dict[str, Any]:
    """The old sockets documented speeds from 0.1 to 5: bring those into our range."""
    speed = fields.get("speed")
    if profile.any_rate and isinstance(speed, int | float) and 0.1 <= speed <= 5:
        return fields | {"speed": min(2.0, max(0.5, speed))}
    return fields
