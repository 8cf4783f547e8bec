"""A desk and a journey without a window, at whatever time a test says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from uuid6 import uuid7

from hardware.clock import Reading
from kiosk.attendance import policy as policies
from kiosk.attendance.calendar import instant
from kiosk.desk import Desk
from kiosk.journal.journal import Journal
from kiosk.journey import Journey
from kiosk.school import School
from kiosk.views import Frame
from sync.wire import Appointment, Bundle, Calendar, Cards, Closure, Pupil, card_hash
from sync.wire import School as WireSchool

LONDON = ZoneInfo("Europe/London")
KEY = "5a" * 16
TUESDAY = datetime(2026, 11, 24, tzinfo=UTC).date()


@dataclass
class HandClock:
    """A clock that a test sets. Satisfies `hardware.clock.Clock`."""

    at: datetime
    trust: str = "synced"
    seconds: float = 0.0
    is_demo: bool = False

    def now(self) -> datetime:
        return self.at

    def reading(self) -> Reading:
        return Reading(self.at, self.trust, "boot", int(self.seconds * 1e9))

    def happened(self, at: datetime) -> None:
        self.newest = at

    def monotonic(self) -> float:
        return self.seconds

    def passes(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds


def london(text: str) -> datetime:
    """The instant at which the wall in London shows that time on Tuesday 24 November 2026, or a full date."""
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
        school=WireSchool(id="oak", name="Oak Lane School"),
        policy=policies.load(policy).model_dump(mode="json"),
        cards=Cards(key=KEY, pupils={card_hash(KEY, card_of(p.id)): p.id for p in pupils}),
        pupils=list(pupils),
        **more,
    )


def closed_on_wednesday() -> Calendar:
    return Calendar(closures=[Closure(first=TUESDAY + timedelta(days=1), reason="INSET day")])


def agreed(pupil_id: str, until: str | None) -> Appointment:
    return Appointment(pupil=pupil_id, date=TUESDAY, kind="medical", until=until)


@dataclass
class Reception:
    """Everything behind the window, on the test's own thread."""

    clock: HandClock
    journal: Journal
    desk: Desk
    journey: Journey
    frames: list[Frame] = field(default_factory=list)

    def settle(self) -> None:
        """Wait until the journal has done what it was handed, and let the desk hear of it."""
        self.journal.state().result(5)
        while self._todo:
            self._todo.pop(0)()

    _todo: list = field(default_factory=list)

    def tap(self, pupil_id: str) -> None:
        self.journey.card([card_of(pupil_id)], self.clock.reading())

    def entries(self) -> list:
        return [record.entry for record in self.journal.on(TUESDAY).result(5)]


@contextmanager
def reception(
    folder: Path, at: str = "09:07", school: Bundle | None = None, trust: str = "synced"
) -> Iterator[Reception]:
    clock = HandClock(london(at), trust)
    journal = Journal(folder / "journal.db", clock.now)
    todo: list = []
    frames: list[Frame] = []
    desk = Desk(journal, clock, uuid7, todo.append)
    journey = Journey(desk, frames.append, clock.monotonic)
    desk.open(School.of(school or bundle()))
    journey.opened()
    try:
        yield Reception(clock, journal, desk, journey, frames, _todo=todo)
    finally:
        journal.close()
