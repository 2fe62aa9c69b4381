"""The wire shapes of errors: a table from exception to status, and a body per contract family."""

import math
import time
from collections.abc import Callable
from enum import Enum
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from groundswell.api.logs import log
from groundswell.cloning.enrolment import EnrolmentFailed
from groundswell.errors import (
    BodyTooLarge,
    Conflict,
    CreditsExhausted,
    EngineUnavailable,
    Forbidden,
    GroundswellError,
    InvalidInput,
    LimitsUnavailable,
    ModelUnavailable,
    NotFound,
    ObjectStoreUnavailable,
    SynthesisCancelled,
    TooBusy,
    Unauthorized,
    UnknownReference,
)
from groundswell.text.dictionary import InvalidEntry

Body = dict[str, Any]


class InvalidFields(InvalidInput):
    """A body whose fields do not fit; carries zod-style details, one for each."""

    def __init__(self, message: str, details: list[dict[str, Any]]) -> None:
        super().__init__(message)
        self.details = details


class Gone(GroundswellError):
    """A retired model route, when the server is set to refuse those."""


class Family(Enum):
    """The families of the contract whose error bodies differ."""

    SPEECH = "speech"
    DICTIONARIES = "dictionaries"
    ANALYTICS = "analytics"
    BILLING = "billing"
    CLONING = "cloning"


_STATUS: tuple[tuple[type[Exception], int, str], ...] = (
    (BodyTooLarge, 413, "PayloadTooLarge"),
    (InvalidInput, 400, "InvalidRequest"),
    (Unauthorized, 401, "Unauthorized"),
    (Forbidden, 403, "Forbidden"),
    (NotFound, 404, "NotFound"),
    (Conflict, 409, "Conflict"),
    (EnrolmentFailed, 500, "InternalServerError"),
    (Gone, 410, "MODEL_DEPRECATED"),
    (TooBusy, 429, "TooManyRequests"),
    (SynthesisCancelled, 503, "ServiceUnavailable"),
    (EngineUnavailable, 503, "ServiceUnavailable"),
    (ModelUnavailable, 503, "ServiceUnavailable"),
    (ObjectStoreUnavailable, 503, "ServiceUnavailable"),
    (LimitsUnavailable, 503, "ServiceUnavailable"),
    (OperationalError, 503, "ServiceUnavailable"),
    (TimeoutError, 503, "ServiceUnavailable"),
)
_HTTP_NAMES = {404: "NotFound", 405: "MethodNotAllowed"}
_RETIRED_MESSAGE = (
    "This model is retired. Please migrate to lightning-v3.1 via "
    "/waves/v1/lightning-v3.1/get_speech."
)


def classify(error: Exception) -> tuple[int, str, str]:
    """Return status, error name and message of an exception."""
    if isinstance(error, HTTPException):
        return error.status_code, _HTTP_NAMES.get(error.status_code, "Error"), str(error.detail)
    for kind, status, name in _STATUS:
        if isinstance(error, kind):
            return status, name, _message(error)
    return 500, "InternalServerError", "An unexpected error occurred."


def _message(error: Exception) -> str:
    if isinstance(error, Unauthorized):
        return "Bearer token is missing or invalid."
    if isinstance(error, TimeoutError):
        return "The synthesis took too long."
    if isinstance(error, ModelUnavailable):
        return "The speech model is not available."
    if isinstance(error, ObjectStoreUnavailable):
        return "The object store does not answer."
    if isinstance(error, OperationalError):
        return "The database does not answer."
    return str(error)


def speech_body(error: Exception) -> Body:
    """Contract: README §4, first row; tts.md §11."""
    _, name, message = classify(error)
    if isinstance(error, Gone):
        return {
            "status": "error",
            "error_code": name,
            "message": _RETIRED_MESSAGE,
            "recommended_endpoint": "/waves/v1/lightning-v3.1/get_speech",
        }
    if isinstance(error, UnknownReference):
        body: Body = {"error": "Invalid input data", "message": "Invalid input data"}
        details = [{"code": "custom", "message": message, "path": [error.field]}]
        return body | {"details": details}
    body = {"error": name, "message": message}
    if isinstance(error, CreditsExhausted):
        body["error_code"] = error.code
    if isinstance(error, InvalidFields):
        body["details"] = error.details
    elif isinstance(error, InvalidInput) and error.field:
        body["details"] = [{"code": "custom", "message": message, "path": [error.field]}]
    return body


def dictionaries_body(error: Exception) -> Body:
    """Contract: README §4, second row; voices.md §6."""
    status, _, message = classify(error)
    if isinstance(error, InvalidInput):
        path: list[str | int] = [error.field] if error.field else []
        if isinstance(error, InvalidEntry):
            path = ["items", error.index, error.part]
        details = [{"code": "custom", "path": path, "message": message}]
        if isinstance(error, InvalidFields):
            details = error.details
        return {"error": "Invalid request body", "details": details}
    fixed = {401: "Unauthorized", 500: "Internal server error"}
    return {"error": fixed.get(status, message)}


def analytics_body(error: Exception) -> Body:
    """Contract: README §4; platform.md §4."""
    return {"error": classify(error)[2]}


def billing_body(error: Exception) -> Body:
    """Contract: README §4; platform.md §3."""
    status, _, message = classify(error)
    return {
        "success": False,
        "error": {"code": _BILLING_CODES.get(status, "internal_error"), "message": message},
    }


_BILLING_CODES = {
    400: "validation_error",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    429: "rate_limited",
}


def cloning_body(error: Exception) -> Body:
    """Contract: voices.md §3."""
    body: Body = {"error": classify(error)[2]}
    if isinstance(error, EnrolmentFailed):
        body["error_code"] = error.code
    return body


_BODIES: dict[Family, Callable[[Exception], Body]] = {
    Family.SPEECH: speech_body,
    Family.DICTIONARIES: dictionaries_body,
    Family.ANALYTICS: analytics_body,
    Family.BILLING: billing_body,
    Family.CLONING: cloning_body,
}


def error_response(request: Request, error: Exception) -> JSONResponse:
    """Render an exception in the shape of the request's family."""
    family: Family = getattr(request.state, "family", Family.SPEECH)
    status = classify(error)[0]
    if status >= 500:
        unexpected = status == 500
        log.error(
            "request failed", error=type(error).__name__, exc_info=error if unexpected else None
        )
    return JSONResponse(_BODIES[family](error), status, error_headers(error))


def error_headers(error: Exception) -> dict[str, str]:
    """The headers that go with an error: when to come back, and what limit was reached."""
    status = classify(error)[0]
    headers: dict[str, str] = {}
    if isinstance(error, HTTPException) and error.headers:
        headers.update(error.headers)
    if isinstance(error, TooBusy | EngineUnavailable):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if isinstance(error, TooBusy):
        if error.limit is not None:
            headers["X-RateLimit-Limit"] = str(error.limit)
        headers["X-RateLimit-Remaining"] = "0"
        headers["X-RateLimit-Reset"] = str(math.ceil(time.time() + error.retry_after))
    elif status == 503:
        headers.setdefault("Retry-After", "2")
    elif status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    elif status == 413:
        headers["Connection"] = "close"  # the rest of the body is not worth reading
    return headers


def install(app: FastAPI) -> None:
    """Register the one handler for everything the routes raise."""

    async def handle(request: Request, error: Exception) -> JSONResponse:
        return error_response(request, error)

    for kind in (GroundswellError, TimeoutError, HTTPException, Exception):
        app.add_exception_handler(kind, handle)
