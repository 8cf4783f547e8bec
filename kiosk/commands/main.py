"""The `latebook` command. Each subcommand is imported when it is called: start-up stays quick, and a kiosk
needs none of the register's libraries, nor a register the kiosk's."""

import importlib
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sync.command_line import USAGE_ERROR, fail

COMMAND = "latebook"

_PARTS = {
    "policy": ("kiosk.commands.policy.main", "Schools' policies: list, check and write them, ask the rule."),
    "register": ("sync.register.commands.main", "The central register: run it and look after it."),
    "roster": (
        "sync.register.commands.roster",
        "The pupils on roll, from a file that the school's MIS exports.",
    ),
    "key": ("kiosk.commands.key", "The key that encrypts what this kiosk keeps on its disk."),
    "queue": ("kiosk.commands.queue", "This kiosk's entries that wait for the register or were rejected."),
    "reader": ("kiosk.commands.reader", "Card readers: find them, and simulate one."),
    "doctor": ("kiosk.commands.doctor.cli", "Check what works on this kiosk, and say how to fix the rest."),
    "demo": ("demo.cli", "The whole product on one machine."),
}
"""Subcommands that are imported when they are called: the module with its `app`, and the help text."""

_OUR_PACKAGES = ("attendance", "kiosk", "hardware", "sync", "demo")


class Latebook(TyperGroup):
    """The command, with subcommands that are imported when they are called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all subcommands."""
        return [*super().list_commands(ctx), *_PARTS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The subcommand of that name; if it cannot be imported, one that names the missing module."""
        if cmd_name not in _PARTS:
            return super().get_command(ctx, cmd_name)
        module, help_text = _PARTS[cmd_name]
        try:
            command = typer.main.get_command(importlib.import_module(module).app)
        except ModuleNotFoundError as error:
            return _not_installed(cmd_name, f"{help_text} (Not installed here.)", error)
        command.name, command.help = cmd_name, help_text
        return command


def _not_installed(name: str, help_text: str, error: ModuleNotFoundError) -> Any:
    """A command that takes any arguments and fails with the name of the missing module."""
    part = typer.Typer()

    @part.command(
        name,
        help=help_text,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )
    def report() -> None:
        fail(_missing_module(f"latebook {name}", error), command=COMMAND)

    return typer.main.get_command(part)


def _missing_module(command: str, error: ModuleNotFoundError) -> str:
    """A sentence that names the module: one of ours means a damaged installation, not a missing part."""
    if (error.name or "").partition(".")[0] in _OUR_PACKAGES:
        return (
            f"`{command}` cannot start: Latebook's own module {error.name} is missing; install Latebook again"
        )
    return f"`{command}` is not installed on this machine: the Python module {error.name} is missing"


app = typer.Typer(
    name="latebook",
    cls=Latebook,
    help="The late book at a school's reception, made trustworthy.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
config = typer.Typer(name="config", help="The settings, and where each comes from.", no_args_is_help=True)
app.add_typer(config)

Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Settings file (TOML). Environment variables override it."),
]


class ConfiguredProgram(StrEnum):
    """The programs that have settings."""

    KIOSK = "kiosk"
    REGISTER = "register"


_SETTINGS = {
    ConfiguredProgram.KIOSK: ("kiosk.settings", "KioskSettings"),
    ConfiguredProgram.REGISTER: ("sync.register.server.settings", "RegisterSettings"),
}


@app.command()
def kiosk(config_file: Config = None) -> None:
    """Run the kiosk at reception."""
    from kiosk.app.start import run
    from kiosk.errors import KioskError

    try:
        run(config_file)
    except KioskError as error:
        fail(str(error), command=COMMAND)


@app.command()
def enrol(config_file: Config = None) -> None:
    """Enrol this kiosk at the register, with a code from the office page."""
    from kiosk.disk_faults import sentence_for
    from kiosk.disk_key import read_key
    from kiosk.enrolment import check_can_store_token, store_token
    from kiosk.errors import DiskKeyError
    from kiosk.settings import KioskSettings
    from sync.settings import SettingsError, load
    from sync.uplink.errors import UplinkError
    from sync.uplink.http import RegisterClient
    from sync.uplink.http import enrol as request_token

    try:
        settings = load(KioskSettings, config_file, os.environ).value
        register = RegisterClient(settings.uplink.url, settings.uplink.ca)
        key = read_key(settings.kiosk.key_file) if settings.kiosk.key_file else None
        check_can_store_token(settings.kiosk.state)
        code = typer.prompt("The code from the office page")
        enrolment = request_token(register, code.strip(), settings.kiosk.name)
        store_token(settings.kiosk.state, enrolment.token, key)
    except OSError as error:
        fail(sentence_for(error, settings.kiosk.state) or str(error), command=COMMAND)
    except (SettingsError, DiskKeyError, UplinkError, ValueError) as error:
        fail(str(error), command=COMMAND)
    typer.echo(f"{settings.kiosk.name} is enrolled; start it with: latebook kiosk")


@config.command("show")
def show(
    program: Annotated[
        ConfiguredProgram, typer.Argument(help="The program whose settings are shown.")
    ] = ConfiguredProgram.KIOSK,
    config_file: Config = None,
) -> None:
    """Show every setting, its value and where the value comes from."""
    from pydantic import BaseModel
    from rich.console import Console
    from rich.table import Table

    from sync.settings import SettingsError, describe, load, variable_of

    module, name = _SETTINGS[program]
    settings: type[BaseModel] = getattr(importlib.import_module(module), name)
    try:
        loaded = load(settings, config_file, os.environ)
    except SettingsError as error:
        fail(str(error), command=COMMAND)
    console = Console()
    if not console.is_terminal:
        console.width = 1000  # a file or a program gets every value in full
    table = Table("setting", "value", "from", "in the environment", box=None, header_style="bold")
    for key, value, source in describe(loaded):
        table.add_row(key, "–" if value is None else str(value), source, variable_of(key))
    console.print(table)


def main() -> None:
    """Run the command."""
    try:
        app(prog_name=COMMAND)
    except ModuleNotFoundError as error:
        # The library of one action, which is imported when the action runs.
        command = " ".join([COMMAND, *sys.argv[1:2]])
        sys.stderr.write(f"{COMMAND}: {_missing_module(command, error)}\n")
        sys.exit(USAGE_ERROR)


if __name__ == "__main__":
    main()
