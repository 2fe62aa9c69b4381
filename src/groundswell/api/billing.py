"""Balance, ledger, breakdown and invoices of the caller's account (platform.md §3).

Amounts are in credits, the unit of this server's price table.
"""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from groundswell.accounts.statement import signed_amount
from groundswell.api.auth import Authenticated
from groundswell.api.query import QueryReader, iso, period
from groundswell.api.services import services
from groundswell.store.tables import Transfer

router = APIRouter(prefix="/payment/v1", tags=["Billing"])

_MAX_SPAN = timedelta(days=90)
_TOO_LONG = (
    "Date range cannot exceed 90 days. Please narrow your range or contact support for bulk "
    "exports."
)
_TYPES = {
    "settle": "USAGE_DEDUCTION",
    "top_up": "CREDIT_PURCHASE",
    "bonus": "SIGNUP_BONUS",
    "adjustment": "ADMIN_ADJUSTMENT",
}
_KINDS: dict[str, frozenset[str]] = {
    **{shown: frozenset({kind}) for kind, shown in _TYPES.items()},
    "AUTO_RELOAD": frozenset(),
    "COUPON_CREDIT": frozenset(),
    "MIGRATION": frozenset(),
    "PAYMENTS": frozenset({"top_up"}),
}
_SCOPES: dict[str, frozenset[str]] = {
    "platform": frozenset(),
    "voice_ai": frozenset(),
    "voice_models": frozenset({"settle"}),
}

_Given = str | None
_Body = dict[str, Any]


async def _asked(
    limit: Annotated[_Given, Query(description="1 to 100; default 50.")] = None,
    offset: Annotated[_Given, Query(description="From 0; default 0.")] = None,
    start: Annotated[
        _Given, Query(alias="from", description="ISO 8601; default 7 days before 'to'.")
    ] = None,
    end: Annotated[_Given, Query(alias="to", description="ISO 8601; default now.")] = None,
    kind: Annotated[_Given, Query(alias="type", description=f"One of {', '.join(_KINDS)}.")] = None,
    scope: Annotated[
        _Given, Query(description=f"Spending only, on one of {', '.join(_SCOPES)}.")
    ] = None,
) -> dict[str, Any]:
    query = QueryReader(
        {
            "limit": limit,
            "offset": offset,
            "from": start,
            "to": end,
            "type": kind,
            "scope": scope,
        }
    )
    given = query.moment("from"), query.moment("to")
    size, skipped = query.integer("limit", 50, 1, 100), query.integer("offset", 0, 0, 10**9)
    wanted, category = query.choice("type", _KINDS), query.choice("scope", _SCOPES)
    query.check()
    since, until = period(*given, longest=_MAX_SPAN, too_long=_TOO_LONG)
    kinds = _KINDS[wanted] if wanted else frozenset(_TYPES)
    return {
        "start": since,
        "end": until,
        "kinds": kinds & _SCOPES[category] if category else kinds,
        "limit": size,
        "offset": skipped,
    }


@router.get("/credits/balance", summary="The account's credits")
async def balance(request: Request, caller: Authenticated) -> _Body:
    """What is left, reserved credits included; below zero when the account is in debt."""
    running = services(request)
    books = await run_in_threadpool(running.ledger.balance, caller.account_id)
    data = {"creditBalance": books.credits, "planId": "self_hosted", "isEnterprise": False}
    return {"success": True, "data": data}


@router.get("/credits/ledger", summary="What was added and what was spent, newest first")
async def ledger(
    request: Request, caller: Authenticated, asked: Annotated[dict[str, Any], Depends(_asked)]
) -> _Body:
    """Every change of the balance; what a running request holds is no change yet."""
    statements = services(request).statements
    statement = await run_in_threadpool(statements.read, caller.account_id, **asked)
    data = {
        "transactions": [_transaction(transfer) for transfer in statement.transfers],
        "total": statement.total,
        "hasMore": asked["offset"] + len(statement.transfers) < statement.total,
        "summary": {
            "totalCreditsConsumed": statement.consumed,
            "totalCreditsAdded": statement.added,
        },
        "period": {"from": iso(asked["start"]), "to": iso(asked["end"])},
    }
    return {"success": True, "data": data}


@router.get("/credits/usage/breakdown", summary="All credits ever spent")
async def breakdown(request: Request, caller: Authenticated) -> _Body:
    """Everything this server sells is a voice model."""
    running = services(request)
    books = await run_in_threadpool(running.ledger.balance, caller.account_id)
    return {"success": True, "data": {"platform": 0, "voiceAi": 0, "voiceModels": books.spent}}


@router.get("/invoices", summary="Invoices: none, this server sends no bills")
async def invoices(caller: Authenticated) -> _Body:
    """An empty list."""
    return {"success": True, "data": []}


def _transaction(transfer: Transfer) -> _Body:
    body = {
        "id": str(transfer.id),
        "transactionType": _TYPES[transfer.kind],
        "amount": signed_amount(transfer),
        "balanceAfter": transfer.balance_after,
        "featureId": transfer.feature,
        "referenceId": transfer.reference,
        "description": transfer.reason,
        "createdAt": iso(transfer.created_at),
        "requestId": transfer.reservation_id,
    }
    return {name: value for name, value in body.items() if value is not None}
