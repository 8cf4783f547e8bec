"""`latebook key …`: makes the key that encrypts what a kiosk keeps on its disk, and encrypts it."""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from kiosk.app.folder_lock import lock_folder
from kiosk.disk_key import make_key, read_key
from kiosk.enrolment import encrypt_token
from kiosk.errors import DiskKeyError, FolderError, NotEnrolledError
from kiosk.journal.encrypting import encrypt_journal, plain_remains
from kiosk.settings import KioskSettings
from sync.command_line import fail
from sync.settings import SettingsError, load

COMMAND = "latebook key"
app = typer.Typer(no_args_is_help=True, help="The key that encrypts what this kiosk keeps on its disk.")


@app.command()
def make(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, which only this user can read.")],
) -> None:
    """Make a key. Keep a copy where the kiosk is not: without it, nothing on the disk can be read."""
    try:
        make_key(file)
    except DiskKeyError as error:
        fail(str(error), command=COMMAND)
    typer.echo(
        f"{file} has a new key. Name the file in the setting [kiosk] key_file, then run:"
        " latebook key encrypt --config FILE"
    )


@app.command()
def encrypt(
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", metavar="FILE", help="The kiosk's settings file (TOML), which names folder and key."
        ),
    ] = None,
) -> None:
    """Encrypt this kiosk's journal and token. Stop the kiosk first. Run again, it completes what was
    interrupted."""
    try:
        settings = load(KioskSettings, config, os.environ).value.kiosk
        if settings.key_file is None:
            fail(
                "the setting [kiosk] key_file names no key; make one with: latebook key make FILE",
                command=COMMAND,
            )
        key = read_key(settings.key_file)
        with lock_folder(settings.state):
            entries = encrypt_journal(settings.state, key, datetime.now(UTC))
            encrypt_token(settings.state, key)
            remains = plain_remains(settings.state)
    except (SettingsError, DiskKeyError, FolderError, NotEnrolledError, sqlite3.Error, OSError) as error:
        fail(str(error), command=COMMAND)
    if entries is None:
        typer.echo("There is no journal that is not encrypted. A new one is encrypted from its first entry.")
    else:
        typer.echo(f"The journal, with {entries} entries, and the token are encrypted.")
    if remains:
        typer.echo(
            f"Not encrypted are damaged journals that were put aside: {', '.join(remains)}. Move them to a"
            " safe place once the office needs nothing more from them."
        )
    typer.echo(
        "What was deleted may still be on the card: use a new card where that matters, and destroy this one."
    )
