"""Pronunciation dictionaries, without persistence: what matches, and as what."""

import pickle
import random
import time

import pytest

from groundswell.text.dictionary import NO_DICTIONARY, Dictionary, InvalidEntry
from groundswell.text.phonemise.ipa import from_ipa, in_accent
from groundswell.text.phonemise.symbols import SYMBOL_IDS


def said(text: str, *entries: tuple[str, str]) -> str:
    """The text with every match replaced."""
    out, at = "", 0
    for match in Dictionary.of(entries).find(text):
        out += text[at : match.start] + f"[{match.replacement}]"
        at = match.end
    return out + text[at:]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MySQL", "[x]"),
        ("Use MySQL, (MySQL) or MySQL.", "Use [x], ([x]) or [x]."),
        ("mysql MYSQL Mysql", "mysql MYSQL Mysql"),
        ("xMySQL MySQLx MySQL8 8MySQL", "xMySQL MySQLx MySQL8 8MySQL"),
        ("my_MySQL MySQL_x _MySQL_", "my_MySQL MySQL_x _[x]_"),
        ("MySQL-based pre-MySQL", "[x]-based pre-[x]"),
        ("MySQL's MySQL’s", "[x]'s [x]’s"),
        ("MySQL'd", "MySQL'd"),
        ("MySQL.com", "[x].com"),
        ("MySQLのデータ、MySQL은 मेरा MySQL", "[x]のデータ、[x]은 मेरा [x]"),
        ("My\u200bSQL", "[x]"),
        ("🚀MySQL🚀", "🚀[x]🚀"),
    ],
)
def test_a_latin_word(text: str, expected: str) -> None:
    assert said(text, ("MySQL", "x")) == expected


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("Uber", "l'Uber d’Uber aujourd'Uber", "l'[x] d’[x] aujourd'Uber"),
        ("can", "I can't, you can", "I can't, you [x]"),
        ("O'Reilly", "O’Reilly and O'Reilly's", "[x] and [x]'s"),
        ("C++", "C++ and C++17", "[x] and [x]17"),
        (".NET", "ASP.NET", "ASP[x]"),
        ("AT&T", "AT&T, AT&TX", "[x], AT&TX"),
        ("5", "5 3.5 1,500 5:30 5%", "[x] 3.5 1,500 5:30 [x]%"),
        ("B2B", "B2B B2BC", "[x] B2BC"),
        ("New York", "New  York, New\nYork, New\u00a0York", "[x], [x], [x]"),
        ("café", "cafe\u0301 café cafe", "[x] [x] cafe"),
        ("cafe\u0301", "café", "[x]"),
        ("क़लम", "क\u093cलम कलम क़लमों", "[x] कलम क़लमों"),
        ("हिन्दी", "हिन्दी हिन्दीभाषी", "[x] हिन्दीभाषी"),
        ("சென்னை", "சென்னை, சென்னையில்", "[x], சென்னையில்"),
        ("東京", "東京都と東京", "[x]都と[x]"),
        ("トヨタ", "トヨタの車、トヨタシ", "[x]の車、トヨタシ"),
        ("กรุง", "ในกรุงเทพ", "ใน[x]เทพ"),
        ("삼성", "삼성 삼성은", "[x] 삼성은"),
        ("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8", "[x]"),
        ("Київ", "Київ, Київська", "[x], Київська"),
        ("القاهرة", "القاهرة والقاهرة", "[x] والقاهرة"),
        ("🚀", "go🚀!", "go[x]!"),
    ],
)
def test_words_of_many_scripts(word: str, text: str, expected: str) -> None:
    assert said(text, (word, "x")) == expected


def test_a_match_never_parts_a_letter_from_its_mark() -> None:
    assert said("गीत ก็", ("ग", "x"), ("ก", "x")) == "गीत ก็"


def test_the_longest_word_wins_and_nothing_is_read_again() -> None:
    entries = [("New", "York"), ("York", "New"), ("New York", "New York City")]
    assert said("New York New York", *entries) == "[New York City] [New York City]"
    assert said("New Yorker", *entries) == "[York] Yorker"
    assert said("a b", ("a", "b"), ("b", "a")) == "[b] [a]"


def test_of_equal_words_the_last_counts() -> None:
    assert said("SQL", ("SQL", "one"), ("SQL", "two")) == "[two]"


def test_the_earlier_dictionary_wins_even_over_a_longer_word() -> None:
    first = Dictionary.of([("York", "one")])
    second = Dictionary.of([("New York", "two"), ("York", "three"), ("New", "four")])
    text = "New York"
    assert [m.replacement for m in first.then(second).find(text)] == ["four", "one"]
    assert [m.replacement for m in second.then(first).find(text)] == ["two"]
    assert Dictionary.of([("York", "one")], [("York", "two")]).find("York")[0].replacement == "one"


