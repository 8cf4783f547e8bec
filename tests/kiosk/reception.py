"""A desk and a journey without a window, with a clock that the test sets."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from uuid6 import uuid7

from attendance.calendar import instant
from attendance.policy import files as policies
from hardware.clock.clock import Reading
from kiosk.app.open_journal import todays_entries
from kiosk.app.request_book import JournalRequestBook
from kiosk.desk import Desk
from kiosk.journal.journal import Journal
from kiosk.journey import CardResult, Journey, KioskHealth, Parts
from kiosk.journey.waiting.stored_request import read_stored
from kiosk.pins import Pins
from kiosk.school.school import School
from kiosk.views import Frame, Link, LinkStatus, PinState, PinView, PresenceView, ReleaseState, View
from kiosk.views.touches import EnterPin, PressDigit, PressLetter
from sync.wire import (
    Appointment,
    Bundle,
    BundleCalendar,
    BundleCards,
    BundleClosure,
    BundleSchool,
    CardAssignment,
    CardRevocation,
    DepartureAnswer,
    DepartureRequest,
    DepartureState,
    Entry,
    OnSiteResponse,
    Pupil,
    PupilOnSite,
    SiteState,
    StaffMember,
    card_hash,
)

LONDON = ZoneInfo("Europe/London")
KEY = "5a" * 16
TUESDAY = datetime(2026, 11, 24, tzinfo=UTC).date()
WRITES = ("commit", "keep_tap", "try_write")
"""The methods of the journal that a full disk makes fail."""


@dataclass
class HandClock:
    """A clock that a test sets. Implements `hardware.clock.Clock`."""

    at: datetime
    trust: str = "synced"
    seconds: float = 0.0
    is_demo: bool = False
    boot: str = "boot"

    def now(self) -> datetime:
        return self.at

    def reading(self) -> Reading:
        return Reading(self.at, self.trust, self.boot, int(self.seconds * 1e9))

    def record_event(self, at: datetime) -> None:
        self.newest = at

    def monotonic(self) -> float:
        return self.seconds

    def passes(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds


def london(text: str) -> datetime:
    """The instant of a wall time in London: on Tuesday 24 November 2026, or with a date of its own."""
    wall = datetime.fromisoformat(text if "T" in text else f"2026-11-24T{text}")
    return instant(wall, LONDON)


def pupil(pupil_id: str, first: str, last: str, form: str = "7B", **more: object) -> Pupil:
    return Pupil(id=pupil_id, first=first, last=last, form=form, **{"year": "7", **more})


PUPILS = (
    pupil("P1", "Amelia", "Kent", "7B"),
    pupil("P2", "Amelie", "Ross", "9A", year="9"),
    pupil("P3", "Zoë", "O’Neill-Łaska", "7B", preferred="Zo"),
    pupil("P4", "Amelia", "Kent", "8C", year="8"),
    pupil("P5", "Tom", "Black", "10C", year="10"),
)


def card_of(pupil_id: str) -> str:
    return f"em4100:{int(pupil_id[1:]):08X}"


def bundle(policy: str = "wessex-mat", pupils: tuple[Pupil, ...] = PUPILS, **more: object) -> Bundle:
    return Bundle(
        version="v1",
        school=BundleSchool(id="oak", name="Oak Lane School"),
        policy=policies.load(policy).model_dump(mode="json"),
        cards=BundleCards(key=KEY, pupils={card_hash(KEY, card_of(p.id)): p.id for p in pupils}),
        pupils=list(pupils),
        **{"staff": list(STAFF), **more},
    )


def closed_on_wednesday() -> BundleCalendar:
    return BundleCalendar(closures=[BundleClosure(first=TUESDAY + timedelta(days=1), reason="INSET day")])


def agreed(pupil_id: str, until: str | None) -> Appointment:
    return Appointment(pupil=pupil_id, date=TUESDAY, kind="medical", until=until)


_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Argon2 at its cheapest: these PINs protect nothing."""
STAFF = (
    StaffMember(id="S1", name="R. Osei", position="Receptionist", pin=_CHEAP.hash("4711")),
    StaffMember(id="S2", name="M. Lindqvist", position="Head of year", pin=_CHEAP.hash("190283")),
)


