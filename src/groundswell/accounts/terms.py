"""The terms of keys and accounts: what may be set on them, checked in one place."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from groundswell.accounts.audit import plain
from groundswell.accounts.credits import MAX_CREDITS
from groundswell.errors import InvalidInput

SCOPES = ("tts", "stt", "llm", "s2s")
"""The products a key can be confined to."""
QUOTA_PERIODS = ("total", "day", "month")
MAX_RATE = 1_000_000
"""Most requests per minute: of each, the moment is kept for a minute."""
MAX_CONCURRENCY = 100_000

_HIGHEST = {
    "rate_limit_rpm": MAX_RATE,
    "concurrency": MAX_CONCURRENCY,
    "credit_quota": MAX_CREDITS,
}


def checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return changes of a key or an account as they are stored.

    Args:
        changes: ``name``, ``rate_limit_rpm``, ``concurrency``, ``credit_quota``, ``quota_period``,
            ``scopes`` (a list), ``expires_at``, ``prepaid``; a limit of ``None`` is no limit.

    Raises:
        InvalidInput: naming the field.
    """
    stored = dict(changes)
    if "name" in stored:
        stored["name"] = plain(stored["name"], "name", 200)
    for field, highest in _HIGHEST.items():
        value = stored.get(field)
        if value is not None and not 0 <= value <= highest:
            raise InvalidInput(f"{field} must be between 0 and {highest}.", field=field)
    if stored.get("quota_period", "total") not in QUOTA_PERIODS:
        raise InvalidInput(
            f"quota_period must be one of {', '.join(QUOTA_PERIODS)}.", field="quota_period"
        )
    scopes = stored.get("scopes")
    if scopes is not None:
        if not scopes or not set(scopes) <= set(SCOPES):
            raise InvalidInput(f"scopes must be some of {', '.join(SCOPES)}.", field="scopes")
        stored["scopes"] = " ".join(scope for scope in SCOPES if scope in scopes)
    expires_at = stored.get("expires_at")
    if expires_at is not None:
        if expires_at.tzinfo is None:
            expires_at = expires_at.replace(tzinfo=UTC)
        if expires_at <= datetime.now(UTC):
            raise InvalidInput("expires_at must be in the future.", field="expires_at")
        stored["expires_at"] = expires_at
    return stored
