"""Decodes the status that a slip printer reports. Pure.

Source: Epson's ESC/POS command reference, DLE EOT n ("Transmit real-time status"); other makers' printers
answer alike. A printer answers at once, even while it is offline, with one byte for each n:

    n = 1  printer          bit 3: offline
    n = 2  cause            bit 2: cover open, bit 5: printing stopped at the paper's end, bit 6: an error
    n = 4  paper sensors    bits 2 and 3: near its end, bits 5 and 6: no paper
"""

from collections.abc import Mapping

from hardware.states import PrinterState

PRINTER, CAUSE, PAPER = 1, 2, 4
STATUS_QUERIES = (PRINTER, CAUSE, PAPER)
"""The values of n, in the order in which they are queried."""

_FIXED_MASK, _FIXED = 0b1001_0011, 0b0001_0010
"""Bits that are the same in every answer; a byte without them is not an answer."""
_OFFLINE = 0b0000_1000
_COVER_OPEN = 0b0000_0100
_PAPER_STOP = 0b0010_0000
_ERROR = 0b0100_0000
_NEAR_END = 0b0000_1100
_PAPER_END = 0b0110_0000


CAN_PRINT = frozenset({PrinterState.READY, PrinterState.PAPER_LOW})
"""States in which slips can be printed."""


def status_query(n: int) -> bytes:
    """The command that queries status n."""
    return bytes([0x10, 0x04, n])


def is_answer(byte: int) -> bool:
    """Whether the byte can be an answer to DLE EOT."""
    return byte & _FIXED_MASK == _FIXED


def printer_state(answers: Mapping[int, int]) -> PrinterState:
    """The printer's state according to its answers.

    Args:
        answers: the answer byte for each n. A printer that never answers counts as ready, since many printers
            print well without reporting a status.
    """
    cause, paper = answers.get(CAUSE, 0), answers.get(PAPER, 0)
    if cause & _COVER_OPEN:
        return PrinterState.COVER_OPEN
    if cause & _PAPER_STOP or paper & _PAPER_END:
        return PrinterState.NO_PAPER
    if answers.get(PRINTER, 0) & _OFFLINE or cause & _ERROR:
        return PrinterState.BUSY
    return PrinterState.PAPER_LOW if paper & _NEAR_END else PrinterState.READY
