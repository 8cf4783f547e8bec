"""The connection to a slip printer over USB, serial or network; every failure becomes `PrinterError`."""

import errno
from collections.abc import Callable
from pathlib import Path

from escpos.escpos import Escpos
from escpos.exceptions import Error as EscposError

from hardware.errors import PrinterError
from hardware.printers.escpos_devices import ANSWER_SECONDS, NetworkDevice, SerialDevice, UsbDevice
from hardware.printers.status import STATUS_QUERIES, is_answer, status_query
from hardware.states import PrinterState

NETWORK_PORT = 9100
"""The TCP port of network printers (raw printing)."""

_HELD = {errno.EBUSY, errno.EAGAIN}
_DENIED = {errno.EACCES, errno.EPERM}
# python-escpos raises AssertionError for a printer that is not open, and pyusb ValueError when libusb is
# missing. Like the others, they mean that the printer cannot be used now.
_FAILURES = (OSError, EscposError, AssertionError, ValueError, RuntimeError)


class Connection:
    """A connection to one printer, for one thread. Opened on first use, and again after a failure."""

    def __init__(self, make: Callable[[], Escpos], title: str, *, keeps_open: bool) -> None:
        """Create the connection without opening it.

        Args:
            make: makes a python-escpos printer that is not open.
            title: the printer's name for people.
            keeps_open: whether to stay connected between slips. A network printer refuses other computers
                while one is connected.
        """
        self._make = make
        self.title = title
        self._keeps_open = keeps_open
        self._printer: Escpos | None = None

    def status(self) -> dict[int, int]:
        """Query the status (DLE EOT n): the answer byte for each n. Empty for a printer that never answers.

        Raises:
            PrinterError: the printer cannot be reached.
        """
        answers = {}
        for n in STATUS_QUERIES:
            byte = self._query(n)
            if byte is None:
                break  # a printer that ignores one query ignores all
            answers[n] = byte
        return answers

    def send(self, data: bytes) -> None:
        """Send bytes to the printer.

        Raises:
            PrinterError: the printer cannot be reached, or does not accept the bytes.
        """
        printer = self._open()
        try:
            printer._raw(data)  # python-escpos has no public method that sends raw bytes
        except _FAILURES as error:
            raise self._lost(error) from error

    def rest(self) -> None:
        """Pause between slips: disconnect, unless the connection stays open."""
        if not self._keeps_open:
            self.close()

    def close(self) -> None:
        """Disconnect."""
        printer, self._printer = self._printer, None
        if printer is None:
            return
        try:
            printer.close()
        except _FAILURES:
            return  # the printer is gone, which closes the connection as well

    def _query(self, n: int) -> int | None:
        printer = self._open()
        try:
            answer = printer.query_status(status_query(n))
        except _FAILURES as error:
            if _is_timeout(error):
                return None
            raise self._lost(error) from error
        # The last byte: a late answer to an earlier query may precede it.
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
                f"The slip printer ({self.title}) is held by another program or accepts no data:"
                " stop that program, or switch the printer off and on again.",
            )
        if number in _DENIED:
            return PrinterError(
                PrinterState.ABSENT,
                f"This account may not use the slip printer ({self.title}):"
                " add it to the group lp and log in again.",
            )
        return PrinterError(
            PrinterState.ABSENT, f"No slip printer found ({self.title}): switch it on, and check its cable."
        )


def serial_printer(path: Path, *, baud: int = 9600) -> Connection:
    """A printer on a serial port, or on a USB port that acts as one."""
    return Connection(
        lambda: SerialDevice(str(path), baudrate=baud, timeout=ANSWER_SECONDS, dsrdtr=False),
        str(path),
        keeps_open=True,
    )


def network_printer(host: str, *, port: int = NETWORK_PORT) -> Connection:
    """A printer on the network."""
    return Connection(lambda: NetworkDevice(host, port=port), f"{host}:{port}", keeps_open=False)


def usb_printer(vendor: int, product: int) -> Connection:
    """A printer on USB, by vendor and product id. Needs the system's libusb-1.0."""
    return Connection(lambda: UsbDevice(vendor, product), f"USB {vendor:04x}:{product:04x}", keeps_open=True)


def _is_timeout(error: BaseException | None) -> bool:
    return error is not None and (
        isinstance(error, TimeoutError)
        or type(error).__name__ in ("USBTimeoutError", "SerialTimeoutException")
        or _is_timeout(error.__context__)
    )


def _number(error: BaseException | None) -> int | None:
    """The system's error number, from the error or its context: python-escpos wraps errors and drops it."""
    if error is None:
        return None
    return (
        error.errno if isinstance(error, OSError) and error.errno is not None else _number(error.__context__)
    )
