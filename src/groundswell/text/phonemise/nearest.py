"""espeak-ng's IPA → Kokoro's symbols: the tables, each row with its reason.

``docs/phonemes.md`` is made of these tables by ``tools/phoneme_table.py``, and the test suite walks
espeak-ng's own phoneme tables to see that nothing is missing.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One replacement.

    Args:
        old: espeak's symbols; in ``BY_LANGUAGE`` a regular expression.
        new: Kokoro's symbols, empty where nothing is to be heard.
        why: the reason, one line.

    """

    old: str
    new: str
    why: str


def _rows(table: str) -> tuple[Row, ...]:
    """Parse lines ``old → new · why``; ``∅`` is nothing."""
    rows: list[Row] = []
    for line in table.strip().splitlines():
        pair, _, why = line.strip().partition(" · ")
        old, _, new = pair.partition(" → ")
        new = new.strip().replace("∅", "")
        rows.append(Row(old.strip(), new, why.strip()))
    return tuple(rows)


#: espeak's tied pairs that Kokoro knows as one letter. ``^`` is the tie we ask espeak for.
TIED = _rows("""
    a^ɪ → I · one letter in the training phonemes
    a^ʊ → W · one letter in the training phonemes
    d^z → ʣ · one letter
    d^ʒ → ʤ · one letter
    d^ʑ → ʥ · one letter; pl dź, ko ㅈ (misaki leaves d + ʑ, and Kokoro lacks ʑ)
    e^ɪ → A · one letter in the training phonemes
    o^ʊ → O · one letter in the training phonemes
    ə^ʊ → Q · one letter in the training phonemes
    s^s → S · one letter
    s^x → ʃ · sv sj-sound, a fricative between ʃ and x; never s + x
    t^s → ʦ · one letter
    t^ɕ → ʨ · one letter
    t^ʃ → ʧ · one letter
    ɔ^ɪ → Y · one letter in the training phonemes
    r. → ɾ · ड़ ড় ੜ ଡ଼, a retroflex flap, of which espeak gives the inner name: PL-BERT never saw ɽ \
(norm of its embedding 37, like unused ids; ʈ ɖ ɳ ʂ 130 to 144, ɾ 206), and the tap is nearest
""")

#: Where espeak's IPA of one language is not IPA, or not what Kokoro means by the symbol.
BY_LANGUAGE: dict[str, tuple[Row, ...]] = {
    "hi": _rows(r"""
        (?<=̃)n(?=[ˈˌ]?[ʋhszʃjlɾrm]) → ∅ · मुँह गाँव: espeak adds n, but only a stop calls for one
    """),
    "mr": _rows(r"""
        ts → ʦ · च before back vowels, which we respell त्स: a dental affricate
        dɟʰ → ʣʰ · झ likewise, respelled द्झ
    """),
    "bn": _rows(r"""
        hr\. → r. · ঢ়: the breath of ɽʱ is not heard in Bengali
        oː([ˈˌ]?)a → \1wa · ওয়া is wa
        (?<=[b-df-hj-np-tv-zɾʃɟɡɖʈŋʰː.])ˌ?ɔ(?=\s|$) → o · the inherent vowel at the end of a word
    """),
    "ta": _rows(r"""
        ɹ → ɾ · ர is a tap; Kokoro's ɹ is the English approximant
        ʉ → ɯ · the short final u, unrounded
    """),
    "kn": _rows("ɹ → ɾ · ರ is a tap; Kokoro's ɹ is the English approximant"),
    "te": _rows("r → ɾ · ర is a tap; Kokoro's r is the Spanish trill"),
    "ml": _rows(r"""
        r\. → ɻ · ഴ, of which espeak gives the inner name of a flap
        uɨ → ɨ · ് at the end of a word, which we respell ു് so that espeak reads it always
    """),
    "gu": _rows(r"""
        r\. → l · ળ is the lateral ɭ, of which espeak gives the inner name of a flap
        ʌ̃ → ãː · આં is long
    """),
    "pa": _rows(r"""
        \+ → ∅ · mark of the low tone: Kokoro's tones are Mandarin contours, worse than none
        (?<=[bdɖɡɟ])ʰ → ∅ · ਘ ਝ ਢ ਧ ਭ inside a word: the breath has become tone
    """),
    "or": _rows(r"""
        hr\. → r. · ଢ଼: the breath of ɽʱ is hardly heard
        ɡ([ˈˌ]?)h → ɡʰ\1 · ଘ, which we respell ଗ୍ହ because espeak loses its breath
        ([j.][ˈˌ]?)ɔ(?=[ˈˌ]?[aeiou]) → \1 · espeak adds the inherent vowel in front of a written one
        l̩ → ɭ · ଳ is the lateral ɭ, not a syllable of its own
        (?<=[ˈˌ]ɔ)ː → ∅ · the inherent vowel is short
        ([b-df-hk-np-tvzʃɟɡɖʈʰ]j|h)(?=\s|$) → \1ɔ · ମୂଲ୍ୟ, ଶହ: espeak drops the last vowel
    """),
    "ru": _rows(r"""
        u" → u · inner name
        y → ɨ · ы; Russian has no front rounded vowel
    """),
    # Vietnamese tones but this one are digits (``NEAREST``).
    "vi": _rows("ɜ → ↗ · tone 3 (sắc, rising), written as a vowel that Vietnamese lacks"),
}

