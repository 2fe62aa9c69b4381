"""Tables and verdicts, printed to a terminal or written into a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table as RichTable
from rich.text import Text


@dataclass(frozen=True, slots=True)
class Table:
    """A title, column heads and rows of text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def rich(self) -> RichTable:
        """Return the table for a terminal."""
        table = RichTable(*self.columns, title=self.title, title_justify="left")
        for row in self.rows:
            table.add_row(*(Text(cell) for cell in row))
        return table

    def markdown(self) -> str:
        """Return the table for a page."""
        head = _line(self.columns)
        rule = "|" + "---|" * len(self.columns)
        return "\n".join([f"**{self.title}**", "", head, rule, *map(_line, self.rows)])


@dataclass(frozen=True, slots=True)
class Verdict:
    """One target, and whether it was met."""

    claim: str
    measured: str
    target: str
    met: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture.

    Attributes:
        name: of its file, without ending.
        title: what it shows.
        text: for a terminal.
        svg: for a page.
    """

    name: str
    title: str
    text: str
    svg: str


@dataclass(frozen=True, slots=True)
class Section:
    """What one measurement found.

    Attributes:
        name: of the marked place in the docs.
        tables: for people.
        verdicts: the targets it was held to.
        data: everything, for machines; must be JSON.
        plots: the same to look at.
    """

    name: str
    tables: tuple[Table, ...]
    verdicts: tuple[Verdict, ...]
    data: dict[str, Any] = field(default_factory=dict)
    plots: tuple[Plot, ...] = ()

    def all_tables(self) -> tuple[Table, ...]:
        """Return the tables, the verdicts first."""
        rows = tuple(
            (v.claim, v.measured, v.target, "met" if v.met else "MISSED") for v in self.verdicts
        )
        targets = Table("Targets", ("What", "Measured", "Target", ""), rows)
        return (targets, *self.tables) if rows else self.tables

    def rich(self) -> RenderableType:
        """Return the section for a terminal."""
        tables = (table.rich() for table in self.all_tables())
        return Group(*tables, *(Text(plot.text) for plot in self.plots))


def percent(share: float, digits: int = 1) -> str:
    """Write 0.034 as ``3.4 %``."""
    return f"{share * 100:.{digits}f} %"


def spread(values: Sequence[float], unit: str = "") -> str:
    """Write the median and the quartiles: ``0.31 s (0.29 to 0.35)``."""
    low, middle, high = (_digits(value) for value in np.quantile(values, [0.25, 0.5, 0.75]))
    return f"{middle} {unit}".rstrip() + f" ({low} to {high})"


def _digits(value: float) -> str:
    """Two digits after the point, and three where there is nothing before it."""
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"


def _line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
