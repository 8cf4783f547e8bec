"""The trust of a clock's time, on a simulated machine."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hardware.clock.clock import (
    AGREED_FOR_NS,
    TRUST_LOST,
    KnownTime,
    SystemClock,
    ran_without_jump,
    this_machine,
    true_instant,
)
from hardware.clock.reader_clock import READINGS_KEPT, ReaderClock
from tests.hardware.pi import NINE, SECOND_NS, Pi


@pytest.fixture
def pi() -> Pi:
    return Pi()


def trust(clock: SystemClock) -> str:
    return clock.reading().trust


def test_a_clock_without_any_confirmation_is_unknown(pi: Pi) -> None:
    assert trust(SystemClock(pi.machine())) == "unknown"


def test_synced_while_the_kernel_reports_it_and_held_afterwards(pi: Pi) -> None:
    clock = SystemClock(pi.machine())
    pi.kernel = True
    assert trust(clock) == "synced"
    pi.kernel = False
    pi.advance(hours=3)
    assert trust(clock) == "held"


def test_synced_when_timesyncd_has_synchronised(pi: Pi) -> None:
    pi.timesyncd = 1
    assert trust(SystemClock(pi.machine())) == "synced"


@pytest.mark.parametrize(
    ("off_s", "expected"), [(0, "synced"), (2, "synced"), (-2, "synced"), (2.1, "unknown")]
)
def test_synced_when_the_register_agrees_within_two_seconds(pi: Pi, off_s: float, expected: str) -> None:
    clock = SystemClock(pi.machine())
    clock.compare(NINE + timedelta(seconds=off_s))
    assert trust(clock) == expected


def test_where_time_servers_are_blocked_the_register_sets_the_clock(pi: Pi) -> None:
    clock = SystemClock(pi.machine())
    right = pi.wall + timedelta(days=200)
    clock.take(right)
    assert (clock.reading().at, clock.reading().trust) == (right, "synced")
    pi.advance(seconds=150)
    assert (clock.reading().at, clock.reading().trust) == (right + timedelta(seconds=150), "held")
    clock.take(right + timedelta(seconds=151))
    assert clock.reading().trust == "synced"
    assert clock.now() == right + timedelta(seconds=150), "two seconds are no reason to set it again"


def test_the_registers_correction_ends_when_the_machines_clock_is_set(pi: Pi) -> None:
    clock = SystemClock(pi.machine())
    right = pi.wall + timedelta(days=200)
    clock.take(right)
    pi.wall = right
    assert (clock.reading().at, clock.reading().trust) == (right, "unknown")
    pi.kernel = True
    assert clock.reading().trust == "synced"


def test_the_register_does_not_set_a_clock_that_is_synchronised_from_the_network(pi: Pi) -> None:
    pi.kernel = True
    clock, wall = SystemClock(pi.machine()), pi.wall
    clock.take(wall + timedelta(hours=1))
    assert clock.now() == wall


def test_agreement_with_the_register_becomes_held_after_a_while(pi: Pi) -> None:
    clock = SystemClock(pi.machine())
    clock.compare(NINE)
    pi.advance(seconds=AGREED_FOR_NS / SECOND_NS)
    assert trust(clock) == "synced"
    pi.advance(seconds=1)
    assert trust(clock) == "held"


def test_held_after_a_restart_of_the_program_in_the_same_boot(pi: Pi) -> None:
    assert trust(SystemClock(pi.machine(), known=pi.known(hours=2))) == "held"


def test_unknown_after_another_boot(pi: Pi) -> None:
    known = replace(pi.known(hours=2), boot_id="the boot before")
    assert trust(SystemClock(pi.machine(), known=known)) == "unknown"


def test_held_when_a_battery_clock_agrees_and_is_past_the_newest_event(pi: Pi) -> None:
    known = replace(pi.known(days=3), boot_id="the boot before")
    pi.battery = NINE + timedelta(seconds=1)
    assert trust(SystemClock(pi.machine(), known=known)) == "held"


@pytest.mark.parametrize("battery", [NINE + timedelta(seconds=5), NINE - timedelta(days=4)])
def test_a_battery_clock_that_disagrees_confirms_nothing(pi: Pi, battery: datetime | None) -> None:
    known = replace(pi.known(days=3), boot_id="the boot before")
    pi.battery = battery
    assert trust(SystemClock(pi.machine(), known=known)) == "unknown"


def test_a_battery_clock_without_a_known_time_confirms_nothing(pi: Pi) -> None:
    pi.battery = NINE
    assert trust(SystemClock(pi.machine())) == "unknown"


def test_time_before_the_newest_entry_is_unknown_even_when_synchronised(pi: Pi) -> None:
    pi.kernel = True
    assert trust(SystemClock(pi.machine(), newest=NINE + timedelta(seconds=3))) == "unknown"
    assert trust(SystemClock(pi.machine(), newest=NINE + timedelta(seconds=1))) == "synced", (
        "a small step back"
    )


@pytest.mark.parametrize(("days", "step_s"), [(1, 80), (3, 240), (1 / 3, 30)])
def test_a_step_before_a_restart_of_the_program_is_noticed(pi: Pi, days: float, step_s: float) -> None:
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
def test_a_clock_set_by_hand_is_unknown_until_confirmed_again(pi: Pi, to: datetime) -> None:
    clock = SystemClock(pi.machine())
    clock.compare(NINE)
    assert trust(clock) == "synced"
    pi.advance(seconds=1)
    pi.wall = to
    assert trust(clock) == "unknown"
    pi.advance(hours=1)
    assert trust(clock) == "unknown", "it stays unknown"
    clock.compare(pi.wall)
    assert trust(clock) == "synced"


@pytest.mark.parametrize("to", [NINE + timedelta(hours=1), NINE + timedelta(minutes=10)])
def test_a_battery_clock_set_together_with_the_clock_confirms_nothing(pi: Pi, to: datetime) -> None:
    """As `timedatectl set-time` does."""
    pi.kernel, pi.battery = True, NINE
    clock = SystemClock(pi.machine(), newest=NINE)
    assert trust(clock) == "synced"
    pi.advance(minutes=5)
    pi.wall, pi.battery, pi.kernel = to, to, False
    assert trust(clock) == "unknown"
    pi.advance(hours=1)
    assert trust(clock) == "unknown", "it stays unknown"
    pi.kernel = True
    assert trust(clock) == "synced"


def test_a_battery_clock_set_before_a_restart_confirms_nothing(pi: Pi) -> None:
    known = pi.known(minutes=10)
    pi.wall = pi.battery = NINE + timedelta(hours=1)
    assert trust(SystemClock(pi.machine(), known=known)) == "unknown"


def test_a_battery_clock_found_after_a_jump_confirms_nothing(pi: Pi) -> None:
    pi.battery = NINE
    clock = SystemClock(pi.machine(), known=replace(pi.known(days=3), boot_id=TRUST_LOST))
    assert trust(clock) == "unknown"
    clock.compare(NINE)
    pi.advance(hours=1)
    assert trust(clock) == "held", "the time has been trusted again"


def test_held_when_the_clock_is_corrected_to_a_battery_clock_that_stayed_right(pi: Pi) -> None:
    pi.kernel, pi.battery = True, NINE
    clock = SystemClock(pi.machine(), newest=NINE)
    assert trust(clock) == "synced"
    pi.advance(minutes=5)
    pi.battery += timedelta(minutes=5)
    right, pi.kernel = pi.wall, False
    pi.wall += timedelta(hours=1)
    assert trust(clock) == "unknown"
    pi.wall = right
    assert trust(clock) == "held"


@pytest.fixture
def in_1970(pi: Pi) -> KnownTime:
    """The known time of the boot before; the clock has not been right in this boot."""
    known = replace(pi.known(days=3), boot_id="the boot before")
    pi.wall = datetime(1970, 1, 1, tzinfo=UTC)
    return known


def test_held_when_a_never_trusted_clock_is_set_from_the_battery_clock(pi: Pi, in_1970: KnownTime) -> None:
    pi.battery = NINE
    clock = SystemClock(pi.machine(), known=in_1970)
    assert trust(clock) == "unknown"
    pi.advance(seconds=30)
    pi.wall = pi.battery = NINE + timedelta(seconds=30)
    assert trust(clock) == "held"


@pytest.mark.parametrize("battery", [NINE, None], ids=["right", "without a time"])
def test_unknown_when_a_never_trusted_clock_and_its_battery_clock_are_set_by_hand(
    pi: Pi, in_1970: KnownTime, battery: datetime | None
) -> None:
    pi.battery = battery
    clock = SystemClock(pi.machine(), known=in_1970)
    assert trust(clock) == "unknown"
    pi.advance(seconds=30)
    pi.wall = pi.battery = NINE + timedelta(hours=1)
    assert trust(clock) == "unknown"


def creep(pi: Pi, clock: SystemClock, step_s: float) -> list[str]:
    """The trust at each second of five minutes while a step is added every second."""
    trusts = []
    for _ in range(300):
        pi.advance(seconds=1)
        pi.wall += timedelta(seconds=step_s)
        trusts.append(trust(clock))
    return trusts


@pytest.mark.parametrize("step_s", [1.9, -1.9, 0.01])
@pytest.mark.parametrize("before", ["held", "agreed with the register", "synced by timesyncd"])
def test_many_small_steps_are_a_jump_and_not_drift(pi: Pi, step_s: float, before: str) -> None:
    known = pi.known(seconds=1) if before == "held" else None
    pi.timesyncd = 1 if before == "synced by timesyncd" else None
    clock = SystemClock(pi.machine(), known=known)
    if before == "agreed with the register":
        clock.compare(NINE)
    assert trust(clock) != "unknown"
    trusts = creep(pi, clock, step_s)
    allowed = trusts.index("unknown")
    assert allowed == int(2 / abs(step_s) * 1.01), "two seconds in all, plus the drift meanwhile"
    assert set(trusts[allowed:]) == {"unknown"}


def test_a_timesyncd_file_from_before_a_jump_does_not_count(pi: Pi) -> None:
    pi.timesyncd = 1
    clock = SystemClock(pi.machine())
    assert trust(clock) == "synced"
    pi.wall += timedelta(hours=1)
    assert trust(clock) == "unknown"
    pi.timesyncd = 2
    assert trust(clock) == "synced"


def test_a_timesyncd_file_from_before_a_jump_does_not_count_after_a_restart(
    pi: Pi,
) -> None:
    pi.timesyncd = 1
    clock = SystemClock(pi.machine(), known=replace(pi.known(minutes=5), boot_id=TRUST_LOST))
    assert trust(clock) == "unknown"
    pi.timesyncd = 2
    assert trust(clock) == "synced"


def test_a_step_made_by_the_network_is_trusted_at_once(pi: Pi) -> None:
    pi.wall = datetime(1970, 1, 1, tzinfo=UTC)
    clock = SystemClock(pi.machine())
    assert trust(clock) == "unknown"
    pi.advance(minutes=1)
    pi.wall, pi.kernel = NINE, True
    assert trust(clock) == "synced"


def test_ordinary_drift_over_a_night_is_not_a_jump(pi: Pi) -> None:
    clock = SystemClock(pi.machine(), known=pi.known(seconds=1))
    assert trust(clock) == "held"
    pi.advance(hours=14)
    pi.wall += timedelta(seconds=4)
    assert trust(clock) == "held"


def test_summer_time_begins_and_ends_without_a_jump(pi: Pi) -> None:
    """The machine counts UTC: an hour is missing or repeated only in wall time."""
    for change in (
        datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC),
    ):
        pi.wall = change
        clock = SystemClock(pi.machine(), known=pi.known(minutes=1))
        assert trust(clock) == "held"
        pi.advance(seconds=2)
        assert trust(clock) == "held"


def test_a_demo_clock_is_shifted_and_reports_it(pi: Pi) -> None:
    clock = SystemClock(pi.machine(), offset=timedelta(days=-3))
    assert clock.is_demo
    assert clock.reading().at == NINE - timedelta(days=3)
    assert trust(clock) == "synced"


def test_a_known_time_is_available_only_while_synced(pi: Pi) -> None:
    clock = SystemClock(pi.machine())
    assert clock.known() is None
    pi.kernel = True
    assert clock.known() == KnownTime(NINE, pi.monotonic_ns, "this boot")


def test_the_true_instant_follows_from_the_monotonic_time_of_the_same_boot(pi: Pi) -> None:
    happened_ns = pi.monotonic_ns
    pi.advance(minutes=7, seconds=3)
    pi.wall, pi.kernel = NINE + timedelta(hours=5), True
    right = SystemClock(pi.machine()).reading()
    assert true_instant(happened_ns, right) == right.at - timedelta(minutes=7, seconds=3)


def test_this_machine_can_be_read() -> None:
    clock = SystemClock(this_machine())
    first, second = clock.reading(), clock.reading()
    assert first.trust in ("synced", "held", "unknown")
    assert first.monotonic_ns <= second.monotonic_ns
    assert first.boot_id == second.boot_id


@pytest.fixture
def in_2028(pi: Pi) -> KnownTime:
    """A known time from an hour in which a wrong clock was trusted."""
    return replace(pi.known(hours=-2 * 365 * 24), boot_id="the boot before")


def register_agrees(pi: Pi, clock: SystemClock) -> None:
    clock.compare(pi.wall)


def kernel_synchronises(pi: Pi, _clock: SystemClock) -> None:
    pi.kernel = True


def timesyncd_synchronises_again(pi: Pi, _clock: SystemClock) -> None:
    pi.timesyncd = 2


@pytest.mark.parametrize("confirm", [register_agrees, kernel_synchronises, timesyncd_synchronises_again])
def test_a_remembered_time_far_ahead_is_discarded_for_a_synchronised_clock(
    pi: Pi, in_2028: KnownTime, confirm: Callable[[Pi, SystemClock], None]
) -> None:
    pi.timesyncd = 1
    clock = SystemClock(pi.machine(), known=in_2028)
    assert trust(clock) == "unknown"
    confirm(pi, clock)
    assert trust(clock) == "synced"
    pi.kernel, pi.timesyncd = False, None
    pi.advance(hours=1)
    assert trust(clock) == "held", "the discarded time does not come back"


def test_after_discarding_the_present_time_is_the_lower_bound(pi: Pi, in_2028: KnownTime) -> None:
    clock = SystemClock(pi.machine(), known=in_2028)
    pi.kernel = True
    assert trust(clock) == "synced"
    pi.wall -= timedelta(minutes=10)
    assert trust(clock) == "unknown"


@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(days=1)])
def test_a_remembered_time_less_than_a_day_ahead_is_kept_even_when_synchronised(
    pi: Pi, ahead: timedelta
) -> None:
    pi.kernel = True
    clock = SystemClock(pi.machine(), newest=NINE + ahead)
    clock.compare(NINE)
    assert trust(clock) == "unknown"
    pi.advance(days=1)
    assert trust(clock) == "synced", "that time has passed"


def test_an_unsynchronised_clock_discards_nothing(pi: Pi, in_2028: KnownTime) -> None:
    pi.battery = NINE
    pi.timesyncd = 1  # an old file: the clock may have been set by hand since
    clock = SystemClock(pi.machine(), known=in_2028)
    assert trust(clock) == "unknown"
    clock.compare(NINE + timedelta(seconds=3))
    pi.advance(hours=1)
    assert trust(clock) == "unknown"


def test_a_clock_set_back_two_days_by_hand_discards_nothing(pi: Pi) -> None:
    pi.kernel, pi.timesyncd = True, 1
    clock = SystemClock(pi.machine())
    assert trust(clock) == "synced"
    clock.record_event(pi.wall)
    pi.wall -= timedelta(days=2)
    pi.kernel = False  # setting the clock clears the kernel's flag
    assert trust(clock) == "unknown"
    pi.kernel = True
    pi.wall += timedelta(days=2)
    assert trust(clock) == "synced", "and the recorded event still counts"


def test_an_entry_far_ahead_of_the_known_time_is_ignored_after_a_restart(pi: Pi) -> None:
    known = replace(pi.known(hours=60), boot_id="the boot before")
    pi.battery = NINE
    clock = SystemClock(pi.machine(), known=known, newest=NINE + timedelta(days=700))
    assert trust(clock) == "held"


def test_an_entry_shortly_after_the_known_time_counts(pi: Pi) -> None:
    known = replace(pi.known(hours=1), boot_id="the boot before")
    pi.battery = NINE
    clock = SystemClock(pi.machine(), known=known, newest=NINE + timedelta(minutes=8))
    assert trust(clock) == "unknown"


def test_a_jump_or_another_boot_interrupts_a_steady_run(pi: Pi) -> None:
    clock, known = SystemClock(pi.machine()), pi.known(hours=2)
    assert ran_without_jump(known, clock.reading())
    assert not ran_without_jump(replace(known, boot_id="the boot before"), clock.reading())
    pi.wall += timedelta(minutes=1)
    assert not ran_without_jump(known, clock.reading())


def test_a_delayed_card_has_the_reading_of_its_first_byte(pi: Pi) -> None:
    """Neither a slow callback nor a clock set meanwhile changes the card's time."""
    pi.wall = datetime(1970, 1, 1, tzinfo=UTC)
    clock = SystemClock(pi.machine())
    reader = ReaderClock(clock)
    came_ns, at = pi.monotonic_ns, reader.now()
    pi.advance(seconds=5)
    reader.now()
    pi.wall, pi.kernel = NINE, True
    tap = reader.reading_at(at)
    assert (tap.at, tap.trust, tap.monotonic_ns) == (at, "unknown", came_ns)
    assert true_instant(tap.monotonic_ns, clock.reading()) == NINE - timedelta(seconds=5)


def test_a_delayed_card_keeps_its_trusted_time_when_the_clock_is_set(pi: Pi) -> None:
    pi.kernel = True
    reader = ReaderClock(SystemClock(pi.machine()))
    at = reader.now()
    pi.advance(seconds=3)
    pi.wall, pi.kernel = datetime(2038, 1, 19, tzinfo=UTC), False
    reader.now()
    assert reader.reading_at(at)[:2] == (NINE, "synced")


def test_of_two_readings_with_the_same_instant_the_later_counts(pi: Pi) -> None:
    """The clock was set back by exactly the time passed."""
    reader = ReaderClock(SystemClock(pi.machine()))
    at = reader.now()
    pi.advance(seconds=30)
    pi.wall = at
    assert reader.now() == at
    assert reader.reading_at(at).monotonic_ns == pi.monotonic_ns


def test_a_card_without_a_kept_reading_is_unknown(pi: Pi) -> None:
    pi.kernel = True
    reader = ReaderClock(SystemClock(pi.machine()))
    at = reader.now()
    for _ in range(READINGS_KEPT):
        pi.advance(seconds=1)
        reader.now()
    assert reader.reading_at(at)[:2] == (at, "unknown")
