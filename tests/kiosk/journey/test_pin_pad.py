"""The PIN pad: which PINs open the staff screen, and how wrong ones lock it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.journey import IDLE_S
from kiosk.pins import FIRST_LOCK_S, FORGIVEN_AFTER_S, FREE_TRIES
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
    Reception,
    bundle,
    closed_on_wednesday,
    reception,
)
from tests.kiosk.walking import present, sees, to_staff, walk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path) as at_nine_seven:
        yield at_nine_seven


def enter_wrong_pins(desk: Reception, times: int) -> None:
    for _ in range(times):
        desk.pin("0000")


def test_a_right_pin_opens_the_staff_screen_with_its_owners_name(desk: Reception) -> None:
    walk(desk, [(ChooseStaff(), PinView), (("pin", "190283"), StaffView)])
    assert desk.view_as(StaffView).member == "M. Lindqvist"


def test_digits_are_counted_and_never_shown(desk: Reception) -> None:
    walk(desk, [(ChooseStaff(), PinView)])
    for digit in "471":
        desk.journey.handle(PressDigit(digit))
    assert (desk.view_as(PinView).digit_count, desk.view_as(PinView).complete) == (3, False)
    walk(desk, [(EnterPin(), None)])
    desk.journey.handle(PressDigit("1"))
    assert desk.view_as(PinView).complete
    desk.journey.handle(Erase())
    assert desk.view_as(PinView).digit_count == 3
    desk.journey.handle(PressDigit("x"))
    assert desk.view_as(PinView).digit_count == 3
    for digit in "2345678":
        desk.journey.handle(PressDigit(digit))
    assert desk.view_as(PinView).digit_count == 8
    assert not any("4711" in repr(frame) for frame in desk.frames)


def test_a_wrong_pin_is_shown_and_heard(desk: Reception) -> None:
    walk(desk, [(ChooseStaff(), PinView), (("pin", "0000"), PinView)])
    assert desk.view_as(PinView).state is PinState.WRONG
    assert desk.frames[-1].sound is Sound.ATTENTION
    walk(desk, [(("pin", "4711"), StaffView)])


def test_five_wrong_pins_lock_the_pad_for_the_right_one_too(desk: Reception) -> None:
    walk(desk, [(ChooseStaff(), PinView)])
    enter_wrong_pins(desk, FREE_TRIES)
    assert (desk.view_as(PinView).state, desk.view_as(PinView).locked_s) == (PinState.LOCKED, 15)
    walk(desk, [(GoBack(), HomeView), (ChooseStaff(), PinView)])
    assert (desk.view_as(PinView).state, desk.view_as(PinView).locked_s) == (PinState.LOCKED, 15)
    for digit in "4711":
        desk.journey.handle(PressDigit(digit))
    assert desk.view_as(PinView).digit_count == 0
    desk.waits(5)
    assert desk.view_as(PinView).locked_s == 10
    desk.waits(FIRST_LOCK_S - 5)
    assert desk.view_as(PinView).state is PinState.TYPING
    walk(desk, [(("pin", "4711"), StaffView)])


def test_a_locked_pad_goes_home_at_idle(desk: Reception) -> None:
    walk(desk, [(ChooseStaff(), PinView)])
    enter_wrong_pins(desk, FREE_TRIES + 2)
    for _ in range(int(IDLE_S)):
        desk.waits(1)
    assert isinstance(desk.journey.view, HomeView)


def test_each_further_wrong_pin_locks_twice_as_long(desk: Reception) -> None:
    walk(desk, [(ChooseStaff(), PinView)])
    enter_wrong_pins(desk, FREE_TRIES)
    for seconds in (15, 30, 60, 120):
        assert desk.pins.locked_s == seconds
        desk.clock.passes(seconds)
        walk(desk, [("go_home", HomeView), (ChooseStaff(), PinView)])
        enter_wrong_pins(desk, 1)


def test_a_lock_is_never_longer_than_half_an_hour(desk: Reception) -> None:
    walk(desk, [(ChooseStaff(), PinView)])
    enter_wrong_pins(desk, FREE_TRIES)
    for _ in range(20):
        desk.clock.passes(desk.pins.locked_s)
        walk(desk, [("go_home", HomeView), (ChooseStaff(), PinView)])
        enter_wrong_pins(desk, 1)
    assert desk.pins.locked_s == 1800


def test_a_right_pin_is_no_wrong_try_and_gives_no_new_ones(desk: Reception) -> None:
    for _ in range(FREE_TRIES + 1):
        walk(desk, [(ChooseStaff(), PinView), (("pin", "4711"), StaffView), (Lock(), HomeView)])
    walk(desk, [(ChooseStaff(), PinView)])
    enter_wrong_pins(desk, FREE_TRIES - 1)
    walk(desk, [(("pin", "4711"), StaffView), (Lock(), HomeView), (ChooseStaff(), PinView)])
    enter_wrong_pins(desk, 1)
    assert desk.pins.locked_s == FIRST_LOCK_S


def test_a_member_of_staff_cannot_guess_a_colleagues_pin_between_uses_of_their_own(desk: Reception) -> None:
    wrong = 0
    for _ in range(24 * 60):  # a day: a minute for each try
        walk(desk, [(ChooseStaff(), PinView)])
        if not desk.pins.locked_s:
            enter_wrong_pins(desk, 1)
            wrong += 1
        if not desk.pins.locked_s:
            walk(desk, [(("pin", "4711"), StaffView), (Lock(), HomeView)])
        else:
            walk(desk, [("go_home", HomeView)])
        desk.clock.passes(60)
    assert wrong <= FREE_TRIES + 24 * 60 * 60 / FORGIVEN_AFTER_S + 8


def test_wrong_tries_are_forgiven_one_by_one_by_time(desk: Reception) -> None:
    walk(desk, [(ChooseStaff(), PinView)])
    enter_wrong_pins(desk, FREE_TRIES)
    desk.clock.passes(FIRST_LOCK_S + FORGIVEN_AFTER_S)
    walk(desk, [("go_home", HomeView), (ChooseStaff(), PinView)])
    enter_wrong_pins(desk, 1)
    assert desk.pins.locked_s == FIRST_LOCK_S, "four were left, and this is the fifth"
    desk.clock.passes(FIRST_LOCK_S + 3 * FORGIVEN_AFTER_S)
    walk(desk, [("go_home", HomeView), (ChooseStaff(), PinView)])
    enter_wrong_pins(desk, 2)
    assert desk.pins.locked_s == 0


def test_a_restart_remembers_wrong_pins(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, [(ChooseStaff(), PinView)])
        enter_wrong_pins(desk, FREE_TRIES)
        clock = desk.clock
    clock.passes(5)
    with reception(tmp_path, clock=clock) as desk:
        assert desk.pins.locked_s == 10
    clock.boot, clock.seconds = "another boot", 3.0
    with reception(tmp_path, clock=clock) as desk:
        assert desk.pins.locked_s == 15, "how long it was off is unknown"
        clock.passes(15)
        walk(desk, [(ChooseStaff(), PinView), (("pin", "0000"), PinView)])
        assert desk.pins.locked_s == 30


def test_a_try_is_counted_before_it_is_checked_so_pulling_the_plug_gains_none(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, [(ChooseStaff(), PinView)])
        for digit in "0000":
            desk.journey.handle(PressDigit(digit))
        desk.journey.handle(EnterPin())  # the plug is pulled before the result
        desk.journal.state().result(5)
        assert present(desk.journal.pin_tries().result(5))[0] == 1


def test_a_try_that_cannot_be_counted_is_not_checked(desk: Reception) -> None:
    from concurrent.futures import Future

    def no_space(*_tries: object) -> Future[None]:
        failed: Future[None] = Future()
        failed.set_exception(OSError(28, "No space left on device"))
        return failed

    desk.journal.__dict__["keep_pin_tries"] = no_space
    walk(desk, [(ChooseStaff(), PinView), (("pin", "4711"), PinView)])
    assert desk.view_as(PinView).state is PinState.NOT_CHECKED


def test_a_pin_that_is_checked_after_the_pad_has_closed_opens_nothing(desk: Reception) -> None:
    walk(desk, [(ChooseStaff(), PinView)])
    for digit in "4711":
        desk.journey.handle(PressDigit(digit))
    desk.journey.handle(EnterPin())
    walk(desk, [(GoBack(), HomeView), ("deliver_next", HomeView), (ChooseStaff(), PinView)])


def test_a_school_without_pins_shows_a_problem(tmp_path: Path) -> None:
    with reception(tmp_path, school=bundle(staff=[])) as desk:
        walk(desk, [(ChooseStaff(), Trouble.NO_PINS)])


def test_staff_can_enter_on_a_closed_day_and_from_a_problem(tmp_path: Path) -> None:
    school = bundle(calendar=closed_on_wednesday())
    with reception(tmp_path, at="2026-11-25T09:07", school=school) as desk:
        assert desk.frames[-1].staff_can_enter
        walk(desk, [*to_staff(), (Lock(), HomeView), (("tap", "P1"), Trouble.CLOSED_DAY), *to_staff()])


def test_staff_cannot_enter_during_a_visit(desk: Reception) -> None:
    walk(desk, [(ChooseLate(), FindView)])
    assert not desk.frames[-1].staff_can_enter
    walk(desk, [(ChooseStaff(), None)])


def test_a_card_tapped_at_the_pad_waits(desk: Reception) -> None:
    walk(desk, [(ChooseStaff(), PinView), (("tap", "P1"), sees(PinView, frame__cards_waiting=1))])
    walk(desk, [(GoBack(), ReasonView), (ChooseReason(None), SavingView)])
