"""Groundswell: self-hosted speech behind the Waves API.

``from groundswell import Speaker`` speaks in three lines; ``groundswell serve`` is the service.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from groundswell.synthesis.speaker import Speaker
    from groundswell.synthesis.utterance import Frames, WordTime

__version__ = "0.1.0"
__all__ = ["Frames", "Speaker", "WordTime", "__version__"]


def __getattr__(name: str) -> Any:
    # Loaded on first use: the command line answers --help without the inference runtime.
    if name == "Speaker":
        from groundswell.synthesis.speaker import Speaker

        return Speaker
    if name in {"Frames", "WordTime"}:
        from groundswell.synthesis import utterance

        return getattr(utterance, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
