"""``groundswell voices``."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from groundswell.errors import InvalidInput
from groundswell.synthesis.catalogue import Voice, catalogue

app = typer.Typer(no_args_is_help=True)


@app.callback()
def voices() -> None:
    """Show the voices."""


@app.command("list")
def list_voices(
    language: Annotated[str | None, typer.Option(help="Only voices of this language code.")] = None,
    gender: Annotated[str | None, typer.Option(help="Only male or female voices.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List every voice that can be passed as voice_id, and what it is made of."""
    chosen = [
        voice
        for voice in catalogue()
        if (language is None or language in voice.languages)
        and (gender is None or gender == voice.gender)
    ]
    if not chosen:
        raise InvalidInput("No voice is like that; 'groundswell voices list' shows all.")
    if as_json:
        typer.echo(
            json.dumps([_described(voice) for voice in chosen], ensure_ascii=False, indent=1)
        )
        return
    table = Table("Voice", "Gender", "Accent", "Age", "Languages", "Made of")
    for voice in chosen:
        mix = " + ".join(f"{pack} {weight:.0%}" for pack, weight in voice.mix.parts)
        table.add_row(
            voice.id, voice.gender, voice.accent, voice.age, " ".join(voice.languages), mix
        )
    Console(width=None if Console().is_terminal else 140).print(table)
    typer.echo(f"{len(chosen)} voices", err=True)


def _described(voice: Voice) -> dict[str, Any]:
    return {
        "id": voice.id,
        "name": voice.display_name,
        "gender": voice.gender,
        "accent": voice.accent,
        "age": voice.age,
        "languages": list(voice.languages),
        "mix": dict(voice.mix.parts),
    }
