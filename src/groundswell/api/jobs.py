"""Jobs: look, list, cancel (platform.md §7)."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from groundswell.api.auth import Authenticated
from groundswell.api.links import Links
from groundswell.api.query import QueryReader, iso
from groundswell.api.services import Services, services
from groundswell.jobs.job import Job, State

router = APIRouter(tags=["Jobs"])

STATUSES: dict[State, str] = {
    "queued": "pending",
    "running": "processing",
    "completed": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
}
_STATES = {status: state for state, status in STATUSES.items()}
_LAST_PAGE = 10**9
_Given = str | None


def job_body(job: Job, links: Links, base_url: str) -> dict[str, Any]:
    """A job as its owner sees it; what its result holds as ``files`` are keys of objects.

    Args:
        job: the job.
        links: sign the URLs of its files.
        base_url: of this server, as the client reached it.
    """
    body: dict[str, Any] = {
        "id": job.id,
        "type": job.kind,
        "status": STATUSES[job.state],
        "progress": round(job.progress, 4),
        "stage": job.stage,
        "created_at": iso(job.created_at),
    }
    if job.started_at is not None:
        body["started_at"] = iso(job.started_at)
    if job.ended_at is not None:
        body["completed_at"] = iso(job.ended_at)
    if job.result is not None:
        files = {
            name: links.url(key, base_url) for name, key in job.result.get("files", {}).items()
        }
        body["result"] = job.result | ({"files": files} if files else {})
    if job.error is not None:
        body["error"] = job.error
    return body


def server_url(running: Services) -> str:
    """The base URL of this server for readers that did not come by a request, as webhooks do."""
    settings = running.settings
    return settings.public_url or f"http://{settings.host}:{settings.port}"


@router.get("/jobs", summary="The account's jobs, newest first")
async def list_jobs(
    request: Request,
    caller: Authenticated,
    kind: Annotated[_Given, Query(alias="type", description="For example tts.")] = None,
    status: Annotated[_Given, Query(description="pending, processing, completed, …")] = None,
    page: Annotated[_Given, Query(description="From 1; default 1.")] = None,
    page_size: Annotated[
        _Given, Query(alias="pageSize", description="1 to 100; default 50.")
    ] = None,
) -> dict[str, Any]:
    """List jobs that are under way, and those that ended within the retention time."""
    running = services(request)
    query = QueryReader({"status": status, "page": page, "pageSize": page_size})
    chosen = query.choice("status", tuple(_STATES))
    number = query.integer("page", 1, 1, _LAST_PAGE)
    size = query.integer("pageSize", 50, 1, 100)
    query.check()

    def look() -> tuple[list[Job], int]:
        return running.jobs.page(
            account_id=caller.account_id,
            kind=kind,
            state=None if chosen is None else _STATES[chosen],
            limit=size,
            offset=(number - 1) * size,
        )

    found, total = await run_in_threadpool(look)
    return {
        "status": "success",
        "data": [_shown(request, job) for job in found],
        "page": number,
        "pageSize": size,
        "totalCount": total,
        "totalPages": -(-total // size),
    }


@router.get("/jobs/{job_id}", summary="One job")
async def show_job(request: Request, caller: Authenticated, job_id: str) -> dict[str, Any]:
    """How far a job is, and what came of it."""
    job = await run_in_threadpool(services(request).jobs.get, job_id, caller.account_id)
    return _shown(request, job)


@router.post("/jobs/{job_id}/cancel", summary="Cancel a job")
async def cancel_job(request: Request, caller: Authenticated, job_id: str) -> dict[str, Any]:
    """End a job and drop what it made; nothing is charged. One that has ended stays as it is."""
    job = await run_in_threadpool(services(request).jobs.cancel, job_id, caller.account_id)
    return _shown(request, job)


def _shown(request: Request, job: Job) -> dict[str, Any]:
    return job_body(job, services(request).links, str(request.base_url))
