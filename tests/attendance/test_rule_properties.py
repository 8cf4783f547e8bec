"""What holds for every policy, year and time, whatever the worked examples happen to show."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.attendance.codes import MEANING
from kiosk.attendance.decide import Agreed, Arrival, Decision, Departure, Outcome, decide, leave
from kiosk.attendance.policy import Policy, available, load
from kiosk.attendance.reasons import AppointmentKind, Reason

POLICIES = {name: load(name) for name in available()}
MIDNIGHT = datetime(2027, 2, 9)  # noqa: DTZ001 - wall time, as the rule takes it

WORSE = (Outcome.ON_TIME, Outcome.LATE, Outcome.EXCUSED, Outcome.AFTER_CLOSE)
"""Worse and worse for the pupil. An appointment begins to count only where a U would."""

policies = st.sampled_from(list(POLICIES.values()))
seconds = st.integers(0, 24 * 3600 - 1)
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[Policy, Arrival]:
    policy = draw(policies)
    agreed = st.builds(Agreed, kind=st.sampled_from(AppointmentKind), until=st.none() | minutes)
    return policy, Arrival(
        at=MIDNIGHT + timedelta(seconds=draw(seconds)),
        year=draw(st.sampled_from(policy.years)),
        reason=draw(st.none() | st.sampled_from(Reason)),
        agreed=draw(st.none() | agreed),
        starts=draw(st.none() | minutes),
        returning=draw(st.booleans()),
    )


@st.composite
def departures(draw: st.DrawFn) -> tuple[Policy, Departure]:
    policy = draw(policies)
    return policy, Departure(
        at=MIDNIGHT + timedelta(seconds=draw(seconds)),
        year=draw(st.sampled_from(policy.years)),
        back=draw(st.none() | minutes),
        reason=draw(st.none() | st.sampled_from(Reason)),
        agreed=draw(st.none() | st.sampled_from(AppointmentKind)),
    )


def check_it_holds_together(decision: Decision) -> None:
    known = {*MEANING, None}
    assert decision.code in known
    assert decision.suggested in known
    assert (decision.minutes_late is not None) is (decision.code in {"L", "U"})
    if decision.minutes_late is not None:
        assert decision.minutes_late >= 0
    if decision.needs_office and decision.outcome is not Outcome.MISSED_SESSION:
        assert decision.suggested is not None


@pytest.mark.parametrize("name", available())
def test_every_minute_of_a_school_day_has_an_outcome_for_every_year(name: str) -> None:
    policy = POLICIES[name]
    for year in policy.years:
        outcomes = [
            decide(policy, Arrival(at=MIDNIGHT + timedelta(minutes=m), year=year), school_day=True).outcome
            for m in range(24 * 60)
        ]

        assert outcomes[0] is Outcome.ON_TIME
        assert outcomes[-1] is Outcome.CLOSED
        assert set(outcomes) == {
            Outcome.ON_TIME, Outcome.LATE, Outcome.AFTER_CLOSE, Outcome.MISSED_SESSION, Outcome.CLOSED,
        }  # fmt: skip


@given(arrivals())
def test_any_arrival_gets_one_decision_that_holds_together(asked: tuple[Policy, Arrival]) -> None:
    policy, arrival = asked

    decision = decide(policy, arrival, school_day=True)

    check_it_holds_together(decision)
    assert decision == decide(policy, arrival, school_day=True)


@given(departures())
def test_any_departure_gets_one_decision_that_holds_together(asked: tuple[Policy, Departure]) -> None:
    policy, departure = asked

    decision = leave(policy, departure, school_day=True)

    check_it_holds_together(decision)
    assert decision.code not in {"L", "U"}


@given(arrivals(), seconds)
def test_coming_earlier_in_a_session_is_never_worse(asked: tuple[Policy, Arrival], other: int) -> None:
    policy, arrival = asked
    moved = arrival.model_copy(update={"at": MIDNIGHT + timedelta(seconds=other)})
    earlier, later = sorted((arrival, moved), key=lambda a: a.at)

    before, after = (decide(policy, a, school_day=True) for a in (earlier, later))

    ranked = before.outcome in WORSE and after.outcome in WORSE  # the office ranks what it reviews
    if ranked and before.session is after.session:
        assert WORSE.index(before.outcome) <= WORSE.index(after.outcome)
        if before.minutes_late is not None and after.minutes_late is not None:
            assert before.minutes_late <= after.minutes_late
