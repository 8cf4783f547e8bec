"""The connection to a slip printer over USB, serial or network; every failure becomes `PrinterError`."""

import errno
import termios
from collections import deque
from collections.abc import Callable
from pathlib import Path

from escpos.escpos import Escpos
from escpos.exceptions import Error as EscposError
from usb.core import NoBackendError

from hardware.errors import PrinterError
from hardware.printers.escpos_devices import ANSWER_SECONDS, NetworkDevice, SerialDevice, UsbDevice
from hardware.printers.status import STATUS_QUERIES, is_answer, status_query
from hardware.states import PrinterState

NETWORK_PORT = 9100
"""The TCP port of network printers (raw printing)."""

_HELD = {errno.EBUSY, errno.EAGAIN}
_DENIED = {errno.EACCES, errno.EPERM}
_NO_PORT = {errno.ENOTTY, errno.EISDIR}
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
        self._late: deque[int] = deque(maxlen=len(STATUS_QUERIES))
        """The queries whose answers have not come yet, in order."""

    def status(self) -> dict[int, int]:
        """Query the status (DLE EOT n): the answer byte for each n. Empty for a printer that never answers.

        Raises:
            PrinterError: the printer cannot be reached.
        """
        answers: dict[int, int] = {}
        for n in STATUS_QUERIES:
            given = self._query(n)
            if not given:
                self._late.append(n)
                break  # a printer that ignores one query ignores all
            # Late answers to earlier queries come first. All others are answers to this one, and a bit that
            # tells of trouble in any of them counts.
            own = given[-1]
            for byte in reversed(given[:-1]):
                if self._late:
                    answers.setdefault(self._late.pop(), byte)
                else:
                    own |= byte
            self._late.clear()
            answers[n] = own
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
        self._late.clear()
        if printer is None:
            return
        try:
            printer.close()
        except _FAILURES:
            return  # the printer is gone, which closes the connection as well

    def _query(self, n: int) -> bytes:
        """The answers that one query brought, in order; empty without one."""
        printer = self._open()
        try:
            answer = printer.query_status(status_query(n))
        except _FAILURES as error:
            if _is_timeout(error):
                return b""
            raise self._lost(error) from error
        return bytes(byte for byte in answer if is_answer(byte))

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
                is_plugged_in=True,
            )
        if number in _NO_PORT:
            return PrinterError(
                PrinterState.ABSENT,
                f"{self.title} is not a serial port:"
                " set a USB printer as usb:VENDOR:PRODUCT (lsusb lists both).",
                is_plugged_in=True,
            )
        if _has_no_libusb(error):
            return PrinterError(
                PrinterState.ABSENT,
                f"The slip printer ({self.title}) cannot be used, because this machine has no libusb-1.0:"
                " install it (apt install libusb-1.0-0) and start the kiosk again.",
                is_plugged_in=True,
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


def _has_no_libusb(error: BaseException | None) -> bool:
    return error is not None and (isinstance(error, NoBackendError) or _has_no_libusb(error.__context__))


def _number(error: BaseException | None) -> int | None:
    """The system's error number, from the error or its context: python-escpos wraps errors and drops it."""
    if error is None:
        return None
    if isinstance(error, termios.error):
        return int(error.args[0])
    return (
        error.errno if isinstance(error, OSError) and error.errno is not None else _number(error.__context__)
    )
