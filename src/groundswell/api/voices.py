"""Voice lists: ``get_voices``, and ``get-all-models`` in both shapes (voices.md §§1, 2)."""

import hashlib
from typing import Any

from fastapi import APIRouter

from groundswell.api.auth import Authenticated
from groundswell.api.speech_request import PROFILES, model_name
from groundswell.synthesis.catalogue import Voice, catalogue
from groundswell.text.languages import LANGUAGES

router = APIRouter(tags=["Voices"])
current = APIRouter(tags=["Voices"])
"""Routes under the current prefix only."""
legacy = APIRouter(tags=["Voices"])
"""Routes under the legacy prefix only."""


@router.get("/{model}/get_voices", summary="The voices of a model")
async def get_voices(model: str, caller: Authenticated) -> dict[str, Any]:
    """List the voices that can be passed as ``voice_id``."""
    return {
        "voices": [
            {"voiceId": voice.id, "displayName": voice.display_name, "tags": _tags(voice)}
            for voice in catalogue().listing(model_name(model))
        ]
    }


@current.get("/voice/get-all-models", summary="All voices, described")
async def get_all_models(caller: Authenticated) -> dict[str, Any]:
    """List every voice with a description."""
    return {
        "voices": [
            {
                "_id": hashlib.sha256(voice.id.encode()).hexdigest()[:24],
                "voiceId": voice.id,
                "displayName": voice.display_name,
                "description": voice.description,
                "audioPreview": "",
                "tags": _tags(voice),
            }
            for voice in catalogue()
        ]
    }


@legacy.get("/voice/get-all-models", summary="All models and their voices (no key needed)")
async def get_all_models_legacy() -> list[dict[str, Any]]:
    """The array that SDK 1.x reads while being imported, before it has a key."""
    return [
        {
            "modelName": model,
            "voiceIds": [{"voiceId": voice.id} for voice in catalogue().listing(model)],
        }
        for model in PROFILES
    ]


def _tags(voice: Voice) -> dict[str, Any]:
    return {
        "language": [LANGUAGES[code].name for code in voice.languages],
        "accent": voice.accent,
        "gender": voice.gender,
        "age": voice.age,
        "emotions": list(voice.emotions),
        "usecases": list(voice.use_cases),
    }
