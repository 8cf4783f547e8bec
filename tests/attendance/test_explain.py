"""Decisions in words: a sentence for the pupil and one for the office for every outcome."""

import re
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

import pytest

from attendance.explain import for_office, for_pupil
from attendance.plans import day_plan, plan_of_start
from attendance.policy.files import available, load
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import AgreedAppointment, Arrival, Decision, Departure, Outcome, decide, leave

BLAME = re.compile(
    r"fault|sorry|must|should|wrong|bad|fail|again|late!|too late|unauthorised|truan", re.IGNORECASE
)


def wall(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-24T{clock}")


def arriving(clock: str, policy: str = "wessex-mat", year: str = "7", **more: Any) -> Decision:
    return decide(load(policy), Arrival(at=wall(clock), year=year, **more), school_day=True)


def leaving(clock: str, policy: str = "wessex-mat", year: str = "7", **more: Any) -> Decision:
    return leave(load(policy), Departure(at=wall(clock), year=year, **more), school_day=True)


MEDICAL = AgreedAppointment(kind=AppointmentKind.MEDICAL, until=time(10, 30))

CASES = [
    (
        arriving("08:50:30"),
        "You came at 08:50, before 09:00, so you are on time.",
        "Came at 08:50:30, before 09:00: on time, so the teacher’s register has the mark"
        " (policy: 4.4, first point).",
    ),
    (
        arriving("09:07:42"),
        "You came at 09:07, before 09:15, so your mark is L, for late.",
        "Came at 09:07:42, at or after 09:00 and before 09:15: L, 22 minutes after 08:45"
        " (policy: 4.4, second point).",
    ),
    (
        arriving("09:31"),
        "You are safely signed in: you came at 09:31, after the register closed at 09:15, so your mark is U.",
        "Came at 09:31:00, at or after 09:15 (the register closes at 09:15): U, 46 minutes after 08:45"
        " (policy: 4.4, second point).",
    ),
    (
        arriving("10:00", agreed=MEDICAL),
        "You came at 10:00, and the school knew about your medical appointment, so your mark is M.",
        "Came at 10:00:00, at or after 09:15, within an agreed medical appointment until 10:30: M.",
    ),
    (
        arriving("09:10", "burbage", "4", reason=Reason.SCHOOL_TRANSPORT),
        "You came at 09:10, and the office will choose your mark.",
        "Came at 09:10:00; for this reason the school decides the mark (policy: 8.5; suggested: L;"
        " reg. 10(2) has the present mark only for who is there when the register begins;"
        " the school does not hold it against the pupil, and no count of lates includes it).",
    ),
    (
        arriving("13:20"),
        "You came at 13:20, in time for the afternoon register, and the office will ask about the morning.",
        "Came at 13:20:00, after the morning and before the afternoon’s 14:10:"
        " the morning has no explanation yet (policy: 4.4, third point).",
    ),
    (
        arriving("15:30"),
        "The school day ended at 15:15, so there is no mark for 15:30.",
        "15:30:00 is after the end of the school day at 15:15: no mark.",
    ),
    (
        decide(load("psa"), Arrival(at=wall("09:31"), year="7"), school_day=False),
        "There is no school today, so there is no mark.",
        "Recorded at 09:31:00 on a day without school: no mark.",
    ),
    (
        arriving("15:05", "kings-cross-academy", "N"),
        "The school day ended at 15:00, so there is no mark for 15:05.",
        "15:05:00 is after the end of the school day at 15:00: no mark (policy: ",
    ),
    (
        arriving("09:40", "burbage", "4", reason=Reason.SCHOOL_TRANSPORT),
        "You came at 09:40, and the office will choose your mark.",
        "Came at 09:40:00; for this reason the school decides the mark (policy: 8.5; suggested: Y1;"
        " only where the school is beyond walking distance).",
    ),
    (
        arriving("10:20", "psa", "7", plan=day_plan("C2:10:30-15:00")),
        "You are here as planned: you came at 10:20, and your mark is C2.",
        "Came at 10:20:00, as planned: C2, which counts as no lateness (plan: C2:10:30-15:00).",
    ),
    (
        arriving("10:50", "psa", "7", plan=day_plan("C2:10:30-15:00")),
        "You came at 10:50, 20 minutes after 10:30, as planned for you, so your mark is C2.",
        "Came at 10:50:00, 20 minutes after 10:30, when the plan had the pupil due: C2"
        " (plan: C2:10:30-15:00).",
    ),
    (
        arriving("10:20", "psa", "7", plan=plan_of_start(time(10, 30), "7")),
        "You are here as planned: you came at 10:20, and the office will confirm your mark.",
        "Came at 10:20:00, as in a plan that the office has not confirmed: the school decides the mark"
        " (plan: C2:10:30-; suggested: C2).",
    ),
    (
        arriving("10:50", "psa", "7", plan=plan_of_start(time(10, 30), "7")),
        "You came at 10:50, 20 minutes after 10:30, and the office will confirm your mark.",
        "Came at 10:50:00, 20 minutes after 10:30, when the pupil was due by a plan that the office has not"
        " confirmed: the school decides the mark (plan: C2:10:30-; suggested: C2).",
    ),
    (
        arriving("08:20", "psa", "7", plan=day_plan("C2:08:10-15:00")),
        "You are safely signed in: you came at 08:20, after the register closed at 08:15, so your mark is U.",
        "Came at 08:20:00, at or after 08:15 (the register closes at 08:15): U, 10 minutes after 08:10"
        " (plan: C2:08:10-15:00; policy: ",
    ),
    (
        leaving("12:00", "psa", plan=day_plan("C2:08:00-12:00")),
        "You are leaving at 12:00, before the afternoon register is taken at 12:30.",
        "Left at 12:00:00, and will be away when the afternoon register is taken at 12:30: C2"
        " (plan: C2:08:00-12:00).",
    ),
    (
        leaving("14:30"),
        "You are leaving at 14:30, and today’s marks stay as they are.",
        "Left at 14:30:00: no session’s mark depends on it (policy: 4.4, third point).",
    ),
    (
        leaving("11:30", "kings-cross-academy", "3", back=time(13, 50)),
        "You are leaving at 11:30: sign in when you come back, and your mark will be decided then.",
        "Left at 11:30:00, back at 13:50, at or after 13:45 and before 14:00: the sign-in on return decides",
    ),
    (
        leaving("11:00", agreed=AppointmentKind.MEDICAL),
        "You are leaving at 11:00, before the afternoon register is taken at 13:55.",
        "Left at 11:00:00, and will be away when the afternoon register is taken at 13:55: M"
        " (policy: 4.3 and 6.2).",
    ),
    (
        arriving("09:31").with_untrusted_clock(),
        "You are signed in, and the office will confirm your time.",
        "The kiosk’s clock showed 24 November 2026, 09:31:00 but could not be trusted:"
        " the office must confirm the time.",
    ),
]


@pytest.mark.parametrize(("decision", "pupil", "office"), CASES, ids=lambda v: getattr(v, "outcome", None))
def test_a_decision_is_explained_to_the_pupil_and_to_the_office(
    decision: Decision, pupil: str, office: str
) -> None:
    assert for_pupil(decision) == pupil
    assert for_office(decision).startswith(office)


def test_every_outcome_has_a_case() -> None:
    assert {decision.outcome for decision, _, _ in CASES} == set(Outcome)


def test_only_the_office_reads_the_consequence_of_a_u() -> None:
    decision = arriving("08:20", "psa", "8")
    assert "detention" in for_office(decision)
    assert "detention" not in for_pupil(decision)


def test_a_paragraph_that_mentions_a_time_without_stating_it_is_not_quoted() -> None:
    burbage = load("burbage")
    assert burbage.sources["pm.opens"] == "1.5"
    assert "pm.opens" in burbage.provisional

    assert leaving("11:00", "burbage", "3").paragraph is None
    assert arriving("09:00", "burbage", "3").paragraph is None  # the close is provisional, too


def test_one_minute_is_singular() -> None:
    assert "L, 1 minute after 08:00" in for_office(arriving("08:01", "psa", "8"))


def every_decision() -> Iterator[Decision]:
    for name in available():
        policy = load(name)
        for year in policy.years:
            for minute in range(0, 24 * 60, 15):
                at = wall(f"{minute // 60:02}:{minute % 60:02}")
                for reason in (None, *policy.reasons):
                    yield decide(policy, Arrival(at=at, year=year, reason=reason), school_day=True)
                yield leave(policy, Departure(at=at, year=year), school_day=True)


def test_no_sentence_blames_or_has_an_empty_placeholder() -> None:
    sentences: set[str] = set()
    for decision in every_decision():
        sentences.update((for_pupil(decision), for_office(decision)))
        assert not BLAME.search(for_pupil(decision)), for_pupil(decision)
    for sentence in sentences:
        assert sentence.endswith("."), sentence
        assert sentence.count(".") == 1 or "policy:" in sentence, sentence
        assert not re.search(r"[{}]|  | ,|None|\(\)", sentence), sentence


def test_a_sentence_can_be_translated() -> None:
    polish = {
        "You came at {at}, before {late_after}, so you are on time.": "Jesteś o {at}, przed {late_after}."
    }
    assert for_pupil(arriving("08:50"), lambda text: polish[text]) == "Jesteś o 08:50, przed 09:00."
