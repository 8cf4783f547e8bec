"""A simulated machine whose clocks a test sets."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hardware.clock.clock import KnownTime, Machine

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECOND_NS = 1_000_000_000


@dataclass
class Pi:
    """A Raspberry Pi that starts at 09:00 with an unsynchronised clock."""

    wall: datetime = NINE
    monotonic_ns: int = 5 * SECOND_NS
    kernel: bool = False
    timesyncd: int | None = None
    battery: datetime | None = None
    boot_id: str = "this boot"

    def machine(self) -> Machine:
        return Machine(
            wall=lambda: self.wall,
            monotonic_ns=lambda: self.monotonic_ns,
            boot_id=self.boot_id,
            kernel_is_synced=lambda: self.kernel,
            timesyncd_synced=lambda: self.timesyncd,
            hardware_clock=lambda: self.battery,
        )

    def advance(self, **span: float) -> None:
        self.wall += timedelta(**span)
        self.monotonic_ns += int(timedelta(**span).total_seconds() * SECOND_NS)

    def known(self, **ago: float) -> KnownTime:
        """The time as known to be right that long ago, in this boot."""
        span = timedelta(**ago)
        return KnownTime(
            self.wall - span, self.monotonic_ns - int(span.total_seconds() * SECOND_NS), self.boot_id
        )
