import subprocess
import sys
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.text.prose import PROSE

from groundswell.errors import InvalidInput, UnknownLanguage
from groundswell.text.languages import LANGUAGES
from groundswell.text.phonemise.symbols import SYMBOL_IDS, is_speech
from groundswell.text.plan import MAX_PHONEMES, PlanOptions, Segment, plan, warm

FAST = settings(max_examples=120)
SMALL = settings(FAST, max_examples=60)


def planned(text: str, language: str = "en", *, british: bool = False) -> list[Segment]:
    return list(plan(text, PlanOptions(language=language, british=british)))


def check(text: str, segments: list[Segment]) -> None:
    """Everything the interface promises about any plan."""
    assert segments
    at = 0
    index = 0
    for segment in segments:
        assert 1 <= len(segment.phonemes) <= MAX_PHONEMES
        assert set(segment.phonemes) <= set(SYMBOL_IDS)
        assert any(map(is_speech, segment.phonemes))
        assert segment.phonemes == " ".join(segment.phonemes.split())
        assert segment.language in LANGUAGES
        assert at <= segment.start <= segment.end <= len(text)
        assert segment.text == text[segment.start : segment.end]
        at = segment.end
        cursor, phoneme = segment.start, 0
        for word in segment.words:
            assert cursor <= word.start < word.end <= segment.end
            assert word.text == text[word.start : word.end]
            assert word.index >= index
            assert phoneme <= word.phonemes[0] <= word.phonemes[1] <= len(segment.phonemes)
            cursor, phoneme, index = word.end, word.phonemes[1], word.index
    assert segments[-1].pause == 0.0


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_speaks_every_word(language: str) -> None:
    text = PROSE[language]
    segments = planned(text, language)
    check(text, segments)
    words = [word for segment in segments for word in segment.words]
    if language not in ("ja", "zh"):
        assert [word.text for word in words] == text.split()
        assert [word.index for word in words] == list(range(len(words)))
    else:
        assert "".join(word.text for word in words) == text
    silent = [w.text for w in words if w.phonemes[0] == w.phonemes[1]]
    assert [w for w in silent if any(c.isalnum() for c in w)] == []


@FAST
@given(st.text(min_size=1, max_size=80), st.sampled_from(["en", "hi", "auto", "es", "ja", "zh"]))
def test_any_text_is_planned_or_refused(text: str, language: str) -> None:
    try:
        segments = planned(text, language)
    except InvalidInput as error:
        assert error.field == "text"  # noqa: PT017  either outcome is right
        return
    check(text, segments)


HARD = (
    "aé1,.5-'’\"()[]/\\%$€₹&+=@#*…—।॥?!:; \n\t\u200b\u200d\u0301\ud800\x00"
    "नमस्ते한글日本カナ中文アéñßЖΩשא😀🇮🇳"
)


@FAST
@given(
    st.text(alphabet=HARD, min_size=1, max_size=120),
    st.sampled_from(["en", "mr", "auto", "fr", "ja", "zh", "ko", "ar"]),
)
def test_hard_mixtures(text: str, language: str) -> None:
    try:
        segments = planned(text, language)
    except InvalidInput:
        return
    check(text, segments)


