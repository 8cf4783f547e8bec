"""A pupil leaves alone, where that is permitted; and whoever was signed out comes back."""

from datetime import time

import pytest

from kiosk.attendance import policy as policies
from kiosk.attendance.decide import Outcome
from kiosk.attendance.reasons import Reason
from kiosk.desk import SELF
from kiosk.journey import IDLE_S
from kiosk.views import (
    BackAtView,
    DoneView,
    FindView,
    HomeView,
    LeftView,
    NameView,
    Purpose,
    ReasonView,
    ReleaseView,
    SavingView,
    Sound,
    Trouble,
    YearView,
)
from sync.wire import Kind
from tests.kiosk.reception import PUPILS, bundle, card_of, london, pupil, reception
from tests.kiosk.walking import collecting, walk

MAY = (*PUPILS[:4], pupil("P5", "Tom", "Black", "10C", year="10", leaves_alone=True))
BY_CARD = [
    ("choose_leaving", FindView),
    (("tap", "P5"), ReasonView),
    (("choose_reason", Reason.MEDICAL), BackAtView),
    (("choose_back_at", time(11, 30)), SavingView),
    ("settle", LeftView),
]


@pytest.fixture
def desk(tmp_path):
    with reception(tmp_path, at="10:00", school=bundle(pupils=MAY)) as at_ten:
        yield at_ten


def out_and_an_hour_later(desk) -> None:
    walk(desk, [*BY_CARD, ("done", HomeView)])
    desk.clock.passes(3600)


# --- leaving alone -------------------------------------------------------------------------------


def test_by_card_out_and_the_pupil_is_their_own_collector(desk):
    walk(desk, BY_CARD)
    [entry] = desk.entries()
    assert (entry.kind, entry.pupil, entry.reason) == (Kind.DEPARTURE, "P5", "medical")
    assert (entry.departure.collector, entry.departure.released_by) == (SELF, None)
    assert entry.departure.expected_back == london("11:30")
    assert desk.journey.view.alone


def test_by_name_out(desk):
    walk(
        desk,
        [
            ("choose_leaving", FindView),
            (("type", "TO"), FindView),
            (("choose_pupil", "P5"), ReasonView),
            (("choose_reason", Reason.OTHER), BackAtView),
            (("choose_back_at", None), SavingView),
            ("settle", LeftView),
        ],
    )
    [entry] = desk.entries()
    assert (entry.decision.suggested, entry.decision.needs_office) == ("N", True)


def test_a_year_that_the_policy_lets_go_needs_no_leave_of_its_own(tmp_path):
    school = bundle()
    leaving = policies.load("wessex-mat").model_copy(update={"leaves_alone": ("9",)})
    school = school.model_copy(update={"policy": leaving.model_dump(mode="json")})
    with reception(tmp_path, at="10:00", school=school) as desk:
        walk(desk, [("choose_leaving", FindView), (("tap", "P2"), ReasonView), ("back", FindView)])
        walk(desk, [("back", HomeView), ("choose_leaving", FindView), (("tap", "P5"), Trouble.NOT_ALONE)])


@pytest.mark.parametrize(
    "way",
    [
        [(("tap", "P1"), Trouble.NOT_ALONE)],
        [(("type", "AM"), FindView), (("choose_pupil", "P1"), Trouble.NOT_ALONE)],
    ],
    ids=["card", "name"],
)
def test_others_are_told_to_have_somebody_collect_them(desk, way):
    walk(desk, [("choose_leaving", FindView), *way])
    desk.settle()
    assert desk.entries() == []


def test_nobody_is_offered_to_leave_where_nobody_may(tmp_path):
    with reception(tmp_path, at="10:00") as desk:
        assert not desk.journey.view.may_leave_alone
        walk(desk, [("choose_leaving", None)])


def test_home_offers_it_where_somebody_may(desk):
    assert desk.journey.view.may_leave_alone


