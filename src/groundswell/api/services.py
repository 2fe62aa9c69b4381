"""What the handlers work with: made once at start, reached from every request."""

from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from groundswell.accounts.admission import Admission
from groundswell.accounts.dictionaries import Dictionaries
from groundswell.accounts.keys import Keys
from groundswell.errors import ModelUnavailable
from groundswell.settings import Settings
from groundswell.store.database import Database
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
    admission: Admission = field(default_factory=Admission)
    engine: Engine | None = None
    voicebox: Voicebox | None = None
    failure: str | None = None
    dictionaries: Dictionaries = field(init=False)

    def __post_init__(self) -> None:
        self.dictionaries = Dictionaries(self.database)

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
