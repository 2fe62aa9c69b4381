"""Long synthesis as a job: ``async: true`` or ``webhook_url`` in a speech request (platform.md §7).

Credits are held in the transaction that writes the job down, and settled, with the log entry, in
the one that ends it: for a file that was made, once, and for nothing else.
"""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from fastapi import Request
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from groundswell.accounts.credits import hold, settle
from groundswell.accounts.keys import Caller
from groundswell.accounts.usage import store_entries
from groundswell.api.metrics import CHARACTERS
from groundswell.api.services import Services, services
from groundswell.api.speech_log import Origin, Outcome, speech_entry
from groundswell.api.speech_request import PROFILES, SpeechRequest, parse_speech
from groundswell.api.take import utterance_of
from groundswell.errors import SynthesisFailed
from groundswell.jobs.job import Job
from groundswell.jobs.speech import folder, speak_to_file
from groundswell.jobs.webhooks.addresses import check_url
from groundswell.jobs.work import Work
from groundswell.synthesis.utterance import Frames
from groundswell.text.dictionary import Dictionary, Entry

KIND = "tts"
CONCURRENCY = 4
"""Jobs that speak at a time; the engine has their owners take turns."""
_HELD = timedelta(days=3650)
"""Credits are held for as long as the job lives; its end settles them, not time."""
_POLL_SECONDS = 0.5

_T = TypeVar("_T")


class SpeechJobs:
    """Begins long syntheses and does them.

    Args:
        running: the server's parts.
        loop: where the engine lives.
    """

    def __init__(self, running: Services, loop: asyncio.AbstractEventLoop) -> None:
        self._running = running
        self._loop = loop
        running.jobs.register(
            KIND,
            self._perform,
            concurrency=CONCURRENCY,
            ended=self._ended,
            discard=lambda job: running.objects.delete_all(folder(job.id)),
        )

    def _perform(self, work: Work) -> dict[str, Any]:
        """Speak; in a thread of its own."""
        request = self._request(work)

        @contextmanager
        def open_frames(skipped: int) -> Iterator[Iterator[Frames]]:
            voicebox = self._running.ready_voicebox()
            utterance = utterance_of(voicebox, request)
            rest = islice(utterance.segments, skipped, None)
            stream = voicebox.engine.stream(
                replace(utterance, segments=rest), owner=work.job.account_id, live=False
            )

            async def take() -> Frames | None:
                return await anext(stream, None)

            def frames() -> Iterator[Frames]:
                while (piece := self._wait(work, take())) is not None:
                    yield piece

            try:
                yield frames()
            finally:
                asyncio.run_coroutine_threadsafe(stream.aclose(), self._loop)

        made = speak_to_file(
            work,
            self._running.objects,
            open_frames,
            request.text,
            request.output_format,
            request.sample_rate,
        )
        return made | {
            "output_format": request.output_format,
            "sample_rate": request.sample_rate,
            "characters": len(request.text),
            "credits": self._running.admission.prices.cost(request.model, len(request.text)),
        }

    def _wait(self, work: Work, coroutine: Coroutine[Any, Any, _T]) -> _T:
        """Wait for something of the event loop, unless the job is to end meanwhile."""
        waiting: Future[_T] = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            while True:
                try:
                    return waiting.result(_POLL_SECONDS)
                except NotYet:
                    if waiting.done():
                        raise
                    work.check()
        finally:
            waiting.cancel()

    def _request(self, work: Work) -> SpeechRequest:
        """Read the request again, with dictionaries as they were when the job began."""
        fields = work.request["fields"]
        profile = PROFILES[fields["model"]]
        request = parse_speech(fields, profile, self._running.settings, deferrable=True)
        own = self._running.clones.load(work.job.account_id, request.voice_id)
        request = replace(request, own=own)
        if not request.pronunciation_dicts:
            return request
        entries: list[list[Entry]] = work.step(
            "dictionaries",
            lambda: self._running.dictionaries.entries(
                work.job.account_id, request.pronunciation_dicts
            ),
        )
        dictionary = Dictionary()
        for each in entries:
            dictionary = dictionary.then(Dictionary.of([(word, said) for word, said in each]))
        return replace(request, dictionary=dictionary)

    def _ended(self, session: Session, job: Job) -> None:
        """Settle and log, in the transaction that ends a job."""
        result = job.result or {}
        cost = result.get("credits")
        settle(session.connection(), _reservation(job.id), cost)
        origin = job.request["origin"]
        caller = Caller(origin["key_id"], job.account_id, origin["key_prefix"])
        settings = self._running.settings
        fields = job.request["fields"]
        request = parse_speech(fields, PROFILES[fields["model"]], settings, deferrable=True)
        ended = job.ended_at or datetime.now(UTC)
        outcome = Outcome(
            started_at=job.created_at,
            delivered=result.get("duration", 0.0),
            first_audio=None,
            latency=(ended - job.created_at).total_seconds(),
            complete=job.state == "completed",
            failure=SynthesisFailed(job.error) if job.state == "failed" else None,
            credits=cost or 0,
        )
        asked = Origin(job.id, origin["route"], "job", origin["expires"])
        entry = speech_entry(asked, caller, request, outcome, settings)
        entry.error = job.error
        store_entries(session, [entry])


async def defer(
    http: Request, caller: Caller, request: SpeechRequest, headers: dict[str, str]
) -> JSONResponse:
    """Begin a long synthesis and answer at once.

    Raises:
        Forbidden: the key is not for speech.
        InvalidInput: the text cannot be spoken, or the webhook URL or idempotency key not used.
        CreditsExhausted: the text is not covered.
        Conflict, TooBusy: as ``Jobs.start``.
    """
    running = services(http)
    caller.check_scope("tts")
    if request.webhook_url is not None:
        allow = running.settings.webhook_allow_private
        await check_url(request.webhook_url, allow_private=allow, field="webhook_url")
    utterance = utterance_of(running.ready_voicebox(), request)
    await run_in_threadpool(next, iter(utterance.segments))  # is there anything to be said?
    cost = running.admission.prices.cost(request.model, len(request.text))
    fields = request.as_fields()
    origin = Origin.of(http, "job")

    def begun(session: Session, job: Job) -> None:
        hold(
            session.connection(),
            _reservation(job.id),
            caller.account_id,
            caller.quota,
            cost,
            prepaid=caller.prepaid,
            lease=_HELD,
        )

    def start() -> Job:
        return running.jobs.start(
            KIND,
            caller.account_id,
            {
                "fields": fields,
                "origin": {
                    "route": origin.route,
                    "expires": origin.expires,
                    "key_id": caller.key_id,
                    "key_prefix": caller.prefix,
                },
            },
            job_id=origin.request_id,
            idempotency_key=http.headers.get("idempotency-key"),
            webhook_url=request.webhook_url,
            asked=fields,
            begun=begun,
        )

    job = await run_in_threadpool(start)
    if job.id == origin.request_id:
        CHARACTERS.inc(len(request.text))
    headers |= {"X-Request-Id": job.id, "Location": f"/waves/v1/jobs/{job.id}"}
    return JSONResponse({"status": "processing", "request_id": job.id}, 202, headers)


def _reservation(job_id: str) -> str:
    return job_id.replace("-", "")