def test_a_reason_has_to_be_said_and_back_goes_one_step(desk):
    walk(desk, [*BY_CARD[:2], (("choose_reason", None), None), (("choose_reason", Reason.TRAFFIC), None)])
    walk(desk, [(("choose_reason", Reason.OTHER), BackAtView), ("back", ReasonView), ("back", FindView)])
    walk(desk, [("back", HomeView)])
    desk.settle()
    assert desk.entries() == []


def test_whoever_goes_away_in_the_midst_is_not_signed_out(desk):
    walk(desk, [*BY_CARD[:3], (("waits", IDLE_S), HomeView), ("settle", HomeView)])
    assert desk.entries() == []


def test_who_is_out_already_is_told_so(desk):
    out_and_an_hour_later(desk)
    walk(desk, [("choose_leaving", FindView), (("type", "TO"), FindView)])
    walk(desk, [(("choose_pupil", "P5"), Trouble.ALREADY_OUT)])


def test_the_same_card_again_changes_nothing_and_another_one_waits(desk):
    walk(desk, [*BY_CARD[:2], (("tap", "P5"), None), (("tap", "P2"), None)])
    assert desk.frames[-1].cards_waiting == 1
    walk(desk, [*BY_CARD[2:], ("done", ReasonView)])
    assert desk.journey.view.pupil.id == "P2"


def test_an_unknown_card_while_a_name_is_looked_for_is_said(desk):
    walk(desk, [("choose_leaving", FindView)])
    desk.journey.card(["em4100:DEADBEEF"], desk.clock.reading())
    walk(desk, [("settle", Trouble.UNKNOWN_CARD)])


def test_a_full_disk_signs_nobody_out(desk):
    make_room = desk.disk_is_full()
    walk(desk, [*BY_CARD[:4], ("settle", Trouble.NOT_SAVED), ("done", HomeView)])
    make_room()
    walk(desk, [("choose_returning", Trouble.NOBODY_OUT)])


def test_near_the_end_of_the_day_no_time_is_asked_for(tmp_path):
    with reception(tmp_path, at="15:08", school=bundle(pupils=MAY)) as desk:
        walk(desk, [*BY_CARD[:2], (("choose_reason", Reason.UNWELL), SavingView), ("settle", LeftView)])
        assert desk.entries()[0].decision.outcome == "no_effect"


# --- back ----------------------------------------------------------------------------------------


def test_a_card_says_at_once_that_its_pupil_is_back(desk):
    out_and_an_hour_later(desk)
    walk(desk, [("choose_returning", FindView), (("tap", "P5"), SavingView), ("settle", DoneView)])
    assert desk.journey.view.returning
    back = desk.entries()[-1]
    assert (back.kind, back.pupil, back.reason) == (Kind.RETURN, "P5", "medical")
    assert back.decision.basis.returning
    assert back.at == london("11:00")


def test_a_card_at_home_means_back_for_a_pupil_who_is_out(desk):
    out_and_an_hour_later(desk)
    walk(desk, [(("tap", "P5"), SavingView), ("settle", DoneView)])
    assert desk.entries()[-1].kind is Kind.RETURN


def test_who_is_late_by_name_but_out_is_back(desk):
    out_and_an_hour_later(desk)
    walk(desk, [("choose_late", FindView), (("type", "TO"), FindView), (("choose_pupil", "P5"), SavingView)])
    walk(desk, [("settle", DoneView)])
    assert desk.entries()[-1].kind is Kind.RETURN


def test_back_by_name_finds_only_who_is_out(desk):
    out_and_an_hour_later(desk)
    walk(desk, [("choose_returning", FindView)])
    assert desk.journey.view.leads_on == frozenset("TB"), "Tom Black alone"
    assert not desk.journey.view.by_year
    walk(desk, [(("type", "TO"), FindView), (("choose_pupil", "P5"), SavingView), ("settle", DoneView)])
    desk.clock.passes(60)
    walk(desk, [("done", HomeView), ("choose_returning", Trouble.NOBODY_OUT)])


def test_back_when_nobody_is_out_is_said(desk):
    walk(desk, [("choose_returning", Trouble.NOBODY_OUT)])