@SMALL
@given(
    st.lists(
        st.sampled_from([*PROSE["en"].split(), "$100,", "3.5", "(x)"]), min_size=1, max_size=60
    )
)
def test_every_typed_word_is_planned_once(words: list[str]) -> None:
    text = " ".join(["So", *words])
    found = [word for segment in planned(text) for word in segment.words]
    assert [word.text for word in found if word.text != "—"] == [
        "So",
        *(w for w in words if w != "—"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\n\t",
        "😀",
        "👩‍👩‍👧 🎉",
        "...",
        "?!",
        "𓀀𓀁",
        "\u200b\u200d",
        "\ud800",
        "\x00",
        "ไทย",
    ],
)
def test_nothing_to_say(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        next(plan(text))
    assert caught.value.field == "text"


@pytest.mark.parametrize("code", ["xx", "EN", "english", "", "en-us"])
def test_unknown_language(code: str) -> None:
    with pytest.raises(UnknownLanguage):
        plan("Hello", PlanOptions(language=code))


@pytest.mark.parametrize("language", ["en", "zh", "de"])
@pytest.mark.parametrize(
    "text",
    ["a" * 5000, "9" * 5000, "1," * 2500, "我" * 3000, "नम" * 2500, "aB1-" * 1250, "a\u0301" * 2500,
     "e" + "\u0301" * 4999, "(" * 2500 + "x" + ")" * 2499, "http://" + "x/" * 2400, "3.14." * 1000],
    ids=lambda text: ascii(text[:4]),
)  # fmt: skip
def test_long_text_without_a_space(text: str, language: str) -> None:
    check(text, planned(text, language))


def test_numbers_expand_and_nothing_is_dropped() -> None:
    text = " ".join(["1234567"] * 30)
    segments = planned(text)
    check(text, segments)
    assert len(segments) > 5
    spoken = "".join(segment.phonemes for segment in segments)
    assert spoken.count("mˈɪljᵊn") == 30
    assert spoken.count("sˈɛvən") == 30


def test_words_as_typed_over_what_is_said() -> None:
    (segment,) = planned("He paid $100, then left.")
    said = {w.text: segment.phonemes[slice(*w.phonemes)] for w in segment.words}
    assert said["$100,"] == "wˈʌn hˈʌndɹəd dˈɑləɹz"
    assert segment.phonemes.endswith("lˈɛft.")


def test_markup_of_misaki_is_text() -> None:
    (segment,) = planned("[word](/hello/)")
    assert "wˈɜɹd" in segment.phonemes


def test_two_scripts_in_one_sentence() -> None:
    (segment,) = planned("मैंने Delhi में iPhone देखा।", "hi")
    said = {w.text: segment.phonemes[slice(*w.phonemes)] for w in segment.words}
    assert said["Delhi"] == "dˈɛli"
    assert segment.language == "hi"
    (segment,) = planned("I said नमस्ते to him.")
    assert "nəmˈʌsteː tu" in segment.phonemes


def test_japanese_words_are_numbered_apart() -> None:
    segments = planned("今日は雨です。Yes, 123円。", "ja")
    words = [w for s in segments for w in s.words]
    assert [w.index for w in words] == list(range(len(words)))
    assert [w.text for w in words if w.text.startswith("123")] == ["123"]


def test_japanese_numbers_beside_each_other_are_all_said() -> None:
    (segment,) = planned("1<1<1", "ja")
    assert segment.phonemes.count("iʨi") == 3


def test_an_abbreviation_does_not_swallow_the_end_of_its_sentence() -> None:
    (segment,) = planned("Det kostar 250 kr.", "sv")
    assert segment.phonemes.endswith(".")


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("ATM", "ˈA tˈi ˈɛm"),
        ("DNA test.", "dˈi ˈɛn ˈA tˈɛst."),
        ("A cat sat.", "ɐ kˈæt sˈæt."),
        ("We met at 5 p.m.", "wˌi mˈɛt æt fˈIv pˈi ˈɛm."),
        ("At 5 p.m. he left.", "ˌæt fˈIv pˈi ˈɛm hi lˈɛft."),
    ],
)
def test_letters_by_their_names_and_the_stop_behind_them(text: str, phonemes: str) -> None:
    assert [each.phonemes for each in planned(text)] == [phonemes]


def test_text_that_normalisation_fails_on_is_read_as_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("groundswell.text.render.read", fail)
    text = "I have 3 cats."
    segments = planned(text)
    check(text, segments)
    assert segments[0].spoken == text


def test_british_and_american() -> None:
    assert planned("boat", british=True)[0].phonemes == "bˈQt"
    assert planned("boat")[0].phonemes == "bˈOt"


