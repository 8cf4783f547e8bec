"""Checks of the card reader and the slip printer."""

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
from hardware.readers.unread import END_SECONDS, UnreadBytes, UnreadCode
from hardware.states import PrinterState, ReaderState
from kiosk.commands.doctor.result import CheckResult, failed, ok, warning
from kiosk.settings import PrinterSection, ReaderSection

ANSWER_S = 1.0
"""Seconds that a polled reader has to answer. A working one wakes up and answers within milliseconds."""
_IN_USE = "used by the running kiosk: its staff screen shows the state"
_READER_ADVICE = {
    ReaderState.ABSENT: "Check its cable, then run: latebook reader probe",
    ReaderState.BUSY: "Stop the other program. Often it is ModemManager, which a kiosk does not need.",
    ReaderState.FORBIDDEN: "Put the kiosk's user into that group, and start the machine again.",
}
_PRINTER_ADVICE = {
    PrinterState.PAPER_LOW: "Have a new roll ready.",
    PrinterState.NO_PAPER: "Put in a new roll.",
    PrinterState.COVER_OPEN: "Close its cover.",
    PrinterState.BUSY: "Switch it off and on, check its address, and stop other programs that use it.",
    PrinterState.ABSENT: "Switch it on, and check its cable.",
}


def reader(
    settings: ReaderSection, *, kiosk_runs: bool, monotonic: Callable[[], float] = time.monotonic
) -> CheckResult:
    """Check that the reader's port can be opened and, for a reader that is polled, that it answers.

    A running kiosk holds the port; its staff screen then shows the reader's state.
    """
    subject = "Card reader"
    if settings.port is None:
        return ok(subject, "none is set up; `latebook reader probe` finds one")
    kind = family(settings.driver)
    parser = kind.parser(Options())
    try:
        path = parse_port(settings.port).find()
        with closing(kind.open_line(path, parser.baud)) as line:
            answers = _answers(line, parser, monotonic)
            unread = _unread(line, parser, monotonic) if answers and kind.is_serial else None
    except PortError as error:
        if kiosk_runs and error.state is ReaderState.BUSY:
            return ok(subject, f"{settings.driver} at {settings.port}, {_IN_USE}")
        return failed(subject, str(error), _READER_ADVICE[error.state])
    if not answers:
        detail = f"no {settings.driver} answers at {path}"
        return failed(
            subject, detail, "Check [reader] driver in the settings, then the reader's cable and power."
        )
    if unread is not None:
        return failed(
            subject, unread.sentence(path, parser.baud), "Hold a card to it and run: latebook reader probe"
        )
    return ok(subject, f"{settings.driver} at {path}; hold a card to it and run: latebook reader probe")


def _answers(line: DeviceLine, parser: Parser, monotonic: Callable[[], float]) -> bool:
    """Whether a polled reader answers in its protocol. Silence proves nothing about any other reader."""
    if not isinstance(parser, PolledParser):
        return True
    line.write(parser.ask(monotonic()))
    end = monotonic() + ANSWER_S
    while (left := end - monotonic()) > 0:
        data = line.read(left)
        if data and list(parser.feed(data, datetime.now(UTC))):
            return True
    return False


def _unread(line: DeviceLine, parser: Parser, monotonic: Callable[[], float]) -> UnreadCode | None:
    """What a reader sends that is no card, listening for a moment; `None` for silence, noise or a card."""
    if isinstance(parser, PolledParser):
        return None
    unread = UnreadBytes(parser)
    end = monotonic() + ANSWER_S
    while (at := monotonic()) < end:
        if data := line.read(min(end - at, parser.patience or ANSWER_S)):
            unread.add(data, events=bool(list(parser.feed(data, datetime.now(UTC)))), at=at)
    unread.add(b"", events=bool(list(parser.silence())), at=end)
    return unread.ended(end + END_SECONDS)


def printer(
    settings: PrinterSection, connect: Callable[[str, int], Connection], *, kiosk_runs: bool
) -> CheckResult:
    """Check the state that the slip printer reports."""
    subject = "Slip printer"
    if settings.port is None:
        return ok(subject, "none is set up; it is optional")
    connection = connect(settings.port, settings.baud)
    try:
        state = printer_state(connection.status())
    except PrinterError as error:
        if kiosk_runs and error.state is PrinterState.BUSY:
            return ok(subject, f"{connection.title}, {_IN_USE}")
        advice = "Then run this again." if error.is_plugged_in else _PRINTER_ADVICE[error.state]
        return failed(subject, str(error), advice)
    finally:
        connection.close()
    if state is PrinterState.READY:
        return ok(subject, f"{connection.title} is ready")
    detail = f"{connection.title}: {state.value.replace('_', ' ')}"
    make = warning if state is PrinterState.PAPER_LOW else failed
    return make(subject, detail, _PRINTER_ADVICE[state])
