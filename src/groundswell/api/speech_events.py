"""Server-Sent Events, in the current and the legacy dialect (tts.md §7)."""

import asyncio
import base64
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

from fastapi import Request, Response

from groundswell.accounts.keys import Caller
from groundswell.api.errors import classify
from groundswell.api.live_response import CLIENT_CLOSED, LiveResponse, unless_gone
from groundswell.api.services import services
from groundswell.api.speech_log import Origin
from groundswell.api.speech_request import SpeechRequest
from groundswell.api.take import Piece, open_take
from groundswell.errors import GroundswellError


@dataclass(frozen=True, slots=True)
class Dialect:
    """How frames are written; ``%s`` takes the base64 of the audio."""

    audio: str
    end: str


CURRENT = Dialect(
    'event: audio\ndata: {"audio":"%s","done":false,"status":"206"}\n\n',
    'data: {"status":"200","done":true}\n\n',
)
LEGACY = Dialect('event: audio\ndata: {"audio":"%s"}\n\n', 'data: {"done": true}\n\n')


async def event_response(
    http: Request, caller: Caller, request: SpeechRequest, headers: dict[str, str], dialect: Dialect
) -> Response:
    """Answer with events. The first audio is made before the status line.

    Raises:
        GroundswellError, TimeoutError: whatever goes wrong until then.
    """
    if request.output_format == "wav":
        request = request.as_pcm()
    running = services(http)
    async with AsyncExitStack() as stack:
        take = open_take(running, caller, request, Origin.of(http, "sse"))
        _, pieces = await stack.enter_async_context(take)
        async with asyncio.timeout(running.settings.synthesis_timeout_seconds):
            opening = await unless_gone(http.receive, anext(pieces))
        if opening is None:
            return Response(status_code=CLIENT_CLOSED)
        headers = headers | {"cache-control": "no-cache", "x-accel-buffering": "no"}
        events = _events(opening, pieces, dialect)
        return LiveResponse(events, stack.pop_all(), "text/event-stream", headers)


async def _events(
    opening: Piece, pieces: AsyncIterator[Piece], dialect: Dialect
) -> AsyncGenerator[bytes, None]:
    yield _audio_event(opening, dialect)
    try:
        async for piece in pieces:
            if piece.audio:
                yield _audio_event(piece, dialect)
    except GroundswellError as error:
        failure = {"status": "error", "message": classify(error)[2], "done": True}
        yield f"data: {json.dumps(failure, separators=(',', ':'))}\n\n".encode()
        return
    yield dialect.end.encode()


def _audio_event(piece: Piece, dialect: Dialect) -> bytes:
    return (dialect.audio % base64.b64encode(piece.audio).decode()).encode()
