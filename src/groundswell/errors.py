"""The exception tree.

::

    GroundswellError
    ├── InvalidInput          the caller sent something that cannot be used
    │   ├── UnknownReference  an id that names nothing the caller has
    │   │   ├── UnknownVoice
    │   │   └── UnknownDictionary
    │   ├── UnknownLanguage
    │   └── TextTooLong
    ├── BodyTooLarge          a request body above the limit
    ├── Unauthorized          no key, a bad key, a revoked key
    ├── Forbidden             a good key that may not do this
    │   └── CreditsExhausted  its quota or its account's credits are used up
    ├── NotFound              an object that does not exist (or is somebody else's)
    ├── Conflict              it contradicts something that exists
    ├── TooBusy               limits or capacity; carries when to come back
    ├── LimitsUnavailable     the cache that nodes share is gone, and the policy is to refuse
    ├── SynthesisCancelled    the listener went away or the server is stopping
    ├── SynthesisFailed       the model failed on a text
    ├── EngineUnavailable     the engine is starting, or has ended; carries when to come back
    ├── ObjectStoreUnavailable  where results are kept does not answer
    ├── ObjectUnreadable      a stored result was altered, or encrypted with another secret
    └── ModelUnavailable      a model file is missing or damaged; carries the remedy

The wire shapes of these errors are a table in ``groundswell.api.errors``.
"""

from pathlib import Path


class GroundswellError(Exception):
    """Base of every error this package raises on purpose."""


class InvalidInput(GroundswellError):
    """Input that cannot be used.

    Args:
        message: what is wrong and what would be right.
        field: name of the request field, when one is to blame.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class UnknownReference(InvalidInput):
    """An id in a request that names nothing the caller has."""


class UnknownVoice(UnknownReference):
    """A voice id, or a part of a voice mix, that no catalogue entry matches."""

    def __init__(self, voice: str) -> None:
        super().__init__(
            f"Unknown voice {voice[:80]!r}; 'groundswell voices list' shows the known ones.",
            field="voice_id",
        )
        self.voice = voice


class UnknownDictionary(UnknownReference):
    """A pronunciation dictionary id that the account does not have."""

    def __init__(self, dictionary: str) -> None:
        super().__init__(
            f"Unknown pronunciation dictionary {dictionary[:80]!r}.", field="pronunciation_dicts"
        )


class UnknownLanguage(InvalidInput):
    """A language code outside the contract's list."""

    def __init__(self, language: str, *, field: str = "language") -> None:
        super().__init__(f"Unknown language {language[:40]!r}.", field=field)


class TextTooLong(InvalidInput):
    """Text above the configured cap."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            f"The text has {length} characters; the limit is {limit}.",
            field="text",
        )


class BodyTooLarge(GroundswellError):
    """A request body above the configured limit."""


class Unauthorized(GroundswellError):
    """No key, a malformed key, an unknown or revoked key."""


class Forbidden(GroundswellError):
    """A good key that may not do this: out of scope, or of a suspended account."""


class CreditsExhausted(Forbidden):
    """A key's credit quota, or the credits of a prepaid account, are used up."""

    code = "CREDIT_QUOTA_EXCEEDED"


class NotFound(GroundswellError):
    """An object that does not exist, or belongs to another account."""


class Conflict(GroundswellError):
    """A request that contradicts something that exists."""


class TooBusy(GroundswellError):
    """A limit is reached or the machine is full.

    Args:
        message: which limit.
        retry_after: seconds after which a new try makes sense.
        limit: the number that is reached, when there is one.
    """

    def __init__(self, message: str, *, retry_after: float = 1.0, limit: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.limit = limit


class LimitsUnavailable(GroundswellError):
    """The shared limits cannot be asked, and the policy is to refuse meanwhile."""


class SynthesisCancelled(GroundswellError):
    """The listener went away, or the server is stopping; the audio is incomplete."""


class SynthesisFailed(GroundswellError):
    """The model failed while it spoke a text; the audio is incomplete."""


class EngineUnavailable(GroundswellError):
    """The speech engine is being started, or ended while it spoke.

    Args:
        message: what happened.
        retry_after: seconds after which it is expected to be ready.
    """

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ObjectStoreUnavailable(GroundswellError):
    """The store of results does not answer, or refuses."""


class ObjectUnreadable(GroundswellError):
    """A stored object was altered, or encrypted with another secret."""


class ModelUnavailable(GroundswellError):
    """A model file is missing, damaged or of the wrong version.

    Args:
        file: the file in question.
        problem: what is wrong with it.
        remedy: the command or setting that mends it.
    """

    def __init__(
        self, file: Path | str, problem: str, remedy: str = "Run 'groundswell models pull'."
    ) -> None:
        super().__init__(f"{file}: {problem}. {remedy}")
        self.file = str(file)
        self.problem = problem
        self.remedy = remedy
