"""A whole kiosk without its window, on a simulated machine whose clock is set, jumps and restarts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from attendance.policy import files as policies
from attendance.reasons import Reason
from hardware.clock.clock import Reading, SystemClock
from kiosk.app.timekeeper import KNOWN_TIME_S, Timekeeper, clock_of
from kiosk.journal.journal import Journal
from kiosk.journey import Journey
from kiosk.views import DoneView, HomeView
from kiosk.views.touches import ChooseLate, ChoosePupil, ChooseReason, Finish, PressLetter
from sync.wire import Appointment, Bundle, BundleSchool, Entry, Trust
from tests.hardware.pi import SECOND_NS, Pi
from tests.kiosk.reception import HandClock, Reception, bundle, london, reception

IN_1970 = datetime(1970, 1, 1, tzinfo=UTC)
IN_2038 = datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC)


@dataclass
class ClockOnPi:
    """The kiosk's clock on the simulated machine, with the other methods that `reception` needs."""

    clock: SystemClock
    pi: Pi
    is_demo: bool = False

    def now(self) -> datetime:
        return self.clock.now()

    def reading(self) -> Reading:
        return self.clock.reading()

    def record_event(self, at: datetime) -> None:
        self.clock.record_event(at)

    def monotonic(self) -> float:
        return self.pi.monotonic_ns / SECOND_NS


@dataclass
class Kiosk:
    """A running kiosk and its simulated machine."""

    pi: Pi
    at_desk: Reception
    timekeeper: Timekeeper

    @property
    def journey(self) -> Journey:
        return self.at_desk.journey

    def tick(self) -> None:
        """Run one tick, and everything that follows from it."""
        self.journey.tick()
        self.timekeeper.tick()
        for _ in range(3):  # read the doubted entries, commit the corrections, add them to the day
            self.at_desk.settle()

    def passes(self, **span: float) -> None:
        self.pi.advance(**span)
        self.tick()

    def signs_in(self, pupil_id: str) -> None:
        self.at_desk.tap(pupil_id)
        self.gives_reason()

    def gives_reason(self) -> None:
        self.journey.handle(ChooseReason(Reason.OTHER))
        self.at_desk.settle()

    def types(self, letters: str, *, seconds_each: float = 0) -> None:
        for letter in letters:
            self.pi.advance(seconds=seconds_each)
            self.journey.handle(PressLetter(letter))

    def is_set_by_hand(self, to: datetime) -> None:
        """Set the clock, which clears the kernel's synchronised flag."""
        self.pi.wall, self.pi.kernel = to, False

    def is_set_from_the_network(self, to: datetime) -> None:
        self.pi.wall, self.pi.kernel = to, True

    def entries(self) -> list[Entry]:
        return [Entry.model_validate_json(body) for _, body in self.at_desk.journal.waiting(50).result()]

    def trust(self) -> str:
        return self.at_desk.clock.reading().trust


@contextmanager
def kiosk_on(pi: Pi, folder: Path, school: Bundle | None = None) -> Iterator[Kiosk]:
    """Start the program on the simulated machine, with its journal in that folder."""
    journal = Journal(folder / "journal.db", lambda: pi.wall)
    clock = clock_of(journal, pi.machine())
    journal.close()
    with reception(folder, school=school, clock=cast("HandClock", ClockOnPi(clock, pi))) as at_desk:
        timekeeper = Timekeeper(at_desk.journal, clock, at_desk.desk, at_desk.clock.monotonic)
        running = Kiosk(pi, at_desk, timekeeper)
        running.tick()
        yield running


@pytest.fixture
def pi() -> Pi:
    """A machine at 09:05 whose clock is synchronised."""
    return Pi(wall=london("09:05"), kernel=True)


