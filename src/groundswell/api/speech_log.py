"""The log entry of a synthesis."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocketDisconnect

from groundswell.accounts.keys import Caller
from groundswell.api.errors import classify
from groundswell.api.expiry import asks_for_expiry
from groundswell.api.speech_request import SpeechRequest
from groundswell.errors import SynthesisCancelled
from groundswell.settings import Settings
from groundswell.store.history import SpeechEntry

LONGEST_TEXT = 1000
"""Characters of a text that the log keeps."""
Transport = Literal["http", "chunked", "sse", "ws", "job"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a synthesis was asked for.

    Attributes:
        route: the path.
        expires: whether its text is to be erased after the retention time.
    """

    request_id: str
    route: str
    transport: Transport
    expires: bool

    @classmethod
    def of(cls, connection: HTTPConnection, transport: Transport) -> "Origin":
        """Describe the connection a request came on."""
        return cls(
            connection.state.request_id,
            connection.scope["path"],
            transport,
            asks_for_expiry(connection),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a synthesis went.

    Attributes:
        delivered: seconds of audio that reached the client.
        first_audio: seconds from admission to the first samples, if there were any.
        latency: seconds from admission to the end.
        complete: whether everything was made and taken.
        failure: what ended it before that, if anything but the client did.
    """

    started_at: datetime
    delivered: float
    first_audio: float | None
    latency: float
    complete: bool
    failure: Exception | None
    credits: int

    @property
    def status(self) -> str:
        """Finished, failed, or cancelled by the client or by a stop of the server."""
        if self.complete:
            return "completed"
        cancelled = self.failure is None or isinstance(
            self.failure, SynthesisCancelled | WebSocketDisconnect
        )
        return "cancelled" if cancelled else "failed"


def speech_entry(
    origin: Origin, caller: Caller, request: SpeechRequest, outcome: Outcome, settings: Settings
) -> SpeechEntry:
    """Write the log entry."""
    retention = timedelta(days=settings.content_retention_days)
    error = None
    if outcome.status == "failed" and outcome.failure is not None:
        _, name, message = classify(outcome.failure)
        error = f"{name}: {message}"
    return SpeechEntry(
        account_id=caller.account_id,
        request_id=origin.request_id,
        started_at=outcome.started_at,
        key_id=caller.key_id,
        key_prefix=caller.prefix,
        route=origin.route,
        transport=origin.transport,
        model=request.model,
        voice_id=request.voice_id,
        language=request.language,
        text=request.text[:LONGEST_TEXT] if settings.content_logging else "",
        characters=len(request.text),
        speed=request.speed,
        sample_rate=request.sample_rate,
        output_format=request.output_format,
        enhancement=request.tuning.enhancement,
        similarity=request.tuning.similarity,
        consistency=request.tuning.consistency,
        status=outcome.status,
        error=error,
        credits=outcome.credits,
        audio_ms=round(outcome.delivered * 1000),
        first_audio_ms=None if outcome.first_audio is None else round(outcome.first_audio * 1000),
        latency_ms=round(outcome.latency * 1000),
        expires_at=outcome.started_at + retention if origin.expires else None,
    )
