"""`latebook queue …`: what a kiosk has not brought to the register, for whoever looks after it.

Nobody's name is in it: pupils are called by the roster's ids.
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

from kiosk.app.folder_lock import only_one_in
from kiosk.errors import FolderError
from kiosk.journal.journal import Journal
from kiosk.journal.queued import Queued, queued
from kiosk.settings import KioskSettings
from sync.command_line import fail
from sync.settings import SettingsError, load

COMMAND = "latebook queue"
app = typer.Typer(no_args_is_help=True, help="What this kiosk has not brought to the register yet.")

Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="The kiosk's settings (TOML), to find its folder."),
]
Which = Annotated[
    str, typer.Argument(metavar="ENTRY", help="Its id, its number, or the beginning of its id.")
]

SAID = {"waiting": "waits for the register", "rejected": "rejected"}
WIDE = 200
"""Columns where the output is read by a program: nothing is cut off."""


@app.command("list")
def list_(config: Config = None) -> None:
    """Every entry that waits or was rejected, oldest first."""
    entries = _queue(_state(config))
    if not entries:
        typer.echo("Nothing waits, and nothing was rejected.")
        return
    table = Table("number", "id", "what", "pupil", "at (UTC)", "state", "why", box=None, header_style="bold")
    for entry in entries:
        sent = _sent(entry)
        what, pupil, at = (str(sent.get(key, "?")) for key in ("kind", "pupil", "at"))
        table.add_row(str(entry.seq), entry.id, what, pupil, at, SAID[entry.state], entry.detail or "")
    console = Console()
    if not console.is_terminal:
        console.width = WIDE
    console.print(table)
    rejected = sum(entry.state == "rejected" for entry in entries)
    typer.echo(f"{len(entries) - rejected} waiting, {rejected} rejected.")


@app.command()
def show(which: Which, config: Config = None) -> None:
    """One entry in full, as it is sent."""
    entry = _one(_queue(_state(config)), which)
    typer.echo(json.dumps(_record(entry), indent=2, ensure_ascii=False))


@app.command()
def retry(
    which: Annotated[
        list[str] | None, typer.Argument(metavar="[ENTRY]…", help="Ids or numbers of rejected entries.")
    ] = None,
    config: Config = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every rejected entry.")] = False,
) -> None:
    """Send rejected entries once more, after what was wrong with them has been put right at the register.

    The kiosk must not be running meanwhile: its journal has one writer.
    """
    if bool(which) == every:
        fail("say which entries, or --all", command=COMMAND)
    state = _state(config)
    rejected = [entry for entry in _queue(state) if entry.state == "rejected"]
    chosen = rejected if every else [_one(rejected, each) for each in which or ()]
    try:
        with only_one_in(state):
            journal = Journal(state / "journal.db", lambda: datetime.now(UTC))
            try:
                number = journal.retry([entry.id for entry in chosen]).result()
            finally:
                journal.close()
    except (FolderError, sqlite3.Error, OSError) as error:
        fail(str(error), command=COMMAND)
    typer.echo(f"{number} will be sent once more when the kiosk starts.")


@app.command()
def export(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; one line of JSON an entry.")],
    config: Config = None,
) -> None:
    """Copy what waits or was rejected to a file, so that it can be carried to the register by hand."""
    entries = _queue(_state(config))
    try:
        with to.open("x", encoding="utf-8") as file:
            to.chmod(0o600)
            file.writelines(json.dumps(_record(entry), ensure_ascii=False) + "\n" for entry in entries)
    except FileExistsError:
        fail(f"{to} already exists; name a new file", command=COMMAND)
    except OSError as error:
        fail(f"{to} cannot be written: {error.strerror}", command=COMMAND)
    typer.echo(f"{len(entries)} entries are in {to}. They are of pupils: keep it as safe as the kiosk.")


def _state(config: Path | None) -> Path:
    try:
        return load(KioskSettings, config, os.environ).value.kiosk.state
    except SettingsError as error:
        fail(str(error), command=COMMAND)


def _queue(state: Path) -> list[Queued]:
    path = state / "journal.db"
    try:
        return queued(path)
    except FileNotFoundError:
        fail(
            f"there is no journal in {state}; say where the kiosk's settings are with --config",
            command=COMMAND,
        )
    except (sqlite3.Error, OSError) as error:
        fail(f"{path} cannot be read: {error}; does it belong to another user?", command=COMMAND)


def _one(entries: Sequence[Queued], which: str) -> Queued:
    found = [entry for entry in entries if which == str(entry.seq)] or [
        entry for entry in entries if entry.id.startswith(which.lower())
    ]
    if len(found) != 1:
        how = "no such entry" if not found else f"{len(found)} entries"
        fail(f"{which!r} names {how} here; `latebook queue list` shows those that there are", command=COMMAND)
    return found[0]


def _record(entry: Queued) -> dict[str, object]:
    return {
        "state": entry.state,
        "detail": entry.detail,
        "committed_at": entry.committed_at,
        "entry": _sent(entry) or entry.body,
    }


def _sent(entry: Queued) -> dict[str, object]:
    """What is sent; nothing where another version has written it otherwise."""
    try:
        sent = json.loads(entry.body)
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}