@dataclass
class Office:
    """The office, as the kiosk sees it; the test answers for it. Implements `kiosk.journey.Releaser`."""

    requests: dict[UUID, DepartureRequest] = field(default_factory=dict)
    withdrawn: list[UUID] = field(default_factory=list)
    journey: Journey = field(init=False)

    def ask(self, request_id: UUID, request: DepartureRequest) -> None:
        self.requests[request_id] = request

    def withdraw(self, request_id: UUID) -> None:
        self.withdrawn.append(request_id)

    def request_for(self, pupil_id: str) -> UUID:
        """The last request for that pupil."""
        return [each for each, request in self.requests.items() if request.pupil == pupil_id][-1]

    def says(self, state: DepartureState, pupil_id: str, by: str = "A. Reed") -> None:
        released = state is DepartureState.RELEASED
        answer = DepartureAnswer(
            state=state,
            released_by=by if released else None,
            released_at=london("10:01") if released else None,
        )
        self.journey.request_answered(self.request_for(pupil_id), answer)

    def releases(self, pupil_id: str) -> None:
        self.says(DepartureState.RELEASED, pupil_id)

    def refuses(self, pupil_id: str) -> None:
        self.says(DepartureState.REFUSED, pupil_id)

    def reports(self, pupil_id: str, state: ReleaseState) -> None:
        """The delivery of the request for that pupil has changed."""
        self.journey.request_changed(self.request_for(pupil_id), state)


@dataclass
class FamilyList:
    """The register's word on PIN releases; the test answers. Satisfies `kiosk.journey.ReleaseChecker`."""

    asked: list[tuple[UUID, DepartureRequest, Callable[[bool | None], None]]] = field(default_factory=list)
    at_once: bool | None = None
    """The answer that comes by itself, if `answers_itself`."""
    answers_itself: bool = True

    def check(
        self, request_id: UUID, request: DepartureRequest, on_result: Callable[[bool | None], None]
    ) -> None:
        self.asked.append((request_id, request, on_result))
        if self.answers_itself:
            on_result(self.at_once)

    def list_says(self, may: bool | None) -> None:
        """From now on the register answers so, at once."""
        self.answers_itself, self.at_once = True, may

    def list_is_slow(self) -> None:
        """From now on the register does not answer by itself."""
        self.answers_itself = False

    def list_answers(self, may: bool | None, pupil_id: str | None = None) -> None:
        """Answer the last question, or the last one about a pupil."""
        asked = [each for each in self.asked if pupil_id in (None, each[1].pupil)]
        asked[-1][2](may)


@dataclass
class CardRegister:
    """The register's cards; the test answers for it. Implements `kiosk.journey.CardBook`."""

    calls: list[tuple[str, CardAssignment | CardRevocation]] = field(default_factory=list)
    callbacks: list[Callable[[CardResult], None]] = field(default_factory=list)

    def assign(self, card: str, assignment: CardAssignment, on_result: Callable[[CardResult], None]) -> None:
        self.calls.append((card, assignment))
        self.callbacks.append(on_result)

    def revoke(self, pupil: str, revocation: CardRevocation, on_result: Callable[[CardResult], None]) -> None:
        self.calls.append((pupil, revocation))
        self.callbacks.append(on_result)

    def answers(self, result: CardResult) -> None:
        """Answer the oldest call."""
        self.callbacks.pop(0)(result)


@dataclass
class SiteRegister:
    """The register's list of who is on site; the test answers for it. Implements `kiosk.journey.SiteList`."""

    callbacks: list[Callable[[OnSiteResponse | None], None]] = field(default_factory=list)
    printed: list[PresenceView] = field(default_factory=list)
    """The lists that were sent to the printer."""

    def ask(self, on_result: Callable[[OnSiteResponse | None], None]) -> None:
        self.callbacks.append(on_result)

    def answers(self, *pupils: tuple[str, str, str]) -> None:
        """Answer the oldest question with pupils: id, state, and wall time in London."""
        listed = [
            PupilOnSite(pupil=pupil, state=SiteState(state), since=london(since))
            for pupil, state, since in pupils
        ]
        self.callbacks.pop(0)(OnSiteResponse(at=london("10:00"), pupils=listed))

    def is_unreachable(self) -> None:
        """Answer the oldest question without a list."""
        self.callbacks.pop(0)(None)


ViewT = TypeVar("ViewT", bound=View)


