"""Synchronous speech: ``POST /tts`` and every model's ``get_speech`` (tts.md §§1, 2, 6, 9)."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from groundswell.accounts.admission import Permit
from groundswell.api.auth import Authenticated
from groundswell.api.body import read_json
from groundswell.api.errors import Gone
from groundswell.api.metrics import ACTIVE, CHARACTERS, FIRST_AUDIO
from groundswell.api.services import Services, services
from groundswell.api.speech_request import (
    DEFAULT_MODEL,
    PROFILES,
    ModelProfile,
    SpeechBody,
    SpeechRequest,
    parse_speech,
)
from groundswell.audio.encode import CONTENT_TYPES, Delivery, with_exact_header
from groundswell.synthesis.utterance import Frames, Utterance

router = APIRouter(tags=["Speech"])

_CLIENT_CLOSED = 499


@dataclass(slots=True)
class Take:
    """One admitted synthesis: what to speak, for whom, and in which form to send it."""

    request: SpeechRequest
    utterance: Utterance
    permit: Permit
    delivery: Delivery
    frames: AsyncIterator[Frames]

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield encoded audio; closing this cancels the synthesis.

        Raises:
            InvalidInput: nothing in the text can be spoken (before the first chunk).
            SynthesisCancelled, TooBusy: from the engine.
        """
        began = time.perf_counter()
        first = True
        async for frames in self.frames:
            if first:
                FIRST_AUDIO.observe(time.perf_counter() - began)
                first = False
            # Encoding a long piece takes milliseconds: other streams should not wait for it.
            encoded = await asyncio.to_thread(self.delivery.feed, frames.samples)
            if encoded:
                yield encoded
            self.permit.delivered += frames.seconds
        rest = self.delivery.finish()
        if rest:
            yield rest


async def take(
    stack: AsyncExitStack, running: Services, caller: Authenticated, request: SpeechRequest
) -> Take:
    """Admit a request and open its stream; the stack gives everything back.

    Raises:
        UnknownVoice: no such voice.
        ModelUnavailable: the server is not ready.
        GroundswellError: admission refused.
    """
    voicebox = running.ready_voicebox()
    utterance = voicebox.speaker.utterance(
        request.text,
        voice=request.voice_id,
        language=request.language,
        speed=request.speed,
        first_segment_short=request.stream,
    )
    permit = stack.enter_context(running.admission.admit(caller, characters=len(request.text)))
    frames = await stack.enter_async_context(aclosing(voicebox.engine.stream(utterance)))
    ACTIVE.inc()
    stack.callback(ACTIVE.dec)
    CHARACTERS.inc(len(request.text))
    delivery = Delivery(request.output_format, request.sample_rate)
    return Take(request, utterance, permit, delivery, frames)


async def speak(http: Request, caller: Authenticated, profile: ModelProfile) -> Response:
    """Answer one synchronous request."""
    running = services(http)
    if profile.retired and running.settings.retired_routes == "gone":
        raise Gone
    fields = await read_json(http, running.settings)
    if http.query_params.get("stream", "").lower() == "true":
        fields["stream"] = True
    request = parse_speech(fields, profile, running.settings)
    headers = response_headers(http, request)
    media_type = CONTENT_TYPES[request.output_format]
    async with AsyncExitStack() as stack:
        took = await take(stack, running, caller, request)
        chunks = await stack.enter_async_context(aclosing(took.chunks()))
        limit = running.settings.synthesis_timeout_seconds
        if request.stream:
            # The first piece is made before the status line: what fails until then is a clean error.
            async with asyncio.timeout(limit):
                opening = await anext(chunks, b"")
            later = stack.pop_all()
            return StreamingResponse(
                _streamed(opening, chunks, later, limit), media_type=media_type, headers=headers
            )
        async with asyncio.timeout(limit):
            body = await _unless_gone(http, _joined(chunks))
    if body is None:
        return Response(status_code=_CLIENT_CLOSED)
    if request.output_format == "wav":
        body = with_exact_header(body, request.sample_rate)
    return Response(body, media_type=media_type, headers=headers)


def response_headers(http: Request, request: SpeechRequest) -> dict[str, str]:
    """The headers that every reply of this family carries (tts.md §6)."""
    headers = {
        "X-Session-Id": str(uuid4()),
        "X-Request-Id": http.state.request_id,
        "X-External-Session-Id": request.session_id,
        "X-External-Request-Id": request.request_id,
    }
    if http.headers.get("x-expire-content", "").lower() == "true":
        headers["x-content-expiry"] = "applied"  # no text is kept at all yet
    return headers


async def _joined(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def _streamed(
    opening: bytes, chunks: AsyncIterator[bytes], stack: AsyncExitStack, limit: float
) -> AsyncIterator[bytes]:
    async with stack, asyncio.timeout(limit):
        yield opening
        async for chunk in chunks:
            yield chunk


async def _unless_gone(http: Request, work: Awaitable[bytes]) -> bytes | None:
    """Return the result of ``work``, or cancel it and return nothing once the client is gone."""
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_gone(http))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _gone(http: Request) -> None:
    while (await http.receive())["type"] != "http.disconnect":
        pass


def _route(path: str, profile: ModelProfile) -> None:
    async def get_speech(request: Request, caller: Authenticated) -> Response:
        return await speak(request, caller, profile)

    router.add_api_route(
        path,
        get_speech,
        methods=["POST"],
        name=f"speak_{profile.name}_{path}",
        summary=f"Speak with {profile.name}",
        response_class=Response,
        responses={200: {"content": {"audio/wav": {}}, "description": "Audio in output_format."}},
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": SpeechBody.model_json_schema()}},
            }
        },
    )


_route("/tts", PROFILES[DEFAULT_MODEL])
for _profile in PROFILES.values():
    for _spelling in sorted({_profile.name, _profile.name.replace("-", "_")}):
        _route(f"/{_spelling}/get_speech", _profile)
