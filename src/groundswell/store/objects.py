"""Objects: sounds and other large results, in a folder or in S3-compatible storage.

With a key, what is stored is encrypted: AES-256-GCM in chunks after the STREAM construction
(Hoang, Reyhanitabar, Rogaway, Vizár 2015), so that neither writing nor reading a part ever holds
the whole, and a chunk that is moved, altered or cut off is noticed. Each object has a key of its
own (HKDF-SHA256 of the secret and a random salt).
"""

import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import obstore
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from groundswell.errors import InvalidInput, NotFound, ObjectStoreUnavailable, ObjectUnreadable

CHUNK = 64 * 1024
"""Bytes of plain text in an encrypted chunk."""
_TAG = 16
_SEALED = CHUNK + _TAG
_SALT, _PREFIX = 16, 7
_HEAD = _SALT + _PREFIX
_SUFFIX = ".sealed"
_KEY = re.compile(r"[a-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*(\.[a-z0-9]+)?")
_BUFFER = 8 * 1024 * 1024
"""Bytes of one part of an upload; S3 takes no smaller ones than 5 MiB."""


class Objects:
    """The objects of a deployment. Blocking. Keys are made by us, never from what a client sent.

    Args:
        folder: where they are, unless a URL is given; made when needed.
        url: ``s3://bucket/prefix`` or another that ``obstore`` knows; credentials and endpoint
            come from the environment (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT_URL``, …).
        secret: what they are encrypted with; without one they are not.

    Raises:
        InvalidInput: the URL cannot be used.
    """

    def __init__(self, folder: Path, *, url: str | None = None, secret: str | None = None) -> None:
        self._folder = None if url else folder
        self._secret = secret.encode() if secret else None
        if url is None:
            folder.mkdir(parents=True, exist_ok=True)
            self._store: Any = LocalStore(folder, automatic_cleanup=True, mkdir=True)
            return
        try:
            self._store = from_url(url)
        except (BaseError, ValueError) as error:
            raise InvalidInput(f"GROUNDSWELL_OBJECT_URL cannot be used: {error}") from None

    def put(self, key: str, data: bytes) -> None:
        """Store an object, in place of the one of this key if there is one."""
        with self.writer(key) as writer:
            writer.write(data)

    @contextmanager
    def writer(self, key: str) -> Iterator["Writer"]:
        """Store an object as it is made; it appears whole, on leaving, or not at all.

        Raises:
            ObjectStoreUnavailable: the storage does not take it.
        """
        name = self._name(key)
        with _translated(key):
            sink = obstore.open_writer(self._store, name, buffer_size=_BUFFER)
            seal = None if self._secret is None else _Seal.new(self._secret, key)
            writer = Writer(sink, seal)
            yield writer
            writer.finish()

    def get(self, key: str) -> bytes:
        """Return a whole object; for small ones.

        Raises:
            NotFound, ObjectUnreadable, ObjectStoreUnavailable: as ``read``.
        """
        return b"".join(self.read(key))

    def size(self, key: str) -> int:
        """Bytes of an object.

        Raises:
            NotFound, ObjectStoreUnavailable: as ``read``.
        """
        return self._find(key)[1]

    def read(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the bytes of an object from ``start`` to before ``end``, in pieces.

        Raises:
            NotFound: there is no such object.
            ObjectUnreadable: it was encrypted with another secret, or altered.
            ObjectStoreUnavailable: the storage does not answer.
        """
        sealed, size = self._find(key)
        end = size if end is None else min(end, size)
        if sealed:
            yield from self._open(key, start, end, size)
            return
        for at in range(start, end, _BUFFER // 8):
            yield self._range(key, key, at, min(end, at + _BUFFER // 8))

    def delete(self, key: str) -> None:
        """Delete an object; one that does not exist is no error."""
        for name in (key, key + _SUFFIX):
            with _translated(key), suppress(FileNotFoundError):
                obstore.delete(self._store, name)

    def list(self, prefix: str) -> list[str]:
        """The keys below a folder of keys."""
        with _translated(prefix):
            found = [each["path"] for page in obstore.list(self._store, prefix) for each in page]
        return sorted({name.removesuffix(_SUFFIX) for name in found})

    def delete_all(self, prefix: str) -> None:
        """Delete everything below a folder of keys, half-written things too."""
        _check(prefix)
        if self._folder is not None:
            shutil.rmtree(self._folder / prefix, ignore_errors=True)
            return
        for key in self.list(prefix):
            self.delete(key)

    def forget_partial(self, prefix: str) -> None:
        """Delete what a killed writer left below a folder of keys.

        Only a local folder shows it; S3 drops unfinished uploads by a rule of the bucket.
        """
        if self._folder is not None:
            for left in (self._folder / prefix).rglob("*#*"):
                left.unlink(missing_ok=True)

    def _name(self, key: str) -> str:
        _check(key)
        return key if self._secret is None else key + _SUFFIX

    def _find(self, key: str) -> tuple[bool, int]:
        """Whether an object is encrypted, and its size."""
        _check(key)
        for name, sealed in ((key + _SUFFIX, True), (key, False)):
            with _translated(key), suppress(FileNotFoundError):
                stored = int(obstore.head(self._store, name)["size"])
                return sealed, _opened_size(stored) if sealed else stored
        raise NotFound("No such object.")

    def _range(self, key: str, name: str, start: int, end: int) -> bytes:
        with _translated(key):
            return bytes(obstore.get_range(self._store, name, start=start, end=end))

    def _open(self, key: str, start: int, end: int, size: int) -> Iterator[bytes]:
        if self._secret is None:
            raise ObjectUnreadable(f"{key} is encrypted; set GROUNDSWELL_OBJECT_KEY to its secret.")
        name = key + _SUFFIX
        seal = _Seal.of(self._secret, key, self._range(key, name, 0, _HEAD))
        last = max(0, -(-size // CHUNK) - 1)
        total = _HEAD + size + _TAG * (last + 1)
        if size == 0:
            seal.open(0, True, self._range(key, name, _HEAD, total))
        for index in range(start // CHUNK, -(-end // CHUNK)):
            at = _HEAD + index * _SEALED
            chunk = self._range(key, name, at, min(total, at + _SEALED))
            plain = seal.open(index, index == last, chunk)
            yield plain[max(0, start - index * CHUNK) : end - index * CHUNK]


class Writer:
    """Takes the bytes of one object."""

    def __init__(self, sink: Any, seal: "_Seal | None") -> None:
        self._sink = sink
        self._seal = seal
        self._waiting = bytearray()
        self._index = 0
        if seal is not None:
            sink.write(seal.head)

    def write(self, data: bytes) -> None:
        """Take some bytes."""
        if self._seal is None:
            self._sink.write(data)
            return
        self._waiting += data
        # One chunk is held back: the last one is marked.
        while len(self._waiting) > CHUNK:
            self._sink.write(self._seal.close(self._index, False, bytes(self._waiting[:CHUNK])))
            del self._waiting[:CHUNK]
            self._index += 1

    def finish(self) -> None:
        """Write the end."""
        if self._seal is not None:
            self._sink.write(self._seal.close(self._index, True, bytes(self._waiting)))
        self._sink.close()


class _Seal:
    """Encrypts the chunks of one object."""

    def __init__(self, secret: bytes, key: str, head: bytes) -> None:
        self.head = head
        self._prefix = head[_SALT:]
        derived = HKDF(SHA256(), 32, salt=head[:_SALT], info=b"groundswell object").derive(secret)
        self._cipher = AESGCM(derived)
        self._bound = key.encode()
        self._key = key

    @classmethod
    def new(cls, secret: bytes, key: str) -> "_Seal":
        return cls(secret, key, secrets.token_bytes(_HEAD))

    @classmethod
    def of(cls, secret: bytes, key: str, head: bytes) -> "_Seal":
        return cls(secret, key, head)

    def close(self, index: int, last: bool, plain: bytes) -> bytes:
        return self._cipher.encrypt(self._nonce(index, last), plain, self._bound)

    def open(self, index: int, last: bool, chunk: bytes) -> bytes:
        try:
            return self._cipher.decrypt(self._nonce(index, last), chunk, self._bound)
        except InvalidTag:
            raise ObjectUnreadable(
                f"{self._key} was altered, or encrypted with another secret than "
                "GROUNDSWELL_OBJECT_KEY."
            ) from None

    def _nonce(self, index: int, last: bool) -> bytes:
        return self._prefix + index.to_bytes(4, "big") + bytes([last])


def _opened_size(stored: int) -> int:
    """Bytes of plain text in an encrypted object."""
    body = stored - _HEAD
    return max(0, body - _TAG * max(1, -(-body // _SEALED)))


def _check(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a key of an object: {key!r}")


@contextmanager
def _translated(key: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except BaseError as error:
        raise ObjectStoreUnavailable(
            f"The object store failed with {key}: {type(error).__name__}."
        ) from error
