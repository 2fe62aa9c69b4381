"""What every request passes through: its id, one log line, its metrics, its trailing slash."""

import math
import time
from uuid import uuid4

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from groundswell.api.logs import log
from groundswell.api.metrics import REQUEST_SECONDS, REQUESTS


class RequestEnvelope:
    """Outermost layer (plain ASGI, so that streams pass through unbuffered)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        # A trailing slash is accepted and never redirected: a redirect would lose the body.
        path = scope["path"].rstrip("/") or "/"
        scope = {**scope, "path": path, "raw_path": path.encode()}
        request_id = str(uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        began = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Request-Id", request_id)
                rate = scope["state"].get("rate")
                if rate is not None:
                    headers.setdefault("X-RateLimit-Limit", str(rate.limit))
                    headers.setdefault("X-RateLimit-Remaining", str(rate.remaining))
                    headers.setdefault("X-RateLimit-Reset", str(math.ceil(rate.reset)))
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                if scope["type"] == "http":
                    self._record(scope, status, time.perf_counter() - began)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        # The route's template, not the path: a path may hold anything, in any number.
        route = getattr(scope.get("route"), "path", "unmatched")
        REQUESTS.labels(scope["method"], route, status).inc()
        REQUEST_SECONDS.labels(route).observe(seconds)
        log.info(
            "request",
            method=scope["method"],
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
        )
