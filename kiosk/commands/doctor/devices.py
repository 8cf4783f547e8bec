"""What is plugged in: the card reader and the slip printer."""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from hardware.errors import PortError, PrinterError
from hardware.printers.connection import Connection
from hardware.printers.status import printer_state
from hardware.readers.families import family
from hardware.readers.family import Options
from hardware.readers.port import DeviceLine
from hardware.readers.ports import parse_port
from hardware.readers.reader import Parser, PolledParser
from hardware.states import PrinterState, ReaderState
from kiosk.commands.doctor.finding import Finding, failed, ok, warning
from kiosk.settings import PrinterSection, ReaderSection

ANSWER_S = 1.0
"""Seconds in which a reader that is asked must have answered: it is woken and does so within milliseconds."""
_IN_USE = "used by the kiosk that is running: its staff screen says how it stands"
_READER_ADVICE = {
    ReaderState.ABSENT: "Check its cable, then run: latebook reader probe",
    ReaderState.BUSY: "Stop the other program: often it is ModemManager, which a kiosk does not need.",
    ReaderState.FORBIDDEN: "Put the kiosk's user into that group, and start the machine again.",
}
_PRINTER_ADVICE = {
    PrinterState.PAPER_LOW: "Have a new roll ready.",
    PrinterState.NO_PAPER: "Put in a new roll.",
    PrinterState.COVER_OPEN: "Close its cover.",
    PrinterState.BUSY: "Switch it off and on again, check its address, and stop what else uses it.",
    PrinterState.ABSENT: "Switch it on, and check its cable.",
}


def reader(
    settings: ReaderSection, *, kiosk_runs: bool, monotonic: Callable[[], float] = time.monotonic
) -> Finding:
    """The card reader: whether its port can be opened, and whether one that speaks only when it is spoken to
    answers there. A running kiosk has it, and tells more of it."""
    what = "Card reader"
    if settings.port is None:
        return ok(what, "none is set up; `latebook reader probe` finds one")
    kind = family(settings.driver)
    parser = kind.parser(Options())
    try:
        path = parse_port(settings.port).find()
        with closing(kind.open_line(path, parser.baud)) as line:
            answers = _answers(line, parser, monotonic)
    except PortError as error:
        if kiosk_runs and error.state is ReaderState.BUSY:
            return ok(what, f"{settings.driver} at {settings.port}, {_IN_USE}")
        return failed(what, str(error), _READER_ADVICE[error.state])
    if not answers:
        said = f"no {settings.driver} answers at {path}"
        return failed(what, said, "Check [reader] driver in the settings, then the reader's cable and power.")
    return ok(what, f"{settings.driver} at {path}; hold a card to it and run: latebook reader probe")


def _answers(line: DeviceLine, parser: Parser, monotonic: Callable[[], float]) -> bool:
    """Whether a reader that is asked answers in its own language; of another, silence says nothing."""
    if not isinstance(parser, PolledParser):
        return True
    line.write(parser.ask(monotonic()))
    end = monotonic() + ANSWER_S
    while (left := end - monotonic()) > 0:
        data = line.read(left)
        if data and list(parser.feed(data, datetime.now(UTC))):
            return True
    return False


def printer(
    settings: PrinterSection, connect: Callable[[str, int], Connection], *, kiosk_runs: bool
) -> Finding:
    """The slip printer: what it says of itself."""
    what = "Slip printer"
    if settings.port is None:
        return ok(what, "none is set up, and none is needed")
    connection = connect(settings.port, settings.baud)
    try:
        state = printer_state(connection.status())
    except PrinterError as error:
        if kiosk_runs and error.state is PrinterState.BUSY:
            return ok(what, f"{connection.title}, {_IN_USE}")
        return failed(what, str(error), _PRINTER_ADVICE[error.state])
    finally:
        connection.close()
    if state is PrinterState.READY:
        return ok(what, f"{connection.title} is ready")
    said = f"{connection.title}: {state.value.replace('_', ' ')}"
    make = warning if state is PrinterState.PAPER_LOW else failed
    return make(what, said, _PRINTER_ADVICE[state])
