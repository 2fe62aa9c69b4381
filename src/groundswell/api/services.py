"""What the handlers work with: made once at start, reached from every request."""

from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from groundswell.accounts.admission import Admission
from groundswell.accounts.dictionaries import Dictionaries
from groundswell.accounts.keys import Keys
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
    admission: Admission = field(default_factory=Admission)
    voicebox: Voicebox | None = None
    failure: str | None = None
    dictionaries: Dictionaries = field(init=False)

    def __post_init__(self) -> None:
        self.dictionaries = Dictionaries(self.database)

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
