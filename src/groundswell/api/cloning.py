"""Voice cloning: create, list, delete, and the deprecated routes (voices.md §§3-5)."""

import asyncio
import hashlib
import time
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from groundswell.accounts.keys import Caller
from groundswell.api.auth import Authenticated
from groundswell.api.body import read_json
from groundswell.api.multipart import Form, read_form
from groundswell.api.query import iso
from groundswell.api.services import Services, services
from groundswell.api.speech_request import DEFAULT_MODEL, model_name
from groundswell.audio.decode import FORMATS, container_of
from groundswell.cloning.enrolment import EnrolmentFailed
from groundswell.errors import BodyTooLarge, InvalidInput, NotFound
from groundswell.jobs.cloning import REFUSED, SAMPLE_TEXT, Cloned, Wish
from groundswell.text.languages import LANGUAGES

router = APIRouter(tags=["Voice cloning"])
legacy = APIRouter(tags=["Voice cloning"])
"""Deprecated routes whose errors are those of the speech routes."""

MAX_FILE_BYTES = 5 * 1024 * 1024
_PATH = "/voice-cloning"
_LARGE = "lightning-large"
_CLONED_ON = ("lightning-v3.1", "lightning-v3.1-pro")
_POLL_SECONDS = 0.2
_MOST_TAGS = 50
_AUDIO = "mpeg mpeg-3 mp3 wav wave x-wav webm mp4 x-m4a m4a ogg flac x-flac"
_TYPES = frozenset(f"audio/{name}" for name in _AUDIO.split()) | {
    "video/webm",
    "video/mp4",
    "application/octet-stream",
}
_LANGUAGES = tuple(code for code in LANGUAGES if code != "he")


class _Fields(BaseModel):
    """The text fields of the form."""

    displayName: Annotated[str, Field(min_length=1, max_length=500)]  # noqa: N815 - the contract's
    description: Annotated[str, Field(max_length=2000)] = ""
    accent: Annotated[str, Field(max_length=100)] = ""
    tags: Annotated[str, Field(max_length=2000)] = ""
    language: str = ""
    model: str = DEFAULT_MODEL
    consent: Annotated[str, Field(max_length=2000)] = ""


class _Named(BaseModel):
    voiceId: Annotated[str, Field(min_length=1)]  # noqa: N815 - the contract's


_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["displayName", "file"],
                    "properties": {
                        **_Fields.model_json_schema()["properties"],
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
}


@router.post(_PATH, summary="Clone a voice from a recording", openapi_extra=_FORM)
async def create_clone(http: Request, caller: Authenticated) -> dict[str, Any]:
    """Make a voice like the speaker of a recording; answers when it is made, or after 30 s."""
    form = await _form(http, caller)
    fields = _checked(form)
    model = fields.model.strip() or DEFAULT_MODEL
    if model.replace("_", "-") == "lightning-v2":
        raise InvalidInput(
            "Voice cloning for lightning-v2 is deprecated. Please use lightning-v3.1"
        )
    if model_name(model) not in _CLONED_ON:
        raise InvalidInput(f"model must be one of {', '.join(_CLONED_ON)}.", field="model")
    clone = await _create(http, caller, form, fields, model_name(model))
    return {"message": "Voice clone created successfully", "data": _created(http, clone)}


@legacy.post(
    f"/{_LARGE}/add_voice",
    summary="Clone a voice (deprecated)",
    deprecated=True,
    openapi_extra=_FORM,
)
async def add_voice(http: Request, caller: Authenticated) -> dict[str, Any]:
    """As ``/voice-cloning``, in the shape of old clients."""
    form = await _form(http, caller)
    clone = await _create(http, caller, form, _checked(form), _LARGE)
    data = {"voiceId": clone.id, "model": clone.model, "status": clone.status}
    return {"message": "Voice added successfully", "data": data}


@router.get(_PATH, summary="The account's cloned voices")
async def list_clones(http: Request, caller: Authenticated) -> dict[str, Any]:
    """List them, newest first."""
    clones = await run_in_threadpool(services(http).clones.all, caller.account_id)
    return {"data": [_listed(clone) for clone in clones]}


@legacy.get(f"/{_LARGE}/get_cloned_voices", summary="The account's cloned voices", deprecated=True)
async def get_cloned_voices(http: Request, caller: Authenticated) -> dict[str, Any]:
    """The same voices in the shape of old clients, which poll here until a clone is completed."""
    clones = await run_in_threadpool(services(http).clones.all, caller.account_id)
    kept = ("displayName", "accent", "tags", "voiceId", "status", "createdAt")
    return {
        "voices": [
            {name: _listed(clone)[name] for name in kept} | {"model": clone.model}
            for clone in clones
        ]
    }


@router.delete(f"{_PATH}/{{voice_id}}", summary="Erase a cloned voice")
async def delete_clone(http: Request, caller: Authenticated, voice_id: str) -> dict[str, Any]:
    """Erase a voice and the recording it was made from."""
    caller.check_scope("tts")
    await run_in_threadpool(services(http).clones.delete, caller.account_id, voice_id)
    return {"success": True, "voiceId": voice_id}


