"""“I’m back”: whoever was signed out comes in again; every way, as lists of choices and screens."""

from collections.abc import Sequence

import pytest

from attendance.rule import Outcome
from kiosk.views import (
    DoneView,
    FindView,
    HomeView,
    LeftView,
    Purpose,
    ReasonView,
    ReleaseView,
    SavingView,
    Sound,
    Trouble,
)
from kiosk.views.touches import ChooseCollecting, ChooseLate, ChoosePupil, ChooseReturning, Finish
from sync.wire import Kind
from tests.kiosk.journey.leaving.test_alone import BY_CARD, SCHOOL, TOM_OUT
from tests.kiosk.reception import bundle, london, reception
from tests.kiosk.walking import Way, collecting, go, sees, walk

AN_HOUR_LATER = [*BY_CARD, (("waits", 3600), HomeView)]
FIND = (ChooseReturning(), FindView)
TAPPED = (("tap", "P5"), SavingView)
BACK = [TAPPED, ("settle", sees(DoneView, returning=True, frame__sound=Sound.ACCEPTED))]
TOM_BACK = "return P5 medical -"


def after_an_hour(steps: list, recorded: Sequence[str] = (TOM_OUT,)) -> Way:
    """A way of somebody who went out at ten and comes back at eleven."""
    return Way([*AN_HOUR_LATER, *steps], list(recorded), at="10:00", school=SCHOOL)


WAYS = {
    "by card": after_an_hour([FIND, *BACK], [TOM_OUT, TOM_BACK]),
    "by card at home": after_an_hour(BACK, [TOM_OUT, TOM_BACK]),
    "by name, where only who is out is found": after_an_hour(
        [
            (ChooseReturning(), sees(FindView, leads_on=frozenset("TB"), by_year=False)),
            (("type", "TO"), sees(FindView, found=("P5",))),
            (ChoosePupil("P5"), SavingView),
            ("settle", sees(DoneView, returning=True)),
            (Finish(), HomeView),
            (ChooseReturning(), Trouble.NOBODY_OUT),
        ],
        [TOM_OUT, TOM_BACK],
    ),
    "by the choice of those who are late": after_an_hour(
        [
            (ChooseLate(), FindView),
            (("type", "TO"), FindView),
            (ChoosePupil("P5"), SavingView),
            ("settle", sees(DoneView, returning=True)),
        ],
        [TOM_OUT, TOM_BACK],
    ),
    "nobody is out": Way([(ChooseReturning(), Trouble.NOBODY_OUT), (Finish(), HomeView)]),
    "a card of somebody who is not out signs in": after_an_hour(
        [FIND, (("tap", "P2"), sees(ReasonView, pupil="P2", purpose=Purpose.LATE))]
    ),
    "an unknown card": after_an_hour([FIND, ("tap_unknown", Trouble.UNKNOWN_CARD)]),
    "back, and tapped again": after_an_hour(
        [
            *BACK,
            (Finish(), HomeView),
            (("waits", 30), HomeView),
            (("tap", "P5"), sees(DoneView, already=True, at="11:00", frame__sound=Sound.ATTENTION)),
        ],
        [TOM_OUT, TOM_BACK],
    ),
    "tapped on the way out": Way(
        [*BY_CARD, (("waits", 8), HomeView), (("tap", "P5"), LeftView), ("settle", LeftView)],
        [TOM_OUT],
        at="10:00",
        school=SCHOOL,
    ),
    "at noon, when the morning is accounted for": Way(
        [
            *BY_CARD,
            (("waits", 3.5 * 3600), HomeView),
            TAPPED,
            ("settle", sees(DoneView, decision__outcome=Outcome.ON_TIME)),
        ],
        [TOM_OUT, "return P5 medical -"],
        at="10:00",
        school=SCHOOL,
    ),
    "out and back and out again": after_an_hour(
        [*BACK, (Finish(), HomeView), *AN_HOUR_LATER, *BACK], [TOM_OUT, TOM_BACK] * 2
    ),
    "the day after nobody is out any more": Way(
        [*BY_CARD, (("waits", 23 * 3600), HomeView), (("tap", "P5"), sees(ReasonView, purpose=Purpose.LATE))],
        [TOM_OUT],
        at="10:00",
        school=SCHOOL,
    ),
    "collected, and back like any other": Way(
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
    "a disk that is full": after_an_hour(
        [
            ("disk_is_full", None),
            TAPPED,
            ("settle", Trouble.NOT_SAVED),
            ("disk_has_room", None),
            (Finish(), HomeView),
            *BACK,
        ],
        [TOM_OUT, TOM_BACK],
    ),
    "a roster without pupils": Way(
        [(ChooseReturning(), Trouble.EMPTY_ROSTER), (Finish(), HomeView)], school=bundle(pupils=())
    ),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_back(tmp_path, way):
    go(tmp_path, way)


@pytest.fixture
def desk(tmp_path):
    with reception(tmp_path, at="10:00", school=SCHOOL) as at_ten:
        yield at_ten


def test_why_they_were_away_is_why_they_are_back_and_the_tap_is_the_instant(desk):
    walk(desk, [*AN_HOUR_LATER, *BACK])
    back = desk.entries()[-1]
    assert (back.kind, back.pupil, back.reason, back.at) == (Kind.RETURN, "P5", "medical", london("11:00"))
    assert back.decision.basis.returning


def test_who_left_meanwhile_and_came_back_is_said_not_to_be_out(desk):
    walk(desk, [*AN_HOUR_LATER, FIND, (("type", "TO"), FindView)])
    who = desk.desk.school.roster.by_id("P5")
    desk.desk.sign_in(
        who, desk.clock.reading(), None, saved=lambda _: None, failed=lambda _: None, returning=True
    )
    desk.settle()
    walk(desk, [(ChoosePupil("P5"), Trouble.NOT_OUT)])


def test_after_a_restart_it_is_known_who_is_out_and_who_is_back(tmp_path):
    with reception(tmp_path, at="10:00", school=SCHOOL) as desk:
        walk(desk, AN_HOUR_LATER)
        clock = desk.clock
    with reception(tmp_path, school=SCHOOL, clock=clock) as desk:
        walk(
            desk, [(ChooseCollecting(), FindView), (("tap", "P5"), Trouble.ALREADY_OUT), (Finish(), HomeView)]
        )
        walk(desk, BACK)
        assert desk.entries()[-1].reason == "medical"
    clock.passes(60)
    with reception(tmp_path, school=SCHOOL, clock=clock) as desk:
        walk(desk, [(ChooseReturning(), Trouble.NOBODY_OUT), (("tap", "P5"), sees(DoneView, already=True))])


def test_after_a_restart_with_a_clock_in_doubt_it_is_known_by_the_ticks_of_the_boot(tmp_path):
    with reception(tmp_path, at="10:00", school=SCHOOL) as desk:
        walk(desk, AN_HOUR_LATER)
        clock = desk.clock
    clock.at, clock.trust = london("2026-11-20T16:00"), "unknown"
    with reception(tmp_path, school=SCHOOL, clock=clock) as desk:
        walk(desk, BACK)
    clock.boot = "another boot"
    with reception(tmp_path, school=SCHOOL, clock=clock) as desk:
        walk(desk, [(ChooseReturning(), Trouble.NOBODY_OUT)])
