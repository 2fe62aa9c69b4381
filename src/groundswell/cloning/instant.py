"""The method "instant": the best of a few points of the voice space, by ear of the encoder.

Candidates are inversions of the forward model, from cautious to strict. Each speaks a few phrases
at the reference's pitch and is compared with it, once what the phrases themselves add to an
embedding is taken away. Steps from the best one follow, each to where
the forward model, shifted to agree with what was measured, sees the reference. The best of all
is kept. No gradients, some dozen short syntheses.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from groundswell.audio.limit import limit
from groundswell.audio.loudness import integrated
from groundswell.audio.resample import MODEL_RATE
from groundswell.cloning.encoder import RATE, SpeakerEncoder
from groundswell.cloning.pitch import Pitch, describe
from groundswell.cloning.reference import Reference
from groundswell.cloning.space import Array, Forward, VoiceSpace
from groundswell.synthesis.geometry import SAMPLES_PER_FRAME
from groundswell.synthesis.kokoro import Kokoro
from groundswell.synthesis.loudness import gain_for
from groundswell.synthesis.model_files import locate
from groundswell.synthesis.utterance import PitchMap, VoiceModel
from groundswell.synthesis.vocode import vocode
from groundswell.synthesis.voices import VoicePacks, style_row

Float32 = NDArray[np.float32]

_CAUTIOUS_TO_STRICT = (300.0, 1000.0, 3000.0)
_STEPS = (1000.0, 300.0, 100.0)
"""Strictness of the inversions and of the steps from the best of them. Each step is of another
one: after a step that was in vain the same again would lead to the same point."""
_JUDGED_ON = (0, 4)
"""Phrases on which candidates are compared."""
_HEARD_ON = (2, 6, 9)
"""Phrases on which the result is measured: others than those it was chosen by."""
_LIVELINESS = (0.5, 1.8)
"""Limits of the stretch of log F0: beyond, unvoiced edges of words begin to squeak."""
_F0_SECONDS = SAMPLES_PER_FRAME / MODEL_RATE / 2

Listener = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Clone:
    """A voice made after a reference.

    Attributes:
        voice: what speaks.
        similarity: cosine of the speaker encoder, on phrases it was not chosen by.
        speech: [n] those phrases at 24 kHz.
    """

    voice: VoiceModel
    similarity: float
    speech: Float32


class Instant:
    """Makes clones; keeps the model loaded between them.

    Args:
        model: Kokoro.
        packs: the stock voices.
        encoder: the speaker encoder that references were examined with.
    """

    def __init__(self, model: Kokoro, packs: VoicePacks, encoder: SpeakerEncoder) -> None:
        self._model, self._encoder = model, encoder
        self._space = VoiceSpace(packs)
        self._forward = Forward.load()

    @classmethod
    def load(cls, models_dir: Path, encoder: SpeakerEncoder, *, threads: int) -> "Instant":
        """Load the model.

        Raises:
            ModelUnavailable: a model file is missing or damaged.
        """
        paths = locate(models_dir)
        return cls(Kokoro(paths, threads=threads), VoicePacks(paths.voices), encoder)

    def clone(self, reference: Reference, progress: Listener = lambda *_: None) -> Clone:
        """Make a voice like a reference.

        Args:
            reference: as ``examine`` found it.
            progress: is told how far it is, 0 to 1, and of what.
        """
        wanted = reference.embedding.astype(np.float64)
        best: tuple[float, Array, Array] | None = None
        tries = len(_CAUTIOUS_TO_STRICT) + len(_STEPS)
        for number, point in enumerate(self._candidates(wanted, reference.pitch)):
            progress(number / tries, "comparing voices")
            found = self._listen(point, reference)
            likeness = float(found @ wanted / np.linalg.norm(found))
            if best is None or likeness > best[0]:
                best = likeness, point, found
        assert best is not None
        for number, strictness in enumerate(_STEPS, start=tries - len(_STEPS)):
            progress(number / tries, "refining")
            _, point, found = best
            near = wanted * np.linalg.norm(found)
            moved = self._forward.invert(near, found, point, strictness)
            found = self._listen(moved, reference)
            likeness = float(found @ wanted / np.linalg.norm(found))
            if likeness > best[0]:
                best = likeness, moved, found
        progress(0.9, "measuring")
        return self._finish(best[1], reference)

    def _candidates(self, wanted: Array, pitch: Pitch) -> Iterator[Array]:
        origin = self._forward.at(pitch)
        start = np.zeros(len(self._forward.of_point))
        # Embeddings that a linear model foretells are shorter than 1.
        near = wanted * np.linalg.norm(origin)
        for strictness in _CAUTIOUS_TO_STRICT:
            yield self._forward.invert(near, origin, start, strictness)

    def _listen(self, point: Array, reference: Reference) -> Array:
        """The embedding of a point spoken at the reference's pitch, whatever the phrase."""
        _, spoken = self._speak(point, reference, _JUDGED_ON)
        heard = [
            self._embed(speech) - self._forward.of_phrase[phrase]
            for phrase, speech in zip(_JUDGED_ON, spoken, strict=True)
        ]
        embedding: Array = np.mean(heard, axis=0)
        return embedding

    def _finish(self, point: Array, reference: Reference) -> Clone:
        voice, spoken = self._speak(point, reference, _HEARD_ON)
        gain = gain_for(integrated(np.concatenate(spoken), MODEL_RATE))
        speech = np.concatenate([limit(each * np.float32(gain)) for each in spoken])
        similarity = float(self._embed(speech) @ reference.embedding)
        return Clone(replace(voice, gain=gain), similarity, speech)

    def _speak(
        self, point: Array, reference: Reference, phrases: tuple[int, ...]
    ) -> tuple[VoiceModel, list[Float32]]:
        """Speak phrases with a point of the space, brought to the reference's pitch.

        As ``synthesise`` does it, but the pitch map must be found between front and vocoder.
        """
        style, statistics = self._space.style(point), self._space.statistics(point)
        prosodies = []
        for phrase in phrases:
            phonemes = self._forward.phrases[phrase]
            row = style_row(style, len(phonemes))
            prosodies.append(self._model.predict(phonemes, row, 1.0))
        own = describe(np.concatenate([each.f0.reshape(-1) for each in prosodies]), _F0_SECONDS)
        pitch = _pitch_map(own, reference.pitch)
        spoken = []
        for prosody in prosodies:
            moved = replace(prosody, f0=pitch.apply(prosody.f0))
            stretches = vocode(self._model, moved, statistics, soon=False)
            spoken.append(np.concatenate([stretch.samples for stretch in stretches]))
        return VoiceModel(style, statistics, pitch=pitch), spoken

    def _embed(self, speech: Float32) -> Float32:
        return self._encoder.embed(soxr.resample(speech, MODEL_RATE, RATE).astype(np.float32))


def _pitch_map(own: Pitch, wanted: Pitch) -> PitchMap:
    """The map that gives a voice the pitch of another."""
    if not own.voiced or not wanted.voiced:
        return PitchMap()
    scale = float(np.clip(wanted.deviation / max(own.deviation, 0.01), *_LIVELINESS))
    return PitchMap(scale, wanted.mean - scale * own.mean)