@pytest.mark.parametrize(
    "to",
    [london("10:05"), london("09:00"), london("2026-11-23T09:05"), IN_1970, IN_2038],
    ids=["an hour on", "five minutes back", "a day back", "1970", "2038"],
)
def test_a_clock_set_by_hand_during_a_visit_does_not_change_its_time(
    tmp_path: Path, pi: Pi, to: datetime
) -> None:
    with kiosk_on(pi, tmp_path) as kiosk:
        kiosk.journey.handle(ChooseLate())
        kiosk.types("AME", seconds_each=1)
        kiosk.is_set_by_hand(to)
        kiosk.tick()
        kiosk.types("LIA")
        kiosk.journey.handle(ChoosePupil("P1"))
        kiosk.gives_reason()
        [entry] = kiosk.entries()
        assert (entry.at, entry.clock.trust) == (london("09:05"), Trust.SYNCED)
        assert (entry.decision.code, entry.decision.minutes_late) == ("L", 20)
        kiosk.journey.handle(Finish())

        kiosk.pi.advance(seconds=60)
        kiosk.signs_in("P2")
        assert isinstance(kiosk.journey.view, DoneView)
        assert not kiosk.journey.view.clock_trusted, "the office will confirm the time"
        doubted = kiosk.entries()[-1]
        assert (doubted.decision.code, doubted.clock.trust) == (None, Trust.UNKNOWN)

        kiosk.pi.advance(seconds=57)
        kiosk.is_set_from_the_network(london("09:07"))
        kiosk.tick()
        first, second, corrected = kiosk.entries()
        assert (first, second) == (entry, doubted), "both are kept"
        assert (corrected.corrects, corrected.at) == (doubted.id, london("09:06:03"))
        assert (corrected.decision.code, corrected.decision.minutes_late) == ("L", 21)


def test_a_clock_set_by_the_network_during_a_visit_corrects_the_first_touch(tmp_path: Path) -> None:
    pi = Pi(wall=IN_1970)
    with kiosk_on(pi, tmp_path) as kiosk:
        kiosk.journey.handle(ChooseLate())
        kiosk.pi.advance(seconds=8)
        kiosk.is_set_from_the_network(london("09:15:03"))  # the register has closed meanwhile
        kiosk.tick()
        kiosk.types("AM")
        kiosk.journey.handle(ChoosePupil("P1"))
        kiosk.gives_reason()
        kiosk.tick()
        doubted, corrected = kiosk.entries()
        assert (doubted.decision.code, corrected.corrects) == (None, doubted.id)
        assert corrected.at == london("09:14:55"), "the first touch, before the register closed"
        assert corrected.decision.code == "L"


def open_at_midnight() -> Bundle:
    """A school in Cairo with its afternoon session late at night: clocks change there at midnight of a school
    day. In London they change on a Sunday, when no pupil visits."""
    policy = policies.load("wessex-mat").model_dump(mode="json")
    times = {"opens": "22:30", "late_after": "22:45", "closes": "23:30", "unauthorised_after": "23:30"}
    policy["pm"] |= times | {"ends": "23:59"}
    made = bundle()
    cairo = BundleSchool(id="cairo", name="Evening School", zone="Africa/Cairo")
    return made.model_copy(update={"school": cairo, "policy": policy})


def test_clocks_going_back_during_a_visit_do_not_make_the_pupil_earlier(tmp_path: Path) -> None:
    start = datetime(2024, 10, 31, 20, 58, 50, tzinfo=UTC)  # 23:58:50; at 24:00 it is 23:00 again
    with kiosk_on(Pi(wall=start, kernel=True), tmp_path, open_at_midnight()) as kiosk:
        kiosk.journey.handle(ChooseLate())
        kiosk.types("AMELIE", seconds_each=15)
        kiosk.journey.handle(ChoosePupil("P2"))
        kiosk.gives_reason()
        [late] = kiosk.entries()
        assert (late.at, late.date.isoformat(), late.decision.code) == (start, "2024-10-31", "U")
        assert kiosk.at_desk.view_as(DoneView).at.strftime("%H:%M") == "23:58"
        kiosk.journey.handle(Finish())
        assert kiosk.trust() == "synced"
        assert kiosk.at_desk.view_as(HomeView).now.strftime("%H:%M") == "23:00"
        kiosk.signs_in("P5")
        assert kiosk.entries()[-1].decision.code == "L", "by the wall time, which occurs twice"
        kiosk.journey.handle(Finish())
        kiosk.at_desk.tap("P2")
        assert kiosk.at_desk.view_as(DoneView).already


def test_clocks_going_forward_during_a_visit_do_not_make_the_pupil_later(tmp_path: Path) -> None:
    start = datetime(2024, 4, 25, 21, 58, 50, tzinfo=UTC)  # 23:58:50 on Thursday; at 24:00 it is 01:00
    with kiosk_on(Pi(wall=start, kernel=True), tmp_path, open_at_midnight()) as kiosk:
        kiosk.journey.handle(ChooseLate())
        kiosk.types("AMELIE", seconds_each=15)
        kiosk.journey.handle(ChoosePupil("P2"))
        kiosk.gives_reason()
        [entry] = kiosk.entries()
        assert (entry.at, entry.date.isoformat(), entry.session) == (start, "2024-04-25", "PM")
        assert entry.decision.minutes_late == 88
        kiosk.journey.handle(Finish())
        assert kiosk.trust() == "synced"
        assert kiosk.at_desk.view_as(HomeView).now == datetime(2024, 4, 26, 1, 0)  # noqa: DTZ001  wall time


