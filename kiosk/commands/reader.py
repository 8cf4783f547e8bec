"""`latebook reader …`: list and find card readers, and simulate one.

Results go to standard output. An error is one sentence on standard error, and exit status 2.
"""

import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from hardware.readers.families import FAMILIES
from hardware.readers.family import Family
from hardware.readers.simulation import ReaderFault
from sync.command_line import fail

COMMAND = "latebook"
app = typer.Typer(
    name="reader",
    help="Card readers: list and find them, and simulate one.",
    no_args_is_help=True,
)

_SIMULATED = [name for name, kind in FAMILIES.items() if kind.simulated]

Link = Annotated[
    Path, typer.Option(metavar="PATH", help="The virtual reader's port, as the settings name it.")
]
Ports = Annotated[
    list[Path] | None,
    typer.Option("--port", metavar="PATH", help="Listen on this port only; by default on every serial port."),
]
Seconds = Annotated[float, typer.Option(min=1.0, help="Seconds to listen.")]
Write = Annotated[
    Path | None, typer.Option(metavar="FILE.toml", help="Write the result to this settings file, too.")
]
Kind = Annotated[str, typer.Option("--family", help=f"One of {', '.join(_SIMULATED)}.")]
Card = Annotated[
    str, typer.Argument(metavar="CARD", help="em4100:0012D687, iso14443a:04A2B3C4 or barcode:004321.")
]
Also = Annotated[str | None, typer.Option(metavar="CARD", help="A second card, held up at the same time.")]
Off = Annotated[bool, typer.Option("--off", help="Switch the fault off.")]


@app.command("list")
def list_readers() -> None:
    """List this machine's serial ports and keyboards, and the kinds of reader that Latebook knows."""
    from hardware.readers.keyboards import keyboards
    from hardware.readers.ports import lasting_path, serial_ports

    for port in serial_ports():
        kinds = " ".join(kind.name for kind in FAMILIES.values() if kind.is_made_by(port))
        typer.echo("  ".join(filter(None, (str(lasting_path(port.path)), port.usb, port.title, kinds))))
    for path in keyboards():
        typer.echo(f"{path}  keyboard")
    typer.echo("Kinds of reader:")
    for kind in FAMILIES.values():
        typer.echo(f"  {kind.name:<9}{kind.title}")


@app.command()
def probe(port: Ports = None, seconds: Seconds = 60.0, write: Write = None) -> None:
    """Find the reader: try every kind of reader on every serial port while you hold up a card.

    Stop the kiosk first: a running kiosk locks its reader's port.
    """
    from hardware.readers.ports import SerialPort, serial_ports
    from hardware.readers.probe import Probe

    ports = [SerialPort(path) for path in port] if port else serial_ports()
    if not ports:
        fail(
            "this machine has no serial port: plug the reader in (one that types: latebook reader list)",
            command=COMMAND,
        )
    typer.echo(f"Hold a card to the reader and keep it there. Listening for {seconds:g} s.", err=True)
    listening = Probe(
        ports,
        now=lambda: datetime.now(UTC),
        monotonic=time.monotonic,
        on_refused=lambda sentence: typer.echo(sentence, err=True),
    )
    reader = listening.run(seconds)
    if reader is None and (heard := listening.heard()):
        for sentence in heard:
            typer.echo(sentence, err=True)
        fail("bytes came, but no card could be read from them: see above", command=COMMAND)
    if reader is None:
        fail(
            "no card was read: try another card, another cable, or a reader of another kind", command=COMMAND
        )
    typer.echo(reader.toml(), nl=False)
    if write is not None:
        _write(write, reader.family, str(reader.path))


@app.command()
def simulate(link: Link, kind: Kind = "rdm6300") -> None:
    """Simulate a reader until Ctrl-C. Tap cards with `latebook reader tap` from another terminal."""
    from hardware.errors import ControlError, VirtualReaderError
    from hardware.readers.virtual.control import run_virtual

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    device = _simulated(kind)
    typer.echo(f"A virtual {kind} is at {link}. Ctrl-C stops it.", err=True)
    try:
        run_virtual(link, _control(link), stop, device=device())
    except (VirtualReaderError, ControlError, OSError) as error:
        fail(str(error), command=COMMAND)


@app.command()
def tap(card: Card, *, link: Link, also: Also = None) -> None:
    """Hold a card to a virtual reader and take it away."""
    _ask(link, {"do": "tap", "card": card, "also": also})


@app.command()
def fault(name: ReaderFault, *, link: Link, off: Off = False) -> None:
    """Switch a fault of a virtual reader on or off."""
    _ask(link, {"do": "fault", "name": name, "on": not off})


@app.command()
def unplug(link: Link) -> None:
    """Unplug a virtual reader's cable."""
    _ask(link, {"do": "unplug"})


@app.command()
def replug(link: Link) -> None:
    """Plug a virtual reader in again, as another device at the same path."""
    _ask(link, {"do": "replug"})


def _simulated(kind: str) -> Callable[[], Any]:
    reader: Family | None = FAMILIES.get(kind)
    if reader is None or reader.simulated is None:
        fail(f"there is no virtual {kind!r}: choose one of {', '.join(_SIMULATED)}", command=COMMAND)
    return reader.simulated


def _control(link: Path) -> Path:
    return link.with_name(f"{link.name}.control")


def _ask(link: Path, request: dict[str, Any]) -> None:
    from hardware.errors import ControlError
    from hardware.readers.virtual.control import ask

    try:
        ask(_control(link), request)
    except ControlError as error:
        fail(str(error), command=COMMAND)


def _write(path: Path, driver: str, port: str) -> None:
    """Set both keys, and leave everything else in the file as it is, comments too."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
        section = document.setdefault("reader", tomlkit.table())
        section.update({"driver": driver, "port": port})
        new = path.with_name(f".{path.name}.new")
        new.write_text(tomlkit.dumps(document), encoding="utf-8")
        if path.exists():
            new.chmod(path.stat().st_mode)
        new.replace(path)
    except (OSError, TOMLKitError) as error:
        fail(f"{path} could not be written ({error}): add the lines above to it by hand", command=COMMAND)
    typer.echo(f"{path} updated.", err=True)
