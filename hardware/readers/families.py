"""Every kind of reader Latebook knows: the one list that configuration, probe and simulator read.

A new kind is one file with its parser, one entry here, and one test.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from hardware.readers.drivers.barcode import Barcode, CheckDigit, Ending
from hardware.readers.drivers.id12la import Id12La
from hardware.readers.drivers.keyboard import Keyboard
from hardware.readers.drivers.pn532 import Pn532
from hardware.readers.drivers.rdm6300 import Rdm6300
from hardware.readers.port import OpenLine, Port
from hardware.readers.ports import SerialPort
from hardware.readers.reader import Parser
from hardware.readers.virtual.simulated import BarcodeDevice, Device, Em4100Device, Pn532Device, id12la_device


@dataclass(frozen=True, slots=True)
class Options:
    """What can be set for a reader; each family takes what concerns it."""

    check: CheckDigit = CheckDigit.NONE
    """Barcodes: what the last character is."""
    ending: Ending = Ending.ANY
    """Barcodes: what ends a text."""


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of reader."""

    name: str
    """As in the configuration."""
    title: str
    """For people."""
    parser: Callable[[Options], Parser]
    """Makes what understands its bytes."""
    open_line: OpenLine = Port
    """Opens its device."""
    makers: frozenset[int] = field(default_factory=frozenset)
    """USB vendors whose serial ports are such readers. The others sit behind a common USB adapter, which says
    nothing of what is soldered to it: those are told apart by what they send."""
    simulated: Callable[[], Device] | None = None
    """Makes one that is not there; None if a pseudo-terminal cannot stand in for it."""

    @property
    def is_serial(self) -> bool:
        """Whether it is a serial port; otherwise it is a keyboard."""
        return self.open_line is Port

    def made(self, port: SerialPort) -> bool:
        """Whether the port is by one of its makers."""
        return port.vendor in self.makers


FAMILIES = {
    family.name: family
    for family in (
        Family(
            "rdm6300",
            "RDM6300 and alike (125 kHz, EM4100)",
            lambda options: Rdm6300(),
            simulated=Em4100Device,
        ),
        Family(
            "id12la",
            "ID-12LA, ID-20LA (125 kHz, EM4100)",
            lambda options: Id12La(),
            simulated=id12la_device,
        ),
        Family(
            "pn532",
            "PN532 on its serial line (13.56 MHz, ISO 14443A)",
            lambda options: Pn532(),
            simulated=Pn532Device,
        ),
        Family(
            "barcode",
            "Barcode scanner as a USB serial port",
            lambda options: Barcode(check=options.check, ending=options.ending),
            # Symbol/Zebra, PSC/Datalogic, Metrologic/Honeywell, Newland: from usb.ids.
            makers=frozenset({0x05E0, 0x05F9, 0x0C2E, 0x1EAB}),
            simulated=BarcodeDevice,
        ),
        Family(
            "wedge",
            "Reader or scanner that types like a keyboard",
            lambda options: Barcode(check=options.check, ending=options.ending),
            open_line=Keyboard,
        ),
    )
}
"""By name, in the order in which they are tried."""


def family(name: str) -> Family:
    """The family of that name.

    Raises:
        ValueError: there is none.
    """
    if name not in FAMILIES:
        raise ValueError(f"There is no kind of reader named {name!r}: choose one of {', '.join(FAMILIES)}.")
    return FAMILIES[name]
