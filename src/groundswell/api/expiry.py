"""Expiry of content (platform.md §8): asked for by a header, done once a day."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import HTTPConnection

from groundswell.accounts.history import History
from groundswell.api.logs import log

_DAY_SECONDS = 24 * 3600


def asks_for_expiry(connection: HTTPConnection) -> bool:
    """Whether the client wants its text erased after the retention time."""
    return connection.headers.get("x-expire-content", "").lower() == "true"


async def erase_daily(history: History) -> None:
    """Erase what is due, now and every day; days the server was down are caught up at start."""
    while True:
        try:
            erased = await asyncio.to_thread(history.erase_expired, datetime.now(UTC))
        except SQLAlchemyError as error:
            log.error("content was not erased", error=type(error).__name__)
        else:
            log.info("expired content erased", entries=erased)
        await asyncio.sleep(_DAY_SECONDS)
