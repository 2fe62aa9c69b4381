"""What holds of readings of any text, in any language, with any options."""

# ruff: noqa: E501, SIM905  a list of pieces reads better so

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.text.normalise import NormaliseOptions, Reading, read
from groundswell.text.normalise.registry import languages

#: Pieces that recognisers care about, to be strung together at random.
PIECES = [
    *(
        "1 12 007 1999 2025 1,234 1.234 1,50,000 3.14 3,14 $ € £ ₹ USD kr zł % ° °C km km/h m² h min "
        "am pm : / - – — . , ; ( ) # @ & + = × x ½ 3/4 24/7 5'11\" 17h30 17:05 2:05:33 1st 2nd 3º 1er "
        "5. March mars März мая enero Jan. Dr. St. No. etc. vs v2.10.3 192.168.0.1 a@b.co www.a.com "
        "https://a.b/c?d=1 /etc/hosts a.pdf A1B2 AB-1234 COVID-19 NASA FBI AT&T CEOs XIV Henry IV "
        "XXe १२ ৩৪ ௫ 👍 🇫🇷 👩‍👩‍👧 → ± ≈ '90s 1990s 10-20 1920x1080 +1 555-123-4567 9876543210 10³ x² 1e6"
    ).split(),
    *(" ", " ", "\n", "\u00a0", "the", "de", "PIN", "order", "in"),
]

texts = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join),
)
options = st.builds(
    NormaliseOptions,
    number_language=st.one_of(st.none(), st.sampled_from(languages())),
    math=st.booleans(),
    emoji=st.booleans(),
    british=st.booleans(),
)
spoken_languages = st.sampled_from([*languages(), "ja", "ar", "fi"])


def _check(text: str, readings: list[Reading]) -> None:
    end = 0
    for reading in readings:
        assert end <= reading.start < reading.end <= len(text)
        assert not any(char.isdecimal() for char in reading.spoken), reading
        end = reading.end


@settings(max_examples=400)
@given(texts, spoken_languages, options)
def test_spans_are_ordered_and_no_digit_is_spoken(
    text: str, language: str, chosen: NormaliseOptions
) -> None:
    _check(text, read(text, language, chosen))


@settings(max_examples=300)
@given(texts, st.sampled_from(languages()), options)
def test_every_digit_is_read(text: str, language: str, chosen: NormaliseOptions) -> None:
    covered = {at for r in read(text, language, chosen) for at in range(r.start, r.end)}
    left = [at for at, char in enumerate(text) if char.isdecimal() and at not in covered]
    assert not left


HOSTILE: dict[str, Callable[[int], str]] = {
    "one number": lambda n: "1" * n,
    "commas": lambda n: "1," * (n // 2),
    "dots": lambda n: "1." * (n // 2),
    "slashes": lambda n: "1/" * (n // 2),
    "colons": lambda n: "1:" * (n // 2),
    "hyphens": lambda n: "1-" * (n // 2),
    "numbers": lambda n: "12 " * (n // 3),
    "groups": lambda n: "123 " * (n // 4),
    "brackets": lambda n: "(" * n,
    "at signs": lambda n: "a@" * (n // 2),
    "domains": lambda n: "a." * (n // 2),
    "address": lambda n: "a" * (n - 1) + "@",
    "path": lambda n: "/a" * (n // 2),
    "url": lambda n: "https://a.b/" + "c/" * (n // 2),
    "query": lambda n: "http://" + "a" * n,
    "capitals": lambda n: "A" * n,
    "initials": lambda n: "A." * (n // 2),
    "romans": lambda n: "IV " * (n // 3),
    "mixed": lambda n: "a1B2" * (n // 4),
    "hyphened": lambda n: "A1-" * (n // 3),
    "money": lambda n: "$1-" * (n // 3),
    "sizes": lambda n: "1x" * (n // 2),
    "units": lambda n: "1km/" * (n // 4),
    "times": lambda n: "1h" * (n // 2),
    "months": lambda n: "5 March " * (n // 8),
    "spaces": lambda n: " " * n,
    "quotes": lambda n: "5'1\"" * (n // 4),
    "stars": lambda n: "*" * n,
    "emoji": lambda n: "👩\u200d" * (n // 2),
    "words": lambda n: "Dr. St. " * (n // 8),
}


@pytest.mark.parametrize("language", ["en", "es", "de", "ru", "hi"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_read_in_bounded_time(name: str, language: str) -> None:
    text = HOSTILE[name](10_000)
    read("1", language)
    start = time.perf_counter()
    _check(text, read(text, language))
    # Catastrophic patterns take minutes; an honest machine needs a hundredth of this.
    assert time.perf_counter() - start < 30
