"""The first rule still gives the answers by which entries were decided, so that they can be explained."""

import csv
from datetime import datetime, time

import pytest

from attendance.explain import for_office
from attendance.first_rule import decide_by_first_rule, leave_by_first_rule
from attendance.policy.files import load
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import AgreedAppointment, Arrival, Decision, Departure, decide, leave
from tests.attendance.rule_cases import ANSWER_COLUMNS, OWN


def rows(name: str) -> list[dict[str, str]]:
    with (OWN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answer(decision: Decision) -> dict[str, str]:
    values = {column: getattr(decision, column) for column in ANSWER_COLUMNS}
    return {
        column: str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
        for column, value in values.items()
    }


def expected(row: dict[str, str]) -> dict[str, str]:
    return {column: row[column] for column in ANSWER_COLUMNS}


@pytest.mark.parametrize("row", rows("first_rule_arrivals.csv"), ids=lambda row: row["shows"])
def test_an_arrival_of_then_is_decided_as_it_was(row: dict[str, str]) -> None:
    kind, _, until = row["agreed"].partition(":")
    arrival = Arrival(
        at=datetime.fromisoformat(row["at"]),
        year=row["year"],
        reason=Reason(row["reason"]) if row["reason"] else None,
        agreed=AgreedAppointment(kind=AppointmentKind(kind), until=time.fromisoformat(until))
        if kind
        else None,
    )
    starts = time.fromisoformat(row["starts"]) if row["starts"] else None

    decision = decide_by_first_rule(load(row["policy"]), arrival, starts=starts, school_day=True)

    assert (answer(decision), decision.rule) == (expected(row), 1)


@pytest.mark.parametrize("row", rows("first_rule_departures.csv"), ids=lambda row: row["shows"])
def test_a_departure_of_then_is_decided_as_it_was(row: dict[str, str]) -> None:
    departure = Departure(
        at=datetime.fromisoformat(row["at"]), year=row["year"], reason=Reason(row["reason"])
    )

    decision = leave_by_first_rule(load(row["policy"]), departure, school_day=True)

    assert (answer(decision), decision.rule) == (expected(row), 1)


def test_without_starts_or_a_changed_suggestion_both_rules_agree_at_every_minute() -> None:
    for name in ("charlton-park-academy", "psa", "wessex-mat", "kings-cross-academy"):
        policy = load(name)
        for minute in range(24 * 60):
            at = datetime(2027, 2, 9, *divmod(minute, 60))  # noqa: DTZ001 - wall time, as the rule takes it
            arrival = Arrival(at=at, year=policy.years[-1], reason=Reason.MEDICAL)
            departure = Departure(at=at, year=policy.years[-1], reason=Reason.UNWELL)

            then = decide_by_first_rule(policy, arrival, starts=None, school_day=True)
            left_then = leave_by_first_rule(policy, departure, school_day=True)

            assert then.model_copy(update={"rule": 2}) == decide(policy, arrival, school_day=True)
            assert left_then.model_copy(update={"rule": 2}) == leave(policy, departure, school_day=True)


def test_a_decision_of_then_is_explained_by_the_rule_of_then() -> None:
    at = datetime(2026, 11, 24, 10, 50)  # noqa: DTZ001 - wall time, as the rule takes it
    arrival = Arrival(at=at, year="7")

    decision = decide_by_first_rule(load("psa"), arrival, starts=time(10, 30), school_day=True)

    assert for_office(decision).startswith(
        "Came at 10:50:00, at or after 10:45 (this pupil’s own register closes at 10:45):"
        " U, 20 minutes after 10:30 (own start: 10:30; policy: "
    )
    transport = Arrival(at=at.replace(hour=9, minute=5), year="4", reason=Reason.SCHOOL_TRANSPORT)
    then = decide_by_first_rule(load("burbage"), transport, starts=None, school_day=True)
    assert for_office(then) == (
        "Came at 09:05:00; for this reason the school decides the mark (policy: 8.5; suggested: /)."
    )


def test_a_start_late_in_the_evening_stays_within_the_day() -> None:
    at = datetime(2026, 11, 24, 13, 30)  # noqa: DTZ001 - wall time, as the rule takes it

    decision = decide_by_first_rule(
        load("charlton-park-academy"), Arrival(at=at, year="9"), starts=time(23, 50), school_day=True
    )

    assert (decision.outcome.value, decision.closes) == ("on_time", time(23, 59))
