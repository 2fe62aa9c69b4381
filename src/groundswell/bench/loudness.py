"""Are all voices equally loud, and does nothing clip? Measured on what the API sends."""

import numpy as np
from numpy.typing import NDArray

from groundswell.audio.loudness import integrated
from groundswell.bench.progress import bar
from groundswell.bench.sentences import corpora, passages
from groundswell.bench.subject import Subject
from groundswell.bench.tables import Section, Table, Verdict
from groundswell.synthesis.catalogue import Voice, catalogue
from groundswell.synthesis.loudness import TARGET_LUFS

TOLERANCE_LU = 2.0
"""How far a voice may be from the target: a step that most listeners would not call a change."""
VOICES = 24
_RATE = 44_100
_CLIPPED = 32767 / 32768


def measure(subject: Subject, *, voices: int = VOICES) -> Section:
    """Measure integrated loudness (ITU-R BS.1770) and peaks of a sample of the catalogue.

    Args:
        subject: the server.
        voices: how many, spread evenly over the catalogue.
    """
    rows: list[tuple[str, str, float, float, int]] = []
    for voice in bar(sample(voices), "Loudness"):
        language = _language(voice)
        sound, rate = subject.samples(
            text=passages(language)[0], voice_id=voice.id, language=language, sample_rate=_RATE
        )
        loudness = integrated(sound, rate)
        rows.append((voice.id, language, loudness, peak_db(sound), clipped(sound)))
    loud = np.array([row[2] for row in rows])
    off = float(np.abs(loud - TARGET_LUFS).max())
    clips = sum(row[4] for row in rows)
    verdicts = (
        Verdict(
            f"Integrated loudness of {len(rows)} voices, farthest from {TARGET_LUFS:g} LUFS",
            f"{off:.1f} LU",
            f"≤ {TOLERANCE_LU:g} LU",
            off <= TOLERANCE_LU,
        ),
        Verdict("Clipped samples", str(clips), "0", clips == 0),
    )
    summary = Table(
        "Loudness over all voices",
        ("Voices", "Mean LUFS", "Standard deviation", "Quietest", "Loudest", "Highest peak dBFS"),
        (
            (
                str(len(rows)),
                f"{loud.mean():.1f}",
                f"{loud.std():.2f}",
                f"{loud.min():.1f}",
                f"{loud.max():.1f}",
                f"{max(row[3] for row in rows):.1f}",
            ),
        ),
    )
    each = Table(
        "Each voice",
        ("Voice", "Language", "LUFS", "Peak dBFS", "Clipped samples"),
        tuple((i, lang, f"{lufs:.1f}", f"{peak:.1f}", str(n)) for i, lang, lufs, peak, n in rows),
    )
    data = {
        "target_lufs": TARGET_LUFS,
        "voices": [
            dict(zip(("voice", "language", "lufs", "peak_dbfs", "clipped"), row, strict=True))
            for row in rows
        ],
    }
    return Section("loudness", (summary, each), verdicts, data)


def sample(count: int) -> list[Voice]:
    """Return voices spread evenly over the catalogue: vendor names and packs, no aliases."""
    distinct = [voice for voice in catalogue() if voice.alias_of is None]
    count = min(count, len(distinct))
    return [distinct[round(at * (len(distinct) - 1) / max(1, count - 1))] for at in range(count)]


def peak_db(samples: NDArray[np.float32]) -> float:
    """Return the highest sample in dBFS."""
    return float(20 * np.log10(max(1e-9, float(np.abs(samples).max()))))


def clipped(samples: NDArray[np.float32]) -> int:
    """Count the samples at full scale."""
    return int((np.abs(samples) >= _CLIPPED).sum())


def _language(voice: Voice) -> str:
    """The first language of a voice for which there are sentences; else English."""
    judged = {corpus.language for corpus in corpora()}
    return next((language for language in voice.languages if language in judged), "en")
