"""The state of a kiosk's clock, sent with every entry and heartbeat."""

from enum import StrEnum

from sync.wire.message import Message, Term, Whole


class Trust(StrEnum):
    """How far the kiosk's clock could be trusted when an entry was made."""

    SYNCED = "synced"
    HELD = "held"
    UNKNOWN = "unknown"


class ClockReading(Message):
    """One reading of the kiosk's clock: enough to work out the true instant later."""

    trust: Trust
    boot_id: Term
    monotonic_ns: Whole
