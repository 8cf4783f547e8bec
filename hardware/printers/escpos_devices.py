"""python-escpos's printers with time limits, so that none can block its thread for long."""

import errno
import termios
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from escpos.printer import Network, Serial, Usb
from usb.core import USBError, USBTimeoutError

ANSWER_SECONDS = 0.25
"""Time limit for an answer to DLE EOT: immediate, or some hundredths of a second on a slow network."""
SEND_SECONDS = 20.0
"""Time limit for sending: a slip has 10 kB, which take 10 s at 9600 baud."""
CONNECT_SECONDS = 3.0

_PRINTER_CLASS = 7
_BULK, _KIND, _IN = 0x02, 0x03, 0x80
"""USB 2.0, table 9-13: two bits of an endpoint's attributes give its type, a bit of its address the
direction."""


class SerialDevice(Serial):  # type: ignore[misc]  # python-escpos comes without types
    """A serial printer with a write time limit, closed without waiting for unsent data."""

    _device: Any

    def open(self, raise_not_found: bool = True) -> None:
        """Open the printer; see python-escpos."""
        super().open(raise_not_found)
        if self.device:
            self.device.exclusive = True  # another program's queries would corrupt a slip
            self.device.write_timeout = SEND_SECONDS

    def close(self) -> None:
        """Close the printer at once; python-escpos would wait until all is printed, for ever without
        paper."""
        device, self._device = self._device, False
        if device:
            with suppress(OSError, termios.error):  # unplugged: no unsent data to discard
                device.reset_output_buffer()
            device.close()


class NetworkDevice(Network):  # type: ignore[misc]  # python-escpos comes without types
    """A network printer with a time limit for each step, which raises when the printer hangs up."""

    def open(self, raise_not_found: bool = True) -> None:
        """Open the printer; see python-escpos."""
        self.timeout = CONNECT_SECONDS
        super().open(raise_not_found)
        if self.device:
            self.device.settimeout(SEND_SECONDS)

    def _read(self) -> bytes:
        self.device.settimeout(ANSWER_SECONDS)
        try:
            answer = bytes(super()._read())
        finally:
            self.device.settimeout(SEND_SECONDS)
        if not answer:
            raise ConnectionResetError("The printer hung up.")
        return answer


class UsbDevice(Usb):  # type: ignore[misc]  # python-escpos comes without types
    """A USB printer whose endpoints are read from its descriptor, since they differ between makers."""

    def __init__(self, vendor: int, product: int) -> None:
        super().__init__(vendor, product, timeout=int(SEND_SECONDS * 1000))

    def _configure_usb(self) -> None:
        super()._configure_usb()
        found = endpoints(self.device.get_active_configuration())
        if found is not None:
            self.in_ep, self.out_ep = found

    def _read(self) -> bytes:
        """The answer to a query; empty from a printer that only listens, or whose answers cannot be read:
        both may print well. That it was unplugged shows at the next write."""
        if self.in_ep is None:
            return b""
        try:
            return bytes(super()._read())
        except USBTimeoutError:
            raise
        except USBError as error:
            if error.errno == errno.ENODEV:
                raise
            with suppress(USBError, NotImplementedError):
                self.device.clear_halt(self.in_ep)  # a stalled endpoint stays so until it is cleared
            return b""


def endpoints(interfaces: Iterable[Any]) -> tuple[int | None, int] | None:
    """The addresses of a USB printer's input and output endpoints; `None` when no interface has an output.

    Args:
        interfaces: a pyusb configuration; each interface iterates over its endpoints. Interfaces of the
            printer class are tried first, but some printers declare none; and those with an input, but some
            printers only listen.
    """
    pairs = []
    for interface in interfaces:
        bulk = [each.bEndpointAddress for each in interface if each.bmAttributes & _KIND == _BULK]
        inward, outward = ([address for address in bulk if address & _IN == way] for way in (_IN, 0))
        if outward:
            is_printer = interface.bInterfaceClass == _PRINTER_CLASS
            pairs.append((not is_printer, not inward, inward[0] if inward else None, outward[0]))
    if not pairs:
        return None
    *_, into, out = min(pairs, key=lambda pair: pair[:2])
    return into, out
