"""English pronunciation: homographs by context, names, accents, threads."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import pytest

from groundswell.text.phonemise.english import pieces
from groundswell.text.phonemise.symbols import SYMBOL_IDS

SENTENCES = Path(__file__).with_name("homographs.tsv")


def said(sentence: str, word: str, occurrence: int = 1, *, british: bool = False) -> str:
    """The phonemes of one word of a sentence."""
    places = [found.start() for found in re.finditer(rf"\b{re.escape(word)}\b", sentence)]
    at = places[occurrence - 1]
    return next(p.phonemes for p in pieces(sentence, british=british) if p.start <= at < p.end)


def cases() -> Iterator[tuple[str, str, int, str, str]]:
    for line in SENTENCES.read_text().splitlines():
        if not line.startswith("#"):
            sentence, word, occurrence, phonemes, group = line.split("\t")
            yield sentence, word, int(occurrence), phonemes, group


@pytest.mark.parametrize("group", ["", "held out", "second", "third"])
def test_homographs_by_context(group: str) -> None:
    chosen = [case for case in cases() if case[4] == group]
    wrong = [
        f"{sentence} [{word}: {heard}, not {phonemes}]"
        for sentence, word, occurrence, phonemes, _ in chosen
        if (heard := said(sentence, word, occurrence)) != phonemes
    ]
    assert len(chosen) >= 60
    assert len(wrong) <= 0.02 * len(chosen), "\n".join(wrong)


@pytest.mark.parametrize(
    ("sentence", "word", "american", "british"),
    [
        ("The schedule changed.", "schedule", "skˈɛʤˌul", "ʃˈɛdjuːl"),
        ("One tomato, please.", "tomato", "təmˈATO", "təmˈɑːtQ"),
        ("Take a bath.", "bath", "bˈæθ", "bˈɑːθ"),
        ("I need some water.", "water", "wˈɔTəɹ", "wˈɔːtə"),
        ("Made of lead and zinc.", "lead", "lˈɛd", "lˈɛd"),
        ("They had a furious row.", "row", "ɹˈW", "ɹˈW"),
        ("He plays bass in a band.", "bass", "bˈAs", "bˈAs"),
        ("We own a Porsche.", "Porsche", "pˈɔɹʃə", "pˈɔːʃə"),
        ("Ask Mr. Nguyen.", "Nguyen", "wˈɪn", "wˈɪn"),
        ("It is Nguyen's turn.", "Nguyen", "wˈɪnz", "wˈɪnz"),
        ("Ask Beyoncé.", "Beyoncé", "biˈɑnsA", "biːˈɒnsA"),
        ("Ask Łukasz.", "Łukasz", "lˈukæsz", "lˈuːkasz"),
        ("Send a résumé.", "résumé", "ɹˈɛzəmˌA", "ɹˈɛzjʊmA"),
        ("A Motorola phone.", "Motorola", "mˌOTəɹˈOlə", "mˌQtəɹˈQlə"),
    ],
)
def test_both_accents(sentence: str, word: str, american: str, british: str) -> None:
    assert said(sentence, word) == american
    assert said(sentence, word, british=True) == british


def test_listed_names_are_well_formed() -> None:
    table = (files("groundswell.text.phonemise") / "english_names.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    assert all(len(row) == 3 for row in rows)
    assert len({row[0] for row in rows}) == len(rows) > 100
    for _, american, british in rows:
        assert set(american) | set(british) <= set(SYMBOL_IDS) | {"ɾ"}
        assert american.count("ˈ") == british.count("ˈ") == 1
        assert not set("ːɒQ") & set(american)
        assert not set("Oæɾ") & set(british)


def test_eight_threads_say_what_one_says() -> None:
    sentences = [case[0] for case in cases()][:120]
    sentences += [f"{sentence} Ask Zyxwvut and Qrgplk." for sentence in sentences[:40]]
    jobs = [(sentence, british) for sentence in sentences for british in (False, True)]
    alone = [pieces(sentence, british=british) for sentence, british in jobs]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda job: pieces(job[0], british=job[1]), jobs))
    assert together == alone
