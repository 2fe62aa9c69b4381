"""English, American unless asked otherwise."""

from typing import ClassVar

from groundswell.text.normalise.grammar import Grammar

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip


class English(Grammar):
    """American English."""

    code = "en"
    hundred_and: ClassVar[str] = " "

    def cardinal(self, value: int, gender: str = "") -> str:
        """Say a whole number."""
        if value < 20:
            return _ONES[value]
        if value < 100:
            tens, ones = divmod(value, 10)
            return _TENS[tens] + (f" {_ONES[ones]}" if ones else "")
        if value < 1000:
            hundreds, rest = divmod(value, 100)
            head = f"{_ONES[hundreds]} hundred"
            return f"{head}{self.hundred_and}{self.cardinal(rest)}" if rest else head
        for size, name in _SCALES:
            if value >= size:
                many, rest = divmod(value, size)
                head = f"{self.cardinal(many)} {name}"
                join = self.hundred_and if rest < 100 else " "
                return f"{head}{join}{self.cardinal(rest)}" if rest else head
        return _ONES[0]

    def ordinal(self, value: int, gender: str = "") -> str:
        """Say an ordinal."""
        head, _, last = self.cardinal(value).rpartition(" ")
        if last in _ORDINALS:
            last = _ORDINALS[last]
        else:
            last = last[:-1] + "ieth" if last.endswith("y") else last + "th"
        return f"{head} {last}".strip()
