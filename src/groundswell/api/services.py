"""What the handlers work with: made once at start, reached from every request."""

from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from groundswell.accounts.accounts import Accounts
from groundswell.accounts.activity import Activity
from groundswell.accounts.admission import Admission
from groundswell.accounts.credits import Ledger
from groundswell.accounts.history import History
from groundswell.accounts.keys import Keys
from groundswell.accounts.limits import Limits
from groundswell.accounts.prices import Prices
from groundswell.accounts.statement import Statements
from groundswell.accounts.usage import UsageRecorder
from groundswell.api.metrics import USAGE_DROPPED
from groundswell.errors import ModelUnavailable
from groundswell.settings import Settings
from groundswell.store.database import Database
from groundswell.synthesis.engine import Engine
from groundswell.synthesis.speaker import Speaker


@dataclass(frozen=True, slots=True)
class Voicebox:
    """A warm model and the engine that runs it."""

    speaker: Speaker
    engine: Engine


@dataclass(slots=True)
class Services:
    """The parts of a running server.

    Attributes:
        voicebox: absent until the model is loaded and warm.
        failure: why it could not be, if so.
    """

    settings: Settings
    database: Database
    keys: Keys
    voicebox: Voicebox | None = None
    failure: str | None = None
    activity: Activity = field(init=False)
    usage: UsageRecorder = field(init=False)
    history: History = field(init=False)
    ledger: Ledger = field(init=False)
    accounts: Accounts = field(init=False)
    limits: Limits = field(init=False)
    admission: Admission = field(init=False)
    statements: Statements = field(init=False)

    def __post_init__(self) -> None:
        """Build what needs nothing but the database."""
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

    def ready_voicebox(self) -> Voicebox:
        """Return the voice box.

        Raises:
            ModelUnavailable: the server is still warming up, or cannot speak at all.
        """
        if self.voicebox is None:
            raise ModelUnavailable("model", self.failure or "is being loaded", "Try again shortly.")
        return self.voicebox


def services(connection: HTTPConnection) -> Services:
    """Return the services of the application that serves this connection."""
    found: Services = connection.app.state.services
    return found
