"""What is plugged in: the card reader and the slip printer."""

from collections.abc import Callable

from hardware.printers.connection import Connection, PrinterError
from hardware.printers.status import PrinterState, understand
from hardware.readers.families import Options, family
from hardware.readers.port import PortError
from hardware.readers.ports import where
from hardware.readers.reader import ReaderState
from kiosk.doctor.finding import Finding, failed, ok, warning
from kiosk.settings import PrinterSection, ReaderSection

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


def reader(settings: ReaderSection, *, kiosk_runs: bool) -> Finding:
    """The card reader: whether its port can be opened. A running kiosk has it, and tells more of it."""
    what = "Card reader"
    if settings.port is None:
        return ok(what, "none is set up; `latebook reader probe` finds one")
    kind = family(settings.driver)
    try:
        path = where(settings.port).find()
        kind.open_line(path, kind.parser(Options()).baud).close()
    except PortError as error:
        if kiosk_runs and error.state is ReaderState.BUSY:
            return ok(what, f"{settings.driver} at {settings.port}, {_IN_USE}")
        return failed(what, str(error), _READER_ADVICE[error.state])
    return ok(what, f"{settings.driver} at {path}; hold a card to it and run: latebook reader probe")


def printer(
    settings: PrinterSection, connect: Callable[[str, int], Connection], *, kiosk_runs: bool
) -> Finding:
    """The slip printer: what it says of itself."""
    what = "Slip printer"
    if settings.port is None:
        return ok(what, "none is set up, and none is needed")
    connection = connect(settings.port, settings.baud)
    try:
        state = understand(connection.status())
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
