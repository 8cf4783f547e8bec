"""Parses a slip printer's address in the configuration."""

import re
from pathlib import Path

from hardware.printers.connection import (
    NETWORK_PORT,
    Connection,
    network_printer,
    serial_printer,
    usb_printer,
)

_USB = re.compile(r"usb:([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})")
_NETWORK = re.compile(r"net:([A-Za-z0-9.-]+)(?::(\d{1,5}))?")
MOST_PORTS = 65535


def connection(text: str, *, baud: int = 9600) -> Connection:
    """The connection to the printer at an address; it is opened on first use.

    Args:
        text: `usb:04b8:0e15` (vendor and product, in hex), `net:HOST` or `net:HOST:PORT` (9100 by
            default), or a serial port's path such as /dev/serial/by-id/….
        baud: speed of a serial port in bits a second.

    Raises:
        ValueError: the address has none of these forms.
    """
    if (usb := _USB.fullmatch(text)) is not None:
        return usb_printer(int(usb[1], 16), int(usb[2], 16))
    if (network := _NETWORK.fullmatch(text)) is not None:
        port = int(network[2] or NETWORK_PORT)
        if 0 < port <= MOST_PORTS:
            return network_printer(network[1], port=port)
    elif text.startswith("/"):
        return serial_printer(Path(text), baud=baud)
    raise ValueError(
        f"a slip printer is usb:04b8:0e15, net:HOST, net:HOST:{NETWORK_PORT} or a path such as"
        f" /dev/serial/by-id/…: got {text!r}"
    )
