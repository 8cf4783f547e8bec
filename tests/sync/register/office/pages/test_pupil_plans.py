"""A pupil's plans on the office page: added, confirmed, changed, ended, and past their review day."""

from collections.abc import Iterator
from datetime import time

import pytest
from sqlalchemy import select

from sync.register.permissions import Role
from sync.register.schools.plans import take_over
from sync.register.schools.schools import refresh_bundle
from sync.register.storage.models import AuditRow, PlanRow
from sync.wire import Pupil
from tests.sync.register.office_client import Office, at_the_office, content
from tests.sync.register.support import Kiosk, Running, heartbeat

PLAN = {
    "pupil": "P3",
    "code": "C2",
    "tue_in": "10:30",
    "tue_out": "14:00",
    "wed_none": "true",
    "first": "2026-11-23",
    "review": "2026-12-04",
    "agreed_by": "Mrs Ahmed and Mr Cole",
    "agreed_on": "2026-11-20",
}
SENT = {
    "code": "C2",
    "days": {"tue": {"due_in": "10:30", "due_out": "14:00"}, "wed": {"due_in": None, "due_out": None}},
    "first": "2026-11-23",
    "review": "2026-12-04",
}


@pytest.fixture
def office(register: Running) -> Iterator[Office]:
    with at_the_office(register, Role.OFFICE) as client:
        yield client


def plan_id(register: Running, pupil: str = "P3") -> str:
    with register.database.read() as session:
        return str(session.scalars(select(PlanRow.id).where(PlanRow.pupil == pupil)).one())


def beat(kiosk: Kiosk) -> None:
    assert kiosk.post("/heartbeat", heartbeat()).status_code == 200


def from_starts(register: Running) -> None:
    """P3 has had individual starts in an earlier version."""
    with register.database.write() as session:
        starts = Pupil(id="P3", first="", last="", year="8", form="", starts={"mon": time(11)})
        take_over(session, "oak-lane", starts, now=register.clock())
        refresh_bundle(session, "oak-lane")


def test_a_plan_that_the_office_adds_reaches_the_kiosks_and_is_audited(
    office: Office, register: Running, kiosk: Kiosk
) -> None:
    page = content(office.submit("/pupil/plans", **PLAN))
    assert "Tuesday 10:30 to 14:00, Wednesday not due" in page
    assert "agreed by Mrs Ahmed and Mr Cole on Friday 20 November 2026" in page
    assert (kiosk.knows("P3")["plans"], kiosk.knows("P3")["starts"]) == ([SENT], {"tue": "10:30"})
    with register.database.read() as session:
        changes = session.scalars(select(AuditRow).where(AuditRow.action == "pupil's record changed")).all()
        assert [(row.subject, row.detail["what"]) for row in changes] == [("P3", "plan added")]
    assert "part-time" in content(office.get("/pupils", params={"find": "yusuf"}))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"tue_in": "half past ten"}, "is not a time"),
        ({"tue_in": "", "tue_out": "14:00"}, "needs a time to come"),
        ({"tue_in": "14:30"}, "ends before it begins"),
        ({"tue_in": "", "tue_out": "", "wed_none": ""}, "needs a weekday"),
        ({"agreed_by": " "}, "who agreed the plan"),
        ({"agreed_on": ""}, "who agreed the plan"),
        ({"first": ""}, "first day and a review day"),
        ({"review": "2026-11-22"}, "within a year from the first day"),
        ({"review": "2028-11-22"}, "within a year from the first day"),
        ({"code": "M"}, "is not a plan"),
    ],
)
def test_a_plan_that_is_not_complete_changes_nothing(
    office: Office, kiosk: Kiosk, wrong: dict[str, str], said: str
) -> None:
    answer = office.submit("/pupil/plans", **PLAN | wrong)
    assert (answer.status_code, said in content(answer)) == (409, True)
    assert kiosk.knows("P3")["plans"] == []


def test_what_was_an_individual_start_is_no_plan_until_the_office_confirms_it(
    office: Office, register: Running, kiosk: Kiosk
) -> None:
    from_starts(register)
    assert (kiosk.knows("P3")["plans"], kiosk.knows("P3")["starts"]) == ([], {"mon": "11:00"})
    asked = office.get("/needs").text
    assert "A plan to confirm" in asked
    assert 'href="/pupil?id=P3#plans"' in asked
    assert office.submit("/pupil/plans", **PLAN).status_code == 409, "confirm or end that one first"
    page = content(office.submit("/pupil/plans", **PLAN, plan=plan_id(register)))
    assert "to confirm" not in page
    assert (kiosk.knows("P3")["plans"], kiosk.knows("P3")["starts"]) == ([SENT], {"tue": "10:30"})
    assert "Nothing to decide" in content(office.get("/needs"))


def test_a_plan_that_ends_leaves_the_kiosks_and_stays_on_the_record(
    office: Office, register: Running, kiosk: Kiosk
) -> None:
    from_starts(register)
    office.submit("/pupil/plans/end", pupil="P3", plan=plan_id(register))
    assert (kiosk.knows("P3")["plans"], kiosk.knows("P3")["starts"]) == ([], {})
    assert "Nothing to decide" in content(office.get("/needs"))
    page = content(office.get("/pupil", params={"id": "P3"}))
    assert "Monday from 11:00" in page
    assert "ended" in page
    again = office.submit("/pupil/plans/end", pupil="P3", plan=plan_id(register))
    assert (again.status_code, "has ended already" in content(again)) == (409, True)
    of_another = office.submit("/pupil/plans/end", pupil="P1", plan=plan_id(register))
    assert of_another.status_code == 404


def test_two_plans_may_not_apply_on_the_same_days(office: Office, kiosk: Kiosk) -> None:
    office.submit("/pupil/plans", **PLAN)
    office.submit("/pupil/plans", **PLAN | {"first": "2026-12-04", "review": "2026-12-18"})
    assert len(kiosk.knows("P3")["plans"]) == 1
    office.submit("/pupil/plans", **PLAN | {"first": "2026-12-05", "review": "2026-12-18"})
    assert [plan["first"] for plan in kiosk.knows("P3")["plans"]] == ["2026-11-23", "2026-12-05"]


def test_the_office_is_asked_once_about_a_plan_past_its_review_day(
    office: Office, register: Running, kiosk: Kiosk
) -> None:
    office.submit("/pupil/plans", **PLAN | {"review": "2026-11-24"})
    beat(kiosk)
    assert "Nothing to decide" in content(office.get("/needs")), "the review day itself is the last day"
    over = {"first": "2026-11-16", "review": "2026-11-23", "plan": plan_id(register)}
    office.submit("/pupil/plans", **PLAN | over)
    beat(kiosk)
    beat(kiosk)
    asked = content(office.get("/needs"))
    assert asked.count("A plan past its review day") == 1
    assert "review day was Monday 23 November 2026" in asked
    assert "past its review day" in content(office.get("/pupil", params={"id": "P3"}))
    office.submit("/pupil/plans", **PLAN | {"review": "2026-12-11"}, plan=plan_id(register))
    assert "Nothing to decide" in content(office.get("/needs"))
    assert kiosk.knows("P3")["plans"][0]["review"] == "2026-12-11"
