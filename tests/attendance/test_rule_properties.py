"""Properties of the rule that hold for every policy, year and time."""

import os
import subprocess
import sys
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.codes import MEANING
from attendance.plans import DayPlan, PlanCode
from attendance.policy.files import available, load
from attendance.policy.model import Policy
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import AgreedAppointment, Arrival, Decision, Departure, Outcome, decide, leave
from tests.attendance.any_policy import EARLIEST, LATEST, move, move_plan, move_time, ordered_policies
from tests.attendance.decisions import digest
from tests.paths import ROOT

LOCALES = ROOT / ".cache" / "locale"
"""Where `deploy/setup.sh test` creates locales that the machine may not have."""

POLICIES = {name: load(name) for name in available()}
MIDNIGHT = datetime(2027, 2, 9)  # noqa: DTZ001 - wall time, as the rule takes it

WORSE = (
    Outcome.ON_TIME,
    Outcome.PLANNED,
    Outcome.PLANNED_LATE,
    Outcome.LATE,
    Outcome.EXCUSED,
    Outcome.AFTER_CLOSE,
)
"""From best to worst for the pupil. An appointment counts only in place of a U."""

policies = st.sampled_from(list(POLICIES.values())) | ordered_policies()
seconds = st.integers(0, 24 * 3600 - 1)
daytime = st.integers(EARLIEST, LATEST).map(lambda minute: time(*divmod(minute, 60)))
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@st.composite
def plans_between(draw: st.DrawFn, times: st.SearchStrategy[time]) -> DayPlan:
    """A plan whose times are among these, or without times."""
    code = draw(st.sampled_from(PlanCode))
    due_in, due_out = sorted((draw(times), draw(times)))
    if due_in == due_out:
        return DayPlan(code=code, due_in=draw(st.none() | st.just(due_in)))
    return DayPlan(code=code, due_in=due_in, due_out=due_out)


plans = plans_between(minutes)


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[Policy, Arrival]:
    policy = draw(policies)
    agreed = st.builds(AgreedAppointment, kind=st.sampled_from(AppointmentKind), until=st.none() | minutes)
    return policy, Arrival(
        at=MIDNIGHT + timedelta(seconds=draw(seconds)),
        year=draw(st.sampled_from(policy.years)),
        reason=draw(st.none() | st.sampled_from(Reason)),
        agreed=draw(st.none() | agreed),
        plan=draw(st.none() | plans),
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
        plan=draw(st.none() | plans),
    )


def check_consistency(decision: Decision) -> None:
    known = {*MEANING, None}
    assert decision.code in known
    assert decision.suggested in known
    late = decision.outcome in {Outcome.LATE, Outcome.AFTER_CLOSE, Outcome.PLANNED_LATE}
    assert (decision.minutes_late is not None) is late
    assert late or decision.code != "U"
    if decision.minutes_late is not None:
        assert decision.minutes_late >= 0
    if decision.needs_office and decision.outcome is not Outcome.MISSED_SESSION:
        assert decision.suggested is not None


def outcomes_by_the_book(policy: Policy, year: str, t: time) -> list[Outcome]:
    """Every outcome whose condition, read from the rule, holds for an arrival without a reason."""
    am_ends, pm_ends = policy.am.end_for(year), policy.pm.end_for(year)
    its = policy.am if t < am_ends else policy.pm
    in_am, in_pm = t < am_ends, am_ends <= t < pm_ends
    in_a_session = t < pm_ends and (in_am or t >= policy.pm.late_after)
    conditions = {
        Outcome.CLOSED: t >= pm_ends,
        Outcome.MISSED_SESSION: in_pm and t < policy.pm.late_after,
        Outcome.ON_TIME: in_am and t < pm_ends and t < its.late_after,
        Outcome.LATE: in_a_session and its.late_after <= t < its.unauthorised_after,
        Outcome.AFTER_CLOSE: in_a_session and t >= its.unauthorised_after and t >= its.late_after,
    }
    return [outcome for outcome, holds in conditions.items() if holds]


