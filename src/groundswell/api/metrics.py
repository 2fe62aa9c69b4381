"""What ``/metrics`` shows, in Prometheus' terms."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("groundswell_requests", "Requests answered.", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "groundswell_request_seconds",
    "Time from request line to last byte.",
    ["route"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128),
)
ACTIVE = Gauge("tts_active_requests", "Syntheses running.")
ENGINE_WAITING = Gauge("tts_queue_depth", "Units of engine work queued or running.")
CHARACTERS = Counter("tts_characters", "Characters of text accepted for synthesis.")
AUDIO_SECONDS = Counter("tts_audio_seconds", "Seconds of audio made.")
WORK_SECONDS = Counter("tts_work_seconds", "Seconds the engine worked for it.")
UNDELIVERED_SECONDS = Counter(
    "tts_undelivered_audio_seconds", "Seconds of audio made for listeners who did not get it."
)
SOCKETS = Gauge("tts_open_sockets", "Speech sockets open.")
FIRST_AUDIO = Histogram(
    "tts_first_audio_seconds",
    "Time from admission to the first samples.",
    buckets=(0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 5, 10, 30),
)
USAGE_DROPPED = Counter(
    "groundswell_usage_entries_dropped",
    "Usage log entries lost: the queue was full or the database would not take them.",
)
READY = Gauge("groundswell_ready", "1 when the server can speak.")


def count_unit(audio_seconds: float, work_seconds: float) -> None:
    """Count one unit of engine work."""
    AUDIO_SECONDS.inc(audio_seconds)
    WORK_SECONDS.inc(work_seconds)
