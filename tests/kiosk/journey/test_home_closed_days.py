"""Closed days: what the home screen says, and what a card or a touch leads to."""

from datetime import time
from pathlib import Path

import pytest

from attendance.rule import Outcome
from kiosk.school.school import School
from kiosk.screens.wording import done
from kiosk.screens.wording.sentence import plain
from kiosk.views import DoneView, FindView, HomeView, ProblemView, ReasonView, SavingView, Trouble
from kiosk.views.touches import (
    ChooseCollecting,
    ChooseLate,
    ChooseLeaving,
    ChoosePupil,
    ChooseReason,
    ChooseReturning,
    Finish,
    Lock,
)
from sync.wire import Bundle, BundleCalendar, BundleClosure, BundleTerm, PlanSent
from tests.kiosk.reception import PUPILS, bundle, closed_on_wednesday, london, pupil, reception
from tests.kiosk.walking import Visit, run_visit, sees, to_staff

TERMS = [
    BundleTerm(name="Autumn 1", starts="2026-09-02", ends="2026-10-23"),
    BundleTerm(name="Autumn 2", starts="2026-11-02", ends="2026-12-18"),
]
YEAR_7_AWAY = BundleCalendar(
    closures=[BundleClosure(first="2026-11-24", reason="Year 7 is at camp", years=["7"])]
)


OPEN, INSET = sees(HomeView, closed_because=None), sees(HomeView, closed_because="INSET day")
SHUT = ProblemView(Trouble.CLOSED_DAY, "INSET day")
AT_CAMP = ProblemView(Trouble.CLOSED_DAY, "Year 7 is at camp")
ONE_IN_NURSERY = bundle("kings-cross-academy", (pupil("P1", "Ben", "Ash", "N", year="N"),))
WEDNESDAY, NO_WEDNESDAY = "2026-11-25T09:07", bundle(calendar=closed_on_wednesday())

VISITS = {
    "closed for all years: by card": Visit(
        [("go_home", INSET), (("tap", "P1"), SHUT), (Finish(), INSET), ("settle", None)],
        at=WEDNESDAY,
        school=NO_WEDNESDAY,
    ),
    "closed for all years: by every choice on the home screen": Visit(
        [
            (ChooseLate(), SHUT),
            (Finish(), INSET),
            (ChooseCollecting(), SHUT),
            (Finish(), INSET),
            (ChooseLeaving(), SHUT),
            (Finish(), INSET),
            (ChooseReturning(), SHUT),
            (Finish(), INSET),
        ],
        at=WEDNESDAY,
        school=NO_WEDNESDAY.model_copy(
            update={"pupils": [pupil("P1", "Amelia", "Kent", leaves_alone=True), *PUPILS[1:]]}
        ),
    ),
    "closed for all years: staff can enter": Visit(
        [*to_staff(), (Lock(), INSET), (("tap", "P1"), SHUT), *to_staff()], at=WEDNESDAY, school=NO_WEDNESDAY
    ),
    "closed for one year: by card, and others sign in": Visit(
        [
            ("go_home", OPEN),
            (("tap", "P1"), AT_CAMP),
            (("tap", "P5"), ReasonView),
            (ChooseReason(None), SavingView),
            ("settle", DoneView),
        ],
        ["arrival P5 - L"],
        school=bundle(calendar=YEAR_7_AWAY),
    ),
    "closed for one year: by name": Visit(
        [(ChooseLate(), FindView), (("type", "AME"), FindView), (ChoosePupil("P1"), AT_CAMP)],
        school=bundle(calendar=YEAR_7_AWAY),
    ),
    "closed for one year: collecting": Visit(
        [(ChooseCollecting(), FindView), (("type", "AME"), FindView), (ChoosePupil("P1"), AT_CAMP)],
        school=bundle(calendar=YEAR_7_AWAY),
    ),
    "a year that has gone home on a school day": Visit(
        [(("tap", "P1"), Trouble.AFTER_SCHOOL)], at="15:05", school=ONE_IN_NURSERY
    ),
    "a kiosk left running over midnight closes and opens with the days": Visit(
        [
            (("waits", 9), OPEN),
            (("waits", 1), INSET),
            (("tap", "P1"), SHUT),
            (Finish(), INSET),
            (("waits", 24 * 3600), sees(HomeView, closed_because=None, session="AM")),
        ],
        at="23:59:50",
        school=NO_WEDNESDAY,
    ),
}


