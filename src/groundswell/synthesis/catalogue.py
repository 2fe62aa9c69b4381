"""The catalogue of voices: vendor names, packs and mixes under one lookup.

``catalogue.toml`` gives every vendor name a fixed mix; the 54 packs are voices too, under their
own names and described by their prefix.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Any

from groundswell.errors import InvalidInput, UnknownVoice
from groundswell.synthesis.voices import PACKS, Mix, pack_mix, parse_mix

#: Every model whose voices can be listed.
MODELS = ("lightning", "lightning-large", "lightning-v2", "lightning-v3.1", "lightning-v3.1-pro")

_ORIGIN = {  # first letter of a pack: accent and languages
    "a": ("american", ("en",)),
    "b": ("british", ("en",)),
    "e": ("spanish", ("es", "en")),
    "f": ("french", ("fr", "en")),
    "h": ("indian", ("hi", "en")),
    "i": ("italian", ("it", "en")),
    "j": ("japanese", ("ja", "en")),
    "p": ("brazilian", ("pt", "en")),
    "z": ("chinese", ("zh", "en")),
}
_GENDER = {"f": "female", "m": "male"}
# Packs of one name differ by language only: these say so in their display name.
_SHARED_NAMES = frozenset({"alex", "alpha", "dora", "santa"})

_MAPPABLE = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_CLONE = re.compile(r"voice_[a-z0-9]{10}")


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice as the catalogue knows it.

    Args:
        id: what a request passes as ``voice_id``.
        display_name: for people.
        mix: the packs it is made of.
        gender: ``male`` or ``female``.
        accent: lower-case word: american, british, indian, spanish, …
        age: ``young``, ``middle aged`` or ``senior``.
        languages: contract codes; the first is the primary one.
        emotions: emotion tags, may be empty.
        use_cases: conversational, narration.
        description: one sentence.
        pools: the models that list it.
        native: whether it is a pack or a mix rather than a vendor name.
        alias_of: the voice this one is another name of, if any.

    """

    id: str
    display_name: str
    mix: Mix
    gender: str
    accent: str
    age: str
    languages: tuple[str, ...]
    emotions: tuple[str, ...]
    use_cases: tuple[str, ...]
    description: str
    pools: tuple[str, ...]
    native: bool
    alias_of: str | None = None

    @property
    def british(self) -> bool:
        """Whether English is pronounced the British way (Australian is nearer to it)."""
        return self.accent in {"british", "australian"}