def test_a_card_of_somebody_who_is_not_out_signs_in(desk):
    out_and_an_hour_later(desk)
    walk(desk, [("choose_returning", FindView), (("tap", "P2"), ReasonView)])
    assert desk.journey.view.purpose is Purpose.LATE


def test_a_pupil_who_is_back_and_taps_again_is_in_already(desk):
    out_and_an_hour_later(desk)
    walk(desk, [(("tap", "P5"), SavingView), ("settle", DoneView), ("done", HomeView)])
    desk.clock.passes(30)
    walk(desk, [(("tap", "P5"), DoneView)])
    assert desk.journey.view.already
    assert desk.journey.view.at.strftime("%H:%M") == "11:00"
    assert desk.frames[-1].sound is Sound.ATTENTION
    assert len(desk.entries()) == 2


def test_a_card_tapped_on_the_way_out_brings_nobody_back(desk):
    walk(desk, BY_CARD)
    desk.clock.passes(20)
    walk(desk, [(("tap", "P5"), LeftView), ("settle", LeftView)])
    assert len(desk.entries()) == 1


def test_the_morning_is_accounted_for_when_a_pupil_comes_back_at_noon(desk):
    walk(desk, [*BY_CARD, ("done", HomeView)])
    desk.clock.passes(3.5 * 3600)  # 13:30, between the sessions
    walk(desk, [(("tap", "P5"), SavingView), ("settle", DoneView)])
    assert desk.journey.view.decision.outcome is Outcome.ON_TIME


def test_out_and_back_and_out_again(desk):
    out_and_an_hour_later(desk)
    walk(desk, [(("tap", "P5"), SavingView), ("settle", DoneView), ("done", HomeView)])
    out_and_an_hour_later(desk)
    walk(desk, [(("tap", "P5"), SavingView), ("settle", DoneView)])
    kinds = [entry.kind for entry in desk.entries()]
    assert kinds == [Kind.DEPARTURE, Kind.RETURN] * 2


def test_who_left_meanwhile_and_came_back_is_said_not_to_be_out(desk):
    out_and_an_hour_later(desk)
    walk(desk, [("choose_returning", FindView), (("type", "TO"), FindView)])
    who = desk.desk.school.roster.by_id("P5")
    desk.desk.sign_in(
        who, desk.clock.reading(), None, saved=lambda _: None, failed=lambda _: None, returning=True
    )
    desk.settle()
    walk(desk, [(("choose_pupil", "P5"), Trouble.NOT_OUT)])


def test_a_full_disk_brings_nobody_back(desk):
    out_and_an_hour_later(desk)
    make_room = desk.disk_is_full()
    walk(desk, [(("tap", "P5"), SavingView), ("settle", Trouble.NOT_SAVED), ("done", HomeView)])
    make_room()
    walk(desk, [(("tap", "P5"), SavingView), ("settle", DoneView)])
    assert desk.journey.view.returning


def test_after_a_restart_it_is_known_who_is_out_and_who_is_back(tmp_path):
    school = bundle(pupils=MAY)
    with reception(tmp_path, at="10:00", school=school) as desk:
        out_and_an_hour_later(desk)
        clock = desk.clock
    with reception(tmp_path, school=school, clock=clock) as desk:
        walk(desk, [("choose_collecting", FindView), (("type", "TO"), FindView)])
        assert desk.journey.view.found == ()
        walk(desk, [("back", HomeView), (("tap", "P5"), SavingView), ("settle", DoneView)])
        assert desk.entries()[-1].reason == "medical"
    clock.passes(60)
    with reception(tmp_path, school=school, clock=clock) as desk:
        walk(desk, [("choose_returning", Trouble.NOBODY_OUT), (("tap", "P5"), DoneView)])
        assert desk.journey.view.already


