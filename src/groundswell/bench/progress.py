"""Progress bars on stderr, so that results on stdout stay clean."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import track

_T = TypeVar("_T")


def bar(items: Sequence[_T] | Iterable[_T], title: str, total: int | None = None) -> Iterator[_T]:
    """Yield the items, showing how far it is and how long it will still take."""
    console = Console(stderr=True)
    yield from track(items, title.ljust(22), total=total, console=console, transient=False)


def note(text: str) -> None:
    """Say what was found so far, where nobody knows how long it will take."""
    Console(stderr=True).print(text, highlight=False)
