"""A speech request as the contract writes it (tts.md §§2, 3, 9), turned into one value.

Every transport parses with this: sync, SSE, WebSocket and jobs differ in framing only.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from groundswell.api.body import fit
from groundswell.audio.encode import AudioFormat
from groundswell.errors import InvalidInput, TextTooLong
from groundswell.settings import Settings
from groundswell.synthesis.casting import OwnVoice
from groundswell.text.dictionary import NO_DICTIONARY, Dictionary
from groundswell.text.languages import LANGUAGES

_LEGACY_ONLY = {"he"}
_LISTED_RATES = (8000, 16000, 24000, 44100)
_LONGEST_RUN = 500
_UNBROKEN = re.compile(rf"\S{{{_LONGEST_RUN + 1},}}")


@dataclass(frozen=True, slots=True)
class ModelProfile:
    """How one model's routes differ from the others'.

    Attributes:
        name: hyphen form, as in paths and logs.
        default_voice: voice when ``voice_id`` is missing; ``None`` makes it required.
        default_rate: sample rate when none is given.
        any_rate: whether any integer of 8000..24000 is a rate, or only the four listed.
        tuned: whether ``consistency``, ``similarity`` and ``enhancement`` are checked.
        retired: whether upstream answers 410 today.
    """

    name: str
    default_voice: str | None
    default_rate: int
    any_rate: bool
    tuned: bool
    retired: bool

    def check_rate(self, rate: int | None) -> int:
        """Return the sample rate in force.

        Raises:
            InvalidInput: this model does not offer that rate.
        """
        if rate is None:
            return self.default_rate
        if rate in _LISTED_RATES or (self.any_rate and 8000 <= rate <= 24000):
            return rate
        listed = "8000, 16000, 24000 or 44100"
        offered = "an integer from 8000 to 24000" if self.any_rate else listed
        raise InvalidInput(f"sample_rate must be {offered}.", field="sample_rate")


PROFILES: dict[str, ModelProfile] = {
    profile.name: profile
    for profile in (
        ModelProfile("lightning-v3.1", None, 44100, any_rate=False, tuned=False, retired=False),
        ModelProfile("lightning-v3.1-pro", None, 44100, any_rate=False, tuned=False, retired=False),
        ModelProfile("lightning-v2", "malcom", 24000, any_rate=True, tuned=True, retired=True),
        ModelProfile("lightning-large", "lakshya", 24000, any_rate=True, tuned=True, retired=True),
        ModelProfile("lightning", "emily", 24000, any_rate=True, tuned=False, retired=False),
    )
}
DEFAULT_MODEL = "lightning-v3.1"


def model_name(spelled: str) -> str:
    """Return the hyphen form of a model's name, whichever way it is spelled.

    Raises:
        InvalidInput: there is no such model.
    """
    name = spelled.replace("_", "-")
    if name not in PROFILES:
        known = ", ".join(PROFILES)
        raise InvalidInput(f"Unknown model {spelled[:40]!r}; known: {known}.", field="model")
    return name


def _not_a_boolean(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be a number")  # noqa: TRY004 - pydantic collects ValueErrors
    return value


_Number = Annotated[float, BeforeValidator(_not_a_boolean), Field(allow_inf_nan=False)]
_ClientId = Annotated[str, Field(max_length=128, pattern=r"^[a-zA-Z0-9_\-.]*$")]


class SpeechBody(BaseModel):
    """The fields of a speech request. Unknown fields are tolerated."""

    model_config = ConfigDict(extra="ignore", title="Speech request")

    text: str = Field(description="What to say.", examples=["Hello from my own machine."])
    voice_id: str | None = Field(None, description="A voice of get_voices.", examples=["magnus"])
    model: str | None = Field(None, description="Model name; hyphens or underscores.")
    sample_rate: Annotated[int, BeforeValidator(_not_a_boolean)] | None = Field(
        None, description="Samples per second: 8000, 16000, 24000 or 44100."
    )
    speed: Annotated[_Number, Field(ge=0.5, le=2)] = Field(1.0, description="0.5 to 2.")
    language: str | None = Field(None, description="Language code, or auto.")
    number_pronunciation_language: str | None = Field(
        None, description="Language in which numbers are read."
    )
    math_notation: bool = Field(False, description="Read operators between digits as words.")
    output_format: AudioFormat | None = Field(None, description="pcm, mp3, wav, ulaw or alaw.")
    add_wav_header: bool = Field(False, description="Legacy: true asks for WAV.")
    pronunciation_dicts: list[str] = Field([], description="Ids of pronunciation dictionaries.")
    word_timestamps: bool = Field(False, description="WebSocket only; ignored here.")
    session_id: _ClientId | None = Field(None, description="Echoed in X-External-Session-Id.")
    request_id: _ClientId | None = Field(None, description="Echoed in X-External-Request-Id.")
    stream: bool = Field(False, description="Send the body as it is made.")
    later: bool = Field(
        False,
        alias="async",
        description="Answer 202 at once and speak as a job; for texts of up to 200,000 characters.",
    )
    webhook_url: Annotated[str, Field(max_length=2048)] | None = Field(
        None, description="Speak as a job, and tell this URL when it has ended."
    )


class Tuning(BaseModel):
    """Ranges the retired models document; the values have no counterpart in our model."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    consistency: Annotated[_Number, Field(ge=0, le=1)] | None = None
    similarity: Annotated[_Number, Field(ge=0, le=1)] | None = None
    enhancement: bool | Annotated[_Number, Field(ge=0, le=2)] | None = None


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """A speech request, checked; what is left to find out is whether its text can be spoken.

    Attributes:
        number_language: language in which numbers are read; the text's own when None.
        math_notation: read operators between digits as words.
        pronunciation_dicts: ids as given; ``take.with_belongings`` loads them.
        own: the account's own voice that ``voice_id`` names, if it does.
        dictionary: what they said when the request began.
        deferred: it is to be done as a job.
        webhook_url: where the end of that job is to be told.
    """

    model: str
    text: str
    voice_id: str
    language: str
    speed: float
    sample_rate: int
    output_format: AudioFormat
    stream: bool
    word_timestamps: bool
    session_id: str
    request_id: str
    tuning: Tuning
    number_language: str | None = None
    math_notation: bool = False
    pronunciation_dicts: tuple[str, ...] = ()
    dictionary: Dictionary = NO_DICTIONARY
    own: OwnVoice | None = None
    deferred: bool = False
    webhook_url: str | None = None

    def as_fields(self) -> dict[str, Any]:
        """The fields of a body that asks for the same, as JSON."""
        return {
            "text": self.text,
            "voice_id": self.voice_id,
            "model": self.model,
            "language": self.language,
            "speed": self.speed,
            "sample_rate": self.sample_rate,
            "output_format": self.output_format,
            "number_pronunciation_language": self.number_language,
            "math_notation": self.math_notation,
            "pronunciation_dicts": list(self.pronunciation_dicts),
            "session_id": self.session_id,
            "request_id": self.request_id,
            "async": self.deferred,
        }

    def as_pcm(self) -> "SpeechRequest":
        """Return the same request for headerless PCM."""
        return replace(self, output_format="pcm")

    def manner(self) -> tuple[object, ...]:
        """All that two texts must share to be spoken as one."""
        return (
            self.voice_id,
            self.language,
            self.speed,
            self.sample_rate,
            self.output_format,
            self.number_language,
            self.math_notation,
            self.pronunciation_dicts,
        )


