"""``groundswell serve``."""

from pathlib import Path
from typing import Annotated

import typer

from groundswell.accounts.keys import Keys
from groundswell.memory import share_heaps
from groundswell.settings import Settings
from groundswell.store.database import Database


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of the database; made when missing.")
    ] = None,
) -> None:
    """Serve the API. Without any key, makes the first one and shows it."""
    # Imported here: the other commands need neither the web framework nor the inference runtime.
    from groundswell.api import logs, server
    from groundswell.api.services import Services
    from groundswell.synthesis.model_files import locate

    share_heaps()
    given = {"host": host, "port": port, "data_dir": data_dir}
    changes = {name: value for name, value in given.items() if value is not None}
    settings = Settings.model_validate(Settings().model_dump() | changes)
    logs.configure(settings)
    locate(settings.models_dir)
    database = Database(settings.resolved_database_url)
    database.migrate()
    keys = Keys(database)
    if not keys.all():
        key, _ = keys.create("first")
        _show_first_key(key, settings)
    server.run(Services(settings, database, keys))


def _show_first_key(key: str, settings: Settings) -> None:
    typer.echo(
        f"""
Your first API key (shown only now; 'groundswell keys create' makes more):

    {key}

Once the server is ready, try:

    curl http://{settings.host}:{settings.port}/waves/v1/lightning-v3.1/get_speech \\
      -H "Authorization: Bearer {key}" -H "Content-Type: application/json" \\
      -d '{{"text": "Hello from my own machine.", "voice_id": "magnus", "output_format": "wav"}}' \\
      --output hello.wav
""",
        err=True,
    )
