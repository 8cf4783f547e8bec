"""A tapped card is on the disk at once, and becomes one arrival, also when the kiosk dies."""

from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.views import DoneView, FindView, HomeView, ReasonView, SavingView
from kiosk.views.touches import CardMeansLeaving, ChooseCollecting, ChooseLate, ChooseReason, Finish, GoBack
from sync.wire import Trust
from tests.kiosk.journey.leaving.test_alone import BY_CARD, SCHOOL
from tests.kiosk.reception import PUPILS, Reception, bundle, london, reception
from tests.kiosk.walking import all_entries, by_name, entry_text, sees, walk


def arrivals(desk: Reception) -> list[tuple[str, str]]:
    """Each entry as `entry_text` puts it, with its instant (UTC)."""
    desk.settle()
    return [(entry_text(each), each.at.strftime("%H:%M:%S")) for each in all_entries(desk)]


def open_taps(desk: Reception) -> list[str]:
    """The pupils whose taps on the disk are no entries yet."""
    return [tap.pupil for tap in desk.journal.taps().result(5)]


def test_a_tap_is_on_the_disk_before_any_answer_and_goes_with_its_entry(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, [(("tap", "P1"), ReasonView)])
        [tap] = desk.journal.taps().result(5)
        assert (tap.pupil, tap.reading.at) == ("P1", london("09:07"))
        walk(desk, [(ChooseReason(Reason.TRAFFIC), SavingView), ("settle", DoneView)])
        [entry] = desk.entries()
        assert (entry.id, open_taps(desk)) == (tap.id, [])


def test_a_kiosk_that_dies_at_the_question_signs_the_pupil_in_at_its_next_start_once(tmp_path: Path) -> None:
    with reception(tmp_path, at="09:14:58") as desk:
        walk(desk, [(("tap", "P1"), ReasonView)])  # nothing closes the visit
    for _ in range(2):
        with reception(tmp_path, at="09:31") as desk:
            assert arrivals(desk) == [("arrival P1 - L", "09:14:58")]
            assert open_taps(desk) == []
    with reception(tmp_path, at="09:32") as desk:
        walk(desk, [(("tap", "P1"), sees(DoneView, already=True))])


def test_every_waiting_card_survives(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        for pupil in ("P1", "P2", "P5"):
            desk.tap(pupil)
            desk.clock.passes(3)
        walk(desk, [(ChooseReason(Reason.WEATHER), SavingView), ("settle", DoneView)])
    with reception(tmp_path, at="10:00") as desk:
        assert arrivals(desk) == [
            ("arrival P1 weather L", "09:07:00"),
            ("arrival P2 - L", "09:07:03"),
            ("arrival P5 - L", "09:07:06"),
        ]


def test_the_card_of_a_pupil_who_is_out_becomes_a_return(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00", school=SCHOOL) as desk:
        walk(desk, [*BY_CARD, (Finish(), HomeView), (ChooseCollecting(), object)])
        desk.clock.passes(3600)
        desk.tap("P5")  # asked whether Tom is being collected; the kiosk dies
    with reception(tmp_path, at="11:05", school=SCHOOL) as desk:
        assert arrivals(desk)[1:] == [("return P5 medical -", "11:00:00")]


def test_a_card_that_meant_the_pupil_to_be_collected_is_no_arrival(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, [(ChooseCollecting(), object), (("tap", "P5"), object), (CardMeansLeaving(), object)])
        desk.settle()
        assert open_taps(desk) == []
    with reception(tmp_path) as desk:
        assert arrivals(desk) == []


@pytest.mark.parametrize("at", ["15:20", "2026-11-28T09:07"], ids=["after school", "on a Saturday"])
def test_a_card_that_is_no_arrival_is_not_kept(tmp_path: Path, at: str) -> None:
    with reception(tmp_path, at=at) as desk:
        desk.tap("P1")
        assert open_taps(desk) == []


def test_a_second_tap_of_a_pupil_who_is_in_is_not_kept(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, [(("tap", "P1"), ReasonView), (ChooseReason(None), SavingView), ("settle", DoneView)])
        walk(desk, [(("tap", "P1"), sees(DoneView, already=True))])
        assert open_taps(desk) == []


def test_the_first_of_several_taps_counts(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, [(ChooseLate(), object), (("type", "TO"), object), (("tap", "P1"), object)])
        desk.clock.passes(9)
        desk.tap("P1")
    with reception(tmp_path) as desk:
        assert arrivals(desk) == [("arrival P1 - L", "09:07:00")]


def test_a_tap_with_an_untrusted_clock_keeps_its_doubt(tmp_path: Path) -> None:
    with reception(tmp_path, at="1970-01-01T01:10", trust="unknown") as desk:
        desk.tap("P1")
    with reception(tmp_path) as desk:
        desk.settle()
        [entry] = all_entries(desk)
        assert (entry.clock.trust, entry.decision.needs_office) == (Trust.UNKNOWN, True)


def test_a_tap_of_a_pupil_who_left_the_roster_is_for_the_office(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        desk.tap("P1")
    with reception(tmp_path, school=bundle(pupils=PUPILS[1:])) as desk:
        desk.settle()
        [entry] = all_entries(desk)
        assert (entry.pupil, entry.at, entry.decision.needs_office) == ("P1", london("09:07"), True)
        assert open_taps(desk) == []


def test_a_tap_that_waited_past_the_end_of_school_counts_at_its_own_instant(tmp_path: Path) -> None:
    with reception(tmp_path, at="15:14:40") as desk:
        walk(desk, [(ChooseLate(), FindView), (("type", "ZO"), FindView), (("tap", "P5"), None)])
        desk.clock.passes(25)
        walk(desk, [(GoBack(), sees(ReasonView, pupil="P5")), (ChooseReason(None), SavingView)])
        assert arrivals(desk) == [("arrival P5 - U", "15:14:40")]


def test_a_tap_after_school_leaves_nothing_for_the_next_day(tmp_path: Path) -> None:
    with reception(tmp_path, at="14:00", school=SCHOOL) as desk:
        walk(desk, [*BY_CARD, (Finish(), HomeView)])
        desk.clock.passes(105 * 60)
        desk.tap("P5")
        assert open_taps(desk) == []
        desk.clock.passes(17.5 * 3600)
        walk(desk, [("go_home", HomeView), (("tap", "P5"), sees(ReasonView, pupil="P5"))])


def test_a_card_while_the_name_is_being_saved_is_the_same_arrival(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, [*by_name(ChooseLate(), "TO", "P5"), (ChooseReason(Reason.TRAFFIC), SavingView)])
        desk.tap("P5")
        assert arrivals(desk) == [("arrival P5 traffic L", "09:07:00")]
        assert open_taps(desk) == []


def test_a_second_tap_at_the_question_is_no_second_arrival(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, [(ChooseCollecting(), FindView), (("tap", "P5"), object), (("tap", "P5"), object)])
        walk(desk, [(CardMeansLeaving(), sees(object, frame__cards_waiting=0)), ("go_home", HomeView)])
        assert (arrivals(desk), open_taps(desk)) == ([], [])


def test_when_the_kiosk_is_free_no_tap_is_left_open(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        desk.desk.tap(PUPILS[4], desk.clock.reading())  # by a way that nobody has thought of
        walk(desk, [("go_home", HomeView)])
        assert arrivals(desk) == [("arrival P5 - L", "09:07:00")]
        assert open_taps(desk) == []