def parse_speech(
    fields: dict[str, Any],
    profile: ModelProfile,
    settings: Settings,
    *,
    fragment: bool = False,
    deferrable: bool = False,
) -> SpeechRequest:
    """Check a parsed JSON body against the contract.

    Args:
        fields: the JSON object.
        profile: the route's model.
        settings: limits in force.
        fragment: the text is a part of more to come, and may be empty.
        deferrable: the request may ask to be done as a job.

    Raises:
        InvalidInput: with the field to blame.
    """
    body = fit(SpeechBody, fields)
    if body.model is not None:
        named = PROFILES[model_name(body.model)]
        # The named v3.1 route takes the pro model in its body; old clients repeat their route's.
        profile = named if profile.name == DEFAULT_MODEL else profile
    tuning = fit(Tuning, fields) if profile.tuned else Tuning()
    voice = body.voice_id or profile.default_voice
    if voice is None:
        raise InvalidInput("The 'voice_id' field is required.", field="voice_id")
    legacy = profile.any_rate
    number_language = _language(
        body.number_pronunciation_language, legacy, "number_pronunciation_language"
    )
    deferred = deferrable and (body.later or body.webhook_url is not None)
    check_characters(
        body.text, settings.max_job_text_chars if deferred else settings.max_text_chars
    )
    if not fragment:
        check_whole(body.text)
    return SpeechRequest(
        model=profile.name,
        text=body.text,
        voice_id=voice,
        language=_language(body.language, legacy, "language") or number_language or "en",
        speed=body.speed,
        sample_rate=profile.check_rate(body.sample_rate),
        output_format=body.output_format
        or ("wav" if body.add_wav_header or deferred else "pcm"),  # a file says what it is
        stream=body.stream,
        word_timestamps=body.word_timestamps,
        session_id=body.session_id or "",
        request_id=body.request_id or "",
        tuning=tuning,
        number_language=None if number_language == "auto" else number_language,
        math_notation=body.math_notation,
        pronunciation_dicts=tuple(body.pronunciation_dicts),
        deferred=deferred,
        webhook_url=body.webhook_url if deferred else None,
    )


def check_characters(text: str, limit: int) -> None:
    """Refuse a text above the cap, or with what no writing holds.

    Raises:
        TextTooLong, InvalidInput: as said.
    """
    if len(text) > limit:
        raise TextTooLong(len(text), limit)
    for character in text:
        category = unicodedata.category(character)
        if category == "Cs":
            raise InvalidInput("The 'text' field holds half a surrogate pair.", field="text")
        if category == "Cc" and not character.isspace():
            raise InvalidInput(
                f"The 'text' field holds the control character U+{ord(character):04X}.",
                field="text",
            )


def check_whole(text: str) -> None:
    """Refuse a whole text that is not worth planning.

    Raises:
        InvalidInput: it is empty, or has a "word" that nobody could read.
    """
    if not text.strip():
        raise InvalidInput("The 'text' field is required.", field="text")
    for run in _UNBROKEN.finditer(text):
        # Scripts without spaces are written like that; Latin letters in such a run are not words.
        if sum(character.isascii() for character in run.group()) > _LONGEST_RUN:
            raise InvalidInput(
                f"The 'text' field holds a run of {len(run.group())} characters without a space; "
                f"{_LONGEST_RUN} is the longest that can be read.",
                field="text",
            )


def _language(code: str | None, legacy: bool, field: str) -> str | None:
    if code is None or code == "":
        return None
    if code == "auto" or (code in LANGUAGES and (legacy or code not in _LEGACY_ONLY)):
        return code
    raise InvalidInput(f"{field} {code[:40]!r} is not a language of this model.", field=field)
