"""Health that is true, and metrics (platform.md §5)."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool

from groundswell import __version__
from groundswell.api.metrics import ENGINE_WAITING, READY
from groundswell.api.services import services

router = APIRouter(tags=["Operation"])
unprefixed = APIRouter(tags=["Operation"])


@router.get("/health", summary="Whether the server can speak")
async def health(request: Request) -> JSONResponse:
    """200 only when the models are loaded and warm and the database answers; 503 otherwise.

    The three upstream keys stand for the database, the cache and the work queue of this server.
    Without its Redis, a server that goes on by itself (``redis_failure`` 'open') is healthy.
    """
    running = services(request)
    database, cache = await asyncio.gather(
        run_in_threadpool(running.database.answers), run_in_threadpool(running.limits.answers)
    )
    speaks = running.voicebox is not None
    healthy = database and speaks and (cache or running.limits.on_failure == "open")
    body: dict[str, Any] = {
        "status": "ok" if healthy else "error" if running.failure or speaks else "starting",
        "mongo": {"status": _connected(database)},
        "redis": {"status": _connected(cache)},
        "rabbitmq": {"status": _connected(speaks)},
        "engine": {"status": "ready" if speaks else running.failure or "loading"},
        "version": __version__,
    }
    return JSONResponse(body, 200 if healthy else 503)


@unprefixed.get("/metrics", summary="Prometheus metrics")
async def metrics(request: Request) -> Response:
    """Counters, gauges and histograms in Prometheus' text format."""
    voicebox = services(request).voicebox
    READY.set(voicebox is not None)
    ENGINE_WAITING.set(voicebox.engine.waiting if voicebox else 0)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _connected(fine: bool) -> str:
    return "connected" if fine else "disconnected"
