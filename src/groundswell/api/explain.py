"""``POST /tts/explain``: what ``/tts`` would say for the same body, and why; nothing is spoken.

Ours, with no counterpart upstream; so it is served beside the current route only.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from groundswell.api.auth import Authenticated
from groundswell.api.services import Voicebox, services
from groundswell.api.speech import read_request, response_headers
from groundswell.api.speech_request import DEFAULT_MODEL, PROFILES, SpeechBody, SpeechRequest
from groundswell.api.take import utterance_of
from groundswell.text.explain import explain

router = APIRouter(tags=["Speech"])


@router.post(
    "/tts/explain",
    summary="Show what would be said, and why",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": SpeechBody.model_json_schema()}},
        }
    },
)
async def explain_speech(http: Request, caller: Authenticated) -> JSONResponse:
    """Plan a speech request and answer with the plan; body and errors as ``/tts``."""
    running = services(http)
    request = await read_request(http, caller, PROFILES[DEFAULT_MODEL])
    shown = await run_in_threadpool(_explained, running.ready_voicebox(), request)
    return JSONResponse(shown, headers=response_headers(http, request))


def _explained(voicebox: Voicebox, request: SpeechRequest) -> dict[str, Any]:
    utterance = utterance_of(voicebox, request)
    return explain(request.text, utterance.segments, utterance.speed).shown()
