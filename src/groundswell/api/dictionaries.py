"""Pronunciation dictionaries: list, create, replace, delete (voices.md §6)."""

import unicodedata
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Request
from pydantic import AfterValidator, BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails
from starlette.concurrency import run_in_threadpool

from groundswell.accounts.dictionaries import Record
from groundswell.api.auth import Authenticated
from groundswell.api.body import read_json
from groundswell.api.errors import InvalidFields
from groundswell.api.services import services
from groundswell.text.dictionary import Entry

router = APIRouter(tags=["Pronunciation dictionaries"])

MAX_ITEMS = 1000
MAX_CHARACTERS = 200
_PATH = "/pronunciation-dicts"
_MAX_DETAILS = 20


def _printable(text: str) -> str:
    for character in text:
        if unicodedata.category(character) == "Cc":
            raise ValueError(f"The control character U+{ord(character):04X} must go.")
    return text


_Text = Annotated[str, Field(min_length=1, max_length=MAX_CHARACTERS), AfterValidator(_printable)]


class Item(BaseModel):
    """A word and how to say it."""

    word: _Text = Field(description="As written in texts; upper and lower case count.")
    pronunciation: _Text = Field(description="A respelling, or IPA between slashes.")


class NewDictionary(BaseModel):
    """The body of POST."""

    items: list[Item] = Field(min_length=1, max_length=MAX_ITEMS)


class NamedDictionary(BaseModel):
    """The body of DELETE."""

    id: str


class ChangedDictionary(NamedDictionary, NewDictionary):
    """The body of PUT."""


_Body = TypeVar("_Body", bound=BaseModel)


def _documented(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    for item in schema.pop("$defs", {}).values():
        schema["properties"]["items"]["items"] = item
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.get(_PATH, summary="The account's pronunciation dictionaries")
async def list_dictionaries(http: Request, caller: Authenticated) -> list[dict[str, Any]]:
    """List them, oldest first."""
    records = await run_in_threadpool(services(http).dictionaries.all, caller.account_id)
    return [_shown(record) for record in records]


@router.post(_PATH, summary="Create one", openapi_extra=_documented(NewDictionary))
async def create_dictionary(http: Request, caller: Authenticated) -> dict[str, Any]:
    """Keep a dictionary; its id goes into ``pronunciation_dicts`` of speech requests."""
    body = await _read(http, NewDictionary)
    create = services(http).dictionaries.create
    return _shown(await run_in_threadpool(create, caller.account_id, _entries(body)))


@router.put(_PATH, summary="Replace all items", openapi_extra=_documented(ChangedDictionary))
async def replace_dictionary(http: Request, caller: Authenticated) -> dict[str, Any]:
    """Replace all items; speech that is under way keeps the old ones."""
    body = await _read(http, ChangedDictionary)
    change = services(http).dictionaries.replace
    record = await run_in_threadpool(change, caller.account_id, body.id, _entries(body))
    return {"id": record.id, "items": _shown(record)["items"]}


@router.delete(_PATH, summary="Delete one", openapi_extra=_documented(NamedDictionary))
async def delete_dictionary(http: Request, caller: Authenticated) -> dict[str, Any]:
    """Forget a dictionary; the id comes in a JSON body."""
    body = await _read(http, NamedDictionary)
    await run_in_threadpool(services(http).dictionaries.delete, caller.account_id, body.id)
    return {"id": body.id, "deleted": True}


async def _read(http: Request, model: type[_Body]) -> _Body:
    fields = await read_json(http, services(http).settings)
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        found = error.errors(include_url=False)[:_MAX_DETAILS]
        raise InvalidFields("Invalid request body", [_detail(item) for item in found]) from None


def _entries(body: NewDictionary) -> list[Entry]:
    return [(item.word, item.pronunciation) for item in body.items]


def _shown(record: Record) -> dict[str, Any]:
    created = record.created_at.isoformat(timespec="milliseconds")
    return {
        "id": record.id,
        "items": [{"word": word, "pronunciation": spoken} for word, spoken in record.items],
        "createdAt": created.replace("+00:00", "Z"),
    }


_TYPES = {"string_type": "string", "list_type": "array"}


def _detail(item: ErrorDetails) -> dict[str, Any]:
    """Describe an invalid field as zod does, whose shape the contract shows."""
    path, kind, context = list(item["loc"]), item["type"], item.get("ctx", {})
    if kind in {"missing", "string_type", "list_type"} or kind.startswith("model"):
        inner = "array" if path[-1:] == ["items"] else "string"
        expected = inner if kind == "missing" else _TYPES.get(kind, "object")
        received = "undefined" if kind == "missing" else _received(item["input"])
        message = "Required" if kind == "missing" else f"Expected {expected}, received {received}"
        typed = {"code": "invalid_type", "expected": expected, "received": received}
        return typed | {"path": path, "message": message}
    if kind.endswith(("too_short", "too_long")):
        kind_of, unit = ("string", "character") if kind[0] == "s" else ("array", "element")
        short = kind.endswith("short")
        limit = context["min_length" if short else "max_length"]
        message = f"{kind_of.title()} must contain at {'least' if short else 'most'} {limit} {unit}"
        sized = {"code": "too_small" if short else "too_big", "type": kind_of, "inclusive": True}
        sized |= {"minimum" if short else "maximum": limit}
        return sized | {"path": path, "message": message + "(s)"}
    return {"code": "custom", "path": path, "message": item["msg"].removeprefix("Value error, ")}


def _received(value: Any) -> str:
    if value is None:
        return "null"
    names = {bool: "boolean", int: "number", float: "number", str: "string", list: "array"}
    return names.get(type(value), "object")
