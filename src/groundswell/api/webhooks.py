"""Webhooks: register, list, delete, enable, test, look at deliveries, replay (platform.md §7)."""

import json
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from groundswell.accounts.keys import Caller
from groundswell.api.auth import Authenticated
from groundswell.api.body import fit, read_json
from groundswell.api.jobs import job_body, server_url
from groundswell.api.query import QueryReader, iso
from groundswell.api.services import Services, services
from groundswell.jobs.book import EndHook
from groundswell.jobs.job import Job
from groundswell.jobs.webhooks.endpoints import Endpoint
from groundswell.jobs.webhooks.outbox import EVENTS, publish
from groundswell.jobs.webhooks.tracking import STATES, Delivery
from groundswell.store.history import WebhookEntry

router = APIRouter(tags=["Webhooks"])

_PATH = "/webhooks"
_PRODUCTS = {"asr": "stt", "tts": "tts", "voice_clone": "tts"}
_LAST_PAGE = 10**9
_Body = dict[str, Any]
_Given = str | None


class NewWebhook(BaseModel):
    """The body of a registration."""

    url: str = Field(description="Where events are sent: https, a public address.")
    events: list[str] = Field(description=f"Some of {', '.join(EVENTS)}.")
    secret: str | None = Field(
        default=None, description="To sign with; without one, one is made and shown once."
    )


class NewSecret(BaseModel):
    """The body of a change of secret."""

    secret: str | None = Field(default=None, description="Without one, one is made.")


class Test(BaseModel):
    """The body of a test."""

    event: str | None = Field(default=None, description="Default: the first it hears of.")


def _documented(model: type[BaseModel], *, required: bool = True) -> _Body:
    content = {"application/json": {"schema": model.model_json_schema()}}
    return {"requestBody": {"required": required, "content": content}}


@router.post(
    _PATH,
    status_code=201,
    summary="Register a webhook; its secret is shown only now",
    openapi_extra=_documented(NewWebhook),
)
async def create_webhook(http: Request, caller: Authenticated) -> _Body:
    """Events of the account are sent to the URL from now on."""
    webhooks = services(http).webhooks
    body = fit(NewWebhook, await read_json(http, services(http).settings))
    _check_scopes(caller, body.events)
    await webhooks.check_url(body.url)
    endpoint, secret = await run_in_threadpool(
        webhooks.endpoints.create, caller.account_id, body.url, body.events, body.secret
    )
    return _endpoint(endpoint) | {"secret": secret}


@router.get(_PATH, summary="The account's webhooks, oldest first")
async def list_webhooks(http: Request, caller: Authenticated) -> _Body:
    """With what disabled them, if anything did; never with secrets."""
    found = await run_in_threadpool(services(http).webhooks.endpoints.all, caller.account_id)
    return {"data": [_endpoint(endpoint) for endpoint in found]}


@router.post(
    f"{_PATH}/secret",
    summary="Set the secret that signs deliveries to URLs of requests; it is shown only now",
    openapi_extra=_documented(NewSecret, required=False),
)
async def replace_secret(http: Request, caller: Authenticated) -> _Body:
    """Deliveries to a request's ``webhook_url`` carry signatures once there is a secret."""
    body = fit(NewSecret, await _optional(http))
    replace = services(http).webhooks.endpoints.replace_secret
    return {"secret": await run_in_threadpool(replace, caller.account_id, body.secret)}


