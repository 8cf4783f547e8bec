"""The way to a slip printer: USB, serial or network, with its failures told as one kind of error."""

import errno
from collections.abc import Callable
from pathlib import Path

from escpos.escpos import Escpos
from escpos.exceptions import Error as EscposError

from hardware.errors import PrinterError
from hardware.printers.status import ASKED, is_answer, question
from hardware.printers.ways import ANSWER_SECONDS, NetworkWay, SerialWay, UsbWay
from hardware.states import PrinterState

NETWORK_PORT = 9100
"""Where network printers listen."""

_HELD = {errno.EBUSY, errno.EAGAIN}
_DENIED = {errno.EACCES, errno.EPERM}
# python-escpos says AssertionError for a printer that is not open, and pyusb ValueError where libusb is
# missing; both and the rest mean that the printer cannot be used now.
_FAILURES = (OSError, EscposError, AssertionError, ValueError, RuntimeError)


class Connection:
    """A way to one printer, for one thread. Opened when it is used first, and again after it failed."""

    def __init__(self, make: Callable[[], Escpos], title: str, *, keeps_open: bool) -> None:
        """Nothing is opened yet.

        Args:
            make: a python-escpos printer, not open.
            title: what people call it.
            keeps_open: whether it stays open between slips. A network printer that is held open by one
                computer refuses the others.
        """
        self._make = make
        self.title = title
        self._keeps_open = keeps_open
        self._printer: Escpos | None = None

    def status(self) -> dict[int, int]:
        """Ask DLE EOT; for each n that was answered, its byte. Nothing from a printer that cannot answer.

        Raises:
            PrinterError: it cannot be reached.
        """
        answers = {}
        for n in ASKED:
            byte = self._ask(n)
            if byte is None:
                break  # who does not answer one does not answer the others
            answers[n] = byte
        return answers

    def send(self, data: bytes) -> None:
        """Give the printer its bytes.

        Raises:
            PrinterError: it cannot be reached, or does not take them.
        """
        printer = self._open()
        try:
            printer._raw(data)  # python-escpos's only way to send bytes that are made already
        except _FAILURES as error:
            raise self._lost(error) from error

    def rest(self) -> None:
        """Nothing is to be said for a while."""
        if not self._keeps_open:
            self.close()

    def close(self) -> None:
        """Let the printer go."""
        printer, self._printer = self._printer, None
        if printer is None:
            return
        try:
            printer.close()
        except _FAILURES:
            return  # it is gone already, which is what was wanted

    def _ask(self, n: int) -> int | None:
        printer = self._open()
        try:
            answer = printer.query_status(question(n))
        except _FAILURES as error:
            if _is_timeout(error):
                return None
            raise self._lost(error) from error
        # The last byte: an older answer, come too late, may stand before it.
        return answer[-1] if len(answer) and is_answer(answer[-1]) else None

    def _open(self) -> Escpos:
        if self._printer is None:
            printer = self._make()
            try:
                printer.open()
            except _FAILURES as error:
                raise self._lost(error) from error
            self._printer = printer
        return self._printer

    def _lost(self, error: BaseException) -> PrinterError:
        opened = self._printer is not None
        self.close()
        number = _number(error)
        if number == errno.ECONNREFUSED:
            return PrinterError(
                PrinterState.BUSY,
                f"The slip printer ({self.title}) refuses the connection: check that its address is right,"
                " that it is switched on, and that no other computer holds it.",
            )
        if number in _HELD or (opened and _is_timeout(error)):
            return PrinterError(
                PrinterState.BUSY,
                f"The slip printer ({self.title}) is held by another program, or takes nothing.",
            )
        if number in _DENIED:
            return PrinterError(
                PrinterState.ABSENT,
                f"This account may not use the slip printer ({self.title}): put it into the group lp.",
            )
        return PrinterError(
            PrinterState.ABSENT, f"No slip printer ({self.title}): switch it on, and check its cable."
        )


def serial_printer(path: Path, *, baud: int = 9600) -> Connection:
    """A printer on a serial port, or on a USB port that looks like one."""
    return Connection(
        lambda: SerialWay(str(path), baudrate=baud, timeout=ANSWER_SECONDS, dsrdtr=False),
        str(path),
        keeps_open=True,
    )


def network_printer(host: str, *, port: int = NETWORK_PORT) -> Connection:
    """A printer on the network."""
    return Connection(lambda: NetworkWay(host, port=port), f"{host}:{port}", keeps_open=False)


def usb_printer(vendor: int, product: int) -> Connection:
    """A printer on USB, by its vendor and product. Needs libusb-1.0 of the system."""
    return Connection(lambda: UsbWay(vendor, product), f"USB {vendor:04x}:{product:04x}", keeps_open=True)


def _is_timeout(error: BaseException | None) -> bool:
    return error is not None and (
        isinstance(error, TimeoutError)
        or type(error).__name__ in ("USBTimeoutError", "SerialTimeoutException")
        or _is_timeout(error.__context__)
    )


def _number(error: BaseException | None) -> int | None:
    """The system's error number: python-escpos wraps errors and keeps only their text."""
    if error is None:
        return None
    return (
        error.errno if isinstance(error, OSError) and error.errno is not None else _number(error.__context__)
    )
