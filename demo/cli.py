"""`latebook demo …`: run the demo, and from another terminal be its card, its cable and its eyes."""

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
"""Pixels, as `[display]` of a kiosk's settings has it."""

FolderOption = Annotated[
    Path | None, typer.Option("--folder", metavar="DIR", help="The demo's files.", show_default=False)
]


@app.callback()
def demo(
    context: typer.Context,
    at: Annotated[str, typer.Option(help="The school's time at which the demo's clock starts.")] = DEFAULT_AT,
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
        run(_folder(folder), _time(at), port=port, size=_size(size), say=typer.echo)
    except (DemoError, ProgramError, DisplayError, VirtualReaderError, ControlError) as error:
        fail(str(error), command=COMMAND)


@app.command()
def tap(
    name: Annotated[str, typer.Argument(help='Whose card: "Amelia", or a whole name.')],
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
    """Hold a card to the reader that the school does not know."""
    _ask(folder, {"do": "tap", "card": 1})
    typer.echo("Tapped a card that is nobody's.")


@app.command()
def fault(
    name: Annotated[str, typer.Argument(help="noise, pieces, bad_checksum, midframe, latency, …")],
    on: Annotated[bool, typer.Option("--on/--off")] = True,
    folder: FolderOption = None,
) -> None:
    """Switch one of the reader's faults on or off."""
    _ask(folder, {"do": "fault", "name": name, "on": on})
    typer.echo(f"{name} is {'on' if on else 'off'}.")


@app.command()
def unplug(folder: FolderOption = None) -> None:
    """Pull the reader's cable."""
    _ask(folder, {"do": "unplug"})
    typer.echo("The reader is unplugged.")


@app.command()
def replug(folder: FolderOption = None) -> None:
    """Put the reader's cable back."""
    _ask(folder, {"do": "replug"})
    typer.echo("The reader is plugged in.")


@app.command()
def screenshot(
    out: Annotated[Path, typer.Argument(help="A PNG file to write.")], folder: FolderOption = None
) -> None:
    """A picture of the display that the kiosk's window is on."""
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
            f"{out} cannot be written: {error}; give a file that ends in .png, in a folder that is there",
            command=COMMAND,
        )
    typer.echo(f"Wrote {out}.")


@app.command("register-off")
def register_off(folder: FolderOption = None) -> None:
    """Stop the register, as if the network were down: the kiosk goes on."""
    _switch_register(folder, on=False)
    typer.echo("The register is stopped; start it again with: latebook demo register-on")


@app.command("register-on")
def register_on(folder: FolderOption = None) -> None:
    """Start the register again."""
    _switch_register(folder, on=True)
    typer.echo("The register is starting.")


@app.command("kill-kiosk")
def kill_kiosk(folder: FolderOption = None) -> None:
    """End the kiosk as a power cut would (SIGKILL). It is started again."""
    from demo.launcher import DemoError

    try:
        _folder(folder).kill_kiosk()
    except DemoError as error:
        fail(str(error), command=COMMAND)
    typer.echo("The kiosk is killed, and starts again.")


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
