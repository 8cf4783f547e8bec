"""What a clock's time is worth, on a machine that a test winds forward."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from hardware.clock import AGREED_FOR_NS, KnownTime, Machine, SystemClock, this_machine, true_instant

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECOND_NS = 1_000_000_000


@dataclass
class Pi:
    """A machine whose clocks a test sets."""

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

    def passes(self, **span: float) -> None:
        self.wall += timedelta(**span)
        self.monotonic_ns += int(timedelta(**span).total_seconds() * SECOND_NS)

    def known(self, **ago: float) -> KnownTime:
        """The time was right that long ago, in this boot."""
        span = timedelta(**ago)
        return KnownTime(
            self.wall - span, self.monotonic_ns - int(span.total_seconds() * SECOND_NS), self.boot_id
        )


@pytest.fixture
def pi():
    return Pi()


def trust(clock):
    return clock.reading().trust


def test_a_clock_that_nothing_vouches_for_is_unknown(pi):
    assert trust(SystemClock(pi.machine())) == "unknown"


def test_synced_while_the_kernel_says_so_and_held_afterwards(pi):
    clock = SystemClock(pi.machine())
    pi.kernel = True
    assert trust(clock) == "synced"
    pi.kernel = False
    pi.passes(hours=3)
    assert trust(clock) == "held"


def test_synced_when_timesyncd_says_so(pi):
    pi.timesyncd = 1
    assert trust(SystemClock(pi.machine())) == "synced"


@pytest.mark.parametrize(
    ("off_s", "expected"), [(0, "synced"), (2, "synced"), (-2, "synced"), (2.1, "unknown")]
)
def test_synced_when_the_register_agrees_within_two_seconds(pi, off_s, expected):
    clock = SystemClock(pi.machine())
    clock.compare(NINE + timedelta(seconds=off_s))
    assert trust(clock) == expected


def test_the_registers_agreement_is_held_when_it_has_not_been_heard_for_a_while(pi):
    clock = SystemClock(pi.machine())
    clock.compare(NINE)
    pi.passes(seconds=AGREED_FOR_NS / SECOND_NS)
    assert trust(clock) == "synced"
    pi.passes(seconds=1)
    assert trust(clock) == "held"


def test_held_after_the_program_was_started_again_in_the_same_boot(pi):
    assert trust(SystemClock(pi.machine(), known=pi.known(hours=2))) == "held"


def test_unknown_after_another_boot(pi):
    known = replace(pi.known(hours=2), boot_id="the boot before")
    assert trust(SystemClock(pi.machine(), known=known)) == "unknown"


def test_held_when_a_battery_clock_agrees_and_is_past_what_is_known(pi):
    known = replace(pi.known(days=3), boot_id="the boot before")
    pi.battery = NINE + timedelta(seconds=1)
    assert trust(SystemClock(pi.machine(), known=known)) == "held"


@pytest.mark.parametrize("battery", [NINE + timedelta(seconds=5), NINE - timedelta(days=4)])
def test_a_battery_clock_that_disagrees_vouches_for_nothing(pi, battery):
    known = replace(pi.known(days=3), boot_id="the boot before")
    pi.battery = battery
    assert trust(SystemClock(pi.machine(), known=known)) == "unknown"


def test_a_battery_clock_with_nothing_known_before_vouches_for_nothing(pi):
    pi.battery = NINE
    assert trust(SystemClock(pi.machine())) == "unknown"


def test_time_before_the_newest_entry_is_unknown_whoever_vouches(pi):
    pi.kernel = True
    assert trust(SystemClock(pi.machine(), newest=NINE + timedelta(seconds=3))) == "unknown"
    assert trust(SystemClock(pi.machine(), newest=NINE + timedelta(seconds=1))) == "synced", (
        "a small step back"
    )


@pytest.mark.parametrize(("days", "step_s"), [(1, 80), (3, 240), (1 / 3, 30)])
def test_a_step_that_was_made_before_the_program_started_again_is_noticed(pi, days, step_s):
    known = pi.known(days=days)
    pi.wall += timedelta(seconds=step_s)
    assert trust(SystemClock(pi.machine(), known=known)) == "unknown"


@pytest.mark.parametrize(
    "to",
    [
        NINE + timedelta(hours=1),
        NINE - timedelta(minutes=5),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
    ],
    ids=["an hour on", "five minutes back", "1970", "2038"],
)
def test_a_clock_that_was_set_by_hand_is_unknown_until_something_vouches_again(pi, to):
    clock = SystemClock(pi.machine())
    clock.compare(NINE)
    assert trust(clock) == "synced"
    pi.passes(seconds=1)
    pi.wall = to
    assert trust(clock) == "unknown"
    pi.passes(hours=1)
    assert trust(clock) == "unknown", "it stays so"
    clock.compare(pi.wall)
    assert trust(clock) == "synced"


def test_timesyncds_word_from_before_a_jump_does_not_count_after_it(pi):
    pi.timesyncd = 1
    clock = SystemClock(pi.machine())
    assert trust(clock) == "synced"
    pi.wall += timedelta(hours=1)
    assert trust(clock) == "unknown"
    pi.timesyncd = 2
    assert trust(clock) == "synced"


def test_a_step_that_the_network_made_is_trusted_at_once(pi):
    pi.wall = datetime(1970, 1, 1, tzinfo=UTC)
    clock = SystemClock(pi.machine())
    assert trust(clock) == "unknown"
    pi.passes(minutes=1)
    pi.wall, pi.kernel = NINE, True
    assert trust(clock) == "synced"


def test_ordinary_drift_over_a_night_is_no_jump(pi):
    clock = SystemClock(pi.machine(), known=pi.known(seconds=1))
    assert trust(clock) == "held"
    pi.passes(hours=14)
    pi.wall += timedelta(seconds=4)
    assert trust(clock) == "held"


def test_summer_time_begins_and_ends_without_a_jump(pi):
    """The machine counts UTC: on the wall an hour is missing or comes twice, and here nothing happens."""
    for change in (
        datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC),
    ):
        pi.wall = change
        clock = SystemClock(pi.machine(), known=pi.known(minutes=1))
        assert trust(clock) == "held"
        pi.passes(seconds=2)
        assert trust(clock) == "held"


def test_a_demo_clock_is_set_on_purpose_and_says_that_it_is_one(pi):
    clock = SystemClock(pi.machine(), offset=timedelta(days=-3))
    assert clock.is_demo
    assert clock.reading().at == NINE - timedelta(days=3)
    assert trust(clock) == "synced"


def test_what_is_known_can_be_kept_only_while_it_is_right(pi):
    clock = SystemClock(pi.machine())
    assert clock.known() is None
    pi.kernel = True
    assert clock.known() == KnownTime(NINE, pi.monotonic_ns, "this boot")


def test_the_true_instant_is_worked_out_from_the_same_boots_ticks(pi):
    happened_ns = pi.monotonic_ns
    pi.passes(minutes=7, seconds=3)
    pi.wall, pi.kernel = NINE + timedelta(hours=5), True
    right = SystemClock(pi.machine()).reading()
    assert true_instant(happened_ns, right) == right.at - timedelta(minutes=7, seconds=3)


def test_this_machine_can_be_read():
    clock = SystemClock(this_machine())
    first, second = clock.reading(), clock.reading()
    assert first.trust in ("synced", "held", "unknown")
    assert first.monotonic_ns <= second.monotonic_ns
    assert first.boot_id == second.boot_id
