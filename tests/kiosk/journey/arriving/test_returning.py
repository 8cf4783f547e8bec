"""“I’m back”: pupils who are signed out come back, as lists of choices and screens."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from attendance.rule import Outcome
from kiosk.journey import DONE_S
from kiosk.views import (
    CardQuestionView,
    DoneView,
    FindView,
    HomeView,
    LeftView,
    Notice,
    Purpose,
    ReasonView,
    ReleaseView,
    SavingView,
    Sound,
    Trouble,
)
from kiosk.views.touches import (
    CardMeansLeaving,
    ChooseCollecting,
    ChooseLate,
    ChoosePupil,
    ChooseReturning,
    Finish,
)
from sync.wire import Kind
from tests.kiosk.journey.leaving.test_alone import BY_CARD, SCHOOL, TOM_OUT
from tests.kiosk.reception import Reception, bundle, london, reception
from tests.kiosk.walking import Step, Steps, Visit, collecting, present, run_visit, sees, walk

AN_HOUR_LATER: Steps = [*BY_CARD, (("waits", 3600), HomeView)]
FIND: Step = (ChooseReturning(), FindView)
TAP: Step = (("tap", "P5"), SavingView)
BACK: Steps = [TAP, ("settle", sees(DoneView, returning=True, frame__sound=Sound.ACCEPTED))]
TOM_BACK = "return P5 medical -"


def after_an_hour(steps: Steps, recorded: Sequence[str] = (TOM_OUT,)) -> Visit:
    """A visit of Tom, who left at ten and comes back at eleven."""
    return Visit([*AN_HOUR_LATER, *steps], list(recorded), at="10:00", school=SCHOOL)


VISITS = {
    "by card": after_an_hour([FIND, *BACK], [TOM_OUT, TOM_BACK]),
    "by card at home": after_an_hour(BACK, [TOM_OUT, TOM_BACK]),
    "by name, which finds only pupils who are out": after_an_hour(
        [
            (ChooseReturning(), sees(FindView, next_letters=frozenset("TB"), by_year=False)),
            (("type", "TO"), sees(FindView, matches=("P5",))),
            (ChoosePupil("P5"), SavingView),
            ("settle", sees(DoneView, returning=True)),
            (Finish(), HomeView),
            (ChooseReturning(), Trouble.NOBODY_OUT),
        ],
        [TOM_OUT, TOM_BACK],
    ),
    "by “I’m late”": after_an_hour(
        [
            (ChooseLate(), FindView),
            (("type", "TO"), FindView),
            (ChoosePupil("P5"), SavingView),
            ("settle", sees(DoneView, returning=True)),
        ],
        [TOM_OUT, TOM_BACK],
    ),
    "no pupil is out": Visit([(ChooseReturning(), Trouble.NOBODY_OUT), (Finish(), HomeView)]),
    "the card of a pupil who is not out signs them in": after_an_hour(
        [FIND, (("tap", "P2"), sees(ReasonView, pupil="P2", purpose=Purpose.LATE))]
    ),
    "an unknown card": after_an_hour(
        [FIND, ("tap_unknown", sees(FindView, frame__notice=Notice.UNKNOWN_CARD))]
    ),
    "back, and tapped again": after_an_hour(
        [
            *BACK,
            (Finish(), HomeView),
            (("waits", 30), HomeView),
            (("tap", "P5"), sees(DoneView, already=True, at="11:00", frame__sound=Sound.ATTENTION)),
        ],
        [TOM_OUT, TOM_BACK],
    ),
    "tapped on the way out": Visit(
        [*BY_CARD, (("waits", DONE_S), HomeView), (("tap", "P5"), LeftView), ("settle", LeftView)],
        [TOM_OUT],
        at="10:00",
        school=SCHOOL,
    ),
    "in the afternoon session, on time": Visit(
        [
            *BY_CARD,
            (("waits", 3.5 * 3600), HomeView),
            TAP,
            ("settle", sees(DoneView, decision__outcome=Outcome.ON_TIME)),
        ],
        [TOM_OUT, "return P5 medical -"],
        at="10:00",
        school=SCHOOL,
    ),
    "out and back and out again": after_an_hour(
        [*BACK, (Finish(), HomeView), *AN_HOUR_LATER, *BACK], [TOM_OUT, TOM_BACK] * 2
    ),
    "the next day no pupil is out any more": Visit(
        [*BY_CARD, (("waits", 23 * 3600), HomeView), (("tap", "P5"), sees(ReasonView, purpose=Purpose.LATE))],
        [TOM_OUT],
        at="10:00",
        school=SCHOOL,
    ),
    "a pupil who was collected": Visit(
        [
            *collecting("P1", "AM"),
            (("releases", "P1"), ReleaseView),
            ("settle", LeftView),
            (("waits", 600), HomeView),
            (("tap", "P1"), SavingView),
            ("settle", sees(DoneView, returning=True)),
        ],
        ["departure P1 medical -", "return P1 medical -"],
        at="10:00",
    ),
    "a full disk": after_an_hour(
        [
            ("disk_is_full", None),
            TAP,
            ("settle", Trouble.ARRIVAL_WAITS),
            (Finish(), Trouble.DISK_FAILED),
            ("disk_has_room", None),
            (("waits", 1), Trouble.DISK_FAILED),
            ("settle", None),
            (("waits", 1), HomeView),
            (("tap", "P5"), sees(DoneView, already=True)),
        ],
        [TOM_OUT, TOM_BACK],
    ),
    "a roster without pupils": Visit(
        [(ChooseReturning(), Trouble.EMPTY_ROSTER), (Finish(), HomeView)], school=bundle(pupils=())
    ),
}


@pytest.mark.parametrize("visit", VISITS.values(), ids=VISITS)
def test_a_pupil_comes_back(tmp_path: Path, visit: Visit) -> None:
    run_visit(tmp_path, visit)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path, at="10:00", school=SCHOOL) as at_ten:
        yield at_ten


def test_a_return_takes_its_reason_from_the_departure_and_its_time_from_the_tap(desk: Reception) -> None:
    walk(desk, [*AN_HOUR_LATER, *BACK])
    back = desk.entries()[-1]
    assert (back.kind, back.pupil, back.reason, back.at) == (Kind.RETURN, "P5", "medical", london("11:00"))
    assert present(back.decision.basis).returning


def test_a_pupil_who_came_back_while_the_name_was_typed_is_not_out(desk: Reception) -> None:
    walk(desk, [*AN_HOUR_LATER, FIND, (("type", "TO"), FindView)])
    tom = present(present(desk.desk.school).roster.by_id("P5"))
    desk.desk.sign_in(
        tom, desk.clock.reading(), None, on_saved=lambda _: None, on_failed=lambda _: None, returning=True
    )
    desk.settle()
    walk(desk, [(ChoosePupil("P5"), Trouble.NOT_OUT)])


def test_a_restart_remembers_who_is_out_and_who_is_back(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00", school=SCHOOL) as desk:
        walk(desk, AN_HOUR_LATER)
        clock = desk.clock
    with reception(tmp_path, school=SCHOOL, clock=clock) as desk:
        walk(
            desk,
            [
                (ChooseCollecting(), FindView),
                (("tap", "P5"), CardQuestionView),
                (CardMeansLeaving(), Trouble.ALREADY_OUT),
                (Finish(), HomeView),
            ],
        )
        walk(desk, BACK)
        assert desk.entries()[-1].reason == "medical"
    clock.passes(60)
    with reception(tmp_path, school=SCHOOL, clock=clock) as desk:
        walk(desk, [(ChooseReturning(), Trouble.NOBODY_OUT), (("tap", "P5"), sees(DoneView, already=True))])


def test_a_restart_with_a_clock_in_doubt_remembers_who_is_out_since_the_same_boot(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00", school=SCHOOL) as desk:
        walk(desk, AN_HOUR_LATER)
        clock = desk.clock
    clock.at, clock.trust = london("2026-11-20T16:00"), "unknown"
    with reception(tmp_path, school=SCHOOL, clock=clock) as desk:
        walk(desk, BACK)
    clock.boot = "another boot"
    with reception(tmp_path, school=SCHOOL, clock=clock) as desk:
        walk(desk, [(ChooseReturning(), Trouble.NOBODY_OUT)])
