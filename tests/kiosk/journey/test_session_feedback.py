"""What is heard, when the screen goes dim, and what a waking touch does not do."""

import pytest

from attendance.reasons import Reason
from kiosk.journey import DIM_S, DONE_S
from kiosk.views import DoneView, FindView, HomeView, ReasonView, SavingView, Sound, Trouble
from kiosk.views.touches import ChooseLate, ChooseReason, Finish, GoBack, ToggleLargeText, Wake
from tests.kiosk.reception import reception
from tests.kiosk.walking import walk


@pytest.fixture
def desk(tmp_path):
    with reception(tmp_path) as at_nine_seven:
        yield at_nine_seven


def sounds(desk) -> list:
    return [frame.sound for frame in desk.frames if frame.sound]


def test_what_is_recorded_is_heard_once(desk):
    walk(desk, [(("tap", "P1"), ReasonView), (ChooseReason(Reason.OTHER), SavingView)])
    assert sounds(desk) == []
    walk(desk, [("settle", DoneView)])
    desk.waits(1)
    assert sounds(desk) == [Sound.ACCEPTED]
    assert desk.frames[-1].sound is Sound.ACCEPTED or desk.frames[-1].sound is None


def test_the_next_frame_after_a_sound_has_it_no_more(desk):
    desk.journey.two_cards()
    assert desk.frames[-1].sound is Sound.ATTENTION
    desk.journey.handle(ToggleLargeText())
    assert desk.frames[-1].sound is None


def test_an_unknown_card_has_a_sound_of_its_own_each_time(desk):
    for _ in range(2):
        desk.journey.card(["em4100:DEADBEEF"], desk.clock.reading())
    assert sounds(desk) == [Sound.UNKNOWN_CARD] * 2


def test_an_unknown_card_in_the_midst_of_finding_is_said(desk):
    walk(desk, [(ChooseLate(), FindView)])
    desk.journey.card(["em4100:DEADBEEF"], desk.clock.reading())
    walk(desk, [("settle", Trouble.UNKNOWN_CARD), (("waits", DONE_S), HomeView)])


def test_the_screen_goes_dim_when_nobody_is_here_and_light_when_it_is_touched(desk):
    desk.waits(DIM_S - 1)
    assert not desk.frames[-1].dimmed
    desk.waits(1)
    assert desk.frames[-1].dimmed
    walk(desk, [(Wake(), HomeView)])
    assert not desk.frames[-1].dimmed
    desk.waits(DIM_S - 1)
    assert not desk.frames[-1].dimmed
    walk(desk, [(ChooseLate(), FindView)])


@pytest.mark.parametrize("touch", [Wake(), ToggleLargeText(), Finish()])
def test_any_touch_wakes(desk, touch):
    desk.waits(DIM_S)
    desk.journey.handle(touch)
    assert not desk.frames[-1].dimmed


def test_a_card_wakes_a_dimmed_screen_and_counts(desk):
    desk.waits(DIM_S)
    walk(desk, [(("tap", "P1"), ReasonView)])
    assert not desk.frames[-1].dimmed


def test_it_is_not_dimmed_while_somebody_is_here(desk):
    for _ in range(30):
        walk(desk, [(ChooseLate(), FindView), (("waits", 15), FindView), (GoBack(), HomeView)])
    assert not any(frame.dimmed for frame in desk.frames)


def test_going_dim_is_drawn_once(desk):
    desk.waits(DIM_S)
    before = len(desk.frames)
    for _ in range(20):
        desk.clock.seconds += 1  # the clock on the wall stands still
        desk.journey.tick()
    assert len(desk.frames) == before
