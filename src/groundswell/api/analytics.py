"""Logs and time series of the caller's account (platform.md §4)."""

import math
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, TypeVar, cast

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from groundswell.accounts.history import (
    CREDITS,
    PEAK_RUNNING,
    PEAK_SOCKETS,
    REQUESTS,
    Granularity,
    Measure,
    Page,
    Period,
)
from groundswell.accounts.keys import Caller
from groundswell.api.auth import Authenticated
from groundswell.api.query import QueryReader, iso, period
from groundswell.api.services import services
from groundswell.store.history import LogEntry, RecognitionEntry, SpeechEntry, WebhookEntry

router = APIRouter(tags=["Logs and usage"])

_LAST_PAGE = 10**9
_MAX_SPAN = timedelta(days=366)
_REQUEST_ID = re.compile(r"[a-zA-Z0-9_\-.]{1,128}")

_Given = str | None
_Body = dict[str, Any]
_Entry = TypeVar("_Entry", bound=LogEntry)


async def _page(
    page: Annotated[_Given, Query(description="From 1; default 1.")] = None,
    page_size: Annotated[
        _Given, Query(alias="pageSize", description="1 to 100; default 50.")
    ] = None,
) -> tuple[int, int]:
    query = QueryReader({"page": page, "pageSize": page_size})
    asked = query.integer("page", 1, 1, _LAST_PAGE), query.integer("pageSize", 50, 1, 100)
    query.check()
    return asked


async def _period(
    start: Annotated[
        _Given, Query(alias="from", description="ISO 8601; default 7 days before 'to'.")
    ] = None,
    end: Annotated[_Given, Query(alias="to", description="ISO 8601; default now.")] = None,
    granularity: Annotated[_Given, Query(description="'hour' or 'day' (UTC); default day.")] = None,
) -> Period:
    query = QueryReader({"from": start, "to": end, "granularity": granularity})
    given = query.moment("from"), query.moment("to")
    step = cast("Granularity", query.choice("granularity", ("hour", "day")) or "day")
    query.check()
    too_long = f"Date range cannot exceed {_MAX_SPAN.days} days."
    return Period(*period(*given, longest=_MAX_SPAN, too_long=too_long), step)


_AskedPage = Annotated[tuple[int, int], Depends(_page)]
_AskedPeriod = Annotated[Period, Depends(_period)]


@router.get("/analytics/tts/logs", summary="Syntheses, newest first")
async def speech_log(request: Request, caller: Authenticated, asked: _AskedPage) -> _Body:
    """One entry for every synthesis that was admitted: finished, failed or cancelled."""
    return await _log(request, caller, asked, SpeechEntry, _speech)


@router.get("/analytics/asr/logs", summary="Recognitions, newest first")
async def recognition_log(request: Request, caller: Authenticated, asked: _AskedPage) -> _Body:
    """One entry for every recognition."""
    return await _log(request, caller, asked, RecognitionEntry, _recognition)


@router.get("/analytics/webhooks/logs", summary="Attempts to deliver webhooks, newest first")
async def webhook_log(request: Request, caller: Authenticated, asked: _AskedPage) -> _Body:
    """One entry for every attempt."""
    return await _log(request, caller, asked, WebhookEntry, _webhook)


@router.delete("/analytics/asr/history/{request_id}", summary="Take a recognition out of the log")
async def delete_recognition(request: Request, caller: Authenticated, request_id: str) -> _Body:
    """Its words are erased, its figures stay. Unknown ids are a success, too."""
    if _REQUEST_ID.fullmatch(request_id):
        history = services(request).history
        await run_in_threadpool(history.delete_recognition, caller.account_id, request_id)
    return {"status": "success"}


@router.get("/analytics/tts/usage/timeseries", summary="Syntheses over time")
async def speech_requests(request: Request, caller: Authenticated, period: _AskedPeriod) -> _Body:
    """How many began in each hour or day."""
    return await _series(request, caller, SpeechEntry, REQUESTS, period, "totalRequestCount")


@router.get("/analytics/tts/usage/credits/timeseries", summary="Credits of speech over time")
async def speech_credits(request: Request, caller: Authenticated, period: _AskedPeriod) -> _Body:
    """Credits of the syntheses that began in each hour or day."""
    return await _series(request, caller, SpeechEntry, CREDITS, period, "totalCredits")


