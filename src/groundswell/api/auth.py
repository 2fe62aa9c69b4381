"""From an ``Authorization`` header to the caller."""

from typing import Annotated

from fastapi import Depends, Request
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
    if connection.headers.get("authorization", "").strip():
        return bearer_of(connection)
    if connection.scope["type"] == "websocket":
        query = connection.query_params
        if given := query.get("token") or query.get("api_key"):
            return given
    raise Unauthorized


def bearer_of(connection: HTTPConnection) -> str:
    """Return what the ``Authorization`` header carries.

    Raises:
        Unauthorized: there is none, or it is garbled.
    """
    scheme, _, token = connection.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() in _SCHEMES and token.strip():
        return token.strip()
    raise Unauthorized


async def authenticated(request: Request) -> Caller:
    """Return who is calling, and count the request against the key's rate.

    Raises:
        Unauthorized: no key, a garbled header, an unknown or revoked key.
        Forbidden: the account is suspended.
        TooBusy: the key's rate is reached.
    """
    caller, rate = await services(request).admission.identify(key_of(request))
    request.state.rate = rate
    return caller


Authenticated = Annotated[Caller, Depends(authenticated)]
