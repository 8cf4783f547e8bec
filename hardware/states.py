"""The states of a reader's port and of a slip printer, as logs, the doctor and the office page name them."""

from enum import StrEnum


class ReaderState(StrEnum):
    """The state of a card reader's port."""

    READY = "ready"
    ABSENT = "absent"
    """No device is there, or it was unplugged."""
    BUSY = "busy"
    """Another process holds the port."""
    FORBIDDEN = "forbidden"
    """This account has no permission to open the port."""
    BABBLING = "babbling"
    """Bytes arrive, but no card can be read from them."""
    STOPPED = "stopped"
    """The port is not being read."""


class PrinterState(StrEnum):
    """The state of a slip printer."""

    READY = "ready"
    PAPER_LOW = "paper_low"
    """It still prints, but needs a new roll soon."""
    NO_PAPER = "no_paper"
    COVER_OPEN = "cover_open"
    ABSENT = "absent"
    """No printer is there, or it is switched off or unplugged."""
    BUSY = "busy"
    """Another program holds it, or it is offline for a reason that it does not report."""
