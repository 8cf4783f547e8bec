"""On site now and the evacuation list as data: what reception knows about every pupil on the roll.

Latebook knows who signed in late and who was signed out. Only the class register knows who came on time, so
no list made here may claim to be complete.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from attendance.calendar import Calendar
from attendance.codes import MEANING, CodeMeaning
from sync.register.departures.whereabouts import Location, PupilLocation, whereabouts
from sync.register.office.views import wording
from sync.register.office.views.on_site_age import KioskAge, ages
from sync.register.office.views.pupils_out import ALONE, collector_text, full_name
from sync.register.office.views.school_days import calendar_of
from sync.register.office.views.unlisted import typed_names
from sync.register.storage.models import MarkRow, PupilRow, SchoolRow
from sync.wire import Kind

SEE_REGISTER = "Not at reception today: see the class register"


class SiteStatus(StrEnum):
    """What reception knows about a pupil in an evacuation."""

    OUT = "out"
    """Signed out: not on site."""
    CHECK = "check"
    """Reception's information is uncertain: look for the pupil."""
    LATE = "in"
    """Signed in at reception: on site."""
    REGISTER = "register"
    """Not at reception today: see the class register."""


@dataclass(frozen=True, slots=True)
class PupilLine:
    """A pupil on the list. Times are at the school."""

    last: str
    first: str
    status: SiteStatus
    since: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class FormList:
    """A form and its pupils, by last name."""

    name: str
    lines: list[PupilLine]

    def count(self, *statuses: SiteStatus) -> int:
        """How many pupils of the form have one of these statuses."""
        return sum(line.status in statuses for line in self.lines)

    @property
    def notable(self) -> list[PupilLine]:
        """The pupils about whom reception knows something."""
        return [line for line in self.lines if line.status is not SiteStatus.REGISTER]


@dataclass(frozen=True, slots=True)
class OnSite:
    """The data of the page and of the evacuation list."""

    school: str
    now: datetime
    """In the school's time zone."""
    closed_because: str | None
    forms: list[FormList]
    kiosks: list[KioskAge]

    @property
    def made_at(self) -> str:
        """`Tuesday 24 November 2026, 09:33`."""
        return f"{wording.long_date(self.now.date())} {self.now.year}, {self.now:%H:%M}"

    @property
    def roll(self) -> int:
        """How many pupils are on the list."""
        return sum(len(form.lines) for form in self.forms)

    def count(self, *statuses: str) -> int:
        """How many pupils have one of these statuses."""
        return sum(form.count(*map(SiteStatus, statuses)) for form in self.forms)

    @property
    def summary(self) -> str:
        """The page in a sentence, for screen readers."""
        return (
            f"{self.count('out')} signed out, {self.count('check')} to check, {self.count('in')} signed in "
            f"at reception, {self.count('register')} not at reception today"
        )


def on_site(session: Session, school: SchoolRow, *, now: datetime) -> OnSite:
    """What reception knows about every pupil on the school's roll at that instant."""
    zone = ZoneInfo(school.zone)
    day = now.astimezone(zone).date()
    known = whereabouts(session, school.id, now=now, zone=zone)
    on_roll = select(PupilRow).where(PupilRow.school_id == school.id, PupilRow.left_on.is_(None))
    roll = session.scalars(on_roll).all()
    calendar = calendar_of(school)
    marks = _marks(session, school.id, day)
    forms: dict[str, list[PupilLine]] = defaultdict(list)
    for pupil in roll:
        location = known.get(pupil.id)
        status = (
            _status(location, zone)
            if location
            else (SiteStatus.REGISTER, None, _from_register(pupil, marks, calendar, day))
        )
        forms[pupil.form].append(PupilLine(pupil.last, pupil.preferred or pupil.first, *status))
    ids = {pupil.id for pupil in roll}
    others = [location for location in known.values() if location.pupil not in ids]
    typed = typed_names(session, school.id, [location.pupil for location in others])
    for location in others:
        last, first = full_name(None), location.pupil
        if (unlisted := typed.get(location.pupil)) is not None:
            first, _, last = unlisted.name.partition(" ")
            last = f"{last} ({unlisted.form})" if unlisted.form else last
        forms[wording.NOT_ON_ROLL].append(PupilLine(last, first, *_status(location, zone)))
    return OnSite(
        school=school.name,
        now=now.astimezone(zone),
        closed_because=calendar.closed_because(day),
        forms=[
            FormList(name, sorted(lines, key=lambda line: (line.last.casefold(), line.first.casefold())))
            for name, lines in sorted(
                forms.items(), key=lambda form: (form[0] == wording.NOT_ON_ROLL, _natural(form[0]))
            )
        ],
        kiosks=ages(session, school, now=now),
    )


def _status(location: PupilLocation, zone: ZoneInfo) -> tuple[SiteStatus, str | None, str]:
    since = f"{location.since.astimezone(zone):%H:%M}"
    if location.location is Location.RELEASED:
        return SiteStatus.CHECK, since, f"Released {since}, no sign-out received: may still be at reception"
    if not location.certain:
        did = "Signed out" if location.location is Location.OUT else "Signed in"
        return (
            SiteStatus.CHECK,
            since,
            f"{did}, but the kiosk’s clock was uncertain (received {since}): check",
        )
    if location.location is Location.OUT:
        due = f", due back {location.due.astimezone(zone):%H:%M}" if location.due else ""
        return SiteStatus.OUT, since, f"Signed out {since}, {_with(location)}{due}"
    if location.seen is not None:
        return SiteStatus.LATE, since, f"Back {since}, seen by {location.seen.by}"
    returned = location.visit is not None and location.visit.kind is Kind.RETURN
    return SiteStatus.LATE, since, f"{'Signed back in' if returned else 'Signed in'} {since}"


def _with(location: PupilLocation) -> str:
    collector = collector_text(location)
    return collector if collector == ALONE else f"with {collector}"


def _from_register(
    pupil: PupilRow, marks: Mapping[str, tuple[str, str]], calendar: Calendar, day: date
) -> str:
    """What the register has about a pupil who did not sign in or out at reception."""
    closed = calendar.closed_because(day, pupil.year)
    if pupil.id in marks:
        session, code = marks[pupil.id]
        meaning = MEANING.get(code)
        word = "present" if meaning is CodeMeaning.ATTENDING else meaning.value if meaning else "unknown code"
        return f"Mark in the register ({session}): {code}, {word}"
    if closed:
        return f"No school for year {pupil.year} today: {closed}"
    return SEE_REGISTER


def _marks(session: Session, school: str, day: date) -> dict[str, tuple[str, str]]:
    """The session and code of each pupil's latest mark of the day."""
    query = select(MarkRow.pupil, MarkRow.session, MarkRow.code).where(
        MarkRow.school_id == school, MarkRow.date == day
    )
    return {pupil: (half, code) for pupil, half, code in session.execute(query.order_by(MarkRow.session))}


def _natural(name: str) -> list[tuple[int, str]]:
    """A sort key that puts 9A before 10C."""
    return [
        (int(part) if part.isdigit() else -1, part.casefold()) for part in re.findall(r"[0-9]+|[^0-9]+", name)
    ]
