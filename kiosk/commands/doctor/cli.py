"""`latebook doctor`: one page on what works here. Exit status: 0 all well or warnings, 1 something failed."""

import fcntl
import json
import os
import shutil
import sqlite3
import textwrap
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands.doctor import devices, machine, network
from kiosk.commands.doctor.finding import Finding, State, failed
from kiosk.commands.doctor.versions import versions
from kiosk.enrolment import read_token
from kiosk.errors import NotEnrolledError
from kiosk.settings import KioskSettings

if TYPE_CHECKING:
    from hardware.clock.clock import SystemClock

app = typer.Typer(name="doctor", help="What of this kiosk works, and what to do about the rest.")

MARKS = {State.OK: ("ok", "green"), State.WARNING: ("warning", "yellow"), State.FAILED: ("failed", "red")}
ROOT = Path("/")


@app.callback(invoke_without_command=True)
def doctor(
    config_file: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="Settings (TOML); the environment adds to it."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """Look at the display, the reader, the printer, the clock, the disk, the register and the versions."""
    from sync.logs import configure
    from sync.settings import SettingsError, load

    configure()
    try:
        settings = load(KioskSettings, config_file, os.environ).value
    except SettingsError as error:
        typer.echo(f"latebook: {error}", err=True)
        raise typer.Exit(2) from error
    findings = examine(settings)
    columns = shutil.get_terminal_size().columns
    told = json.dumps([asdict(each) for each in findings], indent=2) if as_json else page(findings, columns)
    typer.echo(told)
    if any(finding.state is State.FAILED for finding in findings):
        raise typer.Exit(1)


def examine(settings: KioskSettings, root: Path = ROOT) -> list[Finding]:
    """Every finding, in the order of the page. Takes a few seconds at most; changes nothing.

    Args:
        settings: the kiosk's.
        root: where /proc, /sys and /dev are.
    """
    from hardware.printers.address import connection
    from sync.uplink.http import RegisterClient
    from sync.uplink.probe import ProbeResult, probe

    state = settings.kiosk.state
    runs = _runs(state)
    try:
        token: str | None = read_token(state)
    except NotEnrolledError:
        token = None
    register = RegisterClient(settings.uplink.url, settings.uplink.ca)
    clock, journal = _clock(state / "journal.db")

    def ask() -> ProbeResult:
        reached = probe(register, token, monotonic=time.monotonic)
        if reached.server_time is not None:
            clock.compare(reached.server_time)  # it vouches for the time, as it does for the kiosk
        return reached

    reached = network.register(register.url, ask, lambda: datetime.now(UTC), enrolled=token is not None)
    battery = machine.has_battery_clock(root)
    findings = [
        machine.display(root, os.environ),
        machine.touch(root),
        devices.reader(settings.reader, kiosk_runs=runs),
        devices.printer(settings.printer, lambda port, baud: connection(port, baud=baud), kiosk_runs=runs),
        machine.clock(clock.reading(), has_battery=battery),
        machine.disk(state),
        *journal,
        machine.apply_look(root),
        machine.power(root),
        *reached,
        versions(root),
    ]
    return [finding for finding in findings if finding is not None]


def page(findings: Sequence[Finding], columns: int) -> str:
    """The findings for people: each how it stands and below it what to do, no wider than so many columns."""
    width = max(len(finding.what) for finding in findings)
    margin = " " * (8 + 1 + width + 2)
    lines = []
    for finding in findings:
        mark, colour = MARKS[finding.state]
        said = _wrapped(finding.said, columns - len(margin))
        lines.append(f"{typer.style(f'{mark:<8}', fg=colour)} {finding.what:<{width}}  {said[0]}")
        lines += [margin + line for line in said[1:]]
        for number, line in enumerate(_wrapped(finding.do, columns - len(margin) - 2)):
            lines.append(f"{margin}{'  ' if number else '→ '}{line}")
    return "\n".join(lines)


def _wrapped(text: str, columns: int) -> list[str]:
    # A path or an address is to be copied: it is never broken, rather is the line too long.
    return textwrap.wrap(text, max(columns, 20), break_long_words=False, break_on_hyphens=False)


def _clock(path: Path) -> "tuple[SystemClock, list[Finding]]":
    """The clock with what the kiosk's journal knows of the time, and what is to be said of that journal."""
    from hardware.clock.clock import SystemClock
    from kiosk.app.timekeeper import clock_beside

    try:
        return clock_beside(path), []
    except (sqlite3.Error, OSError) as error:
        remedy = "Run as the kiosk's user. If it is damaged, start the kiosk: it saves from it what it can."
        return SystemClock(), [failed("Journal", f"{path} cannot be read: {error}", remedy)]


def _runs(state: Path) -> bool:
    """Whether a kiosk runs with that folder: it holds the lock."""
    try:
        with (state / "lock").open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False  # no folder, or no kiosk was ever started with it
    return False