@pytest.mark.parametrize(
    ("friday", "monday"), [("2026-03-27", "2026-03-30"), ("2026-10-23", "2026-10-26")], ids=["on", "back"]
)
def test_a_kiosk_left_running_over_a_clock_change_shows_the_right_time(
    tmp_path: Path, pi: Pi, friday: str, monday: str
) -> None:
    pi.wall = london(f"{friday}T15:00")
    with kiosk_on(pi, tmp_path) as kiosk:
        pi.kernel = False  # no network over the weekend
        until = london(f"{monday}T09:07") - pi.wall
        kiosk.passes(seconds=until.total_seconds())
        assert kiosk.trust() == "held"
        kiosk.signs_in("P1")
        [entry] = kiosk.entries()
        assert (entry.decision.code, entry.decision.minutes_late) == ("L", 22)


def test_entries_of_two_days_with_an_untrusted_clock_are_both_corrected(
    tmp_path: Path,
) -> None:
    """Started without a network on Monday at 14:12, and connected on Tuesday at 09:10."""
    pi = Pi(wall=IN_1970 + timedelta(hours=10))
    with kiosk_on(pi, tmp_path) as kiosk:
        kiosk.signs_in("P1")
        kiosk.passes(hours=18, minutes=55)
        assert pi.wall.day == 2, "its own date has changed, too"
        assert kiosk.journey.view == HomeView(
            now=kiosk.at_desk.view_as(HomeView).now,
            card_reader=False,
            clock_trusted=False,
            may_bring=True,
            anyone_out=True,
        )
        kiosk.signs_in("P2")
        kiosk.passes(minutes=1)
        kiosk.signs_in("P1")
        doubted = kiosk.entries()
        assert [entry.decision.code for entry in doubted] == [None, None, None]
        kiosk.pi.advance(minutes=2)
        kiosk.is_set_from_the_network(london("09:10"))
        kiosk.tick()

        everything = kiosk.entries()
        assert everything[:3] == doubted, "both are kept"
        corrected = [(entry.pupil, entry.at, entry.session, entry.decision.code) for entry in everything[3:]]
        assert corrected == [
            ("P1", london("2026-11-23T14:12"), "PM", "U"),
            ("P2", london("09:07"), "AM", "L"),
            ("P1", london("09:08"), "AM", "L"),
        ]
        assert [entry.corrects for entry in everything[3:]] == [entry.id for entry in doubted]
        assert [entry.date.isoformat() for entry in everything[3:]] == ["2026-11-23"] + ["2026-11-24"] * 2
        kiosk.tick()
        assert len(kiosk.entries()) == 6, "once"


def test_doubted_entries_are_corrected_after_a_restart_in_the_same_boot(
    tmp_path: Path,
) -> None:
    pi = Pi(wall=IN_1970)
    with kiosk_on(pi, tmp_path) as kiosk:
        kiosk.signs_in("P1")
    pi.advance(minutes=3)
    pi.wall, pi.kernel = london("09:10"), True
    with kiosk_on(pi, tmp_path) as kiosk:
        doubted, corrected = kiosk.entries()
        assert (corrected.corrects, corrected.at) == (doubted.id, london("09:07"))


def test_a_kiosk_left_running_over_midnight_starts_a_new_day(tmp_path: Path, pi: Pi) -> None:
    with kiosk_on(pi, tmp_path) as kiosk:
        kiosk.signs_in("P1")
        kiosk.journey.handle(Finish())
        pi.kernel = False
        for _ in range(24 * 6):
            kiosk.passes(minutes=10)
        assert kiosk.trust() == "held"
        assert kiosk.at_desk.view_as(HomeView).now.date().isoformat() == "2026-11-25"
        kiosk.signs_in("P1")
        first, second = kiosk.entries()
        assert (first.date.isoformat(), second.date.isoformat()) == ("2026-11-24", "2026-11-25")
        assert second.decision.code == "L", "yesterday's sign-in is not today's"


