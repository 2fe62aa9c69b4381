"""Secrets as they are stored: encrypted if the deployment has a key, readable to sign with."""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from groundswell.errors import GroundswellError

_PLAIN, _SEALED = "plain:", "aes-256-gcm:"
_NONCE_BYTES = 12
_PURPOSE = b"groundswell webhook secrets"


class SecretUnreadable(GroundswellError):
    """A stored secret was encrypted with another key."""


class Seal:
    """Seals and opens short texts (AES-256-GCM, its key by HKDF-SHA256).

    Args:
        key: the deployment's; without one, texts are stored as they are.
    """

    def __init__(self, key: str | None) -> None:
        self._cipher = None
        if key is not None:
            derived = HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(key.encode())
            self._cipher = AESGCM(derived)

    def seal(self, text: str) -> str:
        """Return what is stored of a text."""
        if self._cipher is None:
            return _PLAIN + text
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, text.encode(), None)
        return _SEALED + base64.b64encode(sealed).decode()

    def open(self, stored: str) -> str:
        """Return the text of what is stored; also what was stored before there was a key.

        Raises:
            SecretUnreadable: the key is missing, or another one.
        """
        if stored.startswith(_PLAIN):
            return stored.removeprefix(_PLAIN)
        unreadable = SecretUnreadable("The secret of this webhook was encrypted with another key.")
        if self._cipher is None:
            raise unreadable
        sealed = base64.b64decode(stored.removeprefix(_SEALED))
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, rest, None).decode()
        except InvalidTag:
            raise unreadable from None
