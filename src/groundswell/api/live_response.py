"""A response whose body is made while it is sent, and whose making stops when the client leaves."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import AsyncExitStack, aclosing
from typing import TypeVar

from fastapi import Response
from starlette.types import Receive, Scope, Send

from groundswell.api.logs import log
from groundswell.errors import GroundswellError

CLIENT_CLOSED = 499
"""The status, seen by nobody but the log, of a client that left before its answer."""

STALLED_SECONDS = 300.0
"""How long a client may take nothing of its stream before it counts as gone."""

_T = TypeVar("_T")


class LiveResponse(Response):
    """Sends each chunk as it comes; waits while the client does not read.

    Args:
        body: yields chunks; closed as soon as the client is gone.
        held: what the body needs, given back afterwards, also if the body was never begun.
        media_type: Content-Type, without additions.
        headers: further headers.
    """

    def __init__(
        self,
        body: AsyncGenerator[bytes, None],
        held: AsyncExitStack,
        media_type: str,
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(media_type=None, headers={**headers, "content-type": media_type})
        del self.headers["content-length"]
        self._chunks = body
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response."""

        async def deliver() -> None:
            start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
            await send(start)
            try:
                async for chunk in self._chunks:
                    async with asyncio.timeout(STALLED_SECONDS):
                        await send({"type": "http.response.body", "body": chunk, "more_body": True})
            except (GroundswellError, TimeoutError) as error:
                # The status line is long gone: an end without terminator is what is left to say.
                log.warning("response cut short", error=type(error).__name__)
                return
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        async with self._held, aclosing(self._chunks):
            await unless_gone(receive, deliver())


async def unless_gone(receive: Receive, work: Awaitable[_T]) -> _T | None:
    """Return the result of ``work``, or cancel it and return nothing once the client is gone.

    The request's body must have been read: then the next message is the disconnect.
    """
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_disconnect(receive))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        working.cancel()
        watching.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
