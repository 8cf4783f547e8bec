"""The way to the staff screen: whose PIN opens it, and what wrong ones cost."""

import pytest

from kiosk.journey import IDLE_S
from kiosk.pins import FIRST_LOCK_S, FREE_TRIES
from kiosk.views import (
    FindView,
    HomeView,
    PinState,
    PinView,
    ReasonView,
    SavingView,
    Sound,
    StaffView,
    Trouble,
)
from kiosk.views.touches import (
    ChooseLate,
    ChooseReason,
    ChooseStaff,
    EnterPin,
    Erase,
    GoBack,
    Lock,
    PressDigit,
)
from tests.kiosk.reception import (
    bundle,
    closed_on_wednesday,
    reception,
)
from tests.kiosk.walking import to_staff, walk


@pytest.fixture
def desk(tmp_path):
    with reception(tmp_path) as at_nine_seven:
        yield at_nine_seven


def wrong(desk, times: int) -> None:
    for _ in range(times):
        desk.pin("0000")


def test_a_pin_opens_and_says_whose_it_is(desk):
    walk(desk, [(ChooseStaff(), PinView), (("pin", "190283"), StaffView)])
    assert desk.journey.view.who == "M. Lindqvist"


def test_figures_are_counted_and_never_shown(desk):
    walk(desk, [(ChooseStaff(), PinView)])
    for figure in "471":
        desk.journey.handle(PressDigit(figure))
    assert (desk.journey.view.typed, desk.journey.view.whole) == (3, False)
    walk(desk, [(EnterPin(), None)])
    desk.journey.handle(PressDigit("1"))
    assert desk.journey.view.whole
    desk.journey.handle(Erase())
    assert desk.journey.view.typed == 3
    desk.journey.handle(PressDigit("x"))
    assert desk.journey.view.typed == 3
    for figure in "2345678":
        desk.journey.handle(PressDigit(figure))
    assert desk.journey.view.typed == 8
    assert not any("4711" in repr(frame) for frame in desk.frames)


def test_a_wrong_pin_is_said_and_heard(desk):
    walk(desk, [(ChooseStaff(), PinView), (("pin", "0000"), PinView)])
    assert desk.journey.view.state is PinState.WRONG
    assert desk.frames[-1].sound is Sound.ATTENTION
    walk(desk, [(("pin", "4711"), StaffView)])


def test_five_wrong_ones_lock_and_the_right_one_is_not_looked_at(desk):
    walk(desk, [(ChooseStaff(), PinView)])
    wrong(desk, FREE_TRIES)
    assert (desk.journey.view.state, desk.journey.view.locked_s) == (PinState.LOCKED, 15)
    walk(desk, [(GoBack(), HomeView), (ChooseStaff(), PinView)])
    assert (desk.journey.view.state, desk.journey.view.locked_s) == (PinState.LOCKED, 15)
    for figure in "4711":
        desk.journey.handle(PressDigit(figure))
    assert desk.journey.view.typed == 0
    desk.waits(5)
    assert desk.journey.view.locked_s == 10
    desk.waits(FIRST_LOCK_S - 5)
    assert desk.journey.view.state is PinState.TYPING
    walk(desk, [(("pin", "4711"), StaffView)])


def test_a_pad_that_is_locked_is_left_at_idle_all_the_same(desk):
    walk(desk, [(ChooseStaff(), PinView)])
    wrong(desk, FREE_TRIES + 2)
    for _ in range(int(IDLE_S)):
        desk.waits(1)
    assert isinstance(desk.journey.view, HomeView)


def test_each_wrong_one_more_locks_twice_as_long(desk):
    walk(desk, [(ChooseStaff(), PinView)])
    wrong(desk, FREE_TRIES)
    for seconds in (15, 30, 60, 120):
        assert desk.pins.locked_s == seconds
        desk.clock.passes(seconds)
        walk(desk, [("go_home", HomeView), (ChooseStaff(), PinView)])
        wrong(desk, 1)