def test_after_a_restart_with_a_clock_in_doubt_it_is_known_by_the_ticks_of_the_boot(tmp_path):
    school = bundle(pupils=MAY)
    with reception(tmp_path, at="10:00", school=school) as desk:
        out_and_an_hour_later(desk)
        clock = desk.clock
    clock.at, clock.trust = london("2026-11-20T16:00"), "unknown"
    with reception(tmp_path, school=school, clock=clock) as desk:
        walk(desk, [(("tap", "P5"), SavingView), ("settle", DoneView)])
        assert desk.journey.view.returning
    clock.boot = "another boot"
    with reception(tmp_path, school=school, clock=clock) as desk:
        walk(desk, [("choose_returning", Trouble.NOBODY_OUT)])


def test_whoever_was_out_yesterday_is_not_out_today(desk):
    walk(desk, [*BY_CARD, ("done", HomeView)])
    desk.clock.passes(23 * 3600)
    walk(desk, [(("tap", "P5"), ReasonView)])
    assert desk.journey.view.purpose is Purpose.LATE


def test_a_pupil_who_was_collected_comes_back_like_any_other(desk):
    walk(desk, [*collecting("P1", "AM"), (("releases", "P1"), ReleaseView), ("settle", LeftView)])
    desk.clock.passes(600)
    walk(desk, [("done", HomeView), (("tap", "P1"), SavingView), ("settle", DoneView)])
    assert desk.journey.view.returning


# --- by year -------------------------------------------------------------------------------------


def test_by_year_then_by_name(desk):
    walk(desk, [("choose_late", FindView), ("choose_by_year", YearView)])
    assert desk.journey.view.years == ("7", "8", "9", "10")
    walk(desk, [(("choose_year", "8"), FindView), (("type", "AM"), FindView)])
    assert [each.id for each in desk.journey.view.found] == ["P4"]
    walk(desk, [("back", YearView), ("back", FindView)])
    assert desk.journey.view.year is None
    walk(desk, [("choose_by_year", YearView), (("choose_year", "8"), FindView), (("type", "AM"), FindView)])
    walk(desk, [(("choose_pupil", "P4"), ReasonView), ("back", FindView), ("back", YearView)])


def test_an_adult_may_look_by_year_too(desk):
    walk(
        desk,
        [("choose_collecting", FindView), ("choose_by_year", YearView), (("choose_year", "7"), FindView)],
    )
    walk(desk, [(("type", "ZO"), FindView), (("choose_pupil", "P3"), NameView)])


def test_years_are_forgotten_at_idle(desk):
    walk(desk, [("choose_late", FindView), ("choose_by_year", YearView), (("waits", IDLE_S), HomeView)])


def test_nobody_who_is_not_listed_can_be_chosen(desk):
    walk(desk, [("choose_late", FindView), (("choose_pupil", "P5"), None), (("type", "AM"), FindView)])
    walk(desk, [(("choose_pupil", "P5"), None)])


def test_a_roster_without_pupils_has_words_of_its_own(tmp_path):
    with reception(tmp_path, school=bundle(pupils=())) as desk:
        assert isinstance(desk.journey.view, HomeView)
        for choice in ("choose_late", "choose_collecting", "choose_returning"):
            walk(desk, [(choice, Trouble.EMPTY_ROSTER), ("done", HomeView)])
        desk.journey.card([card_of("P1")], desk.clock.reading())
        walk(desk, [("settle", Trouble.EMPTY_ROSTER)])


def test_a_policy_that_wants_a_reason_gets_one_by_name_and_does_without_for_a_card(tmp_path):
    with reception(
        tmp_path, at="09:10", school=bundle("burbage", (pupil("P1", "Ben", "Ash", year="4"),))
    ) as desk:
        walk(
            desk,
            [("choose_late", FindView), (("type", "BE"), FindView), (("choose_pupil", "P1"), ReasonView)],
        )
        assert desk.journey.view.required
        walk(desk, [(("choose_reason", None), None), ("back", FindView), ("back", HomeView)])
        walk(desk, [(("tap", "P1"), ReasonView), (("waits", IDLE_S), SavingView), ("settle", DoneView)])
        assert desk.entries()[0].reason is None
