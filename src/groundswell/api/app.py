"""The application: routes under both prefixes, one error handler, one envelope."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import Depends, FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import RedirectResponse
from fastapi_offline import FastAPIOffline

from groundswell import __version__
from groundswell.api import (
    admin,
    analytics,
    billing,
    cloning,
    dictionaries,
    errors,
    explain,
    files,
    health,
    jobs,
    speech,
    speech_socket,
    voices,
    webhooks,
)
from groundswell.api.errors import Family
from groundswell.api.expiry import erase_daily
from groundswell.api.logs import log
from groundswell.api.metrics import Metrics
from groundswell.api.middleware import RequestEnvelope
from groundswell.api.services import Services, Voicebox
from groundswell.api.speech_jobs import SpeechJobs
from groundswell.errors import ModelUnavailable
from groundswell.synthesis.casting import Casting
from groundswell.synthesis.engine_process import EngineProcess
from groundswell.text.plan import warm

PREFIXES = ("/waves/v1", "/api/v1")
_DESCRIPTION = "Speech on your own machine, behind the API of Smallest AI's Waves."


def create_app(running: Services) -> FastAPI:
    """Build the application around its services; the model loads once it starts."""
    app: FastAPI = FastAPIOffline(
        title="Groundswell",
        version=__version__,
        description=_DESCRIPTION,
        lifespan=_lifespan(running),
        redirect_slashes=False,
    )
    app.state.services = running
    for prefix in PREFIXES:
        # The legacy prefix serves the same; listing it twice would only blur the documentation.
        listed = prefix == PREFIXES[0]
        own = voices.current if listed else voices.legacy
        for router, family in (
            (own, Family.SPEECH),
            (voices.router, Family.SPEECH),
            (health.router, Family.SPEECH),
            (speech.router, Family.SPEECH),
            (explain.router, Family.SPEECH),
            (files.router, Family.SPEECH),
            (jobs.router, Family.SPEECH),
            (webhooks.router, Family.SPEECH),
            (cloning.legacy, Family.SPEECH),
            (cloning.router, Family.CLONING),
            (dictionaries.router, Family.DICTIONARIES),
            (analytics.router, Family.ANALYTICS),
        ):
            app.include_router(
                router,
                prefix=prefix,
                dependencies=[Depends(_in_family(family))],
                include_in_schema=listed,
            )
        app.include_router(speech_socket.router, prefix=prefix)
    app.include_router(billing.router, dependencies=[Depends(_in_family(Family.BILLING))])
    if running.settings.admin_token is not None:
        app.include_router(admin.router)
    app.include_router(health.unprefixed)
    app.add_api_route("/", _to_docs, include_in_schema=False)
    errors.install(app)
    if running.settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=running.settings.cors_origins,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["*"],
        )
    app.add_middleware(RequestEnvelope)
    return app


async def _to_docs() -> RedirectResponse:
    return RedirectResponse("/docs")


def _in_family(family: Family) -> Callable[[Request], None]:
    def remember(request: Request) -> None:
        request.state.family = family

    return remember


def _lifespan(running: Services) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        settings = running.settings
        engine = EngineProcess(
            settings.models_dir,
            threads=settings.engine_threads,
            streams=settings.engine_queue,
            patience=settings.queue_wait_seconds,
            watcher=Metrics(),
        )
        engine.start()
        running.engine = engine
        loading = asyncio.create_task(_load(running, engine))
        erasing = asyncio.create_task(erase_daily(running.history))
        running.admission.start()
        await asyncio.to_thread(running.clones.mend)
        SpeechJobs(running, asyncio.get_running_loop())
        running.jobs.on_end(webhooks.tell_of_ends(running))
        running.webhooks.worker.start()
        try:
            yield
        finally:
            await asyncio.to_thread(running.jobs.close)
            await asyncio.to_thread(running.webhooks.worker.close)
            loading.cancel()
            erasing.cancel()
            await engine.close(0)
            await asyncio.to_thread(running.admission.close)
            await asyncio.to_thread(running.usage.close)
            running.database.close()

    return lifespan


async def _load(running: Services, engine: EngineProcess) -> None:
    """Make ready to plan texts beside the server, so that health can be asked meanwhile."""
    try:
        casting = await asyncio.to_thread(Casting, running.settings.models_dir)
        await asyncio.to_thread(warm)
    except ModelUnavailable as error:
        running.failure = str(error)
        log.error("cannot speak", problem=str(error))
        return
    running.voicebox = Voicebox(casting, engine)
    status = await engine.settled()
    running.jobs.open()  # last: loading what it needs would hold up the rest
    if status == "ready":
        log.info("ready")
    else:
        log.error("cannot speak", problem=status)
