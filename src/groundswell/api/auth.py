"""From an ``Authorization`` header to the caller."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from groundswell.accounts.keys import Caller
from groundswell.api.services import services
from groundswell.errors import Unauthorized

_SCHEMES = {"bearer", "token"}  # "Token" is what the vendor's on-premises product takes


def key_of(connection: HTTPConnection) -> str:
    """Return the key a request carries; sockets may also carry it in the query (browsers must).

    Raises:
        Unauthorized: there is none, or the header is garbled.
    """
    header = connection.headers.get("authorization", "").strip()
    if header:
        scheme, _, key = header.partition(" ")
        if scheme.lower() in _SCHEMES and key.strip():
            return key.strip()
    elif connection.scope["type"] == "websocket":
        query = connection.query_params
        if given := query.get("token") or query.get("api_key"):
            return given
    raise Unauthorized


async def authenticated(request: Request) -> Caller:
    """Return who is calling.

    Raises:
        Unauthorized: no key, a garbled header, an unknown or revoked key.
    """
    return await run_in_threadpool(services(request).keys.check, key_of(request))


Authenticated = Annotated[Caller, Depends(authenticated)]
