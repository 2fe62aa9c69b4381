"""Is the speech understood? Word error rates beside those of plain kokoro-onnx, in one run.

Each sentence is spoken by both systems with the same model file and the same native voice, one
after the other, and heard by the same recogniser. What differs is what is ours: text, phonemes,
trimming, loudness, encoding and HTTP.
"""

import hashlib
from dataclasses import asdict, dataclass

from groundswell.bench import recogniser as judge
from groundswell.bench.progress import bar
from groundswell.bench.recogniser import Recogniser
from groundswell.bench.rival import NAME as RIVAL
from groundswell.bench.rival import Rival
from groundswell.bench.scoring import (
    Score,
    character_error_rate,
    difference_interval,
    score,
    word_error_rate,
)
from groundswell.bench.sentences import corpora
from groundswell.bench.subject import Subject
from groundswell.bench.tables import Section, Table, Verdict, percent
from groundswell.settings import settings
from groundswell.synthesis.model_files import locate

ENGLISH_MARGIN = 0.01
"""English may be worse than kokoro-onnx by this much, absolute."""
_RATE = 24_000
_SHOWN = 6
_FORMATS = ("wav", "pcm", "mp3", "ulaw", "alaw")


@dataclass(frozen=True, slots=True)
class Hearing:
    """One sentence in one voice, spoken by both and heard."""

    language: str
    voice: str
    text: str
    ours: str
    theirs: str
    our_score: Score
    their_score: Score


def measure(subject: Subject, *, sentences: int | None = None) -> Section:
    """Speak, hear and compare.

    Args:
        subject: the server.
        sentences: only the first so many of each language.
    """
    hearings = hear_all(subject, sentences)
    repeats = repeated(subject)
    languages = list(dict.fromkeys(hearing.language for hearing in hearings))
    by_language = {
        language: [h for h in hearings if h.language == language] for language in languages
    }
    verdicts = [
        _english(by_language["en"]),
        Verdict(
            "The same request twice gives the same bytes",
            f"{sum(repeats.values())} of {len(repeats)} formats",
            "all",
            all(repeats.values()),
        ),
    ]
    rows = tuple(_row(language, found) for language, found in by_language.items())
    columns = ("Language", "Sentences × voices", "Words", "Groundswell", RIVAL, "Difference (95 %)")
    tables = (
        Table(f"Word error rate, heard by {judge.NAME}", columns, rows),
        Table("Character error rate", ("Language", "Groundswell", RIVAL), _characters(by_language)),
        _worst(hearings),
    )
    data = {
        "recogniser": judge.NAME,
        "rates": {
            language: {
                "ours": word_error_rate([h.our_score for h in found]),
                "theirs": word_error_rate([h.their_score for h in found]),
            }
            for language, found in by_language.items()
        },
        "repeats": repeats,
        "hearings": [asdict(hearing) for hearing in hearings],
    }
    return Section("quality", tables, tuple(verdicts), data)


def hear_all(subject: Subject, sentences: int | None) -> list[Hearing]:
    """Speak every sentence with every voice of its language on both systems, interleaved."""
    recogniser = Recogniser()
    todo = [
        (corpus.language, voice, line)
        for corpus in corpora()
        for line in corpus.lines[:sentences]
        for voice in corpus.voices
    ]
    hearings: list[Hearing] = []
    with Rival(locate(settings().models_dir), sorted({voice for _, voice, _ in todo})) as rival:
        for language, voice, text in bar(todo, "Intelligibility"):
            sound, rate = subject.samples(
                text=text, voice_id=voice, language=language, sample_rate=_RATE
            )
            ours = recogniser.hear(sound, rate, language)
            theirs = recogniser.hear(*rival.speak(text, voice, language), language)
            our_score, their_score = score(text, ours, language), score(text, theirs, language)
            hearings.append(Hearing(language, voice, text, ours, theirs, our_score, their_score))
    return hearings


def repeated(subject: Subject) -> dict[str, bool]:
    """Ask for the same speech twice in each format; whether the bytes are the same."""

    def digest(audio_format: str) -> str:
        audio = subject.speak(
            text="The same words should always sound the same.",
            voice_id="magnus",
            output_format=audio_format,
        )
        return hashlib.sha256(audio).hexdigest()

    first = {audio_format: digest(audio_format) for audio_format in _FORMATS}
    return {audio_format: first[audio_format] == digest(audio_format) for audio_format in _FORMATS}


def _english(hearings: list[Hearing]) -> Verdict:
    ours = word_error_rate([h.our_score for h in hearings])
    theirs = word_error_rate([h.their_score for h in hearings])
    return Verdict(
        f"English word error rate minus that of {RIVAL}",
        f"{(ours - theirs) * 100:+.1f} points",
        f"≤ +{ENGLISH_MARGIN * 100:.0f} point",
        ours - theirs <= ENGLISH_MARGIN,
    )


def _row(language: str, found: list[Hearing]) -> tuple[str, ...]:
    ours, theirs = [h.our_score for h in found], [h.their_score for h in found]
    low, high = difference_interval(ours, theirs)
    mine, other = word_error_rate(ours), word_error_rate(theirs)
    return (
        f"{language} (consonants)" if language == "hi" else language,
        str(len(found)),
        str(sum(s.words for s in ours)),
        percent(mine),
        percent(other),
        f"{(mine - other) * 100:+.1f} ({low * 100:+.1f} to {high * 100:+.1f})",
    )


def _characters(by_language: dict[str, list[Hearing]]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            language,
            percent(character_error_rate([h.our_score for h in found])),
            percent(character_error_rate([h.their_score for h in found])),
        )
        for language, found in by_language.items()
    )


def _worst(hearings: list[Hearing]) -> Table:
    """The sentences where we lose most against the rival: where to look next."""

    def loss(hearing: Hearing) -> int:
        return hearing.our_score.word_errors - hearing.their_score.word_errors

    lost = sorted((h for h in hearings if loss(h) > 0), key=loss, reverse=True)[:_SHOWN]
    rows = tuple((h.voice, h.text, h.ours, h.theirs) for h in lost)
    return Table(
        "Sentences heard worse than the rival's",
        ("Voice", "Typed", "Heard from Groundswell", f"Heard from {RIVAL}"),
        rows or (("", "none", "", ""),),
    )
