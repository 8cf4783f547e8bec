"""python-escpos's printers, made so that none of them can hold up the thread that uses them."""

import termios
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from escpos.printer import Network, Serial, Usb

ANSWER_SECONDS = 0.25
"""A printer answers DLE EOT at once; on a slow network in some hundredths."""
SEND_SECONDS = 20.0
"""How long a printer may take for its data: a slip has 10 kB, which is 10 s at 9600 baud."""
CONNECT_SECONDS = 3.0

_PRINTER_CLASS = 7
_BULK, _KIND, _IN = 0x02, 0x03, 0x80
"""USB 2.0, table 9-13: an endpoint's kind is in two bits of its attributes, its direction in its address."""


class SerialWay(Serial):  # type: ignore[misc]  # python-escpos comes without types
    """A serial printer whose writes end, and which is closed without waiting for what it did not take."""

    _device: Any

    def open(self, raise_not_found: bool = True) -> None:
        """See python-escpos."""
        super().open(raise_not_found)
        if self.device:
            self.device.exclusive = True  # another program's questions would spoil a slip
            self.device.write_timeout = SEND_SECONDS

    def close(self) -> None:
        """See python-escpos; its own waits until all is printed, with no paper for ever."""
        device, self._device = self._device, False
        if device:
            with suppress(OSError, termios.error):  # unplugged: there is nothing to take back
                device.reset_output_buffer()
            device.close()


class NetworkWay(Network):  # type: ignore[misc]  # python-escpos comes without types
    """A network printer with a time limit for each step, and an error when the printer hangs up."""

    def open(self, raise_not_found: bool = True) -> None:
        """See python-escpos."""
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


class UsbWay(Usb):  # type: ignore[misc]  # python-escpos comes without types
    """A USB printer whose endpoints are asked of it: they are not the same from maker to maker."""

    def __init__(self, vendor: int, product: int) -> None:
        super().__init__(vendor, product, timeout=int(SEND_SECONDS * 1000))

    def _configure_usb(self) -> None:
        super()._configure_usb()
        found = endpoints(self.device.get_active_configuration())
        if found is not None:
            self.in_ep, self.out_ep = found


def endpoints(interfaces: Iterable[Any]) -> tuple[int, int] | None:
    """The addresses at which a USB printer is read and written; None where no interface has both.

    Args:
        interfaces: a configuration of pyusb; each interface is its endpoints. One that says that it is a
            printer's goes first; some printers say nothing of it.
    """
    for interface in sorted(interfaces, key=lambda each: each.bInterfaceClass != _PRINTER_CLASS):
        bulk = [each.bEndpointAddress for each in interface if each.bmAttributes & _KIND == _BULK]
        inward, outward = ([address for address in bulk if address & _IN == way] for way in (_IN, 0))
        if inward and outward:
            return inward[0], outward[0]
    return None
