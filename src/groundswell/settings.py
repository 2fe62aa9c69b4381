"""Every setting, typed and documented; each is read from ``GROUNDSWELL_<NAME>``.

``docs/settings.md`` lists them; a test keeps the two in step.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The configuration of one process."""

    model_config = SettingsConfigDict(env_prefix="GROUNDSWELL_", extra="ignore", frozen=True)

    # where things live
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("groundswell"),
        description="Folder of the database and of everything a deployment must keep.",
    )
    models_dir: Path = Field(
        default_factory=lambda: user_cache_path("groundswell") / "models",
        description="Folder of model files and prepared graphs; safe to delete, shared by servers.",
    )
    database_url: str | None = Field(
        default=None,
        description="SQLAlchemy URL of the database. Default: SQLite in the data folder.",
    )

    # serving
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on.")
    max_text_chars: int = Field(
        default=5000, ge=1, description="Longest text of one request, in characters."
    )
    max_job_text_chars: int = Field(
        default=200_000, ge=1, description="Longest text that is spoken as a job, in characters."
    )
    max_body_bytes: int = Field(
        default=1_500_000, ge=1024, description="Largest JSON request body, in bytes."
    )
    body_timeout_seconds: float = Field(
        default=20.0, gt=0, description="Longest time a client may take to send its request body."
    )
    synthesis_timeout_seconds: float = Field(
        default=300.0, gt=0, description="Longest time one synthesis may take, waiting included."
    )
    shutdown_grace_seconds: float = Field(
        default=20.0,
        ge=0,
        description="How long running syntheses may finish after a stop signal.",
    )
    retired_routes: Literal["serve", "gone"] = Field(
        default="serve",
        description="Retired model routes: 'serve' them, or answer as upstream does ('gone', 410).",
    )
    unknown_voices: Literal["refuse", "map"] = Field(
        default="refuse",
        description="Voice ids outside the catalogue: 'refuse' (400), or 'map' lowercase names "
        "to a stable local voice (the vendor has voices whose names are not published).",
    )
    cors_origins: list[str] = Field(
        default=[], description='Origins allowed by CORS, as JSON: ["https://example.org"].'
    )

    # speaking
    default_voice: str = Field(
        default="af_heart", description="Voice of 'groundswell say' and of 'Speaker'."
    )
    spoken_emoji: bool = Field(
        default=False, description="Say the names of emoji; otherwise they are left out."
    )
    engine_threads: int = Field(
        default_factory=lambda: min(4, os.cpu_count() or 1),
        ge=1,
        description="Threads of the inference engine. Default: the number of cores, at most 4.",
    )
    engine_queue: int = Field(
        default=64, ge=1, description="Syntheses that may be open at once; more get a 429."
    )
    queue_wait_seconds: float = Field(
        default=2.0,
        ge=0,
        description="How long a stream may wait for its first sound when the machine is full; one "
        "that would wait longer gets a 429 with Retry-After. 0: refuse at once.",
    )
    stream_chunk_ms: int = Field(
        default=200,
        ge=20,
        le=1000,
        description="Length of one chunk on the streaming routes; 20 suits telephony.",
    )

    # accounts
    admin_token: SecretStr | None = Field(
        default=None,
        description="Token of the admin routes, 16 characters or more; without it there are none.",
    )
    redis_url: str | None = Field(
        default=None,
        description="Redis where nodes share limits, redis://…; without it each has its own.",
    )
    redis_failure: Literal["open", "closed"] = Field(
        default="open",
        description="While Redis is gone: 'open' goes on with limits of each node's own, 'closed' "
        "answers 503 to what has a limit.",
    )
    prices: dict[str, Annotated[int, Field(ge=0, le=1_000_000_000)]] = Field(
        default={},
        description="Credits for 1,000 characters by model, as JSON: "
        "{\"lightning-v3.1-pro\": 2000}; 'default' is for the others (1000: one a character).",
    )

    # jobs
    job_concurrency: dict[str, Annotated[int, Field(ge=1, le=64)]] = Field(
        default={},
        description='Jobs of a kind that a server runs at a time, as JSON: {"tts": 2}; the others '
        "as many as they choose.",
    )
    jobs_per_account: int = Field(
        default=100, ge=1, description="Unfinished jobs that an account may have; more get a 429."
    )
    job_retention_days: int = Field(
        default=7, ge=1, description="Days after its end when a job and what it made are erased."
    )

    # webhooks
    webhook_allow_private: bool = Field(
        default=False,
        description="Let webhooks go to private addresses and over plain http; for development.",
    )
    webhook_concurrency: int = Field(
        default=32,
        ge=4,
        le=256,
        description="Webhooks that a server sends at a time; those of one account to one host get "
        "a quarter of them.",
    )
    webhook_retry_seconds: float = Field(
        default=1.0,
        gt=0,
        le=60,
        description="Pause before the first retry of a webhook; each further one is twice as long, "
        "up to 10 minutes.",
    )
    webhook_disable_hours: float = Field(
        default=24.0,
        ge=0,
        description="How long a webhook may accept nothing before it is disabled.",
    )
    webhook_retention_days: int = Field(
        default=7, ge=1, description="Days for which events can be looked at and replayed."
    )

    # results
    object_url: str | None = Field(
        default=None,
        description="Where results and reference audio are kept: s3://bucket/prefix or another "
        "URL that obstore knows. Default: a folder in the data folder.",
    )
    object_key: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Secret that encrypts what is kept there, and the secrets of webhooks, 32 "
        "characters or more; without it nothing is encrypted.",
    )
    file_url_seconds: int = Field(
        default=3600, ge=1, le=604_800, description="How long a signed URL of a result holds."
    )
    public_url: str | None = Field(
        default=None,
        description="Base URL that clients reach this server by, for URLs in replies and webhooks. "
        "Default: that of the request.",
    )

    # cloning
    clones_per_account: int = Field(
        default=100, ge=0, description="Cloned voices that an account may have; more get a 400."
    )
    clone_wait_seconds: float = Field(
        default=30.0,
        ge=0,
        description="How long creating a clone waits for it; one that takes longer is answered "
        "with status 'processing'.",
    )
    clone_timeout_seconds: float = Field(
        default=300.0, gt=0, description="Longest time that making one clone may take."
    )

    # watching
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe log level that is written."
    )
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto", description="Log lines: JSON, readable, or by whether stderr is a terminal."
    )

    # logs of requests
    content_logging: bool = Field(
        default=True,
        description="Whether the request log keeps what was said; without, it keeps the length.",
    )
    content_retention_days: int = Field(
        default=7,
        ge=1,
        description="Days after which text sent with 'x-expire-content: true' is erased.",
    )
    usage_queue: int = Field(
        default=10_000,
        ge=1,
        description="Log entries that may wait for the database; more are dropped and counted.",
    )

    # obtaining models
    hub_url: str = Field(
        default="https://huggingface.co",
        description="Base URL of the model hub that 'models pull --source hub' reads from.",
    )

    @field_validator("admin_token")
    @classmethod
    def _must_fit_a_header(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None:
            text = token.get_secret_value()
            fits = text.isascii() and text.isprintable() and text == text.strip()
            if len(text) < 16 or not fits:
                raise ValueError("must be 16 or more printable ASCII characters")
        return token

    @property
    def resolved_database_url(self) -> str:
        """The database URL in force, with the SQLite default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'groundswell.db'}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once from the environment."""
    return Settings()
