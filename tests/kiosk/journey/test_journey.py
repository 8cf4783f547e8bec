"""Restarts, midnight, faults, a newer roster and the clock on the screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.journey import DONE_S
from kiosk.school.school import School
from kiosk.views import (
    DoneView,
    FindView,
    HomeView,
    Link,
    LinkStatus,
    Progress,
    ReasonView,
    SavingView,
    Trouble,
)
from kiosk.views.touches import ChooseLate, ChoosePupil, ChooseReason, Finish
from tests.kiosk.reception import PUPILS, Reception, bundle, london, reception
from tests.kiosk.walking import Step, Steps, Visit, run_visit, sees, walk

AT_REASON: Step = (("tap", "P1"), ReasonView)
SIGN_IN: Steps = [AT_REASON, (ChooseReason(Reason.OTHER), SavingView), ("settle", DoneView)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path) as at_nine_seven:
        yield at_nine_seven


def test_a_restart_remembers_who_signed_in(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, SIGN_IN)
    with reception(tmp_path, at="09:08") as desk:
        walk(desk, [(("tap", "P1"), sees(DoneView, already=True, at="09:07"))])


def test_a_kiosk_left_running_over_midnight_begins_a_new_day(desk: Reception) -> None:
    walk(desk, [*SIGN_IN, (Finish(), HomeView), (("waits", 24 * 3600), HomeView)])
    assert desk.view_as(HomeView).now.date() == london("2026-11-25T09:07").date()
    walk(desk, [AT_REASON])  # yesterday's sign-in is not today's


@pytest.mark.parametrize("at", ["2026-03-30T09:07", "2026-10-26T09:07", "2026-03-27T09:07"])
def test_times_are_the_schools_before_and_after_a_change_of_the_clocks(tmp_path: Path, at: str) -> None:
    late = sees(DoneView, decision__code="L", decision__minutes_late=22, at="09:07")
    run_visit(tmp_path, Visit([*SIGN_IN[:-1], ("settle", late)], ["arrival P1 other L"], at=at))


def test_a_pupil_who_came_by_card_is_kept_when_a_screen_fails(tmp_path: Path) -> None:
    run_visit(tmp_path, Visit([AT_REASON, ("screen_failed", Trouble.SCREEN_ERROR)], ["arrival P1 - L"]))


def test_every_pupil_who_came_by_card_is_kept_when_the_kiosk_stops(desk: Reception) -> None:
    walk(desk, [*SIGN_IN[:-1], (("tap", "P2"), SavingView), (("tap", "P5"), SavingView), ("stop", object)])
    desk.settle()
    assert sorted(entry.pupil for entry in desk.entries()) == ["P1", "P2", "P5"]


def test_a_pupil_who_has_left_the_roster_meanwhile_is_no_longer_listed(desk: Reception) -> None:
    walk(desk, [(ChooseLate(), FindView), (("type", "TO"), sees(FindView, matches=("P5",)))])
    desk.desk.open(School.of(bundle(pupils=PUPILS[:2])))
    walk(desk, [(ChoosePupil("P5"), sees(FindView, matches=()))])


def test_a_newer_school_leaves_a_problem_on_the_screen(desk: Reception) -> None:
    walk(desk, [("screen_failed", Trouble.SCREEN_ERROR), ("school_changed", Trouble.SCREEN_ERROR)])


def test_a_result_closes_by_itself(desk: Reception) -> None:
    walk(desk, [*SIGN_IN, (("waits", DONE_S - 1), DoneView), (("waits", 1), HomeView)])


def test_a_result_is_shown_as_sent_only_when_the_register_has_answered(desk: Reception) -> None:
    walk(desk, [*SIGN_IN[:-1], ("settle", sees(DoneView, progress=Progress.SAVED))])
    answer = {desk.view_as(DoneView).entry: Progress.SENT}
    walk(desk, [(("entries_settled", answer), sees(DoneView, progress=Progress.SENT))])


def test_the_link_shows_on_every_screen(desk: Reception) -> None:
    offline = LinkStatus(Link.OFFLINE, 3)
    walk(desk, [(("link_changed", offline), sees(HomeView, frame__status=offline))])
    walk(desk, [(ChooseLate(), sees(FindView, frame__status=offline))])


def test_home_is_drawn_again_only_when_something_has_changed(desk: Reception) -> None:
    before = len(desk.frames)
    walk(desk, [(("waits", 1), None)] * 30)
    assert len(desk.frames) == before
    walk(desk, [(("waits", 31), HomeView)])
    assert len(desk.frames) == before + 1


def test_the_clock_shows_seconds_in_the_last_two_minutes_before_the_register_closes(tmp_path: Path) -> None:
    with reception(tmp_path, at="09:12:59") as desk:
        desk.journey.tick()
        assert desk.view_as(HomeView).now.second == 0
        desk.waits(5)
        assert desk.view_as(HomeView).now.second == 4
