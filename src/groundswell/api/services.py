"""What the handlers work with: made once at start, reached from every request."""

from dataclasses import dataclass, field
from datetime import timedelta

from starlette.requests import HTTPConnection

from groundswell.accounts.accounts import Accounts
from groundswell.accounts.activity import Activity
from groundswell.accounts.admission import Admission
from groundswell.accounts.credits import Ledger
from groundswell.accounts.dictionaries import Dictionaries
from groundswell.accounts.history import History
from groundswell.accounts.keys import Keys
from groundswell.accounts.limits import Limits
from groundswell.accounts.prices import Prices
from groundswell.accounts.statement import Statements
from groundswell.accounts.usage import UsageRecorder
from groundswell.api.links import Links
from groundswell.api.metrics import USAGE_DROPPED
from groundswell.errors import ModelUnavailable
from groundswell.jobs.cloning import Clones
from groundswell.jobs.jobs import Jobs
from groundswell.jobs.webhooks.service import Webhooks
from groundswell.settings import Settings
from groundswell.store.database import Database
from groundswell.store.objects import Objects
from groundswell.synthesis.casting import Casting
from groundswell.synthesis.engine import Engine


@dataclass(frozen=True, slots=True)
class Voicebox:
    """What turns requests into utterances, and the engine that speaks them."""

    speaker: Casting
    engine: Engine


@dataclass(slots=True)
class Services:
    """The parts of a running server.

    Attributes:
        engine: the engine, from the start of the application.
        voicebox: absent until the engine was ready once and text can be planned.
        failure: why texts cannot be planned, if so.
    """

    settings: Settings
    database: Database
    keys: Keys
    engine: Engine | None = None
    voicebox: Voicebox | None = None
    failure: str | None = None
    dictionaries: Dictionaries = field(init=False)
    activity: Activity = field(init=False)
    usage: UsageRecorder = field(init=False)
    history: History = field(init=False)
    ledger: Ledger = field(init=False)
    accounts: Accounts = field(init=False)
    limits: Limits = field(init=False)
    admission: Admission = field(init=False)
    statements: Statements = field(init=False)
    objects: Objects = field(init=False)
    links: Links = field(init=False)
    jobs: Jobs = field(init=False)
    webhooks: Webhooks = field(init=False)
    clones: Clones = field(init=False)

    def __post_init__(self) -> None:
        """Build what needs nothing but the database."""
        self.dictionaries = Dictionaries(self.database)
        self.activity = Activity()
        self.usage = UsageRecorder(
            self.database,
            self.activity,
            capacity=self.settings.usage_queue,
            on_drop=USAGE_DROPPED.inc,
        )
        self.history = History(self.database)
        self.ledger = Ledger(self.database)
        self.accounts = Accounts(self.database)
        self.limits = Limits(self.settings.redis_url, on_failure=self.settings.redis_failure)
        prices = Prices(self.settings.prices)
        self.admission = Admission(self.keys, self.ledger, self.limits, prices)
        self.statements = Statements(self.database)
        secret = self.settings.object_key
        self.objects = Objects(
            self.settings.data_dir / "objects",
            url=self.settings.object_url,
            secret=secret.get_secret_value() if secret is not None else None,
        )
        self.links = Links(self.database, self.settings)
        self.jobs = Jobs(
            self.database,
            self.settings.data_dir,
            most=self.settings.jobs_per_account,
            retention=timedelta(days=self.settings.job_retention_days),
            concurrency=self.settings.job_concurrency,
        )
        self.webhooks = Webhooks(
            self.database, self.settings, listened_to=lambda: self.admission.running() > 0
        )
        self.clones = Clones(
            self.database,
            self.objects,
            self.jobs,
            models_dir=self.settings.models_dir,
            threads=self.settings.engine_threads,
            most=self.settings.clones_per_account,
            timeout=self.settings.clone_timeout_seconds,
        )

    @property
    def engine_status(self) -> str:
        """``ready``, or what is the matter."""
        if self.failure is not None:
            return self.failure
        if self.engine is None or (self.voicebox is None and self.engine.status == "ready"):
            return "loading"
        return self.engine.status

    def ready_voicebox(self) -> Voicebox:
        """Return the voice box.

        Raises:
            ModelUnavailable: the server is still warming up, or cannot speak at all.
            EngineUnavailable: the engine ended and is being started again.
            SynthesisCancelled: the server is stopping.
        """
        if self.voicebox is None:
            raise ModelUnavailable("model", self.engine_status, "Try again shortly.")
        self.voicebox.engine.check()
        return self.voicebox


def services(connection: HTTPConnection) -> Services:
    """Return the services of the application that serves this connection."""
    found: Services = connection.app.state.services
    return found
