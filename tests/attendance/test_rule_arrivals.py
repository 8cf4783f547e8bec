"""The rule on arrivals: worked examples, and cases that a CSV row cannot express."""

from datetime import UTC, datetime, time

import pytest
from pydantic import ValidationError

from attendance.calendar import is_weekday
from attendance.errors import UnknownYearError
from attendance.plans import day_plan
from attendance.policy.files import load
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import RULE, AgreedAppointment, Arrival, Decision, Outcome, decide
from attendance.sessions import SessionName
from tests.attendance.rule_cases import Case, cases

TUESDAY = datetime(2027, 2, 9)  # noqa: DTZ001 - wall time, as the rule takes it


def at(clock: str) -> datetime:
    return datetime.combine(TUESDAY, time.fromisoformat(clock))


def arrival_of(given: dict[str, str]) -> Arrival:
    kind, _, until = given["agreed"].partition(":")
    return Arrival(
        at=datetime.fromisoformat(given["at"]),
        year=given["year"],
        reason=Reason(given["reason"]) if given["reason"] else None,
        agreed=AgreedAppointment(kind=AppointmentKind(kind), until=time.fromisoformat(until))
        if kind
        else None,
        plan=day_plan(given["plan"]) if given["plan"] else None,
    )


@pytest.mark.parametrize("case", cases("arrivals.csv"))
def test_an_arrival_gets_the_decision_of_its_worked_example(case: Case) -> None:
    arrival = arrival_of(case.given)
    decision = decide(load(case.given["policy"]), arrival, school_day=is_weekday(arrival.at.date()))

    assert {
        "outcome": str(decision.outcome),
        "session": decision.session or "",
        "code": decision.code or "",
        "suggested": decision.suggested or "",
        "minutes_late": "" if decision.minutes_late is None else str(decision.minutes_late),
        "needs_office": str(decision.needs_office).lower(),
    } == case.expected


@pytest.mark.parametrize("clock", ["08:00", "09:07", "12:30", "14:00"])
def test_every_arrival_on_a_day_without_school_is_closed(clock: str) -> None:
    decision = decide(load("psa"), Arrival(at=at(clock), year="9"), school_day=False)

    assert decision == Decision(outcome=Outcome.CLOSED, at=at(clock))


@pytest.mark.parametrize("clock", ["13:15:00", "13:30:00", "14:09:59"])
def test_between_the_sessions_a_return_is_on_time_and_an_arrival_has_missed_the_morning(clock: str) -> None:
    first = Arrival(at=at(clock), year="10")
    back = first.model_copy(update={"returning": True})

    missed = decide(load("wessex-mat"), first, school_day=True)
    returned = decide(load("wessex-mat"), back, school_day=True)

    assert (missed.outcome, missed.needs_office) == (Outcome.MISSED_SESSION, True)
    assert (returned.outcome, returned.session) == (Outcome.ON_TIME, SessionName.PM)
    assert (returned.code, returned.needs_office) == (None, False)


@pytest.mark.parametrize("clock", ["08:30", "09:07", "09:15", "13:14:59", "14:10", "15:15"])
def test_a_return_at_any_other_time_is_decided_as_an_arrival(clock: str) -> None:
    policy, first = load("wessex-mat"), Arrival(at=at(clock), year="10")
    back = first.model_copy(update={"returning": True})

    assert decide(policy, back, school_day=True) == decide(policy, first, school_day=True)


@pytest.mark.parametrize(
    ("left", "clock", "outcome"),
    [
        ("09:00", "09:26", Outcome.NO_EFFECT),  # present when the register was taken
        ("10:00", "11:30", Outcome.NO_EFFECT),  # a visit to the dentist is no U
        ("09:20", "09:20", Outcome.NO_EFFECT),
        ("08:59", "09:26", Outcome.AFTER_CLOSE),  # left before the register was taken
        ("10:00", "14:11", Outcome.AFTER_CLOSE),  # missed the afternoon register
        ("14:20", "14:50", Outcome.NO_EFFECT),
        ("10:00", "13:30", Outcome.ON_TIME),
    ],
)
def test_going_out_and_coming_back_makes_no_pupil_late_for_a_register_taken_before(
    left: str, clock: str, outcome: Outcome
) -> None:
    back = Arrival(at=at(clock), year="10", returning=True, left=at(left).time())
    decision = decide(load("wessex-mat"), back, school_day=True)
    assert decision.outcome is outcome
    if outcome is Outcome.NO_EFFECT:
        assert (decision.code, decision.needs_office, decision.left) == (None, False, at(left).time())


