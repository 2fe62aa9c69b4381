"""Stored results by signed URL: no key is needed, parts can be asked for, so players can seek."""

import mimetypes
import re
from itertools import chain

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from groundswell.api.services import services

router = APIRouter(tags=["Jobs"])
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_TYPES = {
    ".wav": "audio/wav",
    ".ulaw": "audio/basic",
    ".alaw": "audio/alaw",
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt",
    ".pcm": "audio/pcm",
}


@router.api_route(
    "/files/{seal}/{key:path}",
    methods=["GET", "HEAD"],
    summary="Read a result by its signed URL",
    response_class=Response,
)
async def read_file(request: Request, seal: str, key: str) -> Response:
    """Answer with an object, or the part that a ``Range`` header asks for."""
    running = services(request)
    await run_in_threadpool(running.links.check, seal, key)
    size = await run_in_threadpool(running.objects.size, key)
    name = key.rpartition("/")[2]
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=3600, immutable",
        "Content-Disposition": f'inline; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    status, start, end = 200, 0, size
    if (wanted := _range(request.headers.get("range", ""), size)) is not None:
        status, (start, end) = 206, wanted
        if start >= end:
            headers["Content-Range"] = f"bytes */{size}"
            return Response(status_code=416, headers=headers)
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    headers["Content-Length"] = str(end - start)
    media_type = media_type_of(name)
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=media_type)
    body = running.objects.read(key, start, end)
    # Read before the status line: what cannot be decrypted is an error, not a file that breaks off.
    opening = await run_in_threadpool(next, body, b"")
    return StreamingResponse(chain((opening,), body), status, headers, media_type)


def media_type_of(name: str) -> str:
    """The content type of a file, by its name, which is one of ours."""
    suffix = name[name.rfind(".") :]
    return _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _range(header: str, size: int) -> tuple[int, int] | None:
    """The bytes a header asks for; none when it is absent, or asks for what we may ignore.

    An empty range cannot be satisfied (RFC 9110 §14).
    """
    asked = _RANGE.fullmatch(header.replace(" ", "").lower())
    if asked is None or asked[1] == asked[2] == "":
        return None
    if asked[1] == "":
        return max(0, size - int(asked[2])), size
    first = int(asked[1])
    last = min(int(asked[2]), size - 1) if asked[2] else size - 1
    if asked[2] and int(asked[2]) < first:
        return None
    return first, last + 1
