"""`POST /heartbeat`: the state of a kiosk, and the news that the register has for it."""

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


class SeqRange(Message):
    """A range of a kiosk's entries by their `seq`, `first` to `last` inclusive."""

    first: Count
    last: Count


class HeartbeatResponse(Message):
    """The register's time, the newest bundle's version, and the entries that the register lacks."""

    server_time: Instant
    bundle_version: str
    missing: tuple[SeqRange, ...] = ()
    """Entries that never arrived although later ones did, for example after the register was restored from a
    backup. The kiosk sends again those that it still has and that this register had answered."""
