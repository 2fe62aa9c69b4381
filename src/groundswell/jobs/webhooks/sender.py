"""One POST to a URL that somebody else chose.

Nothing of it is trusted. The name is resolved here, and the connection made to an address that was
checked: a resolver is never asked twice (DNS rebinding). Redirects are answers, not ways. Time, and
what is read of an answer, are bounded. httpcore is used without httpx, because its network backend
is the seam for that, and because no proxy of the environment must come between.
"""

import asyncio
import contextlib
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpcore
import httpx

from groundswell import __version__
from groundswell.jobs.webhooks.addresses import AddressRefused, parse_url, resolve

TIMEOUT_SECONDS = 10.0
"""For an attempt, from resolving the name to the response's status (platform.md §7)."""
CONNECT_SECONDS = 3.0
BODY_SECONDS = 1.0
"""For the response's body, of which nothing depends any more."""
MAX_BODY_BYTES = 2048
"""What is read of it."""
_KEEP_ALIVE_SECONDS = 5.0
_ADDRESSES = 3
"""Of one name that are tried."""
_FAILURES = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    ssl.SSLError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt.

    Attributes:
        status: of the response; none when there was no response.
        error: why there was none.
        body: the first bytes of the response.
        retry_after: its ``Retry-After``, as it stands.
        seconds: how long it took.
    """

    status: int | None = None
    error: str | None = None
    body: bytes = b""
    retry_after: str = ""
    seconds: float = 0.0

    @property
    def accepted(self) -> bool:
        """Whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300


class Sender:
    """Sends, and keeps connections for a moment; an async context manager.

    Args:
        allow_private: whether private addresses and plain http will do.
        connections: how many at a time, at most.
        timeout: seconds for an attempt.
        tls: what certificates are verified against, if not the usual authorities.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        connections: int = 32,
        timeout: float = TIMEOUT_SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._timeout = timeout
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls or httpx.create_ssl_context(trust_env=False),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=_KEEP_ALIVE_SECONDS,
            network_backend=_CheckedBackend(allow_private=allow_private),
        )

    async def __aenter__(self) -> "Sender":
        await self._pool.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.aclose()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send; what goes wrong is in the answer.

        Raises:
            InvalidInput: the URL is none that webhooks may go to.
        """
        began = time.monotonic()
        try:
            answer = await self._post(url, headers, body)
        except TimeoutError:
            answer = Answer(error=f"no answer within {self._timeout:g} seconds")
        except AddressRefused as error:
            answer = Answer(error=str(error))
        except _FAILURES as error:
            answer = Answer(error=_described(error))
        return replace(answer, seconds=time.monotonic() - began)

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        parsed = parse_url(url, allow_private=self._allow_private)
        target = httpcore.URL(
            scheme=parsed.raw_scheme,
            host=parsed.raw_host,
            port=parsed.port,
            target=parsed.raw_path,
        )
        sent = {
            "Host": parsed.netloc.decode("ascii"),
            "User-Agent": f"Groundswell-Webhooks/{__version__}",
            "Content-Length": str(len(body)),
        }
        async with contextlib.AsyncExitStack() as stack:
            async with asyncio.timeout(self._timeout):
                response = await stack.enter_async_context(
                    self._pool.stream(
                        "POST",
                        target,
                        headers=list((sent | dict(headers)).items()),
                        content=body,
                        extensions={"timeout": {"connect": CONNECT_SECONDS}},
                    )
                )
            found = {name.lower(): value for name, value in response.headers}
            return Answer(
                status=response.status,
                body=await _beginning(response),
                retry_after=found.get(b"retry-after", b"").decode("latin-1"),
            )


def _described(error: BaseException) -> str:
    """Say what went wrong; httpcore wraps what the operating system says, which is plainer."""
    plainest, cause = error, error.__cause__ or error.__context__
    while cause is not None:
        if isinstance(cause, OSError):
            plainest = cause
        cause = cause.__cause__ or cause.__context__
    return f"{type(plainest).__name__}: {plainest}".removesuffix(": ")


async def _beginning(response: httpcore.Response) -> bytes:
    read = bytearray()
    with contextlib.suppress(TimeoutError, *_FAILURES):
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in response.aiter_stream():
                read += chunk
                if len(read) >= MAX_BODY_BYTES:
                    break
    return bytes(read[:MAX_BODY_BYTES])


class _CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to addresses that passed, and to nothing by name."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve a host, and connect to the first of its addresses that answers."""
        addresses = await resolve(host, port, allow_private=self._allow_private)
        *others, last = addresses[:_ADDRESSES]
        for address in others:
            with contextlib.suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._sockets.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
        return await self._sockets.connect_tcp(last, port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
