"""The Punctuality page: its counts and periods, and the exports."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from sync.register.actor import Actor
from sync.register.marks.marks import Place, amend_mark
from sync.register.office.views.punctuality import NO_REASON, Punctuality, punctuality
from sync.register.office.views.today import today
from sync.register.office.views.today_visits import VisitFilter
from sync.register.storage.models import AuditRow, SchoolRow
from tests.sync.register.support import TUESDAY, Clock, Kiosk, Running, entry, void

U = {"outcome": "after_close", "code": "U", "minutes_late": 46}


def counted(register: Running, **criteria: Any) -> Punctuality:
    with register.database.read() as session:
        return punctuality(session, session.get_one(SchoolRow, "oak-lane"), today=TUESDAY, **criteria)


def amend(register: Running, pupil: str, code: str | None, day: date = TUESDAY) -> None:
    with register.database.write() as session:
        place = Place("oak-lane", pupil, day, "AM")
        amend_mark(session, place, code, at=register.clock(), reason="seen", actor=Actor("T. Teacher", "T"))


def on(day: date, seq: int, **changes: Any) -> dict[str, Any]:
    return entry(seq, at=f"{day}T09:07:42.120Z", date=str(day), **changes)


@pytest.fixture
def morning(kiosk: Kiosk) -> None:
    taken_back = entry(5, pupil="P6")
    kiosk.send(
        entry(1, reason="traffic"),
        entry(2, pupil="P2", reason="traffic", decision=U),
        entry(3, pupil="P3", reason=None),
        entry(4, pupil="P4", reason="weather"),
        taken_back,
        void(taken_back, 6),
        on(TUESDAY - timedelta(days=1), 7, pupil="P1", reason="overslept"),
    )


@pytest.mark.both_databases
@pytest.mark.usefixtures("morning")
def test_current_marks_are_counted(register: Running) -> None:
    amend(register, "P4", "M")  # no longer a late
    amend(register, "P1", "U")  # still a late, with the reason from the kiosk
    found = counted(register)
    assert (found.all.late, found.all.closed) == (2, 2)
    reasons = {reason: (each.late, each.closed) for reason, each in found.reasons}
    assert reasons == {"Traffic": (0, 2), NO_REASON: (1, 0), "Overslept": (1, 0)}
    assert [(who.name, each.total) for who, each in found.pupils] == [
        ("Amelia Kaur", 2),
        ("Leo Price", 1),
        ("Yusuf Ahmed", 1),
    ]
    years = {year.name: (year.tally.total, year.each_hundred) for year in found.years}
    assert years["Year 7"] == (2, 100.0)
    assert years["Year 9"] == (0, 0.0)


AS_PLANNED = {"outcome": "planned", "code": "L", "minutes_late": None}
LATE_BUS = {"outcome": "review", "code": None, "minutes_late": None, "suggested": "L", "needs_office": True}


@pytest.mark.both_databases
def test_who_came_as_planned_or_by_late_school_transport_is_in_no_count_or_list(
    register: Running, kiosk: Kiosk
) -> None:
    kiosk.send(
        entry(1, reason=None, decision=AS_PLANNED),
        entry(2, pupil="P2", reason="school-transport", decision=LATE_BUS),
        entry(3, pupil="P3", reason="school-transport", decision=LATE_BUS),
        entry(4, pupil="P4", reason="school-transport"),
    )
    amend(register, "P2", "L")
    amend(register, "P3", "U")  # the school holds this one against the pupil
    found = counted(register)
    assert (found.all.late, found.all.closed) == (1, 1)
    assert {who.id for who, _ in found.pupils} == {"P3", "P4"}
    with register.database.read() as session:
        school = session.get_one(SchoolRow, "oak-lane")
        late = today(session, school, now=register.clock(), show=VisitFilter.LATE)
    assert (late.late_l, late.late_u) == (1, 1)
    assert [row.full_name for row in late.rows] == ["Maja Wójcik"]


@pytest.mark.usefixtures("morning")
@pytest.mark.parametrize(
    ("criteria", "number"),
    [
        ({}, 5),
        ({"period": "year"}, 5),
        ({"first": TUESDAY, "last": TUESDAY}, 4),
        ({"last": TUESDAY - timedelta(days=1)}, 1),
        ({"first": TUESDAY, "last": TUESDAY - timedelta(days=1)}, 5),
        ({"pupil": "kaur"}, 2),
        ({"pupil": "P2"}, 1),
        ({"pupil": "nobody"}, 0),
    ],
)
def test_the_period_and_the_pupils_can_be_chosen(
    register: Running, criteria: dict[str, Any], number: int
) -> None:
    assert counted(register, **criteria).all.total == number


def test_the_default_is_six_weeks_or_with_a_calendar_the_half_term(register: Running) -> None:
    found = counted(register)
    assert (found.period.name, found.period.first) == ("the last six weeks", date(2026, 10, 14))
    with register.database.write() as session:
        session.get_one(SchoolRow, "oak-lane").calendar = {
            "terms": [{"name": "Autumn 2", "starts": "2026-11-02", "ends": "2026-12-18"}],
            "closures": [],
        }
    found = counted(register)
    assert (found.period.name, found.period.first, found.period.last) == (
        "this half term",
        date(2026, 11, 2),
        TUESDAY,
    )
    assert len(found.days) == 17


@pytest.mark.both_databases
def test_ten_lates_and_u_windows_are_of_the_school_year_so_far(register: Running, clock: Clock) -> None:
    kiosk = register.enrol(for_days=365)
    for n in range(11):
        day = TUESDAY - timedelta(weeks=10 - n)
        clock.instant = datetime(day.year, day.month, day.day, 9, 33, tzinfo=UTC)
        kiosk.send(on(day, 2 * n + 1, decision=U))
        if n >= 2:
            kiosk.send(on(day, 2 * n + 2, pupil="P2"))
    found = counted(register, first=TUESDAY, last=TUESDAY)
    assert [(who.name, each.total) for who, each in found.many] == [("Amelia Kaur", 11)]
    ((who, window),) = found.windows
    assert (who.name, window.sessions, window.last) == ("Amelia Kaur", 10, date(2026, 11, 23))
    with register.database.read() as session:
        school = session.get_one(SchoolRow, "oak-lane")
        next_year = punctuality(session, school, today=date(2027, 9, 1))
    assert (next_year.many, next_year.windows) == ([], [])


@pytest.mark.usefixtures("morning")
@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("days", "2026-11-24,3,1,4"),
        ("reasons", "Traffic,1,1,2"),
        ("years", "Year 7,2,0,2,2,100.0"),
        ("pupils", "Leo Price,10C,10,0,1,1"),
        ("unauthorised", "Leo Price,10C,10,1,2026-11-23,2026-11-23"),
        ("many", ""),
    ],
)
def test_each_list_can_be_exported(office: httpx.Client, table: str, line: str) -> None:
    answer = office.get(f"/punctuality/{table}.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.text.splitlines()
    assert line in lines if line else len(lines) == 1


@pytest.mark.usefixtures("morning")
def test_the_page_explains_its_counts_and_that_they_decide_nothing(office: httpx.Client) -> None:
    text = office.get("/punctuality").text
    assert "<strong>5</strong> lates: 4 L and 1 U" in text
    assert "This is for information only. What follows is for the school to decide" in text
    assert "style=" not in text.split("<main")[1]


@pytest.mark.usefixtures("morning")
def test_filtering_for_one_pupil_is_audited_as_viewing_their_record(
    office: httpx.Client, register: Running
) -> None:
    office.get("/punctuality")
    office.get("/punctuality", params={"pupil": "P1"})
    with register.database.read() as session:
        looks = session.scalars(select(AuditRow).where(AuditRow.action == "pupil's record seen")).all()
    assert [look.subject for look in looks] == ["P1"]


def test_a_period_without_lates_is_explained(office: httpx.Client) -> None:
    text = office.get("/punctuality", params={"first": "", "last": "", "pupil": ""}).text
    assert "No lates in this period." in text
    assert "No U in this school year." in text
