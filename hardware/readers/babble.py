"""Telling a port that sends bytes, and never a card, from one that is only waiting for a card."""

LIMIT_BYTES = 140
"""Ten frames' worth: what a held card sends in half a second."""
QUIET_SECONDS = 5.0
"""After so long without a byte, what was heard before counts no longer."""


class Babble:
    """Listens for a wrong line speed, a wrong device or a broken cable.

    Pure; instants are seconds of one monotonic clock.
    """

    def __init__(self, limit: int = LIMIT_BYTES, quiet: float = QUIET_SECONDS) -> None:
        """`limit`: bytes without a frame that are taken for noise. `quiet`: seconds that make up for them."""
        self._limit = limit
        self._quiet = quiet
        self._unread = 0
        self._last: float | None = None

    def heard(self, count: int, *, frame: bool, at: float) -> bool:
        """So many bytes came, with or without a frame's end among them: does the port babble?"""
        self._forget(at)
        self._unread = 0 if frame else self._unread + count
        self._last = at
        return self._unread > self._limit

    def silence(self, at: float) -> bool:
        """No byte came of late: does the port babble still?"""
        self._forget(at)
        return self._unread > self._limit

    def _forget(self, at: float) -> None:
        if self._last is not None and at - self._last >= self._quiet:
            self._unread = 0