@router.get("/analytics/tts/concurrency/timeseries", summary="Most syntheses at a time")
async def speech_concurrency(
    request: Request, caller: Authenticated, period: _AskedPeriod
) -> _Body:
    """The peak of each hour or day."""
    return await _series(request, caller, SpeechEntry, PEAK_RUNNING, period)


@router.get("/analytics/tts/ws-connections/timeseries", summary="Most sockets open at a time")
async def speech_sockets(request: Request, caller: Authenticated, period: _AskedPeriod) -> _Body:
    """The peak of each hour or day."""
    return await _series(request, caller, SpeechEntry, PEAK_SOCKETS, period)


@router.get("/analytics/asr/usage/timeseries", summary="Recognitions over time")
async def recognition_requests(
    request: Request, caller: Authenticated, period: _AskedPeriod
) -> _Body:
    """How many began in each hour or day."""
    return await _series(request, caller, RecognitionEntry, REQUESTS, period, "totalRequestCount")


async def _log(
    request: Request,
    caller: Caller,
    asked: tuple[int, int],
    log: type[_Entry],
    shown: Callable[[_Entry], _Body],
) -> _Body:
    page, size = asked
    history = services(request).history
    found: Page[_Entry] = await run_in_threadpool(
        history.page, log, caller.account_id, page=page, size=size
    )
    return {
        "status": "success",
        "data": [shown(entry) for entry in found.entries],
        "page": page,
        "pageSize": size,
        "totalCount": found.total,
        "totalPages": math.ceil(found.total / size),
    }


async def _series(
    request: Request,
    caller: Caller,
    log: type[LogEntry],
    measure: Measure,
    period: Period,
    total: str | None = None,
) -> _Body:
    history = services(request).history
    series = await run_in_threadpool(history.series, log, caller.account_id, measure, period)
    body: _Body = {
        "timestamps": [iso(moment) for moment in series.timestamps],
        "values": series.values,
    }
    return body if total is None else body | {total: sum(series.values)}


def _speech(entry: SpeechEntry) -> _Body:
    """The contract's fields, then ours."""
    return {
        "timestamp": _timestamp(entry),
        "request_type": "ws" if entry.transport == "ws" else "rest",
        "model": entry.model,
        "voice_id": entry.voice_id,
        "language": entry.language,
        "text": entry.text,
        "text_len": entry.characters,
        "credits": entry.credits,
        "speed": entry.speed,
        "sample_rate": entry.sample_rate,
        "output_format": entry.output_format,
        "enhancement": entry.enhancement or 0,
        "similarity": entry.similarity or 0,
        "consistency": entry.consistency,
        "is_pvc": False,
        "request_id": entry.request_id,
        "key_prefix": entry.key_prefix,
        "route": entry.route,
        "transport": entry.transport,
        "status": entry.status,
        "error": entry.error,
        "audio_seconds": entry.audio_ms / 1000,
        "first_audio_ms": entry.first_audio_ms,
        "latency_ms": entry.latency_ms,
    }


def _recognition(entry: RecognitionEntry) -> _Body:
    return {
        "request_id": entry.request_id,
        "timestamp": _timestamp(entry),
        "request_type": entry.request_type,
        "model": entry.model,
        "language": entry.language,
        "duration": entry.audio_ms / 1000,
        "file_size": str(entry.file_size),
        "transcription": entry.transcription,
        "word_timestamps": entry.word_timestamps,
        "diarize": entry.diarize,
        "redact_pii": entry.redact_pii,
        "redact_pci": entry.redact_pci,
        "numerals": entry.numerals,
        "keywords": entry.keywords,
        "emotion_detection": entry.emotion_detection,
        "gender_detection": entry.gender_detection,
        "emotions": entry.emotions,
        "gender": entry.gender,
        "webhook_url": entry.webhook_url,
    }


def _webhook(entry: WebhookEntry) -> _Body:
    return {
        "org_id": entry.account_id,
        "request_id": entry.request_id,
        "webhook_url": entry.webhook_url,
        "method": entry.method,
        "event_type": entry.event_type,
        "status": entry.status,
        "attempt": entry.attempt,
        "response_status_code": entry.response_status_code,
        "error": entry.error,
        "timestamp": _timestamp(entry),
        "duration_ms": entry.duration_ms,
    }


def _timestamp(entry: LogEntry) -> str:
    return f"{entry.started_at:%Y-%m-%d %H:%M:%S}"
