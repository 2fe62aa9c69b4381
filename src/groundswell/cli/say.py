"""``groundswell say``."""

from pathlib import Path
from typing import Annotated

import typer

from groundswell.errors import InvalidInput


def say(
    text: Annotated[str, typer.Argument(help="What to say; '-' reads standard input.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write.")],
    voice: Annotated[
        str | None, typer.Option(help="A voice of 'groundswell voices list', or a mix.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language code, or auto.")] = "en",
    speed: Annotated[float, typer.Option(help="0.5 to 2.")] = 1.0,
    audio_format: Annotated[
        str | None,
        typer.Option("--format", help="wav, mp3, pcm, ulaw or alaw. Default: by the file's name."),
    ] = None,
    sample_rate: Annotated[int, typer.Option(help="Samples per second, 8000 to 48000.")] = 24000,
) -> None:
    """Speak a text into a file."""
    from groundswell.audio.encode import AUDIO_FORMATS, Delivery, with_exact_header
    from groundswell.synthesis.speaker import Speaker

    wanted = audio_format or output.suffix.lstrip(".").lower() or "wav"
    if wanted not in AUDIO_FORMATS:
        known = ", ".join(AUDIO_FORMATS)
        raise InvalidInput(f"Unknown format {wanted!r}; choose --format from: {known}.")
    if not 8000 <= sample_rate <= 48000:
        raise InvalidInput("--sample-rate must be between 8000 and 48000.")
    if text == "-":
        text = typer.get_text_stream("stdin").read()
    delivery = Delivery(wanted, sample_rate)
    pieces = Speaker().stream(text, voice=voice, language=language, speed=speed)
    audio = b"".join([delivery.feed(piece.samples) for piece in pieces]) + delivery.finish()
    if wanted == "wav":
        audio = with_exact_header(audio, sample_rate)
    try:
        output.write_bytes(audio)
    except OSError as error:
        raise InvalidInput(f"{output}: {error.strerror}.") from error
