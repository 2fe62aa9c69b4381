"""Every symbol has a place: over prose, and over espeak's own phoneme tables."""

import json
import subprocess
import sys
from pathlib import Path

import espeakng_loader
import pytest
from tests.text.prose import LONG, PROSE

from groundswell.text.languages import LANGUAGES
from groundswell.text.phonemise import symbols
from groundswell.text.phonemise.espeak import espeak
from groundswell.text.phonemise.nearest import BY_LANGUAGE, NEAREST_ROWS, TIED
from groundswell.text.plan import PlanOptions, plan

WALK = Path(__file__).parent / "walk_espeak.py"
#: Languages with at least two hundred sentences of prose each.
DOCUMENTED = frozenset(("en", "hi", "mr", "kn", "ta", "bn", "gu", "te", "ml", "pa", "or", "es"))


def test_vocabulary_is_the_models() -> None:
    kokoro_onnx = pytest.importorskip("kokoro_onnx")
    config = json.loads((Path(kokoro_onnx.__file__).parent / "config.json").read_text("utf-8"))
    assert config["vocab"] == symbols.SYMBOL_IDS
    assert symbols.ids("a b") == [43, 16, 44]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_prose_has_no_unmapped_symbol(language: str) -> None:
    symbols.forget_unmapped()
    list(plan(PROSE[language], PlanOptions(language=language)))
    assert symbols.unmapped() == {}


@pytest.mark.parametrize("language", sorted(DOCUMENTED))
def test_two_hundred_sentences_have_no_unmapped_symbol(language: str) -> None:
    assert len(set(LONG[language])) >= 200
    symbols.forget_unmapped()
    for segment in plan("\n".join(LONG[language]), PlanOptions(language=language)):
        assert set(segment.phonemes) <= set(symbols.SYMBOL_IDS)
    assert symbols.unmapped() == {}


def test_every_voice_exists() -> None:
    for language in LANGUAGES.values():
        if language.voice:
            assert espeak().ipa(["a"], language.voice) != [""]
    assert espeak().ipa(["a"], "en")


def test_every_phoneme_of_every_voice_is_mapped() -> None:
    """Walk the phoneme tables in a process of its own: reading mnemonics is a sticky mode."""
    symbols.forget_unmapped()
    voices = {language.code: language.voice for language in LANGUAGES.values() if language.voice}
    run = subprocess.run(
        [sys.executable, str(WALK), espeakng_loader.get_library_path(),
         espeakng_loader.get_data_path(), json.dumps(voices)],
        capture_output=True, check=True,
    )  # fmt: skip
    spoken: dict[str, list[str]] = json.loads(run.stdout)
    assert all(len(ipa) > 100 for ipa in spoken.values())
    sounds = set(symbols.SYMBOL_IDS) - symbols.PUNCTUATION  # a dot inside a word would be a pause
    for code, all_ipa in spoken.items():
        for ipa in all_ipa:
            assert set(symbols.from_espeak(ipa, code)) <= sounds
    assert symbols.unmapped() == {}


def test_what_nobody_foresaw_is_nearest_and_counted() -> None:
    symbols.forget_unmapped()
    assert symbols.nearest("ṭ") == "t"
    assert symbols.nearest("☃") == ""
    assert symbols.unmapped() == {"ṭ": 1, "☃": 1}
    symbols.forget_unmapped()


@pytest.mark.parametrize(
    ("language", "text", "phonemes"),
    [
        ("hi", "सड़क", "sˈʌɾək"),  # espeak: sˈʌr.ək; a dot would be a pause
        ("ml", "മഴ", "mˈɐɻɐ"),
        ("ru", "ты", "tˈɨ"),
        ("de", "möchte", "mˈœçtə"),
        ("ta", "என்", "jˈen"),
        ("pl", "cześć", "ʧˈɛɕʨ"),
    ],
)
def test_espeaks_own_spellings(language: str, text: str, phonemes: str) -> None:
    (segment,) = plan(text, PlanOptions(language=language))
    assert segment.phonemes == phonemes


def test_the_document_is_the_tables() -> None:
    root = Path(__file__).parents[3]
    run = subprocess.run(
        [sys.executable, str(root / "tools" / "phoneme_table.py")], capture_output=True, check=True
    )
    assert run.stdout.decode() == (root / "docs" / "phonemes.md").read_text("utf-8")
    assert all(row.why for rows in (TIED, NEAREST_ROWS, *BY_LANGUAGE.values()) for row in rows)
