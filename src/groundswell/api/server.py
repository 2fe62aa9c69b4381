"""The server process: uvicorn, with a stop that lets running syntheses finish."""

import asyncio
from socket import SO_SNDBUF, SOL_SOCKET, socket
from types import FrameType

import uvicorn

from groundswell.api.app import create_app
from groundswell.api.logs import log
from groundswell.api.services import Services

_CANCEL_MARGIN = 2.0
_FAREWELL_SECONDS = 0.3
"""Time in which last frames and errors go out, once the last request is over."""
_SEND_BUFFER_BYTES = 128 * 1024
"""What the kernel may hold of one connection. Its own choice, megabytes, is half a minute of speech
made ahead of a client that does not read."""


class _Server(uvicorn.Server):
    """Tells the engine of a stop signal, so that what cannot finish ends with a clean error."""

    def __init__(self, config: uvicorn.Config, running: Services) -> None:
        super().__init__(config)
        self._running = running
        self._loop: asyncio.AbstractEventLoop | None = None
        self._draining: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Start listening."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        log.info("listening", host=self.config.host, port=self.config.port)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; a second interrupt stops at once."""
        super().handle_exit(sig, frame)
        # uvicorn would raise the signal again in the end: a stop that was asked for is a success.
        self._captured_signals.clear()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._begin_draining)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Let speech end before its sockets are closed; uvicorn closes those at once."""
        for server in self.servers:
            server.close()
        if self._draining is not None:
            await self._draining
            until = asyncio.get_running_loop().time() + _CANCEL_MARGIN
            while self._running.admission.running() and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110 - once in a server's life
                await asyncio.sleep(_FAREWELL_SECONDS / 10)
            await asyncio.sleep(_FAREWELL_SECONDS)
        await super().shutdown(sockets)

    def _begin_draining(self) -> None:
        if self._draining is not None:
            return
        log.info("stopping", running=self._running.admission.running())
        self._running.jobs.interrupt()
        if self._running.engine is not None:
            grace = self._running.settings.shutdown_grace_seconds
            self._draining = asyncio.create_task(self._running.engine.close(grace))


def run(running: Services) -> None:
    """Serve until a stop signal."""
    settings = running.settings
    config = uvicorn.Config(
        create_app(running),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=round(settings.shutdown_grace_seconds + _CANCEL_MARGIN),
        ws="websockets-sansio",
        # Compression would cost every idle socket a quarter of a megabyte; audio gains nothing.
        ws_per_message_deflate=False,
        # A pong waits behind the audio that a slow reader has not read: no sign of its death.
        ws_ping_timeout=None,
    )
    listener = config.bind_socket()
    listener.setsockopt(SOL_SOCKET, SO_SNDBUF, _SEND_BUFFER_BYTES)  # inherited on accept
    _Server(config, running).run([listener])