@pytest.mark.parametrize("visit", VISITS.values(), ids=VISITS)
def test_a_visit_on_a_closed_day(tmp_path: Path, visit: Visit) -> None:
    run_visit(tmp_path, visit)


@pytest.mark.parametrize(
    ("at", "because"),
    [
        ("2026-09-01T09:07", "holiday"),
        ("2026-09-02T09:07", None),
        ("2026-10-23T09:07", None),
        ("2026-10-24T09:07", "weekend"),
        ("2026-10-26T09:07", "half term"),
        ("2026-11-02T09:07", None),
        ("2026-12-18T09:07", None),
        ("2026-12-21T09:07", "holiday"),
    ],
)
def test_home_says_why_the_school_is_closed_and_no_pupil_is_signed_in(
    tmp_path: Path, at: str, because: str | None
) -> None:
    home = ("go_home", sees(HomeView, closed_because=because))
    card = (("tap", "P1"), ProblemView(Trouble.CLOSED_DAY, because) if because else ReasonView)
    run_visit(tmp_path, Visit([home, card], at=at, school=bundle(calendar=BundleCalendar(terms=TERMS))))


@pytest.mark.parametrize(
    ("at", "because"),
    [
        # The clocks go forward on Sunday 29 March 2026 and back on Sunday 25 October 2026, at 01:00 UTC.
        ("2026-03-27T23:59:59", "Flood"),
        ("2026-03-28T00:00:00", "weekend"),
        ("2026-03-29T00:30:00", "weekend"),
        ("2026-03-29T23:59:59", "weekend"),
        ("2026-03-30T00:00:00", None),  # still Sunday in UTC
        ("2026-10-25T01:30:00", "weekend"),
        ("2026-10-25T23:59:59", "weekend"),
        ("2026-10-26T00:00:00", "Snow"),
        ("2026-10-27T00:00:00", None),
    ],
)
def test_a_day_begins_at_midnight_at_the_school_around_changes_of_the_clocks(
    tmp_path: Path, at: str, because: str | None
) -> None:
    closures = [
        BundleClosure(first="2026-03-27", reason="Flood"),
        BundleClosure(first="2026-10-26", reason="Snow"),
    ]
    home = ("go_home", sees(HomeView, closed_because=because))
    run_visit(tmp_path, Visit([home], at=at, school=bundle(calendar=BundleCalendar(closures=closures))))


def test_a_bundle_with_an_invalid_calendar_is_refused() -> None:
    upside_down = BundleCalendar(
        closures=[BundleClosure(first="2026-11-26", last="2026-11-25", reason="INSET day")]
    )
    with pytest.raises(ValueError, match="'INSET day' ends on 2026-11-25, before it starts"):
        School.of(bundle(calendar=upside_down))


def test_a_calendar_survives_the_wire() -> None:
    calendar = BundleCalendar(terms=TERMS, closures=YEAR_7_AWAY.closures)
    sent = bundle(calendar=calendar)
    assert School.of(Bundle.model_validate_json(sent.model_dump_json())).calendar == School.of(sent).calendar


