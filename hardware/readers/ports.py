"""Where a reader is plugged in: by its path, by its USB vendor and product, or wherever one is found.

A path in /dev/serial/by-id names the adapter and survives replugging; /dev/ttyUSB0 does not, and gets another
number when it is plugged in while the old one is still held. So a port is looked for each time it is opened.
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
KEYBOARDS_BY_ID = Path("/dev/input/by-id")
_USB = re.compile(r"usb:([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::(.+))?")
_FOUND = "found"


@dataclass(frozen=True, slots=True)
class SerialPort:
    """A serial port of this machine."""

    path: Path
    """Its device."""
    vendor: int | None = None
    """USB vendor; None for a port that is no USB device, such as the Pi's own UART."""
    product: int | None = None
    serial_number: str | None = None
    title: str = ""
    """What the device says of itself."""

    @property
    def usb(self) -> str:
        """`1a86:7523`, or nothing."""
        return "" if self.vendor is None else f"{self.vendor:04x}:{self.product or 0:04x}"


class Where(Protocol):
    """How a port is found."""

    @property
    def name(self) -> str:
        """A short name, for logs and the office."""

    def find(self) -> Path:
        """The device now.

        Raises:
            PortError: none, or none that can be told from others.
        """


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same path."""

    path: Path

    @property
    def name(self) -> str:
        """See `Where.name`."""
        return self.path.name

    def find(self) -> Path:
        """See `Where.find`; whether anything is there shows when it is opened."""
        return self.path

    def __str__(self) -> str:
        return str(self.path)


def serial_ports() -> list[SerialPort]:
    """The serial ports of this machine, in the order of their paths."""
    return sorted(
        (
            SerialPort(Path(port.device), port.vid, port.pid, port.serial_number, port.product or "")
            for port in list_ports.comports()
        ),
        key=lambda port: port.path,
    )


@dataclass(frozen=True, slots=True)
class Usb:
    """The one port with this USB vendor and product, and serial number if one is given; or any USB port."""

    vendor: int | None = None
    product: int | None = None
    serial_number: str | None = None
    ports: Callable[[], Iterable[SerialPort]] = serial_ports

    @property
    def name(self) -> str:
        """See `Where.name`."""
        return str(self)

    def find(self) -> Path:
        """See `Where.find`."""
        here = [port.path for port in self.ports() if self._fits(port)]
        if not here:
            raise PortError(
                ReaderState.ABSENT,
                f"No card reader is plugged in as {self}: plug it in, or check the configuration.",
            )
        if len(here) > 1:
            listed = ", ".join(map(str, here))
            raise PortError(
                ReaderState.ABSENT,
                f"Several ports fit {self} ({listed}): give the reader's path in /dev/serial/by-id instead.",
            )
        return here[0]

    def _fits(self, port: SerialPort) -> bool:
        if port.vendor is None:
            return False
        wanted = (self.vendor, self.product, self.serial_number)
        has = (port.vendor, port.product, port.serial_number)
        return all(want is None or want == got for want, got in zip(wanted, has, strict=True))

    def __str__(self) -> str:
        if self.vendor is None:
            return _FOUND
        serial_number = f":{self.serial_number}" if self.serial_number else ""
        return f"usb:{self.vendor:04x}:{self.product or 0:04x}{serial_number}"


def where(text: str, *, ports: Callable[[], Iterable[SerialPort]] = serial_ports) -> Where:
    """Understand how a port is given in the configuration.

    Args:
        text: a path such as /dev/serial/by-id/…; `usb:VENDOR:PRODUCT` in hex, with `:SERIAL` if several alike
            are plugged in; or `found`, for the only USB serial port there is.
        ports: lists the machine's ports.

    Raises:
        ValueError: none of these.
    """
    if text == _FOUND:
        return Usb(ports=ports)
    usb = _USB.fullmatch(text)
    if usb is not None:
        return Usb(int(usb[1], 16), int(usb[2], 16), usb[3], ports=ports)
    if not text.startswith("/"):
        raise ValueError(
            f"A reader's port is a path such as /dev/serial/by-id/…, usb:1a86:7523, or found: got {text!r}."
        )
    return Fixed(Path(text))


def lasting_path(path: Path, folder: Path = SERIAL_BY_ID) -> Path:
    """The link in `folder` that leads to the device and survives replugging; the path itself without one."""
    if folder.is_dir():
        for link in sorted(folder.iterdir()):
            if link.resolve() == path.resolve():
                return link
    return path


def keyboards(folder: Path = KEYBOARDS_BY_ID) -> list[Path]:
    """The keyboards of this machine, wedge readers and real ones, as links that survive replugging."""
    return sorted(folder.glob("*-event-kbd")) if folder.is_dir() else []
