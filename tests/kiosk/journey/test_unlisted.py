"""“My name isn’t here”: a pupil who is not on the list is never lost, nor taken for another pupil."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.desk import SignIn
from kiosk.journey import IDLE_S
from kiosk.views import (
    DoneView,
    FindView,
    HomeView,
    LeftView,
    Progress,
    ReasonView,
    SavingView,
    UnlistedView,
)
from kiosk.views.touches import (
    ChooseCollecting,
    ChooseLate,
    ChooseLeaving,
    ChooseReason,
    ChooseReturning,
    ConfirmName,
    Erase,
    Finish,
    GoBack,
    ManageCards,
    NameNotListed,
    PressLetter,
    Touch,
)
from sync.wire import Entry, Kind, Unlisted, policy_as_sent
from tests.kiosk.reception import Reception, bundle, london, pupil, reception
from tests.kiosk.walking import Steps, all_entries, collecting, sees, to_staff, walk

NAME = "JAMIE-LEE O’NEILL"
WRITTEN = "Jamie-Lee O’Neill"
NAMED: Steps = [
    (ChooseLate(), FindView),
    (("type", "AM"), FindView),
    (NameNotListed(), sees(UnlistedView, typed="", complete=False, form_of="")),
    (("type", NAME), sees(UnlistedView, typed=WRITTEN, complete=True, started="09:14")),
    (ConfirmName(), sees(UnlistedView, typed="", complete=True, form_of=WRITTEN, started="09:14")),
]
TO_REASON: Steps = [
    *NAMED,
    (("type", "7B"), sees(UnlistedView, typed="7B")),
    (ConfirmName(), sees(ReasonView, started="09:14")),
]
REASON: Steps = [(ChooseReason(Reason.OVERSLEPT), SavingView), ("settle", sees(DoneView, unlisted=True))]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path, at="09:14") as before_the_register_closes:
        yield before_the_register_closes


def only_entry(desk: Reception) -> Entry:
    (entry,) = all_entries(desk)
    return entry


def test_the_arrival_is_kept_with_its_first_touch_and_the_name_as_typed(desk: Reception) -> None:
    walk(desk, [(ChooseLate(), FindView)])
    desk.clock.passes(15)
    walk(desk, [(NameNotListed(), UnlistedView), (("type", NAME), UnlistedView)])
    desk.clock.passes(15)
    walk(desk, [(ConfirmName(), UnlistedView), (("type", "7B"), UnlistedView), (ConfirmName(), ReasonView)])
    desk.clock.passes(15)
    walk(desk, REASON)
    entry = only_entry(desk)
    assert entry.unlisted == Unlisted(name=WRITTEN, form="7B")
    assert entry.pupil.startswith("unlisted:")
    assert (entry.kind, entry.at, entry.reason) == (Kind.ARRIVAL, london("09:14"), "overslept")
    assert (entry.decision.code, entry.decision.needs_office) == (None, True)


def test_the_done_screen_is_for_the_typed_name(desk: Reception) -> None:
    walk(desk, [*TO_REASON, *REASON])
    done = desk.view_as(DoneView)
    assert (done.pupil.name, done.pupil.form, done.progress) == ("Jamie-Lee O.", "7B", Progress.SAVED)


def test_a_pupil_who_does_not_know_the_form_goes_on_without_it(desk: Reception) -> None:
    walk(desk, [*NAMED, (ConfirmName(), ReasonView), *REASON])
    assert only_entry(desk).unlisted == Unlisted(name=WRITTEN, form="")


def test_two_pupils_with_the_same_typed_name_are_two_arrivals(desk: Reception) -> None:
    for _pupil in range(2):
        walk(desk, [*TO_REASON, *REASON, (Finish(), HomeView)])
    assert len({entry.pupil for entry in all_entries(desk)}) == 2


@pytest.mark.parametrize(
    "leaves",
    [
        [("go_home", HomeView)],
        [("stop", object)],
        [(("waits", IDLE_S), ReasonView), (("waits", IDLE_S), SavingView)],
    ],
    ids=["another user", "the kiosk stops", "the pupil walks on"],
)
def test_a_pupil_who_has_typed_a_name_is_never_lost(desk: Reception, leaves: Steps) -> None:
    walk(desk, [*NAMED, *leaves, ("settle", object)])
    assert [each.unlisted.name for each in all_entries(desk) if each.unlisted] == [WRITTEN]


def test_a_pupil_who_is_asked_for_a_reason_is_not_lost_either(desk: Reception) -> None:
    walk(desk, [*TO_REASON, ("go_home", HomeView), ("settle", HomeView)])
    assert only_entry(desk).unlisted == Unlisted(name=WRITTEN, form="7B")


def test_a_card_waits_until_the_typed_name_is_recorded(desk: Reception) -> None:
    walk(desk, [*NAMED, (("tap", "P5"), sees(UnlistedView, form_of=WRITTEN)), (ConfirmName(), ReasonView)])
    walk(desk, [*REASON, (Finish(), sees(ReasonView, pupil="P5"))])
    assert [each.reason for each in all_entries(desk) if each.unlisted] == ["overslept"]


def test_an_unfinished_name_is_forgotten(desk: Reception) -> None:
    walk(desk, [*NAMED[:3], (("type", "JA"), UnlistedView), (("waits", IDLE_S), HomeView), ("settle", None)])
    assert all_entries(desk) == []


def test_step_by_step_back_to_the_list(desk: Reception) -> None:
    walk(desk, [*NAMED, (PressLetter("7"), UnlistedView), (GoBack(), sees(UnlistedView, typed=WRITTEN))])
    walk(
        desk,
        [(Erase(), sees(UnlistedView, typed="Jamie-Lee O’Neil")), (GoBack(), sees(FindView, letters="AM"))],
    )
    assert all_entries(desk) == []


def test_a_name_needs_two_letters_and_has_no_digits(desk: Reception) -> None:
    walk(desk, [*NAMED[:3], (PressLetter("J"), sees(UnlistedView, typed="J", complete=False))])
    walk(
        desk,
        [
            (ConfirmName(), None),
            (PressLetter("7"), None),
            (PressLetter("O"), sees(UnlistedView, complete=True)),
        ],
    )


def test_a_pupil_who_comes_back_and_is_not_listed_is_an_arrival(desk: Reception) -> None:
    walk(desk, [*collecting(), (("releases", "P5"), object), ("settle", LeftView), ("go_home", HomeView)])
    walk(desk, [(ChooseReturning(), sees(FindView, may_be_unlisted=True)), (NameNotListed(), UnlistedView)])
    walk(desk, [(("type", NAME), UnlistedView), (ConfirmName(), UnlistedView), (ConfirmName(), SavingView)])
    walk(desk, [("settle", sees(DoneView, unlisted=True))])
    assert [each.kind for each in all_entries(desk) if each.unlisted] == [Kind.ARRIVAL]


@pytest.mark.parametrize(
    "purpose", [ChooseCollecting(), ChooseLeaving()], ids=lambda each: type(each).__name__
)
def test_only_an_arriving_pupil_may_be_unlisted(tmp_path: Path, purpose: Touch) -> None:
    school = bundle(pupils=(pupil("P1", "Amelia", "Kent", leaves_alone=True),))
    with reception(tmp_path, at="10:00", school=school) as desk:
        walk(desk, [(purpose, sees(FindView, may_be_unlisted=False)), (NameNotListed(), None)])


def test_staff_who_change_cards_are_not_offered_it(desk: Reception) -> None:
    walk(desk, [*to_staff(), (ManageCards(), sees(FindView, may_be_unlisted=False)), (NameNotListed(), None)])


def test_a_school_can_switch_it_off(tmp_path: Path) -> None:
    school = bundle()
    policy = {**policy_as_sent(school.policy), "listed_only": True}
    with reception(tmp_path, school=school.model_copy(update={"policy": policy})) as desk:
        walk(desk, [(ChooseLate(), sees(FindView, may_be_unlisted=False)), (NameNotListed(), None)])


def test_the_typed_name_is_still_known_after_a_restart(tmp_path: Path) -> None:
    with reception(tmp_path, at="09:14") as desk:
        walk(desk, [*TO_REASON, *REASON])
    with reception(tmp_path, at="09:20") as restarted:
        (here,) = restarted.desk.whereabouts()
        assert isinstance(here, SignIn)
        assert (here.pupil.first, here.pupil.last, here.pupil.form) == ("Jamie-Lee", "O’Neill", "7B")


def test_a_doubtful_time_is_corrected_for_the_same_unlisted_pupil(tmp_path: Path) -> None:
    with reception(tmp_path, at="09:14", trust="unknown") as desk:
        walk(desk, [*TO_REASON[:-1], (ConfirmName(), ReasonView), *REASON])
        first = only_entry(desk)
        desk.clock.passes(600)
        desk.clock.trust = "synced"
        desk.desk.correct_times(desk.clock.reading())
        desk.deliver_next()
        desk.settle()
        corrected = next(each for each in all_entries(desk) if each.corrects == first.id)
        assert (corrected.pupil, corrected.unlisted) == (first.pupil, first.unlisted)
