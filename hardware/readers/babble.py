"""Detects a port that sends bytes but never a card."""

LIMIT_BYTES = 140
"""Ten frames of an RDM6300: what a held card sends in half a second."""
QUIET_SECONDS = 5.0
"""After this many seconds without a byte, earlier bytes no longer count."""


class Babble:
    """Detects a wrong line speed, a wrong device or a broken cable.

    Pure; instants are seconds of one monotonic clock.
    """

    def __init__(self, limit: int = LIMIT_BYTES, quiet: float = QUIET_SECONDS) -> None:
        """`limit`: bytes without a frame that are noise. `quiet`: seconds of silence that reset the count."""
        self._limit = limit
        self._quiet = quiet
        self._unread = 0
        self._last: float | None = None

    def add(self, count: int, *, frame: bool, at: float) -> bool:
        """Count bytes, with or without the end of a frame among them; return whether the port is babbling."""
        self._forget(at)
        self._unread = 0 if frame else self._unread + count
        self._last = at
        return self._unread > self._limit

    def is_babbling(self, at: float) -> bool:
        """Whether the port is still babbling after a read that returned nothing."""
        self._forget(at)
        return self._unread > self._limit

    def _forget(self, at: float) -> None:
        if self._last is not None and at - self._last >= self._quiet:
            self._unread = 0