@pytest.mark.parametrize("name", available())
def test_every_minute_of_a_school_day_has_exactly_one_outcome_for_every_year(name: str) -> None:
    policy = POLICIES[name]
    for year in policy.years:
        seen = set()
        for minute in range(24 * 60):
            at = MIDNIGHT + timedelta(minutes=minute)
            outcome = decide(policy, Arrival(at=at, year=year), school_day=True).outcome

            assert outcomes_by_the_book(policy, year, at.time()) == [outcome], f"year {year} at {at:%H:%M}"
            seen.add(outcome)

        assert seen == {
            Outcome.ON_TIME, Outcome.LATE, Outcome.AFTER_CLOSE, Outcome.MISSED_SESSION, Outcome.CLOSED,
        }  # fmt: skip


@given(arrivals())
def test_any_arrival_gets_one_consistent_decision(visit: tuple[Policy, Arrival]) -> None:
    policy, arrival = visit

    decision = decide(policy, arrival, school_day=True)

    check_consistency(decision)
    assert decision == decide(policy, arrival, school_day=True)


@given(departures())
def test_any_departure_gets_one_consistent_decision(visit: tuple[Policy, Departure]) -> None:
    policy, departure = visit

    decision = leave(policy, departure, school_day=True)

    check_consistency(decision)
    assert decision.code not in {"L", "U"}


@given(arrivals(), seconds)
def test_coming_earlier_in_a_session_is_never_worse(visit: tuple[Policy, Arrival], other: int) -> None:
    policy, arrival = visit
    moved = arrival.model_copy(update={"at": MIDNIGHT + timedelta(seconds=other)})
    earlier, later = sorted((arrival, moved), key=lambda a: a.at)

    before, after = (decide(policy, a, school_day=True) for a in (earlier, later))

    ranked = before.outcome in WORSE and after.outcome in WORSE  # the office ranks what it reviews
    if ranked and before.session is after.session:
        assert WORSE.index(before.outcome) <= WORSE.index(after.outcome)
        if before.minutes_late is not None and after.minutes_late is not None:
            assert before.minutes_late <= after.minutes_late


@given(arrivals(), plans)
def test_a_plan_never_makes_a_pupil_worse_off_than_without_it(
    visit: tuple[Policy, Arrival], plan: DayPlan
) -> None:
    policy, arrival = visit

    without = decide(policy, arrival.model_copy(update={"plan": None}), school_day=True)
    planned = decide(policy, arrival.model_copy(update={"plan": plan}), school_day=True)

    assert planned.code != "U" or without.code == "U"
    assert planned.needs_office <= without.needs_office
    assert (planned.minutes_late or 0) <= (without.minutes_late or 0) or without.minutes_late is None
    assert (planned.outcome is Outcome.CLOSED) is (without.outcome is Outcome.CLOSED)
    if without.outcome in {Outcome.ON_TIME, Outcome.NO_EFFECT}:
        assert (planned.outcome, planned.code) == (without.outcome, without.code)
    if without.outcome is Outcome.LATE:
        assert planned.outcome in {Outcome.LATE, Outcome.PLANNED}
    assert (planned.opens, planned.closes) == (without.opens, without.closes)


@given(departures(), plans)
def test_a_plan_never_asks_more_of_the_office_about_a_departure(
    visit: tuple[Policy, Departure], plan: DayPlan
) -> None:
    policy, departure = visit

    without = leave(policy, departure.model_copy(update={"plan": None}), school_day=True)
    planned = leave(policy, departure.model_copy(update={"plan": plan}), school_day=True)

    assert planned.outcome is without.outcome
    assert planned.needs_office <= without.needs_office


@given(arrivals(), plans)
def test_a_plan_that_is_not_confirmed_writes_no_code_of_its_own_and_no_pupil_is_worse_off(
    visit: tuple[Policy, Arrival], plan: DayPlan
) -> None:
    policy, arrival = visit
    claimed = arrival.model_copy(update={"plan": plan.model_copy(update={"confirmed": False})})

    without = decide(policy, arrival.model_copy(update={"plan": None}), school_day=True)
    planned = decide(policy, claimed, school_day=True)

    assert planned.code not in set(PlanCode)
    assert planned.code != "U" or without.code == "U"
    assert without.outcome is not Outcome.MISSED_SESSION or planned == without.model_copy(
        update={"plan": claimed.plan}
    )
    if planned.needs_office and not without.needs_office:
        assert (planned.code, planned.suggested) == (None, plan.code)
    check_consistency(planned)


