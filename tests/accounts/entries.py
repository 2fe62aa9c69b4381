"""Log entries for tests."""

from datetime import UTC, datetime
from typing import Any

from groundswell.accounts.activity import Activity
from groundswell.accounts.usage import UsageRecorder
from groundswell.store.database import Database
from groundswell.store.history import LogEntry, RecognitionEntry, SpeechEntry, WebhookEntry

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def write(database: Database, *entries: LogEntry, activity: Activity | None = None) -> None:
    """Record entries, or only the peaks of an activity, as a server does."""
    lost: list[int] = []
    recorder = UsageRecorder(database, activity or Activity(), capacity=10_000, on_drop=lost.append)
    for entry in entries:
        recorder.record(entry)
    recorder.close(60)
    assert lost == []


def speech(account_id: str, moment: datetime = NOON, **fields: Any) -> SpeechEntry:
    return SpeechEntry(
        **{
            "account_id": account_id,
            "request_id": "r-1",
            "started_at": moment,
            "key_id": "k",
            "key_prefix": "sk_12345",
            "route": "/waves/v1/tts",
            "transport": "http",
            "model": "lightning-v3.1",
            "voice_id": "magnus",
            "language": "en",
            "text": "Hello.",
            "characters": 6,
            "speed": 1.0,
            "sample_rate": 24000,
            "output_format": "wav",
            "status": "completed",
            "credits": 6,
            "audio_ms": 500,
            "first_audio_ms": 200,
            "latency_ms": 300,
        }
        | fields
    )


def recognition(account_id: str, moment: datetime = NOON, **fields: Any) -> RecognitionEntry:
    return RecognitionEntry(
        **{
            "account_id": account_id,
            "request_id": "r-1",
            "started_at": moment,
            "request_type": "rest",
            "model": "pulse",
            "language": "en",
            "audio_ms": 3200,
            "file_size": 102_400,
            "transcription": "hello world",
            "word_timestamps": True,
            "diarize": False,
            "redact_pii": False,
            "redact_pci": False,
            "numerals": "auto",
            "keywords": "kettle,toast",
            "emotion_detection": False,
            "gender_detection": False,
            "emotions": "",
            "gender": "",
            "webhook_url": "",
            "credits": 4,
        }
        | fields
    )


def webhook(account_id: str, moment: datetime = NOON, **fields: Any) -> WebhookEntry:
    return WebhookEntry(
        **{
            "account_id": account_id,
            "request_id": "r-1",
            "started_at": moment,
            "webhook_url": "https://example.org/hook",
            "method": "POST",
            "event_type": "asr.completed",
            "status": "success",
            "attempt": 1,
            "response_status_code": 200,
            "error": None,
            "duration_ms": 41,
        }
        | fields
    )
