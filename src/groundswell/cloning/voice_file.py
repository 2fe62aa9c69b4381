"""A clone's voice as bytes: NumPy arrays in one archive, without pickles."""

import io
import zipfile

import numpy as np

from groundswell.errors import GroundswellError
from groundswell.synthesis.statistics import VoiceStatistics
from groundswell.synthesis.utterance import PitchMap, VoiceModel
from groundswell.synthesis.voices import STYLE_ROWS, STYLE_SIZE

_STATISTICS = ("means", "log_deviations", "description")


def write_voice(voice: VoiceModel) -> bytes:
    """Return a voice as it is stored, about half a megabyte."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        allow_pickle=False,
        style=voice.style,
        scalars=np.array([voice.gain, voice.pitch.scale, voice.pitch.shift], np.float64),
        **{name: getattr(voice.statistics, name) for name in _STATISTICS},
    )
    return buffer.getvalue()


def read_voice(data: bytes) -> VoiceModel:
    """Read a stored voice.

    Raises:
        GroundswellError: the bytes are no voice.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as table:
            style = table["style"]
            gain, scale, shift = (float(value) for value in table["scalars"])
            statistics = VoiceStatistics(*(table[name] for name in _STATISTICS))
    except (OSError, EOFError, ValueError, LookupError, zipfile.BadZipFile) as error:
        raise GroundswellError("The stored voice is damaged.") from error
    if style.shape != (STYLE_ROWS, STYLE_SIZE):
        raise GroundswellError("The stored voice is damaged.")
    style.setflags(write=False)
    return VoiceModel(style, statistics, gain, PitchMap(scale, shift))
