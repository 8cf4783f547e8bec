"""Finds a reader's port: by path, by USB vendor and product, or as the machine's only USB serial port.

A path in /dev/serial/by-id names the adapter and survives replugging. /dev/ttyUSB0 does not: it gets another
number when the adapter is plugged in while the old device is still open. So the port is located each time it
is opened.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from serial.tools import list_ports

from hardware.errors import PortError
from hardware.states import ReaderState

SERIAL_BY_ID = Path("/dev/serial/by-id")
SERIAL_BY_PATH = Path("/dev/serial/by-path")
_USB = re.compile(r"usb:([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::(.+))?")
_FOUND = "found"


@dataclass(frozen=True, slots=True)
class SerialPort:
    """A serial port of this machine."""

    path: Path
    """Its device file."""
    vendor: int | None = None
    """USB vendor id; `None` for a port that is not a USB device, such as the Pi's own UART."""
    product: int | None = None
    serial_number: str | None = None
    title: str = ""
    """The product name that the device reports."""

    @property
    def usb(self) -> str:
        """USB vendor and product, such as `1a86:7523`; empty for a port that is not a USB device."""
        return "" if self.vendor is None else f"{self.vendor:04x}:{self.product or 0:04x}"


class PortLocator(Protocol):
    """Locates a port."""

    @property
    def name(self) -> str:
        """A short name, for logs and the office."""

    def find(self) -> Path:
        """The path of the device at present.

        Raises:
            PortError: no port matches, or several do.
        """


@dataclass(frozen=True, slots=True)
class FixedPort:
    """A port at a fixed path."""

    path: Path

    @property
    def name(self) -> str:
        """See `PortLocator.name`."""
        return self.path.name

    def find(self) -> Path:
        """See `PortLocator.find`; a missing device is noticed when the port is opened."""
        return self.path

    def __str__(self) -> str:
        return str(self.path)


def serial_ports() -> list[SerialPort]:
    """The serial ports of this machine, sorted by path."""
    return sorted(
        (
            SerialPort(Path(port.device), port.vid, port.pid, port.serial_number, port.product or "")
            for port in list_ports.comports()
        ),
        key=lambda port: port.path,
    )


@dataclass(frozen=True, slots=True)
class UsbPort:
    """The only port with this USB vendor, product and serial number; `None` matches any."""

    vendor: int | None = None
    product: int | None = None
    serial_number: str | None = None
    ports: Callable[[], Iterable[SerialPort]] = serial_ports

    @property
    def name(self) -> str:
        """See `PortLocator.name`."""
        return str(self)

    def find(self) -> Path:
        """See `PortLocator.find`."""
        ports = list(self.ports())
        matches = [port.path for port in ports if self._matches(port)]
        if not matches:
            raise PortError(
                ReaderState.ABSENT,
                f"No card reader is plugged in as {self}: plug it in, or check the configuration.",
            )
        if len(matches) > 1:
            listed = ", ".join(str(lasting_path(path, ports=lambda: ports)) for path in matches)
            folder = SERIAL_BY_PATH if _has_twin(matches[0].resolve(), ports) else SERIAL_BY_ID
            raise PortError(
                ReaderState.ABSENT,
                f"Several ports fit {self} ({listed}): give the reader's path in {folder} instead.",
            )
        return matches[0]

    def _matches(self, port: SerialPort) -> bool:
        if port.vendor is None:
            return False
        expected = (self.vendor, self.product, self.serial_number)
        actual = (port.vendor, port.product, port.serial_number)
        return all(each in (None, its) for each, its in zip(expected, actual, strict=True))

    def __str__(self) -> str:
        if self.vendor is None:
            return _FOUND
        serial_number = f":{self.serial_number}" if self.serial_number else ""
        return f"usb:{self.vendor:04x}:{self.product or 0:04x}{serial_number}"


def parse_port(text: str, *, ports: Callable[[], Iterable[SerialPort]] = serial_ports) -> PortLocator:
    """Parse a reader's port as the configuration gives it.

    Args:
        text: a path such as /dev/serial/by-id/…; `usb:VENDOR:PRODUCT` in hex, with `:SERIAL` to choose one
            of several alike; or `found`, for the only USB serial port of the machine.
        ports: lists the machine's ports.

    Raises:
        ValueError: the text has none of these forms.
    """
    if text == _FOUND:
        return UsbPort(ports=ports)
    usb = _USB.fullmatch(text)
    if usb is not None:
        return UsbPort(int(usb[1], 16), int(usb[2], 16), usb[3], ports=ports)
    if not text.startswith("/"):
        raise ValueError(
            f"A reader's port is a path such as /dev/serial/by-id/…, usb:1a86:7523, or found: got {text!r}."
        )
    return FixedPort(Path(text))


def lasting_path(
    path: Path,
    by_id: Path = SERIAL_BY_ID,
    by_path: Path = SERIAL_BY_PATH,
    ports: Callable[[], Iterable[SerialPort]] = serial_ports,
) -> Path:
    """The link to the device that survives replugging; the path itself when there is none.

    Args:
        path: the device, or a link to it.
        by_id: links by the adapter's own name. Two alike adapters without serial numbers share one, which may
            lead to the other tomorrow.
        by_path: links by the socket that the adapter is plugged into.
        ports: lists the machine's ports.
    """
    device = path.resolve()
    folders = (by_path,) if _has_twin(device, ports()) else (by_id, by_path)
    for folder in folders:
        for link in sorted(folder.iterdir()) if folder.is_dir() else ():
            if link.resolve() == device:
                return link
    return path


def _has_twin(device: Path, ports: Iterable[SerialPort]) -> bool:
    """Whether another port has the same vendor, product and serial number."""
    kinds = {port.path.resolve(): (port.usb, port.serial_number) for port in ports if port.usb}
    return list(kinds.values()).count(kinds.get(device, ("", None))) > 1
