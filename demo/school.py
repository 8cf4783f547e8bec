"""Oak Lane School: 600 fictional pupils for the demo, the same on every machine.

No pupil is a real person: names are combined at random. Only `random.Random.random()` is used, the one method
that gives the same numbers for the same seed on every version of Python.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from random import Random
from typing import Any, Literal, TypeVar

from attendance.plans import plan_of_start
from attendance.policy.files import load
from demo.names import FIXED_PUPILS, MEN, ORIGINS, SHORT_NAMES, WOMEN, FixedPupil, Origin
from kiosk.school.letters import plain_letters
from sync.wire import (
    WEEKDAYS,
    Appointment,
    BundleCalendar,
    BundleCards,
    BundleClosure,
    BundleSchool,
    BundleTerm,
    PlanDay,
    Pupil,
    PupilPlan,
    Weekday,
    card_hash,
)

SEED = 2026
POLICY = "wessex-mat"

KEY = hashlib.sha256(b"the demo school's card key").hexdigest()
"""The school's key for card hashes. Fixed and public, which is acceptable only for fictional pupils."""

FORM_SIZES: dict[str, tuple[int, ...]] = {
    "7": (27, 26, 27, 26),
    "8": (26, 25, 26, 26),
    "9": (25, 26, 24, 25),
    "10": (25, 24, 25, 24),
    "11": (24, 23, 24, 24),
    "12": (27, 25),
    "13": (24, 22),
}
"""Pupils in forms A, B, C, D of each year: 600 in all, in 24 forms."""

_Kind = Literal["medical", "interview", "exceptional"]
_Item = TypeVar("_Item")


class PupilNameError(LookupError):
    """A name of no pupil or of several; the text says what to type instead."""


@dataclass(frozen=True, slots=True)
class DemoContact:
    """An adult whom the school may ring. Only the office may see one who may not collect."""

    id: str
    pupil: str
    name: str
    relationship: str
    may_collect: bool


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """Everything that the central register knows about the school before its first day."""

    school: BundleSchool
    policy: dict[str, Any]
    calendar: BundleCalendar
    pupils: tuple[Pupil, ...]
    cards: BundleCards
    contacts: tuple[DemoContact, ...]
    printed: dict[str, int]
    """The number printed on each pupil's card, by pupil id."""

    def card_of(self, pupil_id: str) -> str:
        """The pupil's card as a reader reports it, for the virtual reader. A real register does not know it.

        Raises:
            PupilNameError: no pupil has this id.
        """
        if pupil_id not in self.printed:
            raise PupilNameError(
                f"no pupil at {self.school.name} has the id {pupil_id!r}; ids are P0001 to P0600"
            )
        return card_name(self.printed[pupil_id])

    def find_by_name(self, text: str) -> Pupil:
        """The one pupil with a first name, preferred name or full name; only letters are compared.

        Raises:
            PupilNameError: no pupil or several pupils have this name.
        """
        letters = plain_letters(text)
        found = [pupil for pupil in self.pupils if letters in _names_of(pupil)]
        if not found:
            raise PupilNameError(f"no pupil at {self.school.name} is called {text!r}; try Amelia")
        if len(found) > 1:
            who = ", ".join(f"{pupil.first} {pupil.last} ({pupil.form})" for pupil in found)
            raise PupilNameError(f"{len(found)} pupils are called {text!r}: {who}; give the surname too")
        return found[0]

    def appointments_on(self, day: date) -> tuple[Appointment, ...]:
        """The agreed absences of a day; the same pupils on every day."""
        agreed: tuple[tuple[str, _Kind, time | None], ...] = (
            ("7", "medical", time(10, 30)),
            ("8", "medical", time(9, 45)),
            ("9", "exceptional", time(11, 0)),
            ("10", "medical", None),
            ("12", "interview", time(12, 0)),
            ("13", "interview", time(10, 0)),
        )
        # The fourth pupil of each year's first form: any fixed choice will do.
        return tuple(
            Appointment(pupil=self._of_year(year)[3].id, date=day, kind=kind, until=until)
            for year, kind, until in agreed
        )

    def _of_year(self, year: str) -> list[Pupil]:
        return [pupil for pupil in self.pupils if pupil.year == year]


def card_name(printed: int) -> str:
    """The canonical name of an EM4100 card: the printed number's four bytes in hex."""
    return f"em4100:{printed:08X}"


