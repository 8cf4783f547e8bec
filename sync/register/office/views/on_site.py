"""On site now and the evacuation list as data: what reception knows about every pupil on the roll.

Latebook knows who signed in late and who was signed out. Only the class register knows who came on time, and
no list made here may claim otherwise.
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
from sync.register.office.views.pupils_out import ALONE, full_name, with_whom
from sync.register.office.views.school_days import calendar_of
from sync.register.storage.models import MarkRow, PupilRow, SchoolRow
from sync.wire import Kind

SEE_REGISTER = "Not at reception today: see the class register"
NO_FORM = "Not on the roll"


class SiteStatus(StrEnum):
    """What reception knows about a pupil in an evacuation."""

    OUT = "out"
    """Signed out: not on site."""
    CHECK = "check"
    """What reception knows is uncertain: look for the pupil."""
    LATE = "in"
    """Signed in at reception: on site."""
    REGISTER = "register"
    """Not at reception today: see the class register."""


@dataclass(frozen=True, slots=True)
class PupilLine:
    """A pupil on the list. Times are at the school."""

    last: str
    first: str
    place: SiteStatus
    since: str | None
    said: str


@dataclass(frozen=True, slots=True)
class FormList:
    """A form of the school, its pupils by last name."""

    name: str
    lines: list[PupilLine]

    def count(self, *places: SiteStatus) -> int:
        """How many of the form are in any of these places."""
        return sum(line.place in places for line in self.lines)

    @property
    def notable(self) -> list[PupilLine]:
        """The pupils about whom reception knows something."""
        return [line for line in self.lines if line.place is not SiteStatus.REGISTER]


@dataclass(frozen=True, slots=True)
class OnSite:
    """All that the page and the list show."""

    school: str
    now: datetime
    """At the school, with its zone."""
    closed_because: str | None
    forms: list[FormList]
    kiosks: list[KioskAge]

    @property
    def made(self) -> str:
        """`Tuesday 24 November 2026, 09:33`."""
        return f"{wording.long_date(self.now.date())} {self.now.year}, {self.now:%H:%M}"

    @property
    def roll(self) -> int:
        """How many pupils are on the list."""
        return sum(len(form.lines) for form in self.forms)

    def count(self, *places: str) -> int:
        """How many pupils are in any of these places."""
        return sum(form.count(*(SiteStatus(place) for place in places)) for form in self.forms)

    @property
    def said(self) -> str:
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
        standing = known.get(pupil.id)
        said = (
            _of_standing(standing, zone)
            if standing
            else (SiteStatus.REGISTER, None, _unknown(pupil, marks, calendar, day))
        )
        forms[pupil.form].append(PupilLine(pupil.last, pupil.preferred or pupil.first, *said))
    ids = {pupil.id for pupil in roll}
    for standing in known.values():
        if standing.pupil not in ids:
            forms[NO_FORM].append(PupilLine(full_name(None), standing.pupil, *_of_standing(standing, zone)))
    return OnSite(
        school=school.name,
        now=now.astimezone(zone),
        closed_because=calendar.closed_because(day),
        forms=[
            FormList(name, sorted(lines, key=lambda line: (line.last.casefold(), line.first.casefold())))
            for name, lines in sorted(forms.items(), key=lambda form: (form[0] == NO_FORM, _natural(form[0])))
        ],
        kiosks=ages(session, school, now=now),
    )


def _of_standing(standing: PupilLocation, zone: ZoneInfo) -> tuple[SiteStatus, str | None, str]:
    since = f"{standing.since.astimezone(zone):%H:%M}"
    if standing.location is Location.RELEASED:
        return SiteStatus.CHECK, since, f"Released {since}, no sign-out received: may still be at reception"
    if not standing.certain:
        did = "Signed out" if standing.location is Location.OUT else "Signed in"
        return (
            SiteStatus.CHECK,
            since,
            f"{did}, but the kiosk’s clock was uncertain (received {since}): check",
        )
    if standing.location is Location.OUT:
        due = f", due back {standing.due.astimezone(zone):%H:%M}" if standing.due else ""
        return SiteStatus.OUT, since, f"Signed out {since}, {_with(standing)}{due}"
    if standing.seen is not None:
        return SiteStatus.LATE, since, f"Back {since}, seen by {standing.seen.by}"
    returned = standing.visit is not None and standing.visit.kind is Kind.RETURN
    return SiteStatus.LATE, since, f"{'Signed back in' if returned else 'Signed in'} {since}"


def _with(standing: PupilLocation) -> str:
    who = with_whom(standing)
    return who if who == ALONE else f"with {who}"


def _unknown(pupil: PupilRow, marks: Mapping[str, tuple[str, str]], calendar: Calendar, day: date) -> str:
    """What the register knows about a pupil who did not sign in or out here."""
    closed = calendar.closed_because(day, pupil.year)
    if pupil.id in marks:
        session, code = marks[pupil.id]
        meaning = MEANING.get(code)
        what = "present" if meaning is CodeMeaning.ATTENDING else meaning.value if meaning else "unknown code"
        return f"Mark in the register ({session}): {code}, {what}"
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
    """9A before 10C."""
    return [
        (int(part) if part.isdigit() else -1, part.casefold()) for part in re.findall(r"[0-9]+|[^0-9]+", name)
    ]
