"""Signatures: Standard Webhooks' headers, and the ``X-Signature`` of the contract.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md;
platform.md §7: ``X-Signature`` is hex HMAC-SHA256(secret, raw body).
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import UTC, datetime

from standardwebhooks import Webhook

from groundswell.errors import InvalidInput

_PREFIX = "whsec_"
_NEW_BYTES = 32
_KEY_BYTES = range(24, 65)
_OWN_CHARACTERS = range(16, 201)


def new_secret() -> str:
    """Make a secret in the form that Standard Webhooks' libraries take."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_NEW_BYTES)).decode()


def checked_secret(secret: str) -> str:
    """Return a secret that somebody chose.

    Raises:
        InvalidInput: it is short, long, or not what its prefix says.
    """
    if secret.startswith(_PREFIX):
        try:
            length = len(base64.b64decode(secret.removeprefix(_PREFIX), validate=True))
        except (binascii.Error, ValueError):
            length = 0
        if length not in _KEY_BYTES:
            raise InvalidInput(
                f"A secret that begins with {_PREFIX} must go on with the base64 of "
                f"{_KEY_BYTES[0]} to {_KEY_BYTES[-1]} bytes.",
                field="secret",
            )
    elif len(secret) not in _OWN_CHARACTERS or not secret.isprintable():
        raise InvalidInput(
            f"secret must be {_OWN_CHARACTERS[0]} to {_OWN_CHARACTERS[-1]} printable characters; "
            "without one, one is made.",
            field="secret",
        )
    return secret


def headers(event_id: str, event_type: str, secret: str | None, body: str) -> dict[str, str]:
    """The headers of one attempt: what it is, when it was sent, and signatures of both.

    A secret that begins with ``whsec_`` signs with the bytes that its base64 stands for, as
    Standard Webhooks says; any other with its own. ``X-Signature`` takes every secret as it stands.
    """
    now = datetime.now(UTC)
    given = {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "X-Webhook-Id": event_id,
        "X-Webhook-Event": event_type,
    }
    if secret is None:
        return given
    key = secret if secret.startswith(_PREFIX) else secret.encode()
    digest = hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
    return given | {
        "webhook-signature": Webhook(key).sign(event_id, now, body),
        "X-Signature": digest,
    }
