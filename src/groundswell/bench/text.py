"""How fast and how rightly text is read: the plan's speed, spoken forms, homographs.

Speed is measured in this process, once a language is loaded. The cases are files of the repository
(``tests/text``); where they are not at hand only speed is measured.
"""

import re
import statistics
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from groundswell.bench import spoken
from groundswell.bench.progress import bar
from groundswell.bench.sentences import corpora, phrases
from groundswell.bench.tables import Section, Table, Verdict, percent
from groundswell.text.languages import LANGUAGES
from groundswell.text.phonemise.english import pieces
from groundswell.text.plan import PlanOptions, plan, warm

FIRST_ENGLISH, FIRST_ANY, LONG = 0.005, 0.015, 0.150
"""Seconds: first segment's plan, median, in English and in any language; 5,000 characters."""
ACCURACY = {"en": 0.97, "hi": 0.95, "es": 0.95}
ACCURACY_ELSEWHERE = 0.90
HOMOGRAPHS = 0.90
CASES = Path("tests/text")
_LONG_CHARACTERS = 5000


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds that plans of one language take.

    Attributes:
        language: contract code.
        first: median until the first segment.
        half: all of a text of 2,500 characters.
        long: all of one of 5,000.
    """

    language: str
    first: float
    half: float
    long: float


def measure(*, cases: Path = CASES, rounds: int = 10) -> Section:
    """Measure.

    Args:
        cases: folder of ``normalise/cases`` and ``homographs.tsv``.
        rounds: how often each sentence's first segment is planned.
    """
    texts = {each.language: list(each.lines) for each in corpora()}
    texts |= {each.language: [each.text] for each in phrases()}
    found = spoken.cases(cases / "normalise" / "cases")
    for case in found:
        texts.setdefault(case.language, []).append(case.text)
    todo = [code for code in LANGUAGES if code in texts]
    speeds = [_speed(code, texts[code], rounds) for code in bar(todo, "Speed of plans")]
    tables, verdicts = [_speeds(speeds)], _speed_verdicts(speeds)
    data: dict[str, Any] = {"speeds": [asdict(speed) for speed in speeds]}
    if found:
        accuracy = spoken.accuracy(found)
        wrong = [case for case in found if not spoken.is_right(case)]
        tables += [_by_language(accuracy), _by_category(accuracy)]
        verdicts += _accuracy_verdicts(accuracy)
        data["accuracy"] = {" ".join(key): count for key, count in accuracy.items()}
        data["wrong"] = [asdict(case) for case in wrong]
    homographs = cases / "homographs.tsv"
    if homographs.exists():
        right, total = _homographs(homographs)
        share = right / total
        claim = f"Homographs by context, {total} sentences"
        target = f"≥ {percent(HOMOGRAPHS, 0)}"
        verdicts.append(Verdict(claim, percent(share), target, share >= HOMOGRAPHS))
        data["homographs"] = [right, total]
    return Section("text", tuple(tables), tuple(verdicts), data)


def _speed(language: str, texts: list[str], rounds: int) -> Speed:
    options = PlanOptions(language=language)
    warm((language,))
    long = " ".join(texts)
    long = (f"{long} " * (_LONG_CHARACTERS // len(long) + 1))[:_LONG_CHARACTERS]
    list(plan(long, options))
    first = []
    for text in texts[:40] * rounds:
        began = time.perf_counter()
        next(plan(text, options))
        first.append(time.perf_counter() - began)
    took = {}
    for size in (_LONG_CHARACTERS // 2, _LONG_CHARACTERS):
        lengths = []
        for _ in range(3):
            began = time.perf_counter()
            list(plan(long[:size], options))
            lengths.append(time.perf_counter() - began)
        took[size] = min(lengths)
    half, whole = took.values()
    return Speed(language, statistics.median(first), half, whole)


def _speeds(speeds: list[Speed]) -> Table:
    rows = tuple(
        (
            LANGUAGES[each.language].name.title(),
            f"{1000 * each.first:.1f} ms",
            f"{1000 * each.half:.0f} ms",
            f"{1000 * each.long:.0f} ms",
        )
        for each in speeds
    )
    columns = ("Language", "First segment", "2,500 characters", "5,000 characters")
    return Table("Time to plan (median; all of a long text: best of three)", columns, rows)


def _speed_verdicts(speeds: list[Speed]) -> list[Verdict]:
    english = next(each for each in speeds if each.language == "en")
    slowest = max(speeds, key=lambda each: each.first)
    longest = max(speeds, key=lambda each: each.long)
    measured = (
        ("First segment planned, English", english.first, FIRST_ENGLISH),
        (f"First segment planned, slowest ({slowest.language})", slowest.first, FIRST_ANY),
        ("5,000 characters planned, English", english.long, LONG),
        (f"5,000 characters planned, slowest ({longest.language})", longest.long, LONG),
    )
    return [
        Verdict(claim, f"{1000 * took:.1f} ms", f"≤ {1000 * most:.0f} ms", took <= most)
        for claim, took, most in measured
    ]


_Accuracy = dict[tuple[str, str], tuple[int, int]]


def _sums(accuracy: _Accuracy, part: int) -> dict[str, tuple[int, int]]:
    """Add up by language (0) or by category (1)."""
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for key, (right, total) in accuracy.items():
        before = sums[key[part]]
        sums[key[part]] = (before[0] + right, before[1] + total)
    return sums


def _accuracy_verdicts(accuracy: _Accuracy) -> list[Verdict]:
    verdicts = []
    for language, (right, total) in _sums(accuracy, 0).items():
        least = ACCURACY.get(language, ACCURACY_ELSEWHERE)
        name = LANGUAGES[language].name.title()
        claim = f"Spoken forms, {name}, {total} cases"
        target = f"≥ {percent(least, 0)}"
        verdicts.append(Verdict(claim, percent(right / total), target, right / total >= least))
    return verdicts


def _by_language(accuracy: _Accuracy) -> Table:
    rows = tuple(
        (LANGUAGES[code].name.title(), str(total), str(right), percent(right / total))
        for code, (right, total) in _sums(accuracy, 0).items()
    )
    return Table("Spoken forms by language", ("Language", "Cases", "Right", "Share"), rows)


def _by_category(accuracy: _Accuracy) -> Table:
    by_category: dict[str, list[str]] = defaultdict(list)
    for (language, category), (right, total) in accuracy.items():
        if right < total:
            by_category[category].append(f"{language} {right}/{total}")
    rows = tuple(
        (category, str(total), percent(right / total), ", ".join(by_category[category]))
        for category, (right, total) in sorted(_sums(accuracy, 1).items())
    )
    columns = ("Category", "Cases", "Right", "Languages that miss some")
    return Table("Spoken forms by category", columns, rows)


def _homographs(path: Path) -> tuple[int, int]:
    right = total = 0
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        sentence, word, occurrence, phonemes = line.split("\t")[:4]
        places = [found.start() for found in re.finditer(rf"\b{re.escape(word)}\b", sentence)]
        at = places[int(occurrence) - 1]
        heard = next(p.phonemes for p in pieces(sentence) if p.start <= at < p.end)
        total += 1
        right += heard == phonemes
    return right, total