def test_ipa_stands_between_slashes() -> None:
    dictionary = Dictionary.of([("Nike", "/ˈnaɪki/"), ("or", "and/or"), ("box", "/bɒks/")])
    found = dictionary.find("Nike or Nike’s box's")
    assert [(m.replacement, m.ipa, m.entry) for m in found] == [
        ("nˈIki", True, "Nike"),
        ("and/or", False, "or"),
        ("nˈIkiz", True, "Nike"),
        ("bˈɒksᵻz", True, "box"),
    ]
    assert (found[2].start, found[2].end) == (8, 14)


@pytest.mark.parametrize(
    ("ipa", "symbols"),
    [
        ("t͡ʃɜːt͜ʃ", "ʧˈɜːʧ"),
        ("ˈdʒəʊ", "ʤˈQ"),
        ("kæts", "kˈæts"),
        ("pit͡sa", "piʦa"),
        ("na.ˈiv", "naˈiv"),
        ("ˈbʌtn̩", "bˈʌtᵊn"),
        ("bɔ̃ʒuʁ", "bɔ\u0303ʒuʁ"),
        ("ɡo g'o", "ɡo ɡˈo"),
        ("bɝd", "bˈɜɹd"),
        ("kʰaɭ", "kʰˈal"),
        ("ça", "çˈa"),
        ("ðə ˈstɹɛŋθ əv ˌɪntəˈnæʃnəl", "ðə stɹˈɛŋθ əv ˌɪntənˈæʃnəl"),
        ("ðə kæt", "ðə kˈæt"),
        ("ˈ ʃ", "ˈ ʃ"),
        ("ɦaʱ", "hˈaʰ"),
    ],
)
def test_ipa_as_people_write_it(ipa: str, symbols: str) -> None:
    assert from_ipa(ipa) == symbols
    assert set(symbols) <= set(SYMBOL_IDS)


def test_ipa_in_an_english_accent() -> None:
    assert in_accent(from_ipa("ˈriːd bed hæt"), british=False) == "ɹˈid bɛd hæt"
    assert in_accent(from_ipa("ˈriːd ɡoʊ hæt"), british=True) == "ɹˈiːd ɡQ hat"


@pytest.mark.parametrize(
    ("entry", "part", "named"),
    [
        (("", "b"), "word", "empty"),
        ((" \u200b", "b"), "word", "empty"),
        (("a", " "), "pronunciation", "nothing to say"),
        (("a", "..."), "pronunciation", "nothing to say"),
        (("a", "//"), "pronunciation", "no sound"),
        (("a", "/ˈ ˌː/"), "pronunciation", "no sound"),
        (("a", "/naɪk#i€/"), "pronunciation", "U+0023"),
        (("a", "/नाइकी/"), "pronunciation", "U+0928"),
        (("a", "/a/b/"), "pronunciation", "'/'"),
    ],
)
def test_unusable_entries_are_named(entry: tuple[str, str], part: str, named: str) -> None:
    with pytest.raises(InvalidEntry, match=r"items\[1\]") as caught:
        Dictionary.of([("fine", "fine"), entry])
    assert (caught.value.index, caught.value.part) == (1, part)
    assert named in str(caught.value)


def test_a_dictionary_is_a_value() -> None:
    one, two = (Dictionary.of([("a", "b"), ("c", "/d/")]) for _ in range(2))
    assert one == two
    assert hash(one) == hash(two)
    assert pickle.loads(pickle.dumps(one)) == one
    assert one
    assert not NO_DICTIONARY
    assert not Dictionary.of([])
    assert NO_DICTIONARY.find("anything") == []


def words(count: int) -> list[str]:
    chosen = random.Random(5)
    return ["".join(chosen.choices("abcdefgh", k=chosen.randint(3, 12))) for _ in range(count)]


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ([(word, "x") for word in words(10_000)], " ".join(words(10_000)[:2000])),
        ([(f"New {word}", "x") for word in words(10_000)], "New " * 4000),
        ([("あ" * k, "x") for k in range(1, 200, 2)], "あ" * 16_000),
        ([("あ" * k + "い", "x") for k in range(2, 200)], "あ" * 16_000),
        ([("a " * k + "b", "x") for k in range(1, 90)], "a " * 8000),
        ([("x", "y")], "e" + "\u0301" * 16_000),
        ([("s", "y")], "'" * 16_000 + "l'" * 2000),
    ],
)
def test_hostile_inputs_stay_cheap(entries: list[tuple[str, str]], text: str) -> None:
    """A generous bound: each of these takes a fraction of a second."""
    began = time.perf_counter()
    Dictionary.of(entries).find(text)
    assert time.perf_counter() - began < 30