def test_pauses_grow_with_the_boundary() -> None:
    sentence = "The harbour lay quiet under a heavy sky while the boats waited. "
    one, *_, before, last = planned(f"{sentence * 6}\n\n{sentence}")
    assert 0 < one.pause < 0.4
    assert before.pause == 0.4
    assert last.pause == 0.0


def test_short_sentences_are_joined_and_paragraphs_are_not() -> None:
    # The first stays alone, to be heard soon.
    assert [segment.text for segment in planned("One. Two. Three.")] == ["One.", "Two. Three."]
    assert len(planned("One.\n\nTwo.")) == 2


def test_plan_is_lazy() -> None:
    first = next(plan("Hello there. " * 200))
    assert first.end < 300


def test_threads_give_the_same_bytes() -> None:
    languages = [*sorted(LANGUAGES), "en", "en", "hi", "hi"]
    alone = [planned(PROSE[language][:200], language) for language in languages]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(2):
            together = list(pool.map(lambda code: planned(PROSE[code][:200], code), languages))
            assert together == alone


def test_importing_is_cheap() -> None:
    code = (
        "import sys, groundswell.text.plan as p;"
        "heavy = {'spacy', 'rjieba', 'fugashi', 'lingua', 'misaki', 'numpy', 'pypinyin'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_warm() -> None:
    warm(("en", "hi", "auto"))
    with pytest.raises(UnknownLanguage):
        warm(("xx",))


def test_decomposed_letters_sound_composed() -> None:
    text = "café naïve Zürich"
    decomposed = unicodedata.normalize("NFD", text)
    assert planned(text, "de")[0].phonemes == planned(decomposed, "de")[0].phonemes


WRITTEN = [
    *("$100", "₹1,50,000", "3.5", "5:30pm", "12/03/2024", "a@b.com", "v1.2.3", "+91 98765 43210"),
    *("1 000 000", "5 km", "Rs. 500", "#tag", "C++", "x86_64", "Dr. Smith", "№ 5", "½", "m²", "😂"),
    *("https://a.com/b?c=1", "(", ")", "“", "”", "—", "!", "।", "WWW", "McDonald's", "24/7", "१२३"),
    *("नमस्ते", "東京", "hello", "meeting", "0", "9" * 20, "<", ">", "&", "%", "/", "Henry VIII"),
]


@FAST
@given(
    st.lists(st.sampled_from(WRITTEN), min_size=1, max_size=25),
    st.sampled_from([" ", "", ", ", ". "]),
    st.sampled_from(["en", "hi", "es", "ja", "auto", "ta", "fr"]),
)
def test_whatever_people_write_keeps_its_place(
    written: list[str], joint: str, language: str
) -> None:
    text = joint.join(written)
    try:
        segments = planned(text, language)
    except InvalidInput:
        assert not any(char.isascii() and char.isalnum() for char in text)
        return
    check(text, segments)
    words = [word for segment in segments for word in segment.words]
    covered = "".join(char for word in words for char in word.text if char.isalnum())
    # A word that a segment's end cuts in two is in both with its part, so nothing is twice.
    assert covered == "".join(filter(str.isalnum, text))


@pytest.mark.parametrize("language", ["en", "hi", "es", "ja"])
@pytest.mark.parametrize(
    "unit",
    ["$1,", "1/2/", "a@", "a.b", "1-1 ", "₹१", "#a", "'s", "A.B.", "http://", "१२", "(1)", "5 km ",
     "Dr. ", "+1 ", "1:2:", "½", "x×1", "😂", "‰", "<1", "IV ", "e.g. ", "1st", "[pause 1s]",
     "\u200d", "1 000 "],
)  # fmt: skip
def test_hostile_text_takes_no_more_time_than_its_length(unit: str, language: str) -> None:
    text = (unit * 2500)[:2500]
    began = time.process_time()
    try:
        segments = planned(text, language)
    except InvalidInput:
        segments = []
    if segments:
        check(text, segments)
    assert time.process_time() - began < 10  # most take half a second; quadratic takes a minute
