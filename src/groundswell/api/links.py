"""Signed URLs of stored objects: whoever has one may read that object until it expires."""

import hmac
import time
from functools import cached_property
from hashlib import sha256

from groundswell.errors import Forbidden
from groundswell.settings import Settings
from groundswell.store.database import Database
from groundswell.store.secrets import server_secret

_DIGITS = 10


class Links:
    """Makes and checks signed paths: ``files/<expiry>-<signature>/<key>``.

    Args:
        database: keeps the secret they are signed with.
        settings: how long they hold.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    def url(self, key: str, base_url: str) -> str:
        """Return a URL of an object.

        Args:
            key: of the object; its last part is the file's name.
            base_url: of this server, as the client reached it; a setting goes before.
        """
        base = (self._settings.public_url or base_url).rstrip("/")
        expiry = int(time.time()) + self._settings.file_url_seconds
        return f"{base}/waves/v1/files/{expiry}-{self._signature(key, expiry)}/{key}"

    def prepare(self) -> None:
        """Read the secret, so that ``url`` can be called within a transaction."""
        _ = self._secret

    def check(self, seal: str, key: str) -> None:
        """Return if a URL is good.

        Raises:
            Forbidden: it has expired, or was not made here for this object.
        """
        expiry, _, signature = seal.partition("-")
        good = (
            len(expiry) == _DIGITS
            and expiry.isascii()
            and expiry.isdigit()
            and hmac.compare_digest(
                self._signature(key, int(expiry)).encode(), signature.encode(errors="replace")
            )
        )
        if not good:
            raise Forbidden("This URL was altered; ask for a new one.")
        if int(expiry) < time.time():
            raise Forbidden("This URL has expired; ask for a new one.")

    @cached_property
    def _secret(self) -> bytes:
        return server_secret(self._database, "file-urls")

    def _signature(self, key: str, expiry: int) -> str:
        return hmac.new(self._secret, f"{expiry}\n{key}".encode(), sha256).hexdigest()
