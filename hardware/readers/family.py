"""The description of a family of readers; each driver provides its own as `FAMILY`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from hardware.readers.port import OpenLine, Port
from hardware.readers.ports import SerialPort
from hardware.readers.reader import Parser
from hardware.readers.simulation import SimulatedReader


class CheckDigit(StrEnum):
    """What the last character of a barcode is."""

    NONE = "none"
    """An ordinary character."""
    CODE39 = "code39"
    """Code 39's check character, modulo 43."""
    MOD10 = "mod10"
    """The check digit of EAN, ITF-14 and GS1: weights 3 and 1, modulo 10."""


class Ending(StrEnum):
    """What ends a barcode's text."""

    ANY = "any"
    """CR, LF or a pause."""
    LINE = "line"
    """CR or LF only: half a text before a pause is dropped, so that it cannot be taken for another card."""


@dataclass(frozen=True, slots=True)
class Options:
    """The reader's settings; each family uses those that concern it."""

    check: CheckDigit = CheckDigit.NONE
    """Barcodes: what the last character is."""
    ending: Ending = Ending.ANY
    """Barcodes: what ends a text."""


@dataclass(frozen=True, slots=True)
class Family:
    """A family of readers with the same protocol."""

    name: str
    """Its name in the configuration."""
    title: str
    """Its name for people."""
    parser: Callable[[Options], Parser]
    """Makes the parser of its bytes."""
    example_cards: tuple[str, str]
    """The canonical names of two cards that it can read; the tests of every family use them."""
    open_line: OpenLine = Port
    """Opens its device."""
    makers: frozenset[int] = field(default_factory=frozenset)
    """USB vendor ids whose serial ports are readers of this family. Most readers sit behind a generic USB
    adapter, which does not reveal them; those are distinguished by the bytes that they send."""
    simulated: Callable[[], SimulatedReader] | None = None
    """Makes a simulated reader; `None` when a pseudo-terminal cannot take the device's place."""

    @property
    def is_serial(self) -> bool:
        """Whether the device is a serial port; otherwise it is a keyboard."""
        return self.open_line is Port

    def is_made_by(self, port: SerialPort) -> bool:
        """Whether the port belongs to one of this family's makers."""
        return port.vendor in self.makers
