"""Decides when codes that are no card are a fault of the reader, and when to log them. Pure."""

from hardware.readers.unread import UnreadCode

IN_A_ROW = 2
"""So many codes without a card between them are a fault; one may be a visitor's own barcode."""
LASTS_SECONDS = 600.0
"""The fault lasts until a card is read, or so long after the last such code."""
LOG_SECONDS = 60.0
"""The shortest interval between two entries in the log."""


class UnreadTrace:
    """The trace of unread codes. Instants are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._code: UnreadCode | None = None
        self._last_at = 0.0
        self._logged_at: float | None = None

    def code(self, code: UnreadCode, at: float) -> bool:
        """Note a code that is no card; return whether to log it."""
        self._in_a_row = self._in_a_row + 1 if at - self._last_at < LASTS_SECONDS else 1
        # The first description stays, so that the state does not change with every code.
        if self._code is None or self._in_a_row == 1 or (code.drivers and not self._code.drivers):
            self._code = code
        self._last_at = at
        is_due = self._logged_at is None or at - self._logged_at >= LOG_SECONDS
        if is_due:
            self._logged_at = at
        return is_due

    def card(self) -> None:
        """Note a card: the reader can be understood."""
        self._in_a_row = 0

    def fault(self, at: float) -> UnreadCode | None:
        """The code that describes the fault at this instant; `None` while there is none."""
        is_fault = self._in_a_row >= IN_A_ROW and at - self._last_at < LASTS_SECONDS
        return self._code if is_fault else None