@router.get(f"{_PATH}/deliveries", summary="Deliveries, newest first")
async def list_deliveries(
    http: Request,
    caller: Authenticated,
    webhook: Annotated[_Given, Query(description="Id of a webhook.")] = None,
    status: Annotated[_Given, Query(description=f"One of {', '.join(STATES)}.")] = None,
    page: Annotated[_Given, Query(description="From 1; default 1.")] = None,
    page_size: Annotated[
        _Given, Query(alias="pageSize", description="1 to 100; default 50.")
    ] = None,
) -> _Body:
    """What became of events, for as long as they are kept."""
    query = QueryReader({"status": status, "page": page, "pageSize": page_size})
    state = query.choice("status", STATES)
    number = query.integer("page", 1, 1, _LAST_PAGE)
    size = query.integer("pageSize", 50, 1, 100)
    query.check()

    def look() -> tuple[list[Delivery], int]:
        return services(http).webhooks.tracking.page(
            caller.account_id, endpoint_id=webhook or None, state=state, page=number, size=size
        )

    found, total = await run_in_threadpool(look)
    return {
        "status": "success",
        "data": [_delivery(delivery) for delivery in found],
        "page": number,
        "pageSize": size,
        "totalCount": total,
        "totalPages": -(-total // size),
    }


@router.get(f"{_PATH}/deliveries/{{delivery_id}}", summary="One delivery with its attempts")
async def show_delivery(http: Request, caller: Authenticated, delivery_id: str) -> _Body:
    """What was sent, and what was answered each time."""
    trace = services(http).webhooks.tracking.trace
    found = await run_in_threadpool(trace, caller.account_id, delivery_id)
    attempts = [_attempt(entry) for entry in found.attempts]
    return _delivery(found.delivery) | {"data": json.loads(found.data), "log": attempts}


@router.post(
    f"{_PATH}/deliveries/{{replayed_id}}/replay", status_code=202, summary="Send once more"
)
async def replay(http: Request, caller: Authenticated, replayed_id: str) -> _Body:
    """Take the id of a delivery, or a ``webhook-id``, which is sent to all its receivers again."""
    again = services(http).webhooks.tracking.replay
    return {"deliveries": await run_in_threadpool(again, caller.account_id, replayed_id)}


@router.get(f"{_PATH}/{{webhook_id}}", summary="One webhook")
async def show_webhook(http: Request, caller: Authenticated, webhook_id: str) -> _Body:
    """Show it, without its secret."""
    return _endpoint(await _owned(http, caller, webhook_id))


@router.delete(f"{_PATH}/{{webhook_id}}", summary="Delete a webhook")
async def delete_webhook(http: Request, caller: Authenticated, webhook_id: str) -> _Body:
    """Nothing more is sent to it; what was on its way is dropped."""
    _check_scopes(caller, (await _owned(http, caller, webhook_id)).events)
    delete = services(http).webhooks.endpoints.delete
    await run_in_threadpool(delete, caller.account_id, webhook_id)
    return {"id": webhook_id, "deleted": True}


@router.post(f"{_PATH}/{{webhook_id}}/enable", summary="Send to a disabled webhook again")
async def enable_webhook(http: Request, caller: Authenticated, webhook_id: str) -> _Body:
    """What was given up meanwhile is not sent by itself; replay it."""
    _check_scopes(caller, (await _owned(http, caller, webhook_id)).events)
    enable = services(http).webhooks.endpoints.enable
    return _endpoint(await run_in_threadpool(enable, caller.account_id, webhook_id))


@router.post(
    f"{_PATH}/{{webhook_id}}/test",
    status_code=202,
    summary="Send an event that did not happen",
    openapi_extra=_documented(Test, required=False),
)
async def test_webhook(http: Request, caller: Authenticated, webhook_id: str) -> _Body:
    """It carries ``"test": true``, and goes the way of all events."""
    body = fit(Test, await _optional(http))
    _check_scopes(caller, (await _owned(http, caller, webhook_id)).events)
    test = services(http).webhooks.endpoints.test
    event_id, delivery_id = await run_in_threadpool(test, caller.account_id, webhook_id, body.event)
    return {"event_id": event_id, "delivery_id": delivery_id, "status": "pending"}


def tell_of_ends(running: Services) -> EndHook:
    """Return what publishes the end of a job, in the transaction that ends it."""
    running.links.prepare()

    def tell(session: Session, job: Job) -> None:
        event = f"{job.kind}.{job.state}"
        if event in EVENTS:
            data = {"request_id": job.id} | job_body(job, running.links, server_url(running))
            publish(
                session,
                job.account_id,
                event,
                data,
                request_id=job.id,
                url=job.webhook_url,
            )

    return tell


async def _owned(http: Request, caller: Caller, webhook_id: str) -> Endpoint:
    get = services(http).webhooks.endpoints.get
    return await run_in_threadpool(get, caller.account_id, webhook_id)


async def _optional(http: Request) -> _Body:
    """A JSON body that may be missing."""
    if http.headers.get("content-length", "0") == "0" and "transfer-encoding" not in http.headers:
        return {}
    return await read_json(http, services(http).settings)


def _check_scopes(caller: Caller, events: Iterable[str]) -> None:
    """A key that is confined to products has to do with their events only."""
    for event in events:
        if product := _PRODUCTS.get(event.partition(".")[0]):
            caller.check_scope(product)


def _endpoint(endpoint: Endpoint) -> _Body:
    disabled = endpoint.disabled_at is not None
    body: _Body = {
        "id": endpoint.id,
        "url": endpoint.url,
        "events": endpoint.events,
        "status": "disabled" if disabled else "enabled",
        "created_at": iso(endpoint.created_at),
    }
    if endpoint.failing_since is not None:
        body["failing_since"] = iso(endpoint.failing_since)
    if endpoint.disabled_at is not None:
        body["disabled_at"] = iso(endpoint.disabled_at)
        body["disabled_reason"] = endpoint.disabled_reason
    return body


def _delivery(delivery: Delivery) -> _Body:
    body: _Body = {
        "id": delivery.id,
        "event_id": delivery.event_id,
        "event_type": delivery.event_type,
        "request_id": delivery.request_id,
        "webhook_id": delivery.endpoint_id,
        "url": delivery.url,
        "status": delivery.state,
        "attempts": delivery.attempts,
        "created_at": iso(delivery.created_at),
    }
    if delivery.next_attempt_at is not None:
        body["next_attempt_at"] = iso(delivery.next_attempt_at)
    if delivery.ended_at is not None:
        body["ended_at"] = iso(delivery.ended_at)
    return body


def _attempt(entry: WebhookEntry) -> _Body:
    return {
        "attempt": entry.attempt,
        "at": iso(entry.started_at),
        "status": entry.status,
        "response_status_code": entry.response_status_code,
        "response": entry.response,
        "error": entry.error,
        "duration_ms": entry.duration_ms,
    }