@given(departures(), plans)
def test_a_plan_that_is_not_confirmed_only_suggests_its_code_to_who_leaves(
    visit: tuple[Policy, Departure], plan: DayPlan
) -> None:
    policy, departure = visit
    claimed = departure.model_copy(update={"plan": plan.model_copy(update={"confirmed": False})})

    without = leave(policy, departure.model_copy(update={"plan": None}), school_day=True)
    planned = leave(policy, claimed, school_day=True)

    assert (planned.outcome, planned.code, planned.needs_office) == (
        without.outcome,
        without.code,
        without.needs_office,
    )


@given(arrivals())
def test_who_came_as_planned_is_never_late(visit: tuple[Policy, Arrival]) -> None:
    policy, arrival = visit

    decision = decide(policy, arrival, school_day=True)

    if decision.outcome is Outcome.PLANNED:
        assert arrival.plan is not None
        assert decision.code in {"L", arrival.plan.code}
        assert (decision.minutes_late, decision.consequence, decision.needs_office) == (None, None, False)
    if decision.outcome is Outcome.PLANNED_LATE:
        assert arrival.plan is not None
        assert decision.code == arrival.plan.code


# --- The same day at other times, in other time zones and locales ---------------------------------


@given(
    ordered_policies(),
    st.builds(
        Arrival,
        at=st.integers(EARLIEST * 60, LATEST * 60).map(lambda second: MIDNIGHT + timedelta(seconds=second)),
        year=st.sampled_from(["7", "8"]),
        reason=st.none() | st.sampled_from(Reason),
        agreed=st.none()
        | st.builds(AgreedAppointment, kind=st.sampled_from(AppointmentKind), until=st.none() | daytime),
        plan=st.none() | plans_between(daytime),
        returning=st.booleans(),
    ),
    st.integers(-EARLIEST, 24 * 60 - 1 - LATEST),
)
def test_shifting_every_time_and_the_arrival_together_changes_no_decision(
    policy: Policy, arrival: Arrival, minutes: int
) -> None:
    agreed = arrival.agreed
    if agreed is not None and agreed.until is not None:
        agreed = AgreedAppointment(kind=agreed.kind, until=move_time(agreed.until, minutes))
    elsewhere = arrival.model_copy(
        update={
            "at": arrival.at + timedelta(minutes=minutes),
            "agreed": agreed,
            "plan": move_plan(arrival.plan, minutes) if arrival.plan else None,
        }
    )

    here = decide(policy, arrival, school_day=True)
    there = decide(move(policy, minutes), elsewhere, school_day=True)

    for field in ("outcome", "session", "code", "suggested", "minutes_late", "needs_office", "consequence"):
        assert getattr(here, field) == getattr(there, field), field
    if here.opens is not None and here.closes is not None:
        assert there.opens == move_time(here.opens, minutes)
        assert there.closes == move_time(here.closes, minutes)


@pytest.fixture(scope="module")
def digest_here() -> str:
    return digest()


@pytest.mark.parametrize(
    ("zone", "seconds_west", "language", "november"),
    [
        ("UTC0", 0, "C", "November"),
        ("GMT0BST,M3.5.0/1,M10.5.0", 0, "C.UTF-8", "November"),
        ("EST5EDT,M3.2.0,M11.1.0", 5 * 3600, "de_DE.UTF-8", "November"),
        ("<+14>-14", -14 * 3600, "tr_TR.UTF-8", "Kasım"),
        ("<-12>12", 12 * 3600, "ar_EG.UTF-8", "نوفمبر"),
        ("<+0545>-5:45", -(5 * 3600 + 45 * 60), "POSIX", "November"),
    ],
)
def test_the_machines_time_zone_and_locale_change_no_decision(
    digest_here: str, *, zone: str, seconds_west: int, language: str, november: str
) -> None:
    environment = {
        **os.environ,
        "LOCPATH": str(LOCALES),
        "TZ": zone,
        "LC_ALL": language,
        "LANG": language,
        "PYTHONHASHSEED": "random",
        "PYTHONIOENCODING": "utf-8",
    }

    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("decisions.py"))],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    missing = f"there is no {language} in {LOCALES}: `deploy/setup.sh test` makes it"
    assert "unsupported locale" not in done.stderr, missing
    its_name = "C" if language == "POSIX" else language  # two names of one locale
    assert (done.stdout, done.stderr) == (f"{its_name} {november} {seconds_west} {digest_here}\n", "")
