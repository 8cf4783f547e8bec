"""Pupils who were not due by their plan and did not come: offered to the office, and marked by it."""

import pytest
from sqlalchemy import select, update

from attendance.policy.files import load
from sync.register.permissions import Role
from sync.register.storage.models import MarkChangeRow, MarkRow, PlanRow, SchoolRow
from tests.sync.register.office_client import at_the_office, content
from tests.sync.register.support import Clock, Kiosk, Running, entry

pytestmark = pytest.mark.both_databases

PLAN = {
    "code": "C2",
    "mon_none": "true",
    "tue_in": "13:55",
    "first": "2026-11-23",
    "review": "2026-12-04",
    "agreed_by": "Mrs Ahmed and Mr Cole",
    "agreed_on": "2026-11-20",
}
TITLE = "Not due by their part-time timetable"


@pytest.fixture
def planned(register: Running) -> Running:
    """P3 and P6 come on Tuesdays in the afternoon alone, and never on Mondays. It is Tuesday, 09:33."""
    with register.database.write() as session:
        session.get_one(SchoolRow, "oak-lane").policy = load("wessex-mat").model_dump(mode="json")
    with at_the_office(register, Role.OFFICE) as office:
        for pupil in ("P3", "P6"):
            assert office.submit("/pupil/plans", pupil=pupil, **PLAN).status_code == 200
    return register


def offered(planned: Running) -> list[str]:
    with at_the_office(planned, Role.OFFICE) as office:
        text = office.get("/needs").text
    return [part.split('"')[0] for part in text.split('name="chosen" value="')[1:]]


def marks(planned: Running) -> list[tuple[str, str, str, str]]:
    with planned.database.read() as session:
        rows = session.scalars(select(MarkRow).order_by(MarkRow.date, MarkRow.session, MarkRow.pupil))
        return [(f"{row.date:%a}", row.session, row.pupil, row.code) for row in rows]


MONDAY = [f"2026-11-23 {half} {pupil}" for half in ("AM", "PM") for pupil in ("P3", "P6")]
TUESDAY = ["2026-11-24 AM P3", "2026-11-24 AM P6"]


def test_sessions_are_offered_once_their_register_has_closed(planned: Running, clock: Clock) -> None:
    assert offered(planned) == MONDAY + TUESDAY
    clock.forward(minutes=-19)  # 09:14, while the morning's register gives L
    assert offered(planned) == MONDAY
    clock.forward(hours=6)  # in the afternoon both were due
    assert offered(planned) == MONDAY + TUESDAY


def test_nothing_is_marked_until_a_person_decides_and_then_what_is_ticked(planned: Running) -> None:
    assert marks(planned) == []
    with at_the_office(planned, Role.OFFICE) as office:
        assert TITLE in content(office.get("/needs"))
        office.submit("/not-due", chosen=[TUESDAY[0], MONDAY[3]])
    assert marks(planned) == [("Mon", "PM", "P6", "C2"), ("Tue", "AM", "P3", "C2")]
    assert offered(planned) == [MONDAY[0], MONDAY[1], MONDAY[2], TUESDAY[1]]
    with planned.database.read() as session:
        [reason] = set(session.scalars(select(MarkChangeRow.reason)))
    assert reason == (
        "not due by the part-time timetable, agreed by Mrs Ahmed and Mr Cole on 20 November 2026"
    )


def test_who_came_or_has_a_mark_is_not_offered_and_an_n_is(planned: Running, kiosk: Kiosk) -> None:
    with at_the_office(planned, Role.OFFICE) as office:
        office.submit("/mark", pupil="P6", on="2026-11-24", half="AM", code="N", seen="0", reason="not there")
        assert TUESDAY[1] in offered(planned)
        kiosk.send(entry(pupil="P3", decision={"outcome": "on_time", "code": None, "minutes_late": None}))
        assert TUESDAY[0] not in offered(planned)
        office.submit("/not-due", chosen=[TUESDAY[0], "2026-11-24 PM P3", "2026-11-24 AM P1", "nonsense"])
    assert marks(planned) == [("Tue", "AM", "P6", "N")], "only what is offered is marked"


def test_who_may_not_amend_marks_nothing(planned: Running) -> None:
    with at_the_office(planned, Role.ADMINISTRATOR) as office:
        assert office.submit("/not-due", chosen=TUESDAY).status_code == 403
    assert marks(planned) == []


def test_a_plan_that_is_not_confirmed_offers_nothing(planned: Running) -> None:
    with planned.database.write() as session:
        session.execute(update(PlanRow).values(confirmed_at=None))
    assert offered(planned) == []