# --- plans (part-time timetables) -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "outcome", "code"),
    [
        # wessex-mat: late after 09:00, U from 09:15, at the same times for everybody.
        ("2026-11-24T08:59", Outcome.ON_TIME, None),  # Tuesday, due at 10:30
        ("2026-11-24T09:01", Outcome.PLANNED, "L"),
        ("2026-11-24T10:29", Outcome.PLANNED, None),
        ("2026-11-24T10:46", Outcome.PLANNED_LATE, None),
        ("2026-11-25T10:29", Outcome.AFTER_CLOSE, "U"),  # Wednesday: no plan
        ("2026-11-26T09:31", Outcome.AFTER_CLOSE, "U"),  # Thursday: due at 09:05
        ("2026-11-26T09:11", Outcome.LATE, "L"),
    ],
)
def test_a_start_of_an_older_register_is_a_plan_on_its_own_weekday_alone(
    tmp_path: Path, at: str, outcome: Outcome, code: str | None
) -> None:
    part_time = pupil("P1", "Ben", "Ash", starts={"tue": "10:30", "thu": "09:05"})
    with reception(tmp_path, at=at, school=bundle(pupils=(part_time,))) as desk:
        decided = desk.desk.decide(part_time, desk.desk.reading(), None)
        assert (decided.outcome, decided.code) == (outcome, code)
        asked = code is None and outcome is not Outcome.ON_TIME
        assert (decided.suggested, decided.needs_office) == ("C2" if asked else None, asked)


@pytest.mark.parametrize(
    ("at", "outcome", "code"),
    [
        ("2026-11-24T09:01", Outcome.PLANNED, "L"),
        ("2026-11-24T10:29", Outcome.PLANNED, "C2"),
        ("2026-11-24T10:46", Outcome.PLANNED_LATE, "C2"),
        ("2026-11-25T10:29", Outcome.AFTER_CLOSE, "U"),  # Wednesday: as everyone
        ("2026-12-01T10:29", Outcome.AFTER_CLOSE, "U"),  # past the review day
    ],
)
def test_a_plan_that_the_office_has_confirmed_writes_its_code_until_its_review_day(
    tmp_path: Path, at: str, outcome: Outcome, code: str
) -> None:
    days = {"tue": {"due_in": "10:30"}}
    plan = {"code": "C2", "days": days, "first": "2026-11-02", "review": "2026-11-27"}
    part_time = pupil("P1", "Ben", "Ash", plans=[plan], starts={"tue": "10:30"})
    with reception(tmp_path, at=at, school=bundle(pupils=(part_time,))) as desk:
        decided = desk.desk.decide(part_time, desk.desk.reading(), None)
        assert (decided.outcome, decided.code, decided.needs_office) == (outcome, code, False)


@pytest.mark.parametrize(("year", "code"), [("N", "X"), ("R", "C2"), ("11", "C2"), ("12", "X")])
def test_a_pupil_outside_compulsory_school_age_is_suggested_x(tmp_path: Path, year: str, code: str) -> None:
    part_time = pupil("P1", "Ben", "Ash", year=year, starts={"tue": "10:30"})
    with reception(tmp_path, at="2026-11-24T10:00", school=bundle(pupils=(part_time,))) as desk:
        assert desk.desk.decide(part_time, desk.desk.reading(), None).suggested == code


def test_a_pupil_who_keeps_the_plan_is_asked_no_reason_and_reads_that_they_are_here_as_planned(
    tmp_path: Path,
) -> None:
    part_time = pupil("P1", "Ben", "Ash", starts={"tue": "10:30"})
    with reception(tmp_path, at="10:20", school=bundle(pupils=(part_time,))) as desk:
        desk.tap("P1")
        desk.settle()
        view = desk.journey.view
        assert isinstance(view, DoneView)
        assert plain(done.story(view)) == "You’re here as planned."
        assert plain(done.outcome_text(view)) == "Here as planned"


def test_a_plan_is_in_the_entry(tmp_path: Path) -> None:
    part_time = pupil("P1", "Ben", "Ash", starts={"tue": "10:30"})
    with reception(tmp_path, at="10:47", school=bundle(pupils=(part_time,))) as desk:
        desk.tap("P1")
        desk.journey.handle(ChooseReason(None))
        desk.settle()
        [entry] = desk.entries()
        assert entry.at == london("10:47")
        decision = entry.decision
        assert (decision.code, decision.suggested, decision.minutes_late) == (None, "C2", 17)
        assert (decision.needs_office, decision.rule) == (True, 2)
        assert decision.plan == PlanSent(code="C2", due_in=time(10, 30), confirmed=False)
        assert (decision.due, decision.opens) == (time(10, 30), time(8, 45))
