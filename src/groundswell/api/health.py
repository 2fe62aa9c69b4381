"""Health that is true, and metrics (platform.md §5)."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool

from groundswell import __version__
from groundswell.api.metrics import show_engine
from groundswell.api.services import services
from groundswell.synthesis.schedule import Report

router = APIRouter(tags=["Operation"])
unprefixed = APIRouter(tags=["Operation"])


@router.get("/health", summary="Whether the server can speak")
async def health(request: Request) -> JSONResponse:
    """200 only when the engine is loaded and warm and the database answers; 503 otherwise.

    The three upstream keys stand for the database, the cache and the work queue of this server.
    Without its Redis, a server that goes on by itself (``redis_failure`` 'open') is healthy.
    """
    running = services(request)
    database, cache = await asyncio.gather(
        run_in_threadpool(running.database.answers), run_in_threadpool(running.limits.answers)
    )
    engine = running.engine_status
    speaks = engine == "ready"
    healthy = database and speaks and (cache or running.limits.on_failure == "open")
    body: dict[str, Any] = {
        "status": "ok" if healthy else "starting" if engine == "loading" else "error",
        "mongo": {"status": _connected(database)},
        "redis": {"status": _connected(cache)},
        "rabbitmq": {"status": _connected(speaks)},
        "engine": {"status": engine},
        "version": __version__,
    }
    return JSONResponse(body, 200 if healthy else 503)


@unprefixed.get("/metrics", summary="Prometheus metrics")
async def metrics(request: Request) -> Response:
    """Counters, gauges and histograms in Prometheus' text format."""
    running = services(request)
    show_engine(running.engine_status, running.engine.report if running.engine else Report())
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _connected(fine: bool) -> str:
    return "connected" if fine else "disconnected"
