"""Forms with a file, read into memory: what callers upload never lies on disk in the clear."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from groundswell.api.body import read_body
from groundswell.api.services import services
from groundswell.errors import InvalidInput

_OTHER_BYTES = 256 * 1024
"""What a form may hold besides its file."""
_MAX_FIELDS = 50
_MAX_FIELD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form.

    Attributes:
        name: as the client calls it, without folders; for display only.
        content_type: as the client says.
        data: the file.
    """

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its text fields, and its file if it has one."""

    fields: dict[str, str]
    file: Upload | None


class _InMemory(MultiPartParser):
    spool_max_size = 1 << 30  # never rolled over to disk: the body is bounded before


async def read_form(http: Request, *, file_bytes: int) -> Form:
    """Read a ``multipart/form-data`` body whose file is called ``file``.

    Raises:
        BodyTooLarge: it is larger than a file of ``file_bytes`` and its fields can be.
        InvalidInput: no such form, or more than one file.
    """
    if not http.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise InvalidInput("The Content-Type must be multipart/form-data.")
    body = await read_body(http, services(http).settings, limit=file_bytes + _OTHER_BYTES)

    async def once() -> AsyncGenerator[bytes, None]:
        yield body
        yield b""

    parser = _InMemory(
        http.headers,
        once(),
        max_files=1,
        max_fields=_MAX_FIELDS,
        max_part_size=_MAX_FIELD_BYTES,
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        said = error.message if isinstance(error, MultiPartException) else "it cannot be read"
        raise InvalidInput(f"The form is not valid: {said}") from None
    fields: dict[str, str] = {}
    upload: Upload | None = None
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if name == "file":
                plain = (value.filename or "").replace("\\", "/").rpartition("/")[2]
                media_type = (value.content_type or "").partition(";")[0].strip().lower()
                upload = Upload(plain[:255], media_type, await value.read())
        else:
            fields[name] = value
    await form.close()
    return Form(fields, upload)
