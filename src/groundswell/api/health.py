"""Health that is true, and metrics (platform.md §5)."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from groundswell import __version__
from groundswell.api.metrics import show_engine
from groundswell.api.services import Services, services
from groundswell.synthesis.schedule import Report

router = APIRouter(tags=["Operation"])
unprefixed = APIRouter(tags=["Operation"])


@router.get("/health", summary="Whether the server can speak")
async def health(request: Request) -> JSONResponse:
    """200 only when the engine is loaded and warm and the database answers; 503 otherwise.

    The three upstream keys stand for the database, the cache and the work queue of this server.
    """
    running = services(request)
    database = await run_in_threadpool(_database_answers, running)
    engine = running.engine_status
    speaks = engine == "ready"
    healthy = database and speaks
    body: dict[str, Any] = {
        "status": "ok" if healthy else "starting" if engine == "loading" else "error",
        "mongo": {"status": _connected(database)},
        "redis": {"status": "connected"},  # limits and caches live in this process
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


def _database_answers(running: Services) -> bool:
    try:
        with running.database.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
