"""Spoken forms of the case files, against the accuracy promised for each language."""

from collections import Counter
from pathlib import Path

import pytest

from groundswell.bench.spoken import Case, cases, comparable, is_right
from groundswell.text.normalise import spoken
from groundswell.text.normalise.registry import languages

FOLDER = Path(__file__).parent / "cases"
CASES = cases(FOLDER)

#: Least share of cases that must be exact; 0.9 for those not named.
EXACT = {"en": 0.97, "es": 0.95, "hi": 0.95}

#: Least number of cases a language has; 25 for those not named.
WRITTEN = {"en": 250, "es": 80}


@pytest.mark.parametrize("language", languages())
def test_enough_cases_are_exact(language: str) -> None:
    own = [case for case in CASES if case.language == language]
    wrong = [case for case in own if not is_right(case)]
    report = "\n".join(f"{c.text} → {spoken(c.text, language)} (not {c.expected})" for c in wrong)
    assert len(own) >= WRITTEN.get(language, 25)
    assert len(own) - len(wrong) >= EXACT.get(language, 0.9) * len(own), report


@pytest.mark.parametrize("case", [case for case in CASES if not case.known], ids=str)
def test_only_listed_cases_fail(case: Case) -> None:
    assert comparable(spoken(case.text, case.language)) == comparable(case.expected)


@pytest.mark.parametrize("case", [case for case in CASES if case.known], ids=str)
def test_a_known_failure_that_is_mended_is_no_longer_listed(case: Case) -> None:
    assert not is_right(case)


def test_no_case_is_written_twice() -> None:
    counted = Counter((case.language, case.text) for case in CASES)
    assert [key for key, count in counted.items() if count > 1] == []


def test_the_comparison_ignores_only_case_marks_and_hyphens() -> None:
    assert comparable("Twenty-five, please!") == comparable("twenty five please")
    assert comparable("it's") != comparable("its")
    assert comparable("किताब।") == comparable("किताब")
    assert comparable("किताब") != comparable("कताब")
