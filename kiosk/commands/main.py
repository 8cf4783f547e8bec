"""The `latebook` command. What a subcommand needs is imported when it is called: start-up stays quick,
and a kiosk has no need of the register's libraries, nor a register of the kiosk's."""

import importlib
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sync.command_line import fail

_PARTS = {
    "policy": (
        "kiosk.commands.policy.main",
        "The schools' policies, what is wrong with them, and what the rule says.",
    ),
    "register": ("sync.register.commands.main", "The central register: run it and look after it."),
    "roster": ("sync.register.commands.roster", "Who is on roll, from what the school's MIS can export."),
    "queue": (
        "kiosk.commands.queue",
        "What this kiosk has not brought to the register, and what was refused.",
    ),
    "reader": ("kiosk.commands.reader", "Card readers: which there are, and some that are not there."),
    "doctor": ("kiosk.commands.doctor.cli", "What of this kiosk works, and what to do about the rest."),
    "demo": ("demo.cli", "The whole product on one machine."),
}
"""Subcommands that are imported when they are called: module (its `app`) and help."""


class Latebook(TyperGroup):
    """The command, with the parts that are imported only when they are called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all subcommands."""
        return [*super().list_commands(ctx), *_PARTS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The subcommand of that name, imported now if it is a part."""
        if cmd_name not in _PARTS:
            return super().get_command(ctx, cmd_name)
        module, help_text = _PARTS[cmd_name]
        try:
            command = typer.main.get_command(importlib.import_module(module).app)
        except ModuleNotFoundError as error:
            return _not_installed(cmd_name, f"{help_text} (Not installed here.)", error.name or "")
        command.name, command.help = cmd_name, help_text
        return command


def _not_installed(name: str, help_text: str, missing: str) -> Any:
    part = typer.Typer(help=help_text)

    @part.callback(invoke_without_command=True)
    def say() -> None:
        fail(f"`latebook {name}` is not installed on this machine ({missing} is missing)", command=COMMAND)

    return typer.main.get_command(part)


COMMAND = "latebook"
app = typer.Typer(
    name="latebook",
    cls=Latebook,
    help="The late book at a school's reception, made trustworthy.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
config = typer.Typer(name="config", help="What is set, and where.", no_args_is_help=True)
app.add_typer(config)

Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Settings (TOML); the environment adds to it.")
]


class Part(StrEnum):
    """The programs that have settings."""

    KIOSK = "kiosk"
    REGISTER = "register"


_SETTINGS = {
    Part.KIOSK: ("kiosk.settings", "KioskSettings"),
    Part.REGISTER: ("sync.register.server.settings", "RegisterSettings"),
}


@app.command()
def kiosk(config_file: Config = None) -> None:
    """Be the kiosk at reception."""
    from kiosk.app.start import run
    from kiosk.errors import KioskError

    try:
        run(config_file)
    except KioskError as error:
        fail(str(error), command=COMMAND)


@app.command()
def enrol(config_file: Config = None) -> None:
    """Make this kiosk known to the register, with a code from the office page."""
    from kiosk.enrolment import check_can_keep, keep_token
    from kiosk.settings import KioskSettings
    from sync.settings import SettingsError, load
    from sync.uplink.errors import UplinkError
    from sync.uplink.http import RegisterClient
    from sync.uplink.http import enrol as ask

    try:
        settings = load(KioskSettings, config_file, os.environ).value
        register = RegisterClient(settings.uplink.url, settings.uplink.ca)
        check_can_keep(settings.kiosk.state)
        code = typer.prompt("The code from the office page")
        enrolled = ask(register, code.strip(), settings.kiosk.name)
        keep_token(settings.kiosk.state, enrolled.token)
    except (SettingsError, UplinkError, OSError, ValueError) as error:
        fail(str(error), command=COMMAND)
    typer.echo(f"{settings.kiosk.name} is enrolled; start it with: latebook kiosk")


@config.command("show")
def show(
    part: Annotated[Part, typer.Argument(help="Whose settings.")] = Part.KIOSK, config_file: Config = None
) -> None:
    """Every setting, its value and where the value came from."""
    from pydantic import BaseModel
    from rich.console import Console
    from rich.table import Table

    from sync.settings import SettingsError, describe, load, variable_of

    module, name = _SETTINGS[part]
    settings: type[BaseModel] = getattr(importlib.import_module(module), name)
    try:
        loaded = load(settings, config_file, os.environ)
    except SettingsError as error:
        fail(str(error), command=COMMAND)
    console = Console()
    if not console.is_terminal:
        console.width = 1000  # what is read by a program, or kept, is not cut off
    table = Table("setting", "value", "from", "in the environment", box=None, header_style="bold")
    for key, value, source in describe(loaded):
        table.add_row(key, "–" if value is None else str(value), source, variable_of(key))
    console.print(table)


def main() -> None:
    """Run the command."""
    try:
        app(prog_name="latebook")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("kiosk", "sync", "hardware", "demo"):
            raise
        sys.exit(f"latebook: this is not installed whole on this machine: {error.name} is missing")


if __name__ == "__main__":
    main()
