"""Written text → what is said: numbers, dates, money, addresses, abbreviations, symbols.

``read`` finds the stretches that are not said as they are typed, each with its spoken form. Inside:
recognisers (``scan/``, shared by all languages) make typed ``tokens``; one ``Grammar`` per language
says them; ``registry`` names the grammars. Imports only ``groundswell.text.languages``.
"""

from groundswell.text.normalise.read import read, spoken
from groundswell.text.normalise.reading import NormaliseOptions, Reading

__all__ = ["NormaliseOptions", "Reading", "read", "spoken"]
