"""Speech over HTTP: whole, chunked and as Server-Sent Events (tts.md §§1, 2, 6, 7, 9)."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response

from groundswell.accounts.keys import Caller
from groundswell.api.auth import Authenticated
from groundswell.api.body import read_json
from groundswell.api.errors import Gone
from groundswell.api.expiry import asks_for_expiry
from groundswell.api.live_response import CLIENT_CLOSED, LiveResponse, unless_gone
from groundswell.api.services import services
from groundswell.api.speech_events import CURRENT, LEGACY, Dialect, event_response
from groundswell.api.speech_jobs import defer
from groundswell.api.speech_log import Origin
from groundswell.api.speech_request import (
    DEFAULT_MODEL,
    PROFILES,
    ModelProfile,
    SpeechBody,
    SpeechRequest,
    parse_speech,
)
from groundswell.api.take import Piece, open_take, with_belongings
from groundswell.audio.encode import CONTENT_TYPES, with_exact_header

router = APIRouter(tags=["Speech"])


async def speak(http: Request, caller: Authenticated, profile: ModelProfile) -> Response:
    """Answer one synchronous request."""
    running = services(http)
    request = await read_request(http, caller, profile, deferrable=True)
    headers = response_headers(http, request)
    if request.deferred:
        return await defer(http, caller, request, headers)
    if request.stream and "text/event-stream" in http.headers.get("accept", ""):
        return await event_response(http, caller, request, headers, CURRENT)
    media_type = CONTENT_TYPES[request.output_format]
    limit = running.settings.synthesis_timeout_seconds
    origin = Origin.of(http, "chunked" if request.stream else "http")
    async with AsyncExitStack() as stack:
        take = open_take(running, caller, request, origin, live=request.stream)
        _, pieces = await stack.enter_async_context(take)
        if request.stream:
            # Made before the status line: what fails until then is a clean error.
            async with asyncio.timeout(limit):
                opening = await unless_gone(http.receive, anext(pieces))
            if opening is None:
                return Response(status_code=CLIENT_CLOSED)
            body = _streamed(opening, pieces)
            return LiveResponse(body, stack.pop_all(), media_type, headers)
        async with asyncio.timeout(limit):
            audio = await unless_gone(http.receive, _joined(pieces))
    if audio is None:
        return Response(status_code=CLIENT_CLOSED)
    if request.output_format == "wav":
        audio = with_exact_header(audio, request.sample_rate)
    return Response(audio, media_type=media_type, headers=headers)


async def speak_events(
    http: Request, caller: Authenticated, profile: ModelProfile, dialect: Dialect
) -> Response:
    """Answer one request with Server-Sent Events."""
    request = await read_request(http, caller, profile)
    return await event_response(http, caller, request, response_headers(http, request), dialect)


async def read_request(
    http: Request, caller: Caller, profile: ModelProfile, *, deferrable: bool = False
) -> SpeechRequest:
    """Read and check the body, and load the dictionaries it names.

    Args:
        http: the request.
        caller: whose dictionaries.
        profile: the route's model.
        deferrable: the request may ask to be done as a job.

    Raises:
        Gone: the model is retired and the server set to say so.
        BodyTooLarge, InvalidInput: the body cannot be used.
    """
    running = services(http)
    settings = running.settings
    if profile.retired and settings.retired_routes == "gone":
        raise Gone
    fields = await read_json(http, settings)
    if http.query_params.get("stream", "").lower() == "true":
        fields["stream"] = True
    request = parse_speech(fields, profile, settings, deferrable=deferrable)
    return await with_belongings(running, caller, request)


def response_headers(http: Request, request: SpeechRequest) -> dict[str, str]:
    """The headers that every reply of this family carries (tts.md §6)."""
    headers = {
        "X-Session-Id": str(uuid4()),
        "X-Request-Id": http.state.request_id,
        "X-External-Session-Id": request.session_id,
        "X-External-Request-Id": request.request_id,
    }
    if asks_for_expiry(http):
        headers["x-content-expiry"] = "applied"
    return headers


async def _joined(pieces: AsyncIterator[Piece]) -> bytes:
    joined = bytearray()
    async for piece in pieces:
        joined += piece.audio
        await asyncio.sleep(0)  # encoding is work: let others in between the chunks
    return bytes(joined)


async def _streamed(opening: Piece, pieces: AsyncIterator[Piece]) -> AsyncGenerator[bytes, None]:
    yield opening.audio
    async for piece in pieces:
        yield piece.audio


_Handler = Callable[[Request, Caller, ModelProfile], Awaitable[Response]]


def _route(path: str, profile: ModelProfile, handler: _Handler, media_type: str) -> None:
    async def endpoint(request: Request, caller: Authenticated) -> Response:
        return await handler(request, caller, profile)

    responses: dict[int | str, dict[str, Any]] = {
        200: {"content": {media_type: {}}, "description": "The speech."}
    }
    if handler is speak:
        responses[202] = {"description": "A job was begun; its id is request_id."}
    router.add_api_route(
        path,
        endpoint,
        methods=["POST"],
        name=f"speak_{path}",
        summary=f"Speak with {profile.name}",
        response_class=Response,
        responses=responses,
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": SpeechBody.model_json_schema()}},
            }
        },
    )


_current_events = partial(speak_events, dialect=CURRENT)
_legacy_events = partial(speak_events, dialect=LEGACY)
_route("/tts", PROFILES[DEFAULT_MODEL], speak, "audio/wav")
_route("/tts/live", PROFILES[DEFAULT_MODEL], _current_events, "text/event-stream")
for _profile in PROFILES.values():
    for _spelling in sorted({_profile.name, _profile.name.replace("-", "_")}):
        _route(f"/{_spelling}/get_speech", _profile, speak, "audio/wav")
        _route(f"/{_spelling}/stream", _profile, _legacy_events, "text/event-stream")
