"""`latebook roster …`: import a school's roster from a file that its MIS can export."""

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sync import logs
from sync.register import audit
from sync.register.actor import operator_actor
from sync.register.commands.errors import one_sentence
from sync.register.errors import RegisterError
from sync.register.roster.applying import apply_plan, shrink_question
from sync.register.roster.descriptions import counts, numbers
from sync.register.roster.errors import RosterError
from sync.register.roster.files import from_paths
from sync.register.roster.opening import open_roster
from sync.register.roster.plan import Plan, make_plan, school_name
from sync.register.roster.reading import RosterContents, read
from sync.register.roster.roster import Format, RosterFile
from sync.register.roster.rows import RosterField
from sync.register.roster.show import show_columns, show_plan
from sync.register.server.settings import RegisterSettings
from sync.register.storage.database import Database
from sync.register.storage.models import SchoolRow
from sync.settings import SettingsError, load

app = typer.Typer(no_args_is_help=True, help="Import a school's roster from a file that its MIS can export.")

FAILED = 2
NOT_CONFIRMED = 1
_AUTO = "auto"


@app.callback()
def roster() -> None:
    """Import a school's roster from a file that its MIS can export."""


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="CSV, XML, zip, or a folder of CSVs.")],
    *,
    school: Annotated[str, typer.Option("--school", metavar="ID", help="The school in the register.")],
    config: Annotated[Path | None, typer.Option("--config", help="The register's TOML file.")] = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="auto, csv, sds, oneroster or ctf.")
    ] = _AUTO,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="FIELD=HEADING", help="CSV: the column of a field, e.g. first=Forename."
        ),
    ] = None,
    file_school: Annotated[
        str | None, typer.Option("--file-school", help="The school's id in the file, if it has several.")
    ] = None,
    whole: Annotated[
        bool | None,
        typer.Option(
            "--whole/--partial",
            help="Whether pupils who are not in it have left. Default: yes, but for a Common Transfer File.",
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every pupil, not the first 20.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Import without asking.")] = False,
    shrink: Annotated[bool, typer.Option("--shrink", help="Even if over a tenth of the pupils go.")] = False,
) -> None:
    """Show the pupils who are new, changed and gone, and import the roster once confirmed."""
    logs.configure()
    console = Console()
    with _one_sentence(), _database(config) as (database, now):
        chosen = _columns(columns or [])
        name, on = _school(database, school, now)
        sources = from_paths(files)
        file = open_roster(
            sources,
            on=on,
            format_=_format(format_),
            columns=chosen,
            file_school=file_school,
            ours=(school, name),
        )
        show_columns(console, file)
        _confirm(yes, "Are these the right columns?")
        reading, plan = _compare(database, school, file, whole)
        show_plan(console, plan, everything=everything)
        if plan.empty:
            typer.echo("The register has all of this already; nothing was changed.")
            return
        shrink = _confirm_shrink(plan, yes=yes, shrink=shrink)
        _confirm(yes, f"Import this into the register of {name}?")
        with database.write() as session:
            done = apply_plan(
                session, school, reading, agreed=plan.fingerprint, on=on, whole=whole, shrink=shrink
            )
            audit.note(
                session,
                operator_actor(school),
                audit.Action.ROSTER_IMPORT,
                now=now,
                **numbers(done),
            )
    typer.echo(f"Done: {counts(done)}.")


def _compare(
    database: Database, school: str, file: RosterFile, whole: bool | None
) -> tuple[RosterContents, Plan]:
    """Read the roster and compare it with the register, each with a progress bar."""
    with _progress() as progress:
        reading_task = progress.add_task("Reading", total=file.expected)
        reading = read(file, lambda rows: progress.advance(reading_task, rows))
        progress.update(reading_task, total=len(reading.rows), completed=len(reading.rows))
        comparing = progress.add_task("Comparing", total=len(reading.rows))
        with database.read() as session:
            plan = make_plan(
                session,
                school,
                reading,
                whole=whole,
                advance=lambda rows: progress.advance(comparing, rows),
            )
        progress.update(comparing, completed=len(reading.rows))
    return reading, plan


def _progress() -> Progress:
    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*bar, console=Console(stderr=True), transient=True)


def _confirm(yes: bool, question: str) -> None:
    """Continue only if the user agrees; without a terminal, only if `--yes` was given."""
    if yes:
        return
    if not _is_interactive():
        raise RosterError(
            "nothing was changed, because there is no terminal to confirm at; --yes confirms in advance"
        )
    if not typer.confirm(question):
        typer.echo("Nothing was changed.")
        raise typer.Exit(NOT_CONFIRMED)


def _is_interactive() -> bool:
    return sys.stdin.isatty()


def _confirm_shrink(plan: Plan, *, yes: bool, shrink: bool) -> bool:
    """A second confirmation: `--yes` was given before it was known how many pupils would go."""
    if not plan.shrinks or shrink:
        return shrink
    if yes or not _is_interactive():
        raise RosterError(
            shrink_question(plan), advice="check who is gone, and add --shrink if that is right"
        )
    _confirm(
        False, f"{len(plan.gone):,} of {plan.on_roll:,} pupils would go, more than a tenth. Is that right?"
    )
    return True


def _format(text: str) -> Format | None:
    if text == _AUTO:
        return None
    try:
        return Format(text)
    except ValueError:
        raise RosterError(f"there is no format {text!r}; write {_AUTO}, {', '.join(Format)}") from None


def _columns(pairs: list[str]) -> dict[RosterField, str]:
    chosen: dict[RosterField, str] = {}
    for pair in pairs:
        field, equals, heading = pair.partition("=")
        if not equals or not heading.strip() or field.strip() not in set(RosterField):
            raise RosterError(f"--map {pair!r} is not FIELD=HEADING; the fields are {', '.join(RosterField)}")
        chosen[RosterField(field.strip())] = heading.strip()
    return chosen


def _school(database: Database, school: str, now: datetime) -> tuple[str, date]:
    """The school's name, and today's date there."""
    with database.read() as session:
        name = school_name(session, school)
        zone = session.get_one(SchoolRow, school).zone
    return name, now.astimezone(ZoneInfo(zone)).date()


@contextmanager
def _database(config: Path | None) -> Iterator[tuple[Database, datetime]]:
    """The database, migrated, and the time."""
    settings = load(RegisterSettings, config, os.environ).value
    database = Database(settings.database.url)
    try:
        database.migrate()
        yield database, datetime.now(UTC) + timedelta(seconds=settings.clock.offset_s)
    finally:
        database.close()


def _one_sentence() -> AbstractContextManager[None]:
    """Report errors in one sentence."""
    return one_sentence("latebook roster", RegisterError, SettingsError, status=FAILED)
