"""What Russian and Polish share: three plural forms and one for decimals, years as ordinals."""

from groundswell.text.normalise import tokens as t
from groundswell.text.normalise.european import European


class Slavic(European):
    """``Noun.forms`` are: one, two to four, five and more, and the one after decimals."""

    def plural(self, quantity: t.Quantity) -> int:
        """Choose by the last digits; ``one_ends`` says whether 21 takes the singular."""
        last = quantity.last
        if last.magnitude:
            return 2
        if last.fraction:
            return 3
        value = int(last.whole[-2:] or 0)
        if value % 10 == 1 and value != 11 and (self.one_ends or last.whole.lstrip("0") == "1"):
            return 0
        return 1 if value % 10 in (2, 3, 4) and value not in (12, 13, 14) else 2

    one_ends = True

    def inflected(self, value: int, ending: str) -> str:
        """Say an ordinal in the case of ``ending``: "nom", "gen", "loc"; "fem" for hours."""
        raise NotImplementedError

    def day(self, token: t.Day) -> str:
        """Days are ordinals in the genitive: "of the fifth"."""
        end = "" if token.to is None else f" {self.to} {self.inflected(token.to, 'gen')}"
        return self.inflected(token.value, "gen") + end