def oak_lane(seed: int = SEED) -> DemoSchool:
    """Make Oak Lane School. Another seed gives other pupils in the same forms."""
    draw = _Draw(seed)
    drawn = [pupil for year, sizes in FORM_SIZES.items() for pupil in _year(draw, year, sizes)]
    pupils = tuple(person.pupil(f"P{number:04}") for number, person in enumerate(drawn, start=1))
    printed = _printed_numbers(draw, pupils)
    return DemoSchool(
        school=BundleSchool(id="oak-lane", name="Oak Lane School", zone="Europe/London"),
        policy=load(POLICY).model_dump(mode="json"),
        calendar=_calendar(),
        pupils=_with_plans(pupils),
        cards=BundleCards(
            key=KEY, pupils={card_hash(KEY, card_name(number)): pupil for pupil, number in printed.items()}
        ),
        contacts=tuple(
            contact
            for person, pupil in zip(drawn, pupils, strict=True)
            for contact in _contacts(draw, person, pupil.id)
        ),
        printed=printed,
    )


@dataclass(frozen=True, slots=True)
class _DrawnPupil:
    """A pupil before ids are assigned, with the origin of their name."""

    form: str
    year: str
    first: str
    last: str
    preferred: str | None
    origin: Origin

    def pupil(self, pupil_id: str) -> Pupil:
        return Pupil(
            id=pupil_id,
            first=self.first,
            last=self.last,
            preferred=self.preferred,
            year=self.year,
            form=self.form,
        )


class _Draw:
    """Random choices that are the same on every version of Python, unlike those of `Random.choice`."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311  not for security: the school is fictional

    def below(self, limit: int) -> int:
        return int(self._random.random() * limit)

    def one_of(self, items: Sequence[_Item]) -> _Item:
        return items[self.below(len(items))]

    def in_hundred(self, times: int) -> bool:
        return self.below(100) < times

    def origin(self) -> Origin:
        left = self.below(sum(origin.share for origin in ORIGINS))
        for origin in ORIGINS:
            left -= origin.share
            if left < 0:
                return origin
        raise AssertionError("the shares do not add up")


def _year(draw: _Draw, year: str, sizes: tuple[int, ...]) -> list[_DrawnPupil]:
    """The pupils of a year, form by form. Full names are unique in a year."""
    taken: set[str] = set()
    people = []
    for letter, size in zip("ABCD", sizes, strict=False):  # the sixth form has only A and B
        people += _form(draw, year, f"{year}{letter}", size, taken)
    return people


def _form(draw: _Draw, year: str, form: str, size: int, taken: set[str]) -> list[_DrawnPupil]:
    """The pupils of a form in alphabetical order; no two have the same first name and initial."""
    people = [
        _DrawnPupil(
            form=form, year=year, first=fixed.first, last=fixed.last, preferred=None, origin=_origin(fixed)
        )
        for fixed in FIXED_PUPILS
        if fixed.form == form
    ]
    shown = {_shown(person) for person in people}
    while len(people) < size:
        person = _person(draw, year, form)
        full = plain_letters(person.first + person.last)
        if full in taken or _shown(person) in shown:
            continue
        taken.add(full)
        shown.add(_shown(person))
        people.append(person)
    return sorted(people, key=lambda person: (plain_letters(person.last), plain_letters(person.first)))


def _shown(person: _DrawnPupil) -> tuple[str, str]:
    return person.preferred or person.first, person.last[0]


def _person(draw: _Draw, year: str, form: str) -> _DrawnPupil:
    origin = draw.origin()
    first = draw.one_of(draw.one_of((origin.girls, origin.boys)))
    last = draw.one_of(origin.families)
    if draw.in_hundred(7):
        last = _double_barrelled(draw, last)
    preferred = SHORT_NAMES.get(first) if draw.in_hundred(45) else None
    return _DrawnPupil(form=form, year=year, first=first, last=last, preferred=preferred, origin=origin)


def _double_barrelled(draw: _Draw, last: str) -> str:
    other = draw.one_of(draw.origin().families)
    return last if "-" in last + other or other == last else f"{last}-{other}"


def _origin(fixed: FixedPupil) -> Origin:
    """The origin of the first names of a fixed pupil's contacts."""
    return next((o for o in ORIGINS if fixed.first in (*o.girls, *o.boys)), ORIGINS[0])


