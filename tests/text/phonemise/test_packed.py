from hypothesis import given
from hypothesis import strategies as st

from groundswell.text.phonemise.packed import PackedReadings, Reading

# As in the dictionaries: words and phonemes of any script, none of them empty or broken.
_text = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
_reading = st.one_of(_text, st.dictionaries(_text, st.none() | _text, min_size=1, max_size=3))


@given(st.dictionaries(_text, _reading, max_size=40), _text)
def test_is_the_dictionary_it_was_made_of(readings: dict[str, Reading], other: str) -> None:
    packed = PackedReadings(readings)
    assert dict(packed) == readings
    assert len(packed) == len(readings)
    for word in (*readings, other, *(word[:-1] for word in readings)):
        assert (word in packed) == (word in readings)
        assert packed.get(word) == readings.get(word)
