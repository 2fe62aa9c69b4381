"""The reference recording: is it one person's clear speech, and if not, what can be done about it.

Criteria are few and simple; each threshold lies between what recordings of single speakers
(LibriSpeech) measure and what the fault it is named after does to them (``docs/cloning.md``).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.audio.decode import decode
from groundswell.cloning.encoder import RATE, SpeakerEncoder, normalise
from groundswell.cloning.pitch import PITCH_SECONDS, Pitch, describe, track
from groundswell.errors import InvalidInput

Float32 = NDArray[np.float32]

SHORTEST, LONGEST = 3.0, 60.0
"""Seconds: of speech at least, of recording at most."""
_ENOUGH = 10.0
"""Seconds of speech from which more adds little to the embedding."""

_FRAME, _HOP = 400, 160
_BELOW_SPEECH = 33.0
"""Decibels below the loudest frames down to which a frame counts as speech."""
_MARGIN = 15
"""Frames (0.15 s) kept on both sides of speech."""

_TOO_QUIET, _QUIET = -55.0, -42.0
"""Level of the loud frames in dBFS. LibriSpeech: -30 to -15."""
_CLIPPED, _SOME_CLIPPED = 0.01, 0.0005
"""Share of samples at the peak. LibriSpeech: below 0.00005; eight-fold overdriven: 0.05 to 0.09."""
_NOISY, _SOME_NOISE = 10.0, 17.0
"""Decibels between loud and quiet frames. LibriSpeech: 22 to 53; 0 dB of noise: 7 to 8."""
_STEADY = 0.6
"""Share of voiced frames whose pitch stays within 0.4 %. LibriSpeech: 0.12 to 0.34; music: 0.9."""
_VOICED = 0.08
"""Share of frames with a pitch. LibriSpeech: 0.3 to 0.6; noise: 0."""
_APART = 0.75
"""Cosine between the halves of the partial embeddings that differ most. One LibriSpeech speaker:
0.83 to 0.95; two: 0.51 to 0.61."""
_NARROW_RATE = 12000


@dataclass(frozen=True, slots=True)
class Reference:
    """What is known of the speaker.

    Attributes:
        embedding: [256] of the speaker encoder.
        pitch: of the speech.
        seconds: of speech.
        warnings: what would make a better clone, for the user to read.
    """

    embedding: Float32
    pitch: Pitch
    seconds: float
    warnings: tuple[str, ...]


def examine(data: bytes, encoder: SpeakerEncoder) -> Reference:
    """Decode a reference and measure the speaker.

    Raises:
        InvalidInput: it cannot be used, with the reason and the remedy.
    """
    recording = decode(data, rate=RATE, longest=LONGEST)
    samples = recording.samples
    seconds = samples.size / RATE
    if seconds < SHORTEST:
        raise _unfit(
            f"too short ({seconds:.1f} seconds)",
            f"Send at least {SHORTEST:g} seconds of speech, better {_ENOUGH:g}",
        )
    levels = _levels(samples)
    loud, quiet = np.percentile(levels, [95, 5])
    warnings = []
    if loud < _TOO_QUIET:
        raise _unfit(f"too quiet ({loud:.0f} dBFS)", "Record nearer to the microphone, or louder")
    if loud < _QUIET:
        warnings.append(f"The recording is quiet ({loud:.0f} dBFS): a louder one may clone better.")
    speech = _speech(samples, levels)
    spoken = speech.size / RATE
    if spoken < SHORTEST:
        raise _unfit(
            f"mostly silence ({spoken:.1f} of {seconds:.1f} seconds are speech)",
            f"Send at least {SHORTEST:g} seconds of speech, better {_ENOUGH:g}",
        )
    clipped = float(np.mean(np.abs(samples) >= 0.999 * np.abs(samples).max()))
    pitch_track = track(samples)
    _refuse_other_than_speech(pitch_track)
    if clipped > _CLIPPED:
        raise _unfit("clipped (overdriven)", "Lower the recording level")
    if clipped > _SOME_CLIPPED:
        warnings.append("Parts are clipped: a lower recording level clones better.")
    if loud - quiet < _NOISY:
        raise _unfit("too noisy", "Record in a quiet place, without music or other voices")
    if loud - quiet < _SOME_NOISE:
        warnings.append("There is noise or music behind the voice: a quiet place clones better.")
    if spoken < _ENOUGH:
        warnings.append(f"Only {spoken:.1f} seconds of speech: {_ENOUGH:g} or more clone better.")
    if recording.original_rate < _NARROW_RATE:
        warnings.append(
            f"Recorded at {recording.original_rate} Hz, like a telephone: "
            "16000 Hz or more clones better."
        )
    partials = encoder.partials(speech)
    if closeness_of_halves(partials) < _APART:
        raise _unfit("of several speakers", "Send one person's speech only")
    pitch = describe(pitch_track, PITCH_SECONDS)
    return Reference(normalise(partials.mean(axis=0)), pitch, spoken, tuple(warnings))


def closeness_of_halves(partials: Float32) -> float:
    """Cosine between the centres of two groups of embeddings, parted as far as they can be.

    Two-means clustering from the two partials that differ most.

    Args:
        partials: [n, 256], each of length 1.
    """
    cosines = partials @ partials.T
    pair = np.unravel_index(int(cosines.argmin()), cosines.shape)
    centres = partials[list(pair)]
    for _ in range(10):
        second = (partials @ centres.T).argmax(axis=1) == 1
        if second.all() or not second.any():
            return 1.0
        groups = [partials[~second].mean(axis=0), partials[second].mean(axis=0)]
        centres = normalise(np.stack(groups))
    return float(centres[0] @ centres[1])


def _refuse_other_than_speech(pitch_track: NDArray[np.float64]) -> None:
    voiced = pitch_track > 0
    if voiced.mean() < _VOICED:
        raise _unfit("without speech", "Send the speech of one person")
    logs = np.log(np.where(voiced, pitch_track, 1.0))
    steps = np.abs(np.diff(logs))[voiced[1:] & voiced[:-1]]
    if steps.size and np.mean(steps < 0.004) > _STEADY:
        raise _unfit("music or a tone", "Send plain speech, neither sung nor accompanied")


def _unfit(fault: str, remedy: str) -> InvalidInput:
    return InvalidInput(f"The recording is {fault}. {remedy}.", field="file")


def _levels(samples: Float32) -> NDArray[np.float64]:
    """Level in dBFS of 25 ms every 10 ms."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_HOP]
    power = np.einsum("ij,ij->i", frames, frames, dtype=np.float64) / _FRAME
    levels: NDArray[np.float64] = 10 * np.log10(power + 1e-12)
    return levels


def _speech(samples: Float32, levels: NDArray[np.float64]) -> Float32:
    """The samples without long silences."""
    loudest = np.percentile(levels, 99)  # speech may be a small part of it
    active = (levels > loudest - _BELOW_SPEECH).astype(np.float64)
    wide = np.convolve(active, np.ones(2 * _MARGIN + 1), mode="same") > 0
    kept = np.repeat(wide, _HOP)
    return samples[: kept.size][kept[: samples.size]]