def _printed_numbers(draw: _Draw, pupils: Sequence[Pupil]) -> dict[str, int]:
    """A card number for each pupil, of seven or eight digits, as printed on real cards."""
    numbers: dict[int, str] = {}
    for pupil in pupils:
        number = 1_000_000 + draw.below(90_000_000)
        while number in numbers:
            number += 1
        numbers[number] = pupil.id
    return {pupil_id: number for number, pupil_id in numbers.items()}


def _contacts(draw: _Draw, person: _DrawnPupil, pupil_id: str) -> list[DemoContact]:
    """One to three contacts, two on average. The first may always collect; some of the others may not."""
    contacts: list[DemoContact] = []
    father_first = draw.in_hundred(25)
    for place in range((1, 2, 2, 2, 3)[draw.below(5)]):
        woman = (place % 2 == 0) is not father_first
        relationships = WOMEN if woman else MEN
        relationship = relationships[draw.below(len(relationships)) if place == 2 else 0]
        first = draw.one_of(person.origin.girls if woman else person.origin.boys)
        last = draw.one_of(person.origin.families) if draw.in_hundred(25) else person.last
        contacts.append(
            DemoContact(
                id=f"C{pupil_id[1:]}{place + 1}",
                pupil=pupil_id,
                name=f"{first} {last}",
                relationship=relationship,
                may_collect=place == 0 or not draw.in_hundred(6),
            )
        )
    return contacts


def _with_plans(pupils: tuple[Pupil, ...]) -> tuple[Pupil, ...]:
    """Four pupils on part-time timetables: the thirteenth of these years."""
    every_day = dict.fromkeys(WEEKDAYS, time(10, 0))
    afternoons = dict.fromkeys(WEEKDAYS, time(14, 30))
    starts: dict[str, dict[Weekday, time]] = {
        "8": every_day,
        "10": {"tue": time(9, 45), "thu": time(9, 45)},
        "11": afternoons,
        "12": {"mon": time(10, 50), "wed": time(10, 50)},
    }
    timetable = {[p for p in pupils if p.year == year][12].id: days for year, days in starts.items()}
    return tuple(
        pupil.model_copy(update={"plans": [_plan(pupil.year, timetable[pupil.id])]})
        if pupil.id in timetable
        else pupil
        for pupil in pupils
    )


def _plan(year: str, starts: dict[Weekday, time]) -> PupilPlan:
    days = {day: PlanDay(due_in=start) for day, start in starts.items()}
    code = plan_of_start(time(10, 0), year).code.value
    return PupilPlan(code=code, days=days, first=date(2026, 9, 2), review=date(2027, 7, 21))


def _calendar() -> BundleCalendar:
    """A typical school year with every kind of closed day."""
    return BundleCalendar(
        terms=[
            BundleTerm(name="Autumn term, first half", starts=date(2026, 9, 2), ends=date(2026, 10, 23)),
            BundleTerm(name="Autumn term, second half", starts=date(2026, 11, 2), ends=date(2026, 12, 18)),
            BundleTerm(name="Spring term, first half", starts=date(2027, 1, 4), ends=date(2027, 2, 12)),
            BundleTerm(name="Spring term, second half", starts=date(2027, 2, 22), ends=date(2027, 3, 25)),
            BundleTerm(name="Summer term, first half", starts=date(2027, 4, 12), ends=date(2027, 5, 28)),
            BundleTerm(name="Summer term, second half", starts=date(2027, 6, 7), ends=date(2027, 7, 21)),
        ],
        closures=[
            BundleClosure(
                first=date(2026, 9, 2),
                reason="Your year starts tomorrow. Today is for Years 7 and 12",
                years=["8", "9", "10", "11", "13"],
            ),
            BundleClosure(first=date(2026, 12, 21), last=date(2027, 1, 1), reason="Christmas holiday"),
            BundleClosure(first=date(2027, 1, 4), reason="Staff training day"),
            BundleClosure(first=date(2027, 3, 26), last=date(2027, 4, 9), reason="Easter holiday"),
            BundleClosure(first=date(2027, 5, 3), reason="Early May bank holiday"),
        ],
    )


def _names_of(pupil: Pupil) -> set[str]:
    firsts = [pupil.first, *([pupil.preferred] if pupil.preferred else [])]
    return {plain_letters(name) for first in firsts for name in (first, f"{first} {pupil.last}")}
