"""``groundswell explain``."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from groundswell.text.explain import Explanation


def explain(
    text: Annotated[str, typer.Argument(help="What would be said; '-' reads standard input.")],
    voice: Annotated[
        str | None, typer.Option(help="A voice of 'groundswell voices list', or a mix.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language code, or auto.")] = "en",
    speed: Annotated[float, typer.Option(min=0.5, max=2.0, help="0.5 to 2.")] = 1.0,
    number_language: Annotated[
        str | None, typer.Option(help="Language in which numbers are read.")
    ] = None,
    math: Annotated[bool, typer.Option("--math", help="Read operators as words.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of a table.")] = False,
) -> None:
    """Show what will be said for a text, and why."""
    from groundswell.synthesis.casting import read
    from groundswell.text import explain as explaining

    if text == "-":
        text = typer.get_text_stream("stdin").read()
    _, segments = read(
        text, voice=voice, language=language, number_language=number_language, math_notation=math
    )
    explanation = explaining.explain(text, segments, speed)
    if as_json:
        typer.echo(json.dumps(explanation.shown(), ensure_ascii=False, indent=2))
    else:
        _show(explanation)


def _show(explanation: "Explanation") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for name in ("typed", "said", "phonemes", "language", "rule"):
        table.add_column(name, overflow="fold")
    for word in explanation.words:
        row = (word.word, word.spoken, word.phonemes, word.language, word.rule or "")
        table.add_row(*map(Text, row))
    console = Console(width=None if Console().is_terminal else 110, highlight=False)
    console.print(table)
    console.print()
    console.print(Text(f"said      {explanation.spoken}"))
    console.print(Text(f"phonemes  {explanation.phonemes}"))
    console.print(
        Text(
            f"language  {explanation.language}; segments: {len(explanation.segments)}; "
            f"about {explanation.duration:.1f} s"
        )
    )
