"""`latebook demo …`: run the demo, and control its reader, register and kiosk from another terminal."""

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sync.command_line import fail

if TYPE_CHECKING:
    from demo.launcher import Folder

COMMAND = "latebook demo"
app = typer.Typer(name="demo", help="The whole product on one machine.", invoke_without_command=True)

DEFAULT_AT = "2026-11-24T09:07"
SMALLEST, LARGEST = 480, 4096
"""In pixels, the limits of `[display]` in the kiosk's settings."""

FolderOption = Annotated[
    Path | None, typer.Option("--folder", metavar="DIR", help="The demo's files.", show_default=False)
]


@app.callback()
def demo(
    context: typer.Context,
    at: Annotated[str, typer.Option(help="The time at the school when the demo starts.")] = DEFAULT_AT,
    port: Annotated[
        int, typer.Option(help="The office page's port on this machine.", min=1024, max=65535)
    ] = 8080,
    size: Annotated[str, typer.Option(help="The window's size.")] = "1280x800",
    folder: FolderOption = None,
) -> None:
    """Run register, office page, kiosk and a virtual card reader here, until Ctrl-C."""
    if context.invoked_subcommand is not None:
        return
    from demo.display import DisplayError
    from demo.launcher import DemoError, run
    from demo.programs import ProgramError
    from hardware.errors import ControlError, VirtualReaderError

    try:
        run(_folder(folder), _time(at), port=port, size=_size(size), print_line=typer.echo)
    except (DemoError, ProgramError, DisplayError, VirtualReaderError, ControlError) as error:
        fail(str(error), command=COMMAND)


@app.command()
def tap(
    name: Annotated[str, typer.Argument(help='The pupil: "Amelia", or a full name.')],
    folder: FolderOption = None,
) -> None:
    """Hold a pupil's card to the reader."""
    from demo.launcher import DemoError
    from demo.school import PupilNameError, oak_lane

    school = oak_lane()
    try:
        _folder(folder).display()
        pupil = school.find_by_name(name)
    except (DemoError, PupilNameError) as error:
        fail(str(error), command=COMMAND)
    _ask(folder, {"do": "tap", "card": school.card_of(pupil.id)})
    typer.echo(f"Tapped the card of {pupil.first} {pupil.last} ({pupil.form}).")


@app.command()
def stranger(folder: FolderOption = None) -> None:
    """Hold an unknown card to the reader."""
    _ask(folder, {"do": "tap", "card": 1})
    typer.echo("Tapped an unknown card.")


@app.command()
def fault(
    name: Annotated[str, typer.Argument(help="noise, pieces, bad_checksum, midframe, latency, …")],
    on: Annotated[bool, typer.Option("--on/--off")] = True,
    folder: FolderOption = None,
) -> None:
    """Switch a fault of the reader on or off."""
    _ask(folder, {"do": "fault", "name": name, "on": on})
    typer.echo(f"{name} is {'on' if on else 'off'}.")


@app.command()
def unplug(folder: FolderOption = None) -> None:
    """Unplug the reader."""
    _ask(folder, {"do": "unplug"})
    typer.echo("The reader is unplugged.")


@app.command()
def replug(folder: FolderOption = None) -> None:
    """Plug the reader in again."""
    _ask(folder, {"do": "replug"})
    typer.echo("The reader is plugged in.")


@app.command()
def screenshot(
    out: Annotated[Path, typer.Argument(help="A PNG file to write.")], folder: FolderOption = None
) -> None:
    """Save a picture of the kiosk's display."""
    from PIL import ImageGrab

    from demo.launcher import DemoError

    try:
        display = _folder(folder).display()
        os.environ.pop("WAYLAND_DISPLAY", None)
        ImageGrab.grab(xdisplay=display).save(out)
    except DemoError as error:
        fail(str(error), command=COMMAND)
    except (OSError, ValueError) as error:
        fail(
            f"{out} cannot be written: {error}; give a file that ends in .png, in an existing folder",
            command=COMMAND,
        )
    typer.echo(f"Wrote {out}.")


@app.command("register-off")
def register_off(folder: FolderOption = None) -> None:
    """Stop the register, as if the network were down; the kiosk keeps working."""
    _switch_register(folder, on=False)
    typer.echo("The register is stopped; start it again with: latebook demo register-on")


@app.command("register-on")
def register_on(folder: FolderOption = None) -> None:
    """Start the register again."""
    _switch_register(folder, on=True)
    typer.echo("The register is starting.")


@app.command("kill-kiosk")
def kill_kiosk(folder: FolderOption = None) -> None:
    """Kill the kiosk as a power cut would (SIGKILL); it starts again."""
    from demo.launcher import DemoError

    try:
        _folder(folder).kill_kiosk()
    except DemoError as error:
        fail(str(error), command=COMMAND)
    typer.echo("The kiosk was killed and starts again.")


def _switch_register(folder: Path | None, *, on: bool) -> None:
    from demo.launcher import DemoError

    try:
        _folder(folder).switch_register(on=on)
    except DemoError as error:
        fail(str(error), command=COMMAND)


def _ask(folder: Path | None, request: dict[str, Any]) -> None:
    from hardware.errors import ControlError
    from hardware.readers.virtual.control import ask

    try:
        ask(_folder(folder).control, request)
    except ControlError as error:
        fail(str(error), command=COMMAND)


def _folder(path: Path | None) -> "Folder":
    from demo.launcher import Folder, default_folder

    return Folder(path) if path else default_folder()


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is not None:
        fail(f"{text!r} is not a time at the school; write it like {DEFAULT_AT}", command=COMMAND)
    return at


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        fail(f"{text!r} is not a size; write it like 1280x800", command=COMMAND)
    size = int(width), int(height)
    if min(size) < SMALLEST or max(size) > LARGEST:
        fail(
            f"{text} is not a size that a kiosk can have; give both from {SMALLEST} to {LARGEST}",
            command=COMMAND,
        )
    return size