def test_a_lock_is_never_longer_than_half_an_hour(desk):
    walk(desk, [(ChooseStaff(), PinView)])
    wrong(desk, FREE_TRIES)
    for _ in range(20):
        desk.clock.passes(desk.pins.locked_s)
        walk(desk, [("go_home", HomeView), (ChooseStaff(), PinView)])
        wrong(desk, 1)
    assert desk.pins.locked_s == 1800


def test_a_right_one_forgets_the_wrong_ones(desk):
    walk(desk, [(ChooseStaff(), PinView)])
    wrong(desk, FREE_TRIES - 1)
    walk(desk, [(("pin", "4711"), StaffView), (Lock(), HomeView), (ChooseStaff(), PinView)])
    wrong(desk, FREE_TRIES - 1)
    assert desk.pins.locked_s == 0


def test_a_restart_forgets_no_wrong_pin(tmp_path):
    with reception(tmp_path) as desk:
        walk(desk, [(ChooseStaff(), PinView)])
        wrong(desk, FREE_TRIES)
        clock = desk.clock
    clock.passes(5)
    with reception(tmp_path, clock=clock) as desk:
        assert desk.pins.locked_s == 10
    clock.boot, clock.seconds = "another boot", 3.0
    with reception(tmp_path, clock=clock) as desk:
        assert desk.pins.locked_s == 15, "nobody knows how long it was off"
        clock.passes(15)
        walk(desk, [(ChooseStaff(), PinView), (("pin", "0000"), PinView)])
        assert desk.pins.locked_s == 30


def test_a_plug_that_is_pulled_while_a_pin_is_looked_at_gives_no_try_for_nothing(tmp_path):
    with reception(tmp_path) as desk:
        walk(desk, [(ChooseStaff(), PinView)])
        for figure in "0000":
            desk.journey.handle(PressDigit(figure))
        desk.journey.handle(EnterPin())  # and nothing that comes of it is heard any more
        desk.journal.state().result(5)
        assert desk.journal.pin_tries().result(5)[0] == 1


def test_a_try_that_cannot_be_counted_is_not_looked_at(desk):
    from concurrent.futures import Future

    def no_space(*_tries: object) -> Future:
        failed: Future = Future()
        failed.set_exception(OSError(28, "No space left on device"))
        return failed

    desk.journal.keep_pin_tries = no_space
    walk(desk, [(ChooseStaff(), PinView), (("pin", "4711"), PinView)])
    assert desk.journey.view.state is PinState.NOT_CHECKED


def test_a_pin_that_is_right_after_the_pad_was_left_opens_nothing(desk):
    walk(desk, [(ChooseStaff(), PinView)])
    for figure in "4711":
        desk.journey.handle(PressDigit(figure))
    desk.journey.handle(EnterPin())
    walk(desk, [(GoBack(), HomeView), ("hear", HomeView), (ChooseStaff(), PinView)])


def test_where_nobody_has_a_pin_it_is_said(tmp_path):
    with reception(tmp_path, school=bundle(staff=[])) as desk:
        walk(desk, [(ChooseStaff(), Trouble.NO_PINS)])


def test_staff_get_in_on_a_closed_day_and_from_a_result(tmp_path):
    school = bundle(calendar=closed_on_wednesday())
    with reception(tmp_path, at="2026-11-25T09:07", school=school) as desk:
        assert desk.frames[-1].staff_door
        walk(desk, [*to_staff(), (Lock(), HomeView), (("tap", "P1"), Trouble.CLOSED_DAY), *to_staff()])


def test_there_is_no_door_in_the_midst_of_somebody_s_visit(desk):
    walk(desk, [(ChooseLate(), FindView)])
    assert not desk.frames[-1].staff_door
    walk(desk, [(ChooseStaff(), None)])


def test_a_card_at_the_pad_goes_first(desk):
    walk(desk, [(ChooseStaff(), PinView), (("tap", "P1"), ReasonView), (ChooseReason(None), SavingView)])
