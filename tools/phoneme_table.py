"""Write docs/phonemes.md from the code's own tables.

Run as ``python tools/phoneme_table.py > docs/phonemes.md``; a test compares the two.
"""

# ruff: noqa: E501  a row of a table is one line

from groundswell.text.languages import LANGUAGES
from groundswell.text.phonemise.nearest import BY_LANGUAGE, NEAREST_ROWS, TIED, Row

_HEAD = """\
# Phonemes

Kokoro reads 114 symbols (`text/phonemise/symbols.py`). English comes from misaki, whose symbols the
model was trained on, Japanese and Chinese likewise; every other language comes from espeak-ng. Its
IPA is mapped by the tables below, which are made from the code (`python tools/phoneme_table.py`).
A test walks espeak-ng's own phoneme tables, voice by voice, and finds no symbol without a place;
two hundred sentences in each of the twelve documented languages lose none.

A symbol that Kokoro knows is kept as it is: so are the aspirates (ʰ), the retroflexes ʈ ɖ ɳ ʂ ɻ,
nasal vowels (a tilde), long vowels (ː) and doubled consonants. In the languages of India, c and ɟ
stand for च and ज as in the model's Hindi. Breathy stops keep their ʰ, except in Punjabi.

## Spellings mended before espeak-ng

espeak-ng reads some regular spellings of Indian languages wrongly. `text/phonemise/orthography.py`
respells them, word by word, with an equivalent that it reads rightly:

| Language | Spelling | Why |
|---|---|---|
| all | joiners (ZWJ, ZWNJ) | espeak-ng ends the word there; they change no sound |
| hi mr bn or | letters with nukta, composed again | NFC takes them apart, and espeak-ng then loses the vowel after them; Bengali য় only before a vowel |
| hi mr gu pa te | anusvara or chandrabindu before a stop → the nasal of that place | हिंदी is *hindi*, आँख *aaŋkh*, గంగ *gaŋga* |
| te | any other anusvara → m | జీవితం ends in m, not n |
| gu | ં of a short vowel before s, h, v → n | સંસાર |
| gu pa | inherent vowels inside a word by Ohala's rule | સરકાર is *sarkaar*: espeak-ng keeps them all |
| hi | the same behind h and ढ़, and before -पन | कहना is *kahnaa*, बचपन *bacpan* |
| hi | final ल्म | फ़िल्म has no vowel at the end |
| mr | च → ts in native words and endings, झ → dz before back vowels | चांगला, त्याचा, माझा |
| pa | subscript ੍ਹ dropped | ਪੜ੍ਹਨਾ has a tone there, no h |
| bn | এক, বড়, ছোট, ধন্যবাদ, আষাঢ়, verbs in -ছে | irregular vowels |
| or | ୱ, ଘ before a consonant, କ୍ଷ | espeak-ng spells ୱ out, loses the breath of ଘ and the vowel after କ୍ଷ |
| ml | റ്റ, final ്, old chillus | alveolar tt; the short vowel after a final consonant |

Known limits: Marathi च and ज are lexical (learned words are palatal, native ones dental), and
the list of native stems is short; Punjabi tone is dropped; ɭ and l are one sound; the flap ɽ and the
tap ɾ are one sound; Gujarati ઝ is z; Bengali এ is æ only in words that espeak-ng or the list knows.
"""


def table(rows: tuple[Row, ...]) -> str:
    """Give rows as a Markdown table."""
    lines = ["| espeak-ng | Kokoro | Why |", "|---|---|---|"]
    for row in rows:
        new = f"`{row.new}`" if row.new else "nothing"
        old = row.old.replace("|", "\\|")
        lines.append(f"| `{old}` | {new} | {row.why} |")
    return "\n".join(lines)


def document() -> str:
    """Give the whole page."""
    parts = [_HEAD, "## Tied pairs, every language\n", table(TIED), "\n## Symbols Kokoro lacks\n"]
    parts.append(table(NEAREST_ROWS))
    parts.append("\nMarks that only refine a sound (dental, voiceless, lowered, …) are dropped.")
    parts.append(
        "\n## Rules of one language\n\nThe left side is a regular expression over espeak-ng's IPA."
    )
    for code, rows in BY_LANGUAGE.items():
        parts += [f"\n### {LANGUAGES[code].name.capitalize()} ({code})\n", table(rows)]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    print(document(), end="")
