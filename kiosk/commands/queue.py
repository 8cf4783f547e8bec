"""`latebook queue …`: the entries that wait for the register or were rejected, for the kiosk's technician.

It shows no names: pupils appear by the roster's ids.
"""

import json
import os
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from kiosk.app.folder_lock import lock_folder
from kiosk.errors import DiskKeyError, FolderError
from kiosk.journal.journal import Journal
from kiosk.journal.place import JournalPlace, journal_place
from kiosk.journal.queued import QueuedEntry, queued_entries
from kiosk.settings import KioskSettings
from sync.command_line import fail
from sync.settings import SettingsError, load

COMMAND = "latebook queue"
app = typer.Typer(
    no_args_is_help=True, help="This kiosk's entries that wait for the register or were rejected."
)

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="The kiosk's settings file (TOML), which names its folder."
    ),
]
Which = Annotated[
    str, typer.Argument(metavar="ENTRY", help="The entry's number, its id or the beginning of its id.")
]

STATE_TEXT = {"waiting": "waits for the register", "rejected": "rejected"}
WIDE = 200
"""Columns of output to a file or a program, so that nothing is cut off."""


@app.command("list")
def list_(config: Config = None) -> None:
    """List every entry that waits or was rejected, oldest first."""
    entries = _queue(_place(config))
    if not entries:
        typer.echo("No entry is waiting or rejected.")
        return
    table = Table("number", "id", "what", "pupil", "at (UTC)", "state", "why", box=None, header_style="bold")
    for entry in entries:
        fields = _entry(entry)
        what, pupil, at = (str(fields.get(key, "?")) for key in ("kind", "pupil", "at"))
        table.add_row(str(entry.seq), entry.id, what, pupil, at, STATE_TEXT[entry.state], entry.detail or "")
    console = Console()
    if not console.is_terminal:
        console.width = WIDE
    console.print(table)
    rejected = sum(entry.state == "rejected" for entry in entries)
    typer.echo(f"{len(entries) - rejected} waiting, {rejected} rejected.")


@app.command()
def show(which: Which, config: Config = None) -> None:
    """Show one entry in full, as it is sent."""
    entry = _one(_queue(_place(config)), which)
    typer.echo(json.dumps(_record(entry), indent=2, ensure_ascii=False))


@app.command()
def retry(
    which: Annotated[
        list[str] | None, typer.Argument(metavar="[ENTRY]…", help="Ids or numbers of rejected entries.")
    ] = None,
    config: Config = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Retry every rejected entry.")] = False,
) -> None:
    """Send rejected entries again, once their cause has been fixed at the register.

    Stop the kiosk first: only one program may write its journal.
    """
    if bool(which) == every:
        fail("name the entries, or give --all", command=COMMAND)
    place = _place(config)
    rejected = [entry for entry in _queue(place) if entry.state == "rejected"]
    chosen = rejected if every else [_one(rejected, each) for each in which or ()]
    try:
        with lock_folder(place.path.parent):
            journal = Journal(place.path, lambda: datetime.now(UTC), place.key)
            try:
                number = journal.retry([entry.id for entry in chosen]).result()
            finally:
                journal.close()
    except (FolderError, DiskKeyError, sqlite3.Error, OSError) as error:
        fail(str(error), command=COMMAND)
    typer.echo(f"{number} will be sent again when the kiosk starts.")


@app.command()
def export(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, with one line of JSON an entry.")],
    config: Config = None,
) -> None:
    """Copy the entries that wait or were rejected to a file, to be carried to the register by hand."""
    entries = _queue(_place(config))
    try:
        with to.open("x", encoding="utf-8") as file:
            to.chmod(0o600)
            file.writelines(json.dumps(_record(entry), ensure_ascii=False) + "\n" for entry in entries)
    except FileExistsError:
        fail(f"{to} already exists; name a new file", command=COMMAND)
    except OSError as error:
        fail(f"{to} cannot be written: {error.strerror}", command=COMMAND)
    typer.echo(
        f"{len(entries)} entries are in {to}. They are about pupils: keep the file as safe as the kiosk."
    )


def _place(config: Path | None) -> JournalPlace:
    try:
        settings = load(KioskSettings, config, os.environ).value.kiosk
        return journal_place(settings.state, settings.key_file)
    except (SettingsError, DiskKeyError) as error:
        fail(str(error), command=COMMAND)


def _queue(place: JournalPlace) -> list[QueuedEntry]:
    path = place.path
    try:
        return queued_entries(path, place.key)
    except FileNotFoundError:
        fail(
            f"there is no journal in {path.parent}; give the kiosk's settings file with --config",
            command=COMMAND,
        )
    except DiskKeyError as error:
        fail(str(error), command=COMMAND)
    except (sqlite3.Error, OSError) as error:
        fail(f"{path} cannot be read: {error}; does it belong to another user?", command=COMMAND)


def _one(entries: Sequence[QueuedEntry], which: str) -> QueuedEntry:
    matches = [entry for entry in entries if which == str(entry.seq)] or [
        entry for entry in entries if entry.id.startswith(which.lower())
    ]
    if len(matches) != 1:
        how = "no entry" if not matches else f"{len(matches)} entries"
        fail(f"{which!r} matches {how}; `latebook queue list` shows them all", command=COMMAND)
    return matches[0]


def _record(entry: QueuedEntry) -> dict[str, object]:
    return {
        "state": entry.state,
        "detail": entry.detail,
        "committed_at": entry.committed_at,
        "entry": _entry(entry) or entry.body,
    }


def _entry(entry: QueuedEntry) -> dict[str, object]:
    """The entry as it is sent; empty if another version of Latebook wrote it in a form unknown here."""
    try:
        sent = json.loads(entry.body)
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}
