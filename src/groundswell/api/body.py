"""Request bodies: read within limits of size and time, parsed strictly, errors in our terms."""

import asyncio
import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import ClientDisconnect, Request

from groundswell.api.errors import InvalidFields
from groundswell.errors import BodyTooLarge, InvalidInput
from groundswell.settings import Settings

_Model = TypeVar("_Model", bound=BaseModel)


async def read_body(request: Request, settings: Settings, *, limit: int | None = None) -> bytes:
    """Read a body.

    Raises:
        BodyTooLarge: it is, or says it is, above the limit, if not given ``max_body_bytes``.
        InvalidInput: it did not arrive whole, or in time.
    """
    limit = limit or settings.max_body_bytes
    too_large = BodyTooLarge(f"The request body exceeds {limit} bytes.")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise too_large
    received = bytearray()
    try:
        async with asyncio.timeout(settings.body_timeout_seconds):
            async for chunk in request.stream():
                received += chunk
                if len(received) > limit:
                    raise too_large
    except TimeoutError:
        raise InvalidInput("The request body did not arrive in time.") from None
    except ClientDisconnect:
        raise InvalidInput("The request body did not arrive whole.") from None
    return bytes(received)


async def read_json(request: Request, settings: Settings) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        BodyTooLarge: as ``read_body``.
        InvalidInput: wrong content type, or not a JSON object in UTF-8.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise InvalidInput("The Content-Type must be application/json.")
    return parse_json(await read_body(request, settings))


def parse_json(raw: bytes | str) -> dict[str, Any]:
    """Parse a JSON object.

    Raises:
        InvalidInput: it is not one, or holds NaN, Infinity, or nesting beyond reason.
    """
    try:
        parsed = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise InvalidInput("The request body is not valid JSON.") from None
    if not isinstance(parsed, dict):
        raise InvalidInput("The request body must be a JSON object.")
    return parsed


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def fit(model: type[_Model], fields: dict[str, Any]) -> _Model:
    """Fit parsed JSON into a model; ``null`` counts as absent, unknown fields are tolerated.

    Raises:
        InvalidFields: with zod-style details.
    """
    try:
        return model.model_validate({k: v for k, v in fields.items() if v is not None})
    except ValidationError as error:
        details = [_detail(item) for item in error.errors(include_url=False, include_context=True)]
        raise InvalidFields(details[0]["message"], details) from None


_CODES = {
    "missing": "invalid_type",
    "literal_error": "invalid_enum_value",
    "enum": "invalid_enum_value",
    "string_too_short": "too_small",
    "string_too_long": "too_big",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_big",
    "string_pattern_mismatch": "invalid_string",
}


def _detail(item: ErrorDetails) -> dict[str, Any]:
    path = list(item["loc"])
    name = ".".join(map(str, path))
    kind = item["type"]
    detail: dict[str, Any] = {"code": _CODES.get(kind, "invalid_type"), "path": path}
    if kind == "missing":
        return detail | {
            "message": f"The '{name}' field is required.",
            "expected": "string",
            "received": "undefined",
        }
    return detail | {
        "message": f"The '{name}' field is invalid: {item['msg'].removeprefix('Value error, ')}.",
        "received": type(item["input"]).__name__,
    }
