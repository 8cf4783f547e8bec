"""Reports how many of a reader's frames were unusable, so that a loose cable shows in the log early."""

from typing import NamedTuple, Protocol, runtime_checkable

EVERY_SECONDS = 60.0
"""The shortest interval between reports: a card held askew spoils twenty frames a second."""


@runtime_checkable
class CountingParser(Protocol):
    """A parser that counts unusable frames, from the start of the program."""

    @property
    def bad_checksum(self) -> int:
        """Well-formed frames with a wrong checksum."""

    @property
    def malformed(self) -> int:
        """Byte sequences that began like a frame but were not one."""


class SpoiledCount(NamedTuple):
    """The unusable frames since the last report."""

    bad_checksum: int
    malformed: int


class SpoiledFrames:
    """Decides when to report a parser's counts. Pure; instants are seconds of one monotonic clock."""

    def __init__(self, parser: object) -> None:
        """`parser`: the parser to report on; one without counts is never reported."""
        self._parser = parser if isinstance(parser, CountingParser) else None
        self._reported = SpoiledCount(0, 0)
        self._reported_at: float | None = None

    def report_due(self, at: float) -> SpoiledCount | None:
        """The counts to report now; `None` when there are no new ones, or the last report is too recent.

        Malformed frames alone make no report, since every unplugging leaves one: they are reported with the
        next bad checksum.
        """
        if self._parser is None:
            return None
        seen = SpoiledCount(self._parser.bad_checksum, self._parser.malformed)
        if seen.bad_checksum == self._reported.bad_checksum:
            return None
        if self._reported_at is not None and at - self._reported_at < EVERY_SECONDS:
            return None
        new = SpoiledCount(
            seen.bad_checksum - self._reported.bad_checksum, seen.malformed - self._reported.malformed
        )
        self._reported, self._reported_at = seen, at
        return new
