"""The rule on departures: worked examples, and cases that a CSV row cannot express."""

from datetime import datetime, time

import pytest

from attendance.calendar import is_weekday
from attendance.errors import UnknownYearError
from attendance.plans import day_plan
from attendance.policy.files import load
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import Decision, Departure, Outcome, leave
from tests.attendance.rule_cases import Case, cases

TUESDAY_AT_11 = datetime(2027, 2, 9, 11)  # noqa: DTZ001 - wall time, as the rule takes it


@pytest.mark.parametrize("case", cases("departures.csv"))
def test_a_departure_gets_the_decision_of_its_worked_example(case: Case) -> None:
    given = case.given
    departure = Departure(
        at=datetime.fromisoformat(given["at"]),
        year=given["year"],
        back=time.fromisoformat(given["back"]) if given["back"] else None,
        reason=Reason(given["reason"]) if given["reason"] else None,
        agreed=AppointmentKind(given["agreed"]) if given["agreed"] else None,
        plan=day_plan(given["plan"]) if given["plan"] else None,
    )

    decision = leave(load(given["policy"]), departure, school_day=is_weekday(departure.at.date()))

    assert {
        "outcome": str(decision.outcome),
        "session": decision.session or "",
        "code": decision.code or "",
        "suggested": decision.suggested or "",
        "minutes_late": "" if decision.minutes_late is None else str(decision.minutes_late),
        "needs_office": str(decision.needs_office).lower(),
    } == case.expected


def test_a_departure_on_a_day_without_school_is_closed() -> None:
    decision = leave(load("psa"), Departure(at=TUESDAY_AT_11, year="9"), school_day=False)

    assert decision == Decision(outcome=Outcome.CLOSED, at=TUESDAY_AT_11)


def test_a_departure_carries_the_afternoons_times() -> None:
    decision = leave(load("kings-cross-academy"), Departure(at=TUESDAY_AT_11, year="3"), school_day=True)

    assert (decision.opens, decision.late_after) == (time(13, 30), time(13, 45))
    assert (decision.closes, decision.unauthorised_after) == (time(14), time(14))


def test_no_departure_has_the_consequence_of_coming_late() -> None:
    decision = leave(load("psa"), Departure(at=TUESDAY_AT_11, year="9"), school_day=True)

    assert (decision.outcome, decision.consequence) == (Outcome.ABSENT_PM, None)


def test_a_year_that_the_policy_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(UnknownYearError, match="burbage has no year '7'"):
        leave(load("burbage"), Departure(at=TUESDAY_AT_11, year="7"), school_day=True)
