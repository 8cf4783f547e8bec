"""The errors of `hardware`, as one tree. Every message is one sentence for people: what, where, what to do.

HardwareError
├── PortError           a reader's port cannot be opened or read
├── PrinterError        the slip printer cannot be used
├── VirtualReaderError  the virtual reader cannot carry out a request
└── ControlError        the virtual reader's control socket cannot be made or reached
"""

from hardware.states import PrinterState, ReaderState


class HardwareError(Exception):
    """Base of every error that `hardware` raises on purpose."""


class PortError(HardwareError):
    """A reader's port cannot be opened, or can no longer be read.

    Args:
        state: the port's state from now on.
        detail: one sentence for people.
    """

    def __init__(self, state: ReaderState, detail: str) -> None:
        super().__init__(detail)
        self.state = state


class PrinterError(HardwareError):
    """The slip printer cannot be used at present.

    Args:
        state: the printer's state from now on.
        detail: one sentence for people.
        is_plugged_in: whether the trouble lies in this machine, so that no cable needs to be checked.
    """

    def __init__(self, state: PrinterState, detail: str, *, is_plugged_in: bool = False) -> None:
        super().__init__(detail)
        self.state = state
        self.is_plugged_in = is_plugged_in


class VirtualReaderError(HardwareError):
    """The virtual reader cannot carry out a request."""


class ControlError(HardwareError):
    """The virtual reader could not be reached through its control socket, or reported an error."""
