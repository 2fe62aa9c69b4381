"""From an ``Authorization`` header to the caller."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from groundswell.accounts.keys import Caller
from groundswell.api.services import services
from groundswell.errors import Unauthorized

_SCHEMES = {"bearer", "token"}  # "Token" is what the vendor's on-premises product takes


async def authenticated(request: Request) -> Caller:
    """Return who is calling.

    Raises:
        Unauthorized: no key, a garbled header, an unknown or revoked key.
    """
    scheme, _, key = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() not in _SCHEMES or not key.strip():
        raise Unauthorized
    return await run_in_threadpool(services(request).keys.check, key.strip())


Authenticated = Annotated[Caller, Depends(authenticated)]
