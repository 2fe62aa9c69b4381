"""What speech costs, in credits."""

from collections.abc import Mapping

UNIT = 1000
"""Prices are for so many characters: whole numbers then reach below one credit a character."""
DEFAULT_PRICE = 1000


class Prices:
    """The price table.

    Args:
        table: credits for 1,000 characters, by model; the entry ``default`` is for all others.
    """

    def __init__(self, table: Mapping[str, int] | None = None) -> None:
        self._table = dict(table or {})
        self._default = self._table.get("default", DEFAULT_PRICE)

    def cost(self, model: str, characters: int) -> int:
        """Return the credits for a text, rounded up."""
        return -(-characters * self._table.get(model, self._default) // UNIT)