def test_a_decision_carries_the_register_times_behind_it() -> None:
    decision = decide(load("charlton-park-academy"), Arrival(at=at("10:05"), year="9"), school_day=True)

    assert (decision.opens, decision.late_after) == (time(9, 30), time(9, 30))
    assert (decision.closes, decision.unauthorised_after) == (time(10), time(10, 30))


def test_a_plan_moves_no_registers_times() -> None:
    arrival = Arrival(at=at("10:05"), year="9", plan=day_plan("C2:10:15-14:00"))

    decision = decide(load("charlton-park-academy"), arrival, school_day=True)

    assert (decision.opens, decision.late_after) == (time(9, 30), time(9, 30))
    assert (decision.closes, decision.unauthorised_after) == (time(10), time(10, 30))
    assert (decision.plan, decision.due) == (arrival.plan, time(10, 15))


def test_a_pupil_who_is_not_due_at_all_has_no_due_time() -> None:
    arrival = Arrival(at=at("10:40"), year="9", plan=day_plan("C2:none"))

    decision = decide(load("charlton-park-academy"), arrival, school_day=True)

    assert (decision.outcome, decision.code, decision.due) == (Outcome.PLANNED, "C2", None)


def test_a_pupil_who_kept_the_plan_goes_out_and_comes_back_without_effect() -> None:
    plan = day_plan("C2:10:30-14:00")
    back = Arrival(at=at("11:30"), year="9", plan=plan, returning=True, left=time(11))

    decision = decide(load("charlton-park-academy"), back, school_day=True)

    assert (decision.outcome, decision.code) == (Outcome.NO_EFFECT, None)


def test_every_decision_names_the_version_of_its_rule() -> None:
    for clock in ("08:00", "09:40", "12:30", "16:00"):
        assert decide(load("psa"), Arrival(at=at(clock), year="9"), school_day=True).rule == RULE == 2


def test_psa_attaches_a_detention_to_u_alone() -> None:
    policy = load("psa")

    after_close = decide(policy, Arrival(at=at("08:15"), year="9"), school_day=True)
    late = decide(policy, Arrival(at=at("08:14:59"), year="9"), school_day=True)
    agreed = AgreedAppointment(kind=AppointmentKind.MEDICAL, until=time(9))
    excused = decide(policy, Arrival(at=at("08:15"), year="9", agreed=agreed), school_day=True)

    assert after_close.consequence is not None
    assert "detention" in after_close.consequence
    assert late.consequence is None
    assert excused.consequence is None


def test_an_appointment_without_an_end_excuses_nothing_and_needs_the_office() -> None:
    arrival = Arrival(at=at("08:15"), year="9", agreed=AgreedAppointment(kind=AppointmentKind.INTERVIEW))

    decision = decide(load("psa"), arrival, school_day=True)

    assert (decision.code, decision.suggested, decision.needs_office) == ("U", "J1", True)


def test_a_fraction_of_a_second_does_not_end_an_appointment() -> None:
    agreed = AgreedAppointment(kind=AppointmentKind.MEDICAL, until=time(9, 30))
    touched = at("09:30:00.999999")

    decision = decide(load("psa"), Arrival(at=touched, year="9", agreed=agreed), school_day=True)

    assert decision.code == "M"


def test_an_untrusted_clock_decides_only_that_the_pupil_is_present() -> None:
    """Session, code and suggestion all follow from the time, so an untrusted time leaves none of them."""
    arrival = Arrival(at=at("09:31"), year="7", reason=Reason.MEDICAL)
    decided = decide(load("wessex-mat"), arrival, school_day=True)
    assert (decided.code, decided.suggested) == ("U", "M")
    assert decided.with_untrusted_clock() == Decision(
        outcome=Outcome.REVIEW, needs_office=True, at=arrival.at, clock_trusted=False
    )


def test_a_year_that_the_policy_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(UnknownYearError, match=r"psa has no year '6'; its years are 7, 8, .*13"):
        decide(load("psa"), Arrival(at=at("09:00"), year="6"), school_day=True)


def test_a_time_with_a_zone_is_refused_because_the_rule_reads_local_time() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        Arrival(at=datetime(2027, 7, 6, 8, 0, tzinfo=UTC), year="9")
