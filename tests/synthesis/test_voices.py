"""Packs, mixes, and what is refused."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.errors import ModelUnavailable, UnknownVoice
from groundswell.synthesis.voices import PACKS, Mix, VoicePacks, parse_mix, style_row


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two packs: every value of row r is r, and r + 100."""
    rows = np.repeat(np.arange(510, dtype="<f4")[:, None], 256, axis=1)
    rows.tofile(tmp_path / "af_heart.bin")
    (rows + 100).astype("<f4").tofile(tmp_path / "am_adam.bin")
    return tmp_path


def test_there_are_54_packs_in_nine_languages() -> None:
    assert len(PACKS) == len(set(PACKS)) == 54
    assert {name[0] for name in PACKS} == set("abefhijpz")
    assert {name[1] for name in PACKS} == set("fm")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("af_heart", (("af_heart", 1.0),)),
        ("AF_Heart", (("af_heart", 1.0),)),
        ("af_heart:7", (("af_heart", 1.0),)),
        ("af_heart+am_adam", (("af_heart", 0.5), ("am_adam", 0.5))),
        ("am_adam:2 + af_heart:3", (("af_heart", 0.6), ("am_adam", 0.4))),
        ("af_heart:.6+am_adam:4e-1", (("af_heart", 0.6), ("am_adam", 0.4))),
        ("af_heart:1+am_adam:2+af_heart:1", (("af_heart", 0.5), ("am_adam", 0.5))),
    ],
)
def test_a_mix_is_read_into_its_canonical_form(
    text: str, parts: tuple[tuple[str, float], ...]
) -> None:
    assert parse_mix(text) == Mix(parts)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "nobody",
        "af_heart+",
        "+af_heart",
        "af_heart:",
        ":1",
        "af_heart:0",
        "af_heart:0.0+am_adam:1",
        "af_heart:-1",
        "af_heart:nan",
        "af_heart:inf",
        "af_heart:1_0",
        "af_heart:١",  # a digit, but not one of ours
        "af_heart:1:2",
        "af_heart:1+nobody:2",
        "af_heart:1,am_adam:2",
        "../af_heart",
        "+".join(PACKS[:9]),
        "af_heart" + " " * 600,
    ],
)
def test_what_is_no_mix_is_an_unknown_voice(text: str) -> None:
    with pytest.raises(UnknownVoice):
        parse_mix(text)


@pytest.mark.parametrize("weight", [0.0, -1.0, math.nan, math.inf])
def test_a_mix_takes_positive_finite_weights_only(weight: float) -> None:
    with pytest.raises(UnknownVoice):
        Mix.of([("af_heart", weight), ("am_adam", 1.0)])


def test_a_mix_needs_a_part() -> None:
    with pytest.raises(UnknownVoice):
        Mix.of([])
    with pytest.raises(UnknownVoice):
        Mix.of([("af_heart", 1e308), ("am_adam", 1e308)])
    assert str(Mix.of([("af_heart", 1.0), ("am_adam", 1e-300)])) == "af_heart"


@given(
    st.dictionaries(
        st.sampled_from(PACKS), st.integers(min_value=1, max_value=1000), min_size=1, max_size=8
    )
)
def test_a_mix_sums_to_one_and_survives_its_text_form(weights: dict[str, int]) -> None:
    mix = Mix.of(weights.items())
    assert sum(share for _, share in mix.parts) == pytest.approx(1, abs=1e-12)
    assert [pack for pack, _ in mix.parts] == sorted(weights)
    assert Mix.of(reversed(weights.items())) == mix
    assert Mix.of(mix.parts) == mix
    assert parse_mix(str(mix)) == mix


def test_a_pack_alone_is_its_file_and_a_mix_the_weighted_mean(folder: Path) -> None:
    packs = VoicePacks(folder)
    heart = packs.style(parse_mix("af_heart"))
    assert heart.dtype == np.float32
    assert heart.shape == (510, 256)
    assert heart.tobytes() == (folder / "af_heart.bin").read_bytes()
    mixed = packs.style(parse_mix("af_heart:3+am_adam:1"))
    assert mixed.dtype == np.float32
    np.testing.assert_allclose(mixed, heart + 25, rtol=1e-6)
    assert packs.names() == PACKS


def test_styles_are_kept_and_cannot_be_written_to(folder: Path) -> None:
    packs = VoicePacks(folder)
    style = packs.style(parse_mix("af_heart:1+am_adam:1"))
    assert packs.style(parse_mix("am_adam:2+af_heart:2")) is style
    with pytest.raises(ValueError, match="read-only"):
        style[0, 0] = 1


def test_a_missing_or_damaged_pack_names_its_file_and_is_looked_for_again(folder: Path) -> None:
    packs = VoicePacks(folder)
    bella = parse_mix("af_bella")
    with pytest.raises(ModelUnavailable, match=r"af_bella\.bin.*models pull"):
        packs.style(bella)
    whole = (folder / "af_heart.bin").read_bytes()
    (folder / "af_bella.bin").write_bytes(whole[:-4])
    with pytest.raises(ModelUnavailable, match="522236 bytes instead of 522240"):
        packs.style(bella)
    (folder / "af_bella.bin").write_bytes(b"\x00\x00\xc0\x7f" + whole[4:])
    with pytest.raises(ModelUnavailable, match="finite"):
        packs.style(bella)
    (folder / "af_bella.bin").write_bytes(whole)
    assert packs.style(bella).tobytes() == whole


@pytest.mark.parametrize(
    ("count", "row"), [(1, 0), (2, 1), (510, 509), (511, 509), (9999, 509), (0, 0), (-3, 0)]
)
def test_the_row_follows_the_number_of_phonemes(folder: Path, count: int, row: int) -> None:
    found = style_row(VoicePacks(folder).style(parse_mix("af_heart")), count)
    assert found.shape == (1, 256)
    assert found[0, 0] == row
