"""How like its speaker a clone sounds, and how long enrolment takes."""

import time
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from groundswell.audio.decode import decode
from groundswell.audio.encode import to_int16, wav_header
from groundswell.bench.judges import BenchFailed
from groundswell.bench.progress import bar
from groundswell.bench.tables import Section, Table, Verdict
from groundswell.cloning.encoder import RATE, SpeakerEncoder
from groundswell.cloning.enrolment import Enrolled, enrol
from groundswell.cloning.voice_file import read_voice
from groundswell.settings import settings
from groundswell.synthesis.casting import OwnVoice
from groundswell.synthesis.model_files import speaker_encoder_path
from groundswell.synthesis.speaker import Speaker
from groundswell.synthesis.synthesise import synthesise

SIMILARITY_TARGET, SECONDS_TARGET = 0.74, 15.0
_REFERENCE_SECONDS, _OTHER_SECONDS = 15, 60
_SENTENCES = (
    "She had your dark suit in greasy wash water all year.",
    "I would rather take the early train tomorrow, if there is still a seat left.",
    "Nobody noticed the small grey cat behind the kitchen door.",
)
"""None of them is a phrase of enrolment."""

Float32 = NDArray[np.float32]


def measure(*, speech: Path) -> Section:
    """Clone every speaker of a folder and compare with other utterances of theirs.

    Args:
        speech: a folder for each speaker, with recordings in it.

    Raises:
        BenchFailed: there are no recordings.
    """
    people = sorted(folder for folder in speech.iterdir() if folder.is_dir())
    if not people:
        raise BenchFailed(f"{speech} has no folder of a speaker.")
    encoder = SpeakerEncoder(speaker_encoder_path(settings().models_dir))
    speaker = Speaker()
    rows: list[tuple[str, float, float, float]] = []
    for person in bar(people, "Cloning"):
        reference, others = _recordings(person)
        file = wav_header(RATE, reference.size * 2) + to_int16(reference)
        began = time.perf_counter()
        made = enrol(
            file, models_dir=settings().models_dir, threads=settings().engine_threads, timeout=3600
        )
        seconds = time.perf_counter() - began
        heard = _speak(speaker, made)
        likeness = float(encoder.embed(heard) @ encoder.embed(others))
        rows.append((person.name, likeness, made.similarity, seconds))
    mean, slowest = float(np.mean([row[1] for row in rows])), max(row[3] for row in rows)
    table = Table(
        "Clones against other utterances of their speakers",
        ("Speaker", "Similarity (GE)", "as reported", "Enrolment"),
        tuple((name, f"{ge:.3f}", f"{own:.3f}", f"{took:.1f} s") for name, ge, own, took in rows),
    )
    verdicts = (
        Verdict(
            f"Similarity to the speaker, mean of {len(rows)}, on unseen sentences",
            f"{mean:.3f}",
            f"≥ {SIMILARITY_TARGET}",
            mean >= SIMILARITY_TARGET,
        ),
        Verdict(
            "Slowest enrolment, its process started and ended",
            f"{slowest:.1f} s",
            f"≤ {SECONDS_TARGET:g} s",
            slowest <= SECONDS_TARGET,
        ),
    )
    return Section("cloning", (table,), verdicts, {"speakers": rows})


def _recordings(person: Path) -> tuple[Float32, Float32]:
    """The reference, and other utterances, at 16 kHz."""
    spoken = [
        decode(file.read_bytes(), rate=RATE, longest=60).samples
        for file in sorted(person.iterdir())
    ]
    ends = np.cumsum([each.size for each in spoken])
    used = int(np.searchsorted(ends, _REFERENCE_SECONDS * RATE)) + 1
    if used >= len(spoken):
        raise BenchFailed(f"{person} has too little speech to clone and to compare with.")
    reference, others = np.concatenate(spoken[:used]), np.concatenate(spoken[used:])
    return reference[: 20 * RATE], others[: _OTHER_SECONDS * RATE]


def _speak(speaker: Speaker, made: Enrolled) -> Float32:
    own = OwnVoice("clone", british=False, model=read_voice(made.voice))
    pieces = [
        piece.samples
        for sentence in _SENTENCES
        for piece in synthesise(speaker.model, speaker.utterance(sentence, own=own))
    ]
    return np.asarray(soxr.resample(np.concatenate(pieces), 24000, RATE), np.float32)
