"""ID-12LA and ID-20LA, 125 kHz EM4100 reader modules: an RDM6300's frame with CR LF before its end byte.

Source: ID Innovations' data sheet of the ID-2LA, ID-12LA and ID-20LA, "Output data structure - ASCII": 0x02,
10 hex digits, 2 hex digits of checksum, CR, LF, 0x03. Unlike an RDM6300, the module sends a card's frame
once, when the card enters its field, and nothing while the card stays there.
"""

from hardware.readers.drivers import rdm6300
from hardware.readers.drivers.rdm6300 import Rdm6300, SimulatedEm4100
from hardware.readers.family import Family


class Id12La(Rdm6300):
    """Finds frames in the bytes of an ID-12LA or ID-20LA; a `hardware.readers.reader.Parser`."""

    end = b"\r\n" + rdm6300.END


def frame(number: int, *, version: int = 0x0A) -> bytes:
    """The frame an ID-12LA sends for a card; for arguments and errors see `rdm6300.frame`."""
    return rdm6300.frame(number, version=version, end=Id12La.end)


FAMILY = Family(
    "id12la",
    "ID-12LA, ID-20LA (125 kHz, EM4100)",
    lambda options: Id12La(),
    example_cards=("em4100:00000001", "em4100:00000002"),
    simulated=lambda: SimulatedEm4100(frame, period=None),
)