@router.delete(f"/{_LARGE}", summary="Erase a cloned voice", deprecated=True)
@router.delete(_PATH, summary="Erase a cloned voice")
@router.post(f"{_PATH}/delete", summary="Erase a cloned voice")
async def delete_named(http: Request, caller: Authenticated) -> dict[str, Any]:
    """Erase the voice that the body's ``voiceId`` names."""
    fields = await read_json(http, services(http).settings)
    try:
        named = _Named.model_validate(fields)
    except ValidationError:
        raise InvalidInput("The 'voiceId' field is required.", field="voiceId") from None
    return await delete_clone(http, caller, named.voiceId)


async def _form(http: Request, caller: Caller) -> Form:
    caller.check_scope("tts")
    try:
        return await read_form(http, file_bytes=MAX_FILE_BYTES)
    except BodyTooLarge:
        raise _too_large() from None


def _too_large() -> InvalidInput:
    return InvalidInput(
        f"File too large: the limit is {MAX_FILE_BYTES // 1024 // 1024} MB.", field="file"
    )


def _checked(form: Form) -> _Fields:
    """The text fields, and a look at the file.

    Raises:
        InvalidInput: naming the field.
    """
    if form.file is None or not form.file.data:
        raise InvalidInput("No file provided", field="file")
    if len(form.file.data) > MAX_FILE_BYTES:
        raise _too_large()
    try:
        fields = _Fields.model_validate(form.fields)
    except ValidationError as error:
        found = error.errors()[0]
        name = str(found["loc"][0])
        said = "is required" if found["type"] == "missing" else f"is invalid: {found['msg']}"
        raise InvalidInput(f"The '{name}' field {said}.", field=name) from None
    if not fields.displayName.strip():
        raise InvalidInput("The 'displayName' field is required.", field="displayName")
    if fields.language and fields.language not in _LANGUAGES:
        raise InvalidInput(
            f"Invalid language. Supported: {', '.join(_LANGUAGES)}", field="language"
        )
    if form.file.content_type and form.file.content_type not in _TYPES:
        raise InvalidInput(
            f"Invalid MIME type {form.file.content_type[:60]!r}: send {FORMATS}.", field="file"
        )
    if container_of(form.file.data[:16]) is None:
        raise InvalidInput(f"The file is no audio that can be read: send {FORMATS}.", field="file")
    return fields


async def _create(http: Request, caller: Caller, form: Form, fields: _Fields, model: str) -> Cloned:
    """Begin a clone and wait for it a while.

    Raises:
        InvalidInput: the recording cannot be used; nothing is kept.
        EnrolmentFailed: it could not be made; nothing is kept.
    """
    assert form.file is not None
    running = services(http)
    tags = tuple(tag.strip()[:100] for tag in fields.tags.split(",") if tag.strip())[:_MOST_TAGS]
    wish = Wish(
        display_name=fields.displayName.strip(),
        model=model,
        description=fields.description,
        accent=fields.accent.strip(),
        tags=tags,
        language=fields.language,
        consent=fields.consent,
        file_name=form.file.name,
    )
    begin = running.clones.create
    clone = await run_in_threadpool(begin, caller.account_id, wish, form.file.data)
    clone = await _settled(running, clone)
    if clone.status != "failed":
        return clone
    await run_in_threadpool(running.clones.delete, caller.account_id, clone.id)
    message = clone.error or "The voice could not be made."
    if clone.error_code == REFUSED:
        raise InvalidInput(message, field="file")
    raise EnrolmentFailed(message, clone.error_code or "voice_clone_error")


async def _settled(running: Services, clone: Cloned) -> Cloned:
    until = time.monotonic() + running.settings.clone_wait_seconds
    while clone.status in {"pending", "processing"} and time.monotonic() < until:
        await asyncio.sleep(_POLL_SECONDS)
        try:
            clone = await run_in_threadpool(running.clones.get, clone.account_id, clone.id)
        except NotFound:
            raise NotFound("The voice was deleted while it was made.") from None
    return clone


def _created(http: Request, clone: Cloned) -> dict[str, Any]:
    samples = []
    if clone.status == "completed":
        url = services(http).links.url(clone.sample, str(http.base_url))
        samples.append({"text": SAMPLE_TEXT, "audioUrl": url})
    return {
        "voiceId": clone.id,
        "displayName": clone.display_name,
        "description": clone.description,
        "accent": clone.accent,
        "tags": clone.tags,
        "model": clone.model,
        "status": clone.status,
        "language": clone.language,
        "audioFileNames": [clone.file_name] if clone.file_name else [],
        "createdAt": iso(clone.created_at),
        "organizationId": clone.account_id,
        "samples": samples,
        "similarity": clone.similarity,
        "warnings": clone.warnings,
    }


def _listed(clone: Cloned) -> dict[str, Any]:
    # A clone speaks on every model; those it was made on come first.
    models = dict.fromkeys((clone.model, *_CLONED_ON))
    body: dict[str, Any] = {
        "_id": hashlib.sha256(clone.id.encode()).hexdigest()[:24],
        "voiceId": clone.id,
        "displayName": clone.display_name,
        "description": clone.description,
        "accent": clone.accent,
        "tags": clone.tags,
        "language": clone.language,
        "status": clone.status,
        "cloningType": "instant",
        "modelIds": list(models),
        "createdAt": iso(clone.created_at),
        "similarity": clone.similarity,
        "warnings": clone.warnings,
    }
    return body | ({"error": clone.error} if clone.error else {})