def test_a_visit_over_midnight_belongs_to_the_day_of_its_first_touch(tmp_path: Path) -> None:
    start = datetime(2024, 6, 6, 20, 58, 50, tzinfo=UTC)  # 23:58:50 in Cairo, in summer
    with kiosk_on(Pi(wall=start, kernel=True), tmp_path, open_at_midnight()) as kiosk:
        kiosk.journey.handle(ChooseLate())
        kiosk.types("AMELIE", seconds_each=15)
        kiosk.journey.handle(ChoosePupil("P2"))
        kiosk.gives_reason()
        [entry] = kiosk.entries()
        assert (entry.at, entry.date.isoformat(), entry.session) == (start, "2024-06-06", "PM")


@pytest.fixture
def misled(tmp_path: Path, pi: Pi) -> Iterator[Kiosk]:
    """A kiosk that trusted 2038 from a wrong time server, signed a pupil in, and then got the right time."""
    with kiosk_on(pi, tmp_path) as kiosk:
        kiosk.is_set_from_the_network(IN_2038.replace(hour=9, minute=7))
        kiosk.tick()
        kiosk.signs_in("P5")
        assert kiosk.entries()[0].clock.trust is Trust.SYNCED
        kiosk.pi.advance(seconds=30)
        kiosk.is_set_from_the_network(london("09:06"))
        yield kiosk


def test_a_kiosk_that_trusted_a_wrong_date_trusts_the_right_one_afterwards(misled: Kiosk) -> None:
    misled.tick()
    assert misled.trust() == "synced"
    misled.signs_in("P1")
    assert misled.entries()[-1].decision.code == "L"


def test_a_wrong_date_is_not_remembered_after_a_reboot(misled: Kiosk, tmp_path: Path) -> None:
    misled.tick()
    misled.at_desk.settle()
    battery = misled.pi.wall + timedelta(hours=24)
    offline = Pi(wall=battery, battery=battery, boot_id="the next boot")
    journal = misled.at_desk.journal
    assert clock_of(journal, offline.machine()).reading().trust == "held"


def test_a_wrong_date_counts_until_a_synchronised_clock_disproves_it(misled: Kiosk) -> None:
    misled.pi.kernel = False
    misled.tick()
    misled.signs_in("P1")
    assert misled.entries()[-1].clock.trust is Trust.UNKNOWN
    again = clock_of(misled.at_desk.journal, misled.pi.machine())
    assert again.reading().trust == "unknown", "even after a restart"


def test_the_known_time_is_stored_as_soon_as_the_clock_was_set(tmp_path: Path, pi: Pi) -> None:
    """Otherwise the step would look like an unexplained jump after a restart."""
    with kiosk_on(pi, tmp_path) as kiosk:
        kiosk.pi.advance(seconds=KNOWN_TIME_S / 2)
        kiosk.is_set_from_the_network(pi.wall + timedelta(seconds=40))
        kiosk.tick()
        pi.kernel = False
        kiosk.passes(seconds=5)
    with kiosk_on(pi, tmp_path) as kiosk:
        assert kiosk.trust() == "held"


@pytest.mark.parametrize("boot_id", ["this boot", "the next boot"])
@pytest.mark.parametrize("battery", [None, london("10:05:05")], ids=["", "with a battery clock set too"])
def test_a_restart_does_not_forget_a_jump(
    tmp_path: Path, pi: Pi, battery: datetime | None, boot_id: str
) -> None:
    with kiosk_on(pi, tmp_path) as kiosk:
        kiosk.is_set_by_hand(london("10:05"))
        kiosk.passes(seconds=5)
        assert kiosk.trust() == "unknown"
    pi.battery, pi.boot_id = battery, boot_id
    with kiosk_on(pi, tmp_path) as kiosk:
        assert kiosk.trust() == "unknown"


def test_past_appointments_leave_the_disk_while_the_clock_is_trusted(tmp_path: Path, pi: Pi) -> None:
    days = [date(2026, 11, 2), date(2026, 11, 23)]
    dentist = [Appointment(pupil="P5", date=day, kind="medical") for day in days]

    def stored(kiosk: Kiosk) -> list[date]:
        found = kiosk.at_desk.journal.bundle().result()
        return [each.date for each in found.bundle.appointments] if found else []

    with kiosk_on(pi, tmp_path) as kiosk:
        kiosk.at_desk.journal.keep_bundle(bundle(appointments=dentist), '"v1"').result()
        pi.kernel = False
        pi.wall = IN_1970
        kiosk.passes(hours=25)
        assert (kiosk.trust(), stored(kiosk)) == ("unknown", days)
        kiosk.is_set_from_the_network(london("2026-11-24T10:05"))
        kiosk.passes(hours=25)
        assert stored(kiosk) == days[1:]