@dataclass
class Reception:
    """The kiosk without its window, on the test's own thread."""

    clock: HandClock
    journal: Journal
    desk: Desk
    journey: Journey
    frames: list[Frame]
    office: Office
    cards: CardRegister
    family_list: FamilyList
    site: SiteRegister
    pins: Pins
    actions: list[str]
    """Calls to the rest of the kiosk: `sent`, `left`."""
    _todo: "SimpleQueue[Callable[[], None]]"

    def view_as(self, kind: type[ViewT]) -> ViewT:
        """The view on the screen, which must be of that kind."""
        view = self.journey.view
        assert isinstance(view, kind), view
        return view

    def settle(self) -> None:
        """Wait until the journal has answered, and deliver its answers to the desk."""
        self.journal.state().result(5)
        while True:
            try:
                self._todo.get_nowait()()
            except Empty:
                return

    def deliver_next(self) -> None:
        """Wait for one message from another thread, and deliver it."""
        self._todo.get(timeout=60)()

    def tap(self, pupil_id: str) -> None:
        self.journey.card([card_of(pupil_id)], self.clock.reading())

    def tap_unknown(self) -> None:
        self.journey.card(["em4100:DEADBEEF"], self.clock.reading())

    def goes_online(self) -> None:
        """The register can be reached from now on."""
        self.journey.link_changed(LinkStatus(Link.CONNECTED))

    def goes_offline(self) -> None:
        """The register cannot be reached from now on."""
        self.journey.link_changed(LinkStatus(Link.OFFLINE, 1))

    def type(self, letters: str) -> None:
        for letter in letters:
            self.journey.handle(PressLetter(letter))

    def pin(self, digits: str) -> None:
        """Type a PIN and wait until it is checked."""
        for digit in digits:
            self.journey.handle(PressDigit(digit))
        self.journey.handle(EnterPin())
        while isinstance(self.journey.view, PinView) and self.journey.view.state is PinState.CHECKING:
            self.deliver_next()

    def waits(self, seconds: float) -> None:
        """Let time pass, and then tick once."""
        self.clock.passes(seconds)
        self.journey.tick()

    def entries(self) -> list[Entry]:
        """Today's entries in the journal."""
        return [record.entry for record in self.journal.on(TUESDAY).result(5)]

    def disk_is_full(self) -> Callable[[], None]:
        """Make every write fail; returns the function that makes room again."""

        def no_space(*_arguments: object) -> Entry:
            raise OSError(28, "No space left on device")

        def fail(*_arguments: object) -> Future[Entry]:
            return self.journal._writer.submit(no_space)

        self.journal.__dict__.update(dict.fromkeys(WRITES, fail))
        return self.disk_has_room

    def disk_fails_after(self, writes: int) -> None:
        """Let the disk take so many more entries and no further one."""
        commit, full = self.journal.commit, self.disk_is_full
        left = iter(range(writes))

        def commit_or_fail(entry_with: Callable[[int], Entry]) -> Future[Entry]:
            if next(left, None) is not None:
                return commit(entry_with)
            full()
            return self.journal.commit(entry_with)

        self.journal.__dict__["commit"] = commit_or_fail

    def disk_has_room(self) -> None:
        """Make writes succeed again."""
        for name in WRITES:
            self.journal.__dict__.pop(name, None)


@contextmanager
def reception(
    folder: Path,
    at: str = "09:07",
    school: Bundle | None = None,
    trust: str = "synced",
    clock: HandClock | None = None,
) -> Iterator[Reception]:
    clock = clock or HandClock(london(at), trust)
    journal = Journal(folder / "journal.db", clock.now)
    todo: SimpleQueue[Callable[[], None]] = SimpleQueue()
    frames: list[Frame] = []
    desk = Desk(journal, clock, uuid7, todo.put)
    office, cards, family_list, actions = Office(), CardRegister(), FamilyList(), []
    site = SiteRegister()
    pins = Pins(
        journal,
        journal.pin_tries().result(5),
        boot_id=getattr(clock, "boot", "boot"),
        monotonic_ns=lambda: int(clock.monotonic() * 1e9),
        later=todo.put,
    )
    parts = Parts(
        releaser=office,
        checker=family_list,
        request_book=JournalRequestBook(journal),
        cards=cards,
        site=site,
        print_list=site.printed.append,
        pins=pins,
        health=lambda: KioskHealth(readers=(("rdm6300", "ready"),), oldest_at=clock.at),
        send_now=lambda: actions.append("sent"),
        leave_app=lambda: actions.append("left"),
    )
    journey = office.journey = Journey(desk, frames.append, clock.monotonic, parts)
    opened = School.of(school or bundle())
    desk.recover(journal.taps().result(5))
    desk.open(opened, todays_entries(journal, clock, opened))
    journey.take_up_requests(read_stored(journal.requests().result(5)))
    journey.school_changed()
    try:
        yield Reception(
            clock, journal, desk, journey, frames, office, cards, family_list, site, pins, actions, todo
        )
    finally:
        pins.close()
        journal.close()