class Catalogue:
    """All voices, vendor names first, in the order of the listings.

    Args:
        document: the parsed ``catalogue.toml``.

    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        vendor = _read_groups(document)
        for entry in document["alias"]:
            vendor[entry["id"]] = replace(
                vendor[entry["of"]],
                id=entry["id"],
                display_name=_title(entry["id"]),
                pools=tuple(entry["pools"]),
                alias_of=entry["of"],
            )
        self._voices = vendor | {pack: _native(pack) for pack in PACKS}
        self._stand_ins = tuple(
            voice
            for voice in vendor.values()
            if voice.languages[0] == "en" and "lightning-v3.1" in voice.pools and not voice.alias_of
        )

    def __iter__(self) -> Iterator[Voice]:
        return iter(self._voices.values())

    def __len__(self) -> int:
        return len(self._voices)

    def resolve(self, voice_id: str, *, map_unknown: bool = False) -> Voice:
        """Find the voice a ``voice_id`` means: a catalogue name, a pack, or a mix of either.

        Args:
            voice_id: as the request gave it; letter case does not matter.
            map_unknown: give unknown lower-case names a voice, always the same one for a name.

        Raises:
            UnknownVoice: nothing matches.

        """
        found = self._voices.get(voice_id) or self._voices.get(voice_id.lower())
        if found:
            return found
        if "+" in voice_id or ":" in voice_id:
            return self._mixed(voice_id)
        # An id in the form of a clone's is a clone we do not have, never a name to map.
        if map_unknown and _MAPPABLE.fullmatch(voice_id) and not _CLONE.fullmatch(voice_id):
            return self._stand_in(voice_id)
        raise UnknownVoice(voice_id)

    def listing(self, model: str) -> tuple[Voice, ...]:
        """Return the voices a model lists: vendor names, then packs.

        Args:
            model: one of ``MODELS``; underscores may stand for hyphens and the point.

        Raises:
            InvalidInput: no such model.

        """
        name = model.lower().replace("_", "-").replace("v3-1", "v3.1")
        if name not in MODELS:
            raise InvalidInput(
                f"Unknown model {model[:40]!r}; known: {', '.join(MODELS)}.", field="model"
            )
        return tuple(voice for voice in self if name in voice.pools)

    def _mixed(self, text: str) -> Voice:
        mix = parse_mix(text, self._part)
        name = str(mix)
        if name in self._voices:
            return self._voices[name]
        heaviest = _native(max(mix.parts, key=lambda part: part[1])[0])
        female = sum(share for pack, share in mix.parts if pack[1] == "f")
        return replace(
            heaviest,
            id=name,
            display_name=name,
            mix=mix,
            gender="female" if female >= 0.5 else "male",
            description=f"A mix of {len(mix.parts)} packs.",
        )

    def _part(self, name: str) -> Mix:
        if name not in self._voices:
            raise UnknownVoice(name)
        return self._voices[name].mix

    def _stand_in(self, name: str) -> Voice:
        # The highest digest wins, so a voice added later takes few names from the others.
        def rank(voice: Voice) -> bytes:
            return hashlib.sha256(f"{name}\n{voice.id}".encode()).digest()

        chosen = max(self._stand_ins, key=rank)
        return replace(chosen, id=name, display_name=_title(name), alias_of=chosen.id)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the catalogue that comes with the package, read once."""
    text = resources.files("groundswell.synthesis").joinpath("catalogue.toml").read_text("utf-8")
    return Catalogue(tomllib.loads(text))


def _read_groups(document: Mapping[str, Any]) -> dict[str, Voice]:
    voices: dict[str, Voice] = {}
    for group in document["group"]:
        for gender in _GENDER.values():
            for name, entry in group.get(gender, {}).items():
                if name in voices:
                    raise ValueError(f"catalogue.toml names {name!r} twice")
                age = entry.get("age", "young")
                uses = tuple(entry.get("uses", ("conversational",)))
                voices[name] = Voice(
                    id=name,
                    display_name=_title(name),
                    mix=parse_mix(entry["mix"]),
                    gender=gender,
                    accent=group["accent"],
                    age=age,
                    languages=tuple(group["languages"]),
                    emotions=tuple(entry.get("emotions", ())),
                    use_cases=uses,
                    description=_describe(age, group["accent"], gender, uses),
                    pools=tuple(group["pools"]),
                    native=False,
                )
    return voices


def _native(pack: str) -> Voice:
    prefix, _, name = pack.partition("_")
    accent, languages = _ORIGIN[prefix[0]]
    gender = _GENDER[prefix[1]]
    uses = ("conversational", "narration")
    title = _title(name)
    return Voice(
        id=pack,
        display_name=f"{title} ({accent.capitalize()})" if name in _SHARED_NAMES else title,
        mix=pack_mix(pack),
        gender=gender,
        accent=accent,
        age="young",
        languages=languages,
        emotions=(),
        use_cases=uses,
        description=_describe("young", accent, gender, uses),
        pools=MODELS,
        native=True,
    )


def _title(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").title()


def _describe(age: str, accent: str, gender: str, uses: tuple[str, ...]) -> str:
    """One sentence: ``Young American woman, for narration.``."""
    person = {"male": "man", "female": "woman"}[gender]
    spoken_age = age.replace(" ", "-").capitalize()
    purposes = " and ".join({"conversational": "conversation"}.get(use, use) for use in uses)
    return f"{spoken_age} {accent.capitalize()} {person}, for {purposes}."
