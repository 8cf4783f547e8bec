"""ID-12LA and ID-20LA, 125 kHz EM4100 readers in a module: an RDM6300's frame with CR LF before its end.

Source: ID Innovations' datasheet of the ID-2LA, ID-12LA and ID-20LA, "Output data structure - ASCII": 0x02,
10 hex digits, 2 hex digits checksum, CR, LF, 0x03. Unlike an RDM6300 the module sends a card's frame once,
when the card comes into its field, and nothing while it stays there.
"""

from hardware.readers.drivers import rdm6300
from hardware.readers.drivers.rdm6300 import Rdm6300


class Id12La(Rdm6300):
    """Finds the frames in what an ID-12LA or ID-20LA sends; a `hardware.readers.reader.Parser`."""

    end = b"\r\n" + rdm6300.END


def frame(number: int, *, version: int = 0x0A) -> bytes:
    """The frame an ID-12LA sends for a card; arguments and errors are those of `rdm6300.frame`."""
    return rdm6300.frame(number, version=version, end=Id12La.end)
