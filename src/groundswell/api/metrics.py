"""What ``/metrics`` shows, in Prometheus' terms."""

import math

from prometheus_client import Counter, Gauge, Histogram

from groundswell.synthesis.engine import EngineWatcher
from groundswell.synthesis.schedule import STATES, Report

REQUESTS = Counter("groundswell_requests", "Requests answered.", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "groundswell_request_seconds",
    "Time from request line to last byte.",
    ["route"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128),
)
ACTIVE = Gauge("tts_active_requests", "Syntheses running.")
ENGINE_UNITS = Gauge("tts_queue_depth", "Units of engine work that could be done now.")
STREAMS = Gauge(
    "tts_streams", "Streams in the engine: queued, starting, listening, file.", ["state"]
)
SLACK = Gauge("tts_least_slack_seconds", "Least sound any listener has left; NaN without one.")
CAPACITY = Gauge("tts_capacity_streams", "Endless listeners the machine can serve, by forecast.")
REAL_TIME_FACTOR = Gauge("tts_real_time_factor", "Seconds of work for a second of sound, lately.")
GAPS = Histogram(
    "tts_gap_seconds",
    "Silences between two pieces of sound, for a listener who plays what it receives.",
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)
REFUSED = Counter("tts_refused", "Streams that were not admitted for lack of capacity.")
RESTARTS = Counter("tts_engine_restarts", "Times the engine process was started again.")
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


class Metrics(EngineWatcher):
    """Counts what the engine does."""

    def unit(self, audio: float, work: float, late: float) -> None:
        """Count one unit of work."""
        AUDIO_SECONDS.inc(audio)
        WORK_SECONDS.inc(work)
        if late:
            GAPS.observe(late)

    def discarded(self, audio: float) -> None:
        """Count sound that nobody took."""
        UNDELIVERED_SECONDS.inc(audio)

    def refused(self) -> None:
        """Count a refusal."""
        REFUSED.inc()

    def restarted(self) -> None:
        """Count a restart."""
        RESTARTS.inc()


def show_engine(status: str, report: Report) -> None:
    """Set the gauges of the engine."""
    READY.set(status == "ready")
    ENGINE_UNITS.set(report.units)
    for state in STATES:
        STREAMS.labels(state).set(report.streams.get(state, 0))
    SLACK.set(math.nan if report.slack is None else report.slack)
    CAPACITY.set(report.capacity)
    REAL_TIME_FACTOR.set(report.real_time_factor)
