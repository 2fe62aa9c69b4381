"""Administration: accounts, keys, credits and the audit log (platform.md §1; shapes are ours).

Guarded by ``admin_token``; the routes do not exist while none is set.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from groundswell.accounts import accounts as account_records
from groundswell.accounts import keys as key_records
from groundswell.accounts.audit import audit_page, plain
from groundswell.accounts.credits import Balance, Quota
from groundswell.api.auth import bearer_of
from groundswell.api.body import fit, read_json
from groundswell.api.query import QueryReader, iso
from groundswell.api.services import Services, services
from groundswell.errors import Unauthorized
from groundswell.store.tables import Account, ApiKey, AuditEntry

_Body = dict[str, Any]
_Whole = Annotated[int, Field(strict=True)]
_Yes = Annotated[bool, Field(strict=True)]
_Text = Annotated[str, Field(strict=True)]


def _actor(request: Request) -> str:
    """Return who administrates: what ``X-Admin-Actor`` says, or ``admin``.

    Raises:
        Unauthorized: the token is missing or wrong.
        InvalidInput: the actor's name is no plain text.
    """
    token = services(request).settings.admin_token
    assert token is not None
    # Of equal length and compared in constant time: the answer's timing tells nothing.
    given, wanted = (
        hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        for text in (bearer_of(request), token.get_secret_value())
    )
    if not hmac.compare_digest(given, wanted):
        raise Unauthorized
    return plain(request.headers.get("x-admin-actor", "admin"), "X-Admin-Actor", 100)


async def _fields(request: Request) -> _Body:
    return await read_json(request, services(request).settings)


Actor = Annotated[str, Depends(_actor)]
Fields = Annotated[_Body, Depends(_fields)]
router = APIRouter(prefix="/admin/v1", tags=["Administration"], dependencies=[Depends(_actor)])


class _KeyTerms(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: _Text | None = None
    rate_limit_rpm: _Whole | None = None
    concurrency: _Whole | None = None
    credit_quota: _Whole | None = None
    quota_period: _Text | None = None
    scopes: list[_Text] | None = None
    expires_at: datetime | None = None


class _NewKey(_KeyTerms):
    name: _Text
    account: _Text | None = None


class _AccountTerms(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: _Text | None = None
    concurrency: _Whole | None = None
    prepaid: _Yes | None = None
    suspended: _Yes | None = None


class _NewAccount(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: _Text
    concurrency: _Whole | None = None
    prepaid: _Yes = False


class _Grant(BaseModel):
    model_config = ConfigDict(extra="forbid")

    amount: _Whole
    kind: Literal["top_up", "bonus", "adjustment"] = "top_up"
    reason: _Text
    reference: _Text | None = None


@router.post("/keys", status_code=201, summary="Create a key; it is shown only now")
def create_key(request: Request, actor: Actor, fields: Fields) -> _Body:
    """Answer with the record, and with the key itself as ``key``."""
    running = services(request)
    terms = _given(_NewKey, fields)
    key, record = running.keys.create(actor=actor, **terms)
    return {"key": key} | _key(running, record)


@router.get("/keys", summary="List keys, oldest first")
def list_keys(request: Request) -> _Body:
    """Take ``account`` (id or name), ``limit`` (1 to 100) and ``offset``."""
    running = services(request)
    limit, offset = _page(request.query_params)
    account = request.query_params.get("account")
    records, total = running.keys.page(account=account, limit=limit, offset=offset)
    return {"keys": [_key(running, record) for record in records], "total": total}


@router.get("/keys/{key}", summary="Show a key")
def show_key(request: Request, key: str) -> _Body:
    """Take its id, prefix or name."""
    running = services(request)
    return _key(running, running.keys.get(key))


@router.patch("/keys/{key}", summary="Change the terms of a key")
def change_key(request: Request, actor: Actor, key: str, fields: Fields) -> _Body:
    """Change what is given; ``null`` takes a limit away."""
    running = services(request)
    terms = _given(_KeyTerms, fields, required=("name", "quota_period"))
    return _key(running, running.keys.change(key, terms, actor=actor))


@router.post("/keys/{key}/rotate", summary="Replace the secret of a key; it is shown only now")
def rotate_key(request: Request, actor: Actor, key: str) -> _Body:
    """The old secret stops within a second, on every node."""
    running = services(request)
    secret, record = running.keys.rotate(key, actor=actor)
    return {"key": secret} | _key(running, record)


@router.delete("/keys/{key}", summary="Revoke a key")
def revoke_key(request: Request, actor: Actor, key: str) -> _Body:
    """It stops within a second, on every node. The record stays."""
    running = services(request)
    return _key(running, running.keys.revoke(key, actor=actor))


@router.post("/accounts", status_code=201, summary="Create an account")
def create_account(request: Request, actor: Actor, fields: Fields) -> _Body:
    """Without ``concurrency`` it has 10 units; ``null`` is no limit."""
    running = services(request)
    record = running.accounts.create(actor=actor, **_given(_NewAccount, fields))
    return _account(running, record)


@router.get("/accounts", summary="List accounts, oldest first")
def list_accounts(request: Request) -> _Body:
    """Take ``limit`` (1 to 100) and ``offset``."""
    running = services(request)
    limit, offset = _page(request.query_params)
    records, total = running.accounts.page(limit=limit, offset=offset)
    return {"accounts": [_account(running, record) for record in records], "total": total}


@router.get("/accounts/{account}", summary="Show an account and its credits")
def show_account(request: Request, account: str) -> _Body:
    """Take its id or name."""
    running = services(request)
    return _account(running, running.accounts.get(account))


@router.patch("/accounts/{account}", summary="Change or suspend an account")
def change_account(request: Request, actor: Actor, account: str, fields: Fields) -> _Body:
    """Change what is given; ``"suspended": true`` stops all its keys within a second."""
    running = services(request)
    terms = _given(_AccountTerms, fields, required=("name", "prepaid", "suspended"))
    return _account(running, running.accounts.change(account, terms, actor=actor))


@router.post("/accounts/{account}/credits", status_code=201, summary="Give or take credits")
def grant_credits(request: Request, actor: Actor, account: str, fields: Fields) -> _Body:
    """Answer with the balance after it; a ``reference`` works only once."""
    running = services(request)
    record = running.accounts.get(account)
    grant: _Body = {"kind": "top_up"} | _given(_Grant, fields)
    balance = running.ledger.grant(record.id, actor=actor, **grant)
    return {"account_id": record.id, "credits": _balance(balance)}


@router.get("/audit", summary="What administrators did, newest first")
def show_audit(request: Request) -> _Body:
    """Take ``target`` (``key:<id>`` or ``account:<id>``), ``limit`` (1 to 100) and ``offset``."""
    limit, offset = _page(request.query_params)
    target = request.query_params.get("target")
    page = audit_page(services(request).database, target=target, limit=limit, offset=offset)
    return {"entries": [_entry(entry) for entry in page.entries], "total": page.total}


def _given(
    model: type[BaseModel], fields: Mapping[str, Any], *, required: tuple[str, ...] = ()
) -> _Body:
    """The fields that were given, checked; ``null`` counts, except for what must have a value."""
    fields = {name: v for name, v in fields.items() if v is not None or name not in required}
    parsed = fit(model, dict(fields))
    return {name: getattr(parsed, name) for name in fields if name in model.model_fields}


def _page(query: Mapping[str, str]) -> tuple[int, int]:
    reader = QueryReader(query)
    limit, offset = reader.integer("limit", 50, 1, 100), reader.integer("offset", 0, 0, 10**9)
    reader.check()
    return limit, offset


def _key(running: Services, record: ApiKey) -> _Body:
    quota = Quota(record.id, record.credit_quota, record.quota_period)
    used = {"credits_used": running.ledger.used(quota)}
    return _wire(key_records.described(record)) | used


def _account(running: Services, record: Account) -> _Body:
    credits = _balance(running.ledger.balance(record.id))
    return _wire(account_records.described(record)) | {"credits": credits}


def _balance(balance: Balance) -> _Body:
    return {
        "balance": balance.credits,
        "available": balance.available,
        "reserved": balance.reserved,
        "spent": balance.spent,
        "granted": -balance.issued,
    }


def _entry(entry: AuditEntry) -> _Body:
    return {
        "id": entry.id,
        "created_at": iso(entry.created_at),
        "actor": entry.actor,
        "action": entry.action,
        "target": entry.target,
        "before": entry.before,
        "after": entry.after,
    }


def _wire(fields: Mapping[str, Any]) -> _Body:
    return {name: iso(v) if isinstance(v, datetime) else v for name, v in fields.items()}
