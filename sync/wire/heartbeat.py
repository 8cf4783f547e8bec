"""`POST /heartbeat`: the state of a kiosk, and the news that the register has for it."""

from enum import StrEnum

from pydantic import Field

from sync.wire.clock import ClockReading
from sync.wire.message import Count, Instant, Message, Name, Term

MOST_PUPILS = 1_000_000
"""More pupils than any school has."""


class QueueState(Message):
    """The entries on a kiosk that the register has not answered."""

    waiting: Count
    oldest_at: Instant | None = None
    dead: Count = 0
    """Dead letters: entries that the register has rejected, which wait for the office."""


class HeldBack(Message):
    """A bundle that a kiosk has not taken over because its roster is much smaller than the last one."""

    version: Term
    pupils: Count = Field(le=MOST_PUPILS)
    """The number of pupils in it."""
    before: Count = Field(le=MOST_PUPILS)
    """The number of pupils in the bundle that the kiosk continues to use."""


class SeqRange(Message):
    """A range of a kiosk's entries by their `seq`, `first` to `last` inclusive."""

    first: Count
    last: Count


class PutAside(Message):
    """A damaged journal, or a part of one, that a kiosk has put aside, and what it saved from it."""

    file: Name
    """The name of its file on the kiosk, by which it is known."""
    at: Instant
    """By the kiosk's clock."""
    saved: Count = 0
    """How many entries were saved."""
    unreadable: Count = 0
    """How many rows were found that cannot be read any more."""
    missing: tuple[SeqRange, ...] = Field(default=(), max_length=50)
    """The numbers of the entries that may be lost: of some, the register may have the entry."""


LEAST_FREE = 200_000_000
"""Bytes. An entry takes one or two thousand, so this holds years of entries beside the system's logs."""
ENOUGH_FREE = 1_000_000_000
WORN_PERCENT = 90
"""An eMMC estimates its life in steps of a tenth (JEDEC eMMC 5.1, DEVICE_LIFE_TIME_EST): in the ninth, 80 to
90 percent are used."""


class DiskTrouble(StrEnum):
    """What is wrong with a disk, or soon will be."""

    READ_ONLY = "read_only"
    FULL = "full"
    """So little room that soon entries will not fit."""
    ERRORS = "errors"
    WORN = "worn"
    NEARLY_FULL = "nearly_full"


class DiskState(Message):
    """The state of the disk that a kiosk keeps its journal on. What the machine does not report is `None`."""

    free: Count
    """Bytes."""
    read_only: bool = False
    life_used: Count | None = None
    """Percent of its life that the storage has used, by its own estimate."""
    errors: Count | None = None
    """Errors that the file system has met since it was last checked."""
    put_aside: PutAside | None = None
    """The last journal that was put aside, for some weeks."""

    @property
    def trouble(self) -> DiskTrouble | None:
        """What needs attention first; `None` if nothing does."""
        if self.read_only:
            return DiskTrouble.READ_ONLY
        if self.free < LEAST_FREE:
            return DiskTrouble.FULL
        if self.errors:
            return DiskTrouble.ERRORS
        if self.life_used is not None and self.life_used >= WORN_PERCENT:
            return DiskTrouble.WORN
        return DiskTrouble.NEARLY_FULL if self.free < ENOUGH_FREE else None


class Heartbeat(Message):
    """The state of a kiosk."""

    queue: QueueState
    clock: ClockReading
    readers: dict[Name, Name] = Field(default_factory=dict, max_length=20)
    printer: Term | None = None
    version: Term
    uptime_s: Count
    last_seq: Count
    held_back: HeldBack | None = None
    at: Instant | None = None
    """The kiosk's own time when it sent this; the register compares it with its own."""
    disk: DiskState | None = None
    """`None` from a kiosk of an older version."""


class HeartbeatResponse(Message):
    """The register's time, the newest bundle's version, and the entries that the register lacks."""

    server_time: Instant
    bundle_version: str
    missing: tuple[SeqRange, ...] = ()
    """Entries that never arrived although later ones did, for example after the register was restored from a
    backup. The kiosk sends again those that it still has and that this register had answered."""
