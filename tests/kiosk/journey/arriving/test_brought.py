"""The result for the children whom an adult brought: each with what was recorded, or that it was not."""

from pathlib import Path

from kiosk.journey import IDLE_S, NEXT_S
from kiosk.views import BroughtView, DoneView, HomeView, Progress, SavingView, Sound, Trouble
from kiosk.views.touches import AddPupil, Finish, SignInChildren
from tests.kiosk.journey.arriving.test_bringing import ADULT, TOM, TRAFFIC, ZOE
from tests.kiosk.reception import reception
from tests.kiosk.walking import Steps, all_entries, sees, walk

FAMILY: Steps = [*ADULT, *ZOE, (AddPupil(), object), *TOM, TRAFFIC]


def test_every_child_is_named_with_what_was_recorded(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, [*FAMILY, (SignInChildren(), SavingView), ("settle", BroughtView)])
        view = desk.view_as(BroughtView)
        assert [(each.pupil.id, each.decision.code) for each in view.arrivals] == [("P3", "L"), ("P5", "L")]
        assert view.progress is Progress.SAVED
        desk.journey.entries_settled(dict.fromkeys(view.entries, Progress.SENT))
        assert desk.view_as(BroughtView).progress is Progress.SENT


def test_a_child_whose_arrival_fails_is_named_and_recorded_once_there_is_room(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, FAMILY)
        desk.disk_fails_after(1)
        walk(
            desk,
            [
                (SignInChildren(), SavingView),
                ("settle", sees(BroughtView, not_saved=("P5",), frame__sound=Sound.ATTENTION)),
            ],
        )
        assert [each.pupil.id for each in desk.view_as(BroughtView).arrivals] == ["P3"]
        touched = all_entries(desk)[0].at
        desk.disk_has_room()
        walk(desk, [(("waits", 1), None), ("settle", None)])
        first, later = all_entries(desk)
        assert (first.pupil, later.pupil) == ("P3", "P5")
        assert later.brought_by == "Ruth Okafor"
        assert later.at == touched


def test_with_a_full_disk_no_child_is_shown_as_recorded(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, FAMILY)
        desk.disk_is_full()
        walk(desk, [(SignInChildren(), SavingView), ("settle", Trouble.ARRIVAL_WAITS)])


def test_a_disk_that_does_not_answer_counts_as_failed(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, [*FAMILY, (SignInChildren(), SavingView), (("waits", IDLE_S), Trouble.ARRIVAL_WAITS)])
        walk(desk, [(Finish(), Trouble.DISK_FAILED)])


def test_the_child_s_own_second_tap_leaves_the_result_on_the_screen(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, [*FAMILY, (SignInChildren(), SavingView), ("settle", BroughtView), (("tap", "P5"), None)])
        walk(desk, [(("tap", "P1"), None), (("waits", NEXT_S), object)])
        assert not isinstance(desk.journey.view, BroughtView | DoneView | HomeView)
        assert len(all_entries(desk)) == 2
