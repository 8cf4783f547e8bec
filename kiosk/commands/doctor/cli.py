"""`latebook doctor`: a one-page report on this kiosk. Exit status 1 if a check failed, else 0."""

import fcntl
import json
import os
import shutil
import sqlite3
import textwrap
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands.doctor import devices, machine, network
from kiosk.commands.doctor.result import CheckHealth, CheckResult, failed, ok, warning
from kiosk.commands.doctor.versions import versions
from kiosk.disk_key import read_key
from kiosk.enrolment import read_token
from kiosk.errors import DiskKeyError, NotEnrolledError
from kiosk.settings import KioskSection, KioskSettings

if TYPE_CHECKING:
    from hardware.clock.clock import SystemClock

app = typer.Typer(name="doctor", help="Check what works on this kiosk, and say how to fix the rest.")

MARKS = {
    CheckHealth.OK: ("ok", "green"),
    CheckHealth.WARNING: ("warning", "yellow"),
    CheckHealth.FAILED: ("failed", "red"),
}
ROOT = Path("/")


@app.callback(invoke_without_command=True)
def doctor(
    config_file: Annotated[
        Path | None,
        typer.Option(
            "--config", metavar="FILE", help="Settings file (TOML). Environment variables override it."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Check the display, reader, printer, clock, disk, register and versions."""
    from sync.logs import configure
    from sync.settings import SettingsError, load

    configure()
    try:
        settings = load(KioskSettings, config_file, os.environ).value
    except SettingsError as error:
        typer.echo(f"latebook: {error}", err=True)
        raise typer.Exit(2) from error
    results = examine(settings)
    columns = shutil.get_terminal_size().columns
    output = json.dumps([each.as_json() for each in results], indent=2) if as_json else page(results, columns)
    typer.echo(output)
    if any(result.health is CheckHealth.FAILED for result in results):
        raise typer.Exit(1)


def examine(settings: KioskSettings, root: Path = ROOT) -> list[CheckResult]:
    """Run every check, in the order of the page. Takes a few seconds at most and changes nothing.

    Args:
        settings: the kiosk's settings.
        root: the folder with proc, sys and dev.
    """
    from hardware.printers.address import connection
    from sync.uplink.http import RegisterClient
    from sync.uplink.probe import ProbeResult, probe

    state = settings.kiosk.state
    is_running = _kiosk_runs(state)
    token, key_results = _token(settings.kiosk)
    register = RegisterClient(settings.uplink.url, settings.uplink.ca)
    clock, journal = _clock(settings.kiosk)

    def ask() -> ProbeResult:
        answer = probe(register, token, monotonic=time.monotonic)
        if answer.server_time is not None:
            clock.compare(answer.server_time)  # trusts the clock if the two agree, as the kiosk does
        return answer

    connection_results = network.register(
        register.url, ask, lambda: datetime.now(UTC), enrolled=token is not None
    )
    battery = machine.has_battery_clock(root)
    results = [
        machine.display(root, os.environ),
        machine.touch(root),
        devices.reader(settings.reader, kiosk_runs=is_running),
        devices.printer(
            settings.printer, lambda port, baud: connection(port, baud=baud), kiosk_runs=is_running
        ),
        machine.clock(clock.reading(), has_battery=battery),
        machine.disk(state),
        *key_results,
        *journal,
        machine.put_aside(state),
        machine.disk_errors(state, root),
        machine.wear(root),
        machine.power(root),
        *connection_results,
        versions(root),
    ]
    return [result for result in results if result is not None]


def page(results: Sequence[CheckResult], columns: int) -> str:
    """The results as a page of that width: the detail of each, and its remedy below."""
    width = max(len(result.subject) for result in results)
    margin = " " * (8 + 1 + width + 2)
    lines = []
    for result in results:
        mark, colour = MARKS[result.health]
        detail = _wrap(result.detail, columns - len(margin))
        lines.append(f"{typer.style(f'{mark:<8}', fg=colour)} {result.subject:<{width}}  {detail[0]}")
        lines += [margin + line for line in detail[1:]]
        for number, line in enumerate(_wrap(result.remedy, columns - len(margin) - 2)):
            lines.append(f"{margin}{'  ' if number else '→ '}{line}")
    return "\n".join(lines)


def _wrap(text: str, columns: int) -> list[str]:
    # A path or an address must stay whole, so that it can be copied, even if the line becomes too long.
    return textwrap.wrap(text, max(columns, 20), break_long_words=False, break_on_hyphens=False)


def _token(settings: KioskSection) -> tuple[str | None, list[CheckResult]]:
    """The token, and whether what is on the disk is encrypted."""
    try:
        key = read_key(settings.key_file) if settings.key_file else None
        token: str | None = read_token(settings.state, key)
    except NotEnrolledError:
        token = None
    except DiskKeyError as error:
        return None, [failed("Encryption", f"{error}.", "Until then the kiosk does not start.")]
    if key is None:
        return token, []
    detail = f"journal and token are encrypted; the key is in {settings.key_file}"
    if settings.key_file and settings.state.is_dir() and _same_disk(settings.key_file, settings.state):
        remedy = "Whoever finds the card then has both. Keep the key on another disk, or in memory."
        return token, [warning("Encryption", f"{detail}, on the same disk", remedy)]
    return token, [ok("Encryption", detail)]


def _same_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev


def _clock(settings: KioskSection) -> "tuple[SystemClock, list[CheckResult]]":
    """The clock, with the time known from the kiosk's journal; a result if the journal cannot be read."""
    from hardware.clock.clock import SystemClock
    from kiosk.app.timekeeper import clock_beside

    try:
        return clock_beside(settings.state, settings.key_file), []
    except DiskKeyError as error:
        return SystemClock(), [failed("Journal", f"{error}.", "Until then the kiosk does not start.")]
    except (sqlite3.Error, OSError) as error:
        remedy = (
            "Run this as the kiosk's user. If the journal is damaged, start the kiosk: it saves what it can."
        )
        detail = f"the journal in {settings.state} cannot be read: {error}"
        return SystemClock(), [failed("Journal", detail, remedy)]


def _kiosk_runs(state: Path) -> bool:
    """Whether a running kiosk holds the lock of that folder."""
    try:
        with (state / "lock").open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False  # no kiosk has ever run with this folder
    return False