NEAREST_ROWS = _rows("""
    ʍ → w · voiceless w
    ɫ → l · velarised l
    ɬ → l · voiceless lateral
    ɭ → l · retroflex lateral of ळ ள ള ళ ಳ ଳ ળ; ɻ would be heard as r
    ʀ → ʁ · uvular trill
    ɢ → ɡ · uvular stop
    ʑ → ʒ · alveolo-palatal, as in pl ź
    ʐ → ʒ · retroflex, as in pl ż and ru ж
    ʉ → u · central rounded, sv (ta has a row of its own)
    ʏ → y · de ü, lax
    ɵ → ø · nl u, sv short u
    ħ → h · pharyngeal, ar ح
    ʕ → ʔ · pharyngeal, ar ع: the glottal stop keeps the syllables apart
    ɗ → d · implosive, vi đ
    ɓ → b · implosive, vi b
    ɱ → m · labiodental nasal
    g → ɡ · the ASCII letter for the IPA one
    F → ∅ · inner name in espeak's French liaison phoneme, no sound
    ˤ → ∅ · pharyngealisation, ar emphatic consonants
    ˠ → ∅ · velarisation
    ʷ → w · rounding
    ˑ → ː · half long
    ˀ → ∅ · creak
    ^ → ∅ · our own tie, where no single letter exists
    - → ∅ · espeak's mark of a final schwa or an unreleased stop
    + → ∅ · vi, a rounder vowel
    _ → ∅ · espeak's pause or joint
    | → ∅ · espeak's boundary inside a word
    ' → ∅ · inner name
    1 → ∅ · vi level tone, and numbers in the names of phoneme variants
    2 → ↘ · vi huyền, falling: Kokoro's Mandarin contours serve for the tones
    4 → ↓ · vi hỏi, dipping
    5 → ↗ · vi ngã, rising with a break
    6 → ↘ · vi nặng, falling and checked
    7 → ∅ · numbers in the names of phoneme variants
""")

#: Symbols Kokoro lacks → what it has. Diacritics that only refine are dropped here, on purpose.
NEAREST: dict[str, str] = {row.old: row.new for row in NEAREST_ROWS} | {
    "\u0329": "",  # syllabic: set to ᵊ + consonant before this table is read
    "\u032a": "",  # dental
    "\u032f": "",  # non-syllabic
    "\u0325": "",  # voiceless
    "\u031e": "",  # lowered
    "\u031d": "",  # raised
    "\u031a": "",  # unreleased
    "\u0361": "",  # tie
    "\u200c": "",  # joiners, which chose the letters' shapes and have done their work
    "\u200d": "",
}

PATTERNS: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    code: tuple((re.compile(row.old), row.new) for row in rows)
    for code, rows in BY_LANGUAGE.items()
}
