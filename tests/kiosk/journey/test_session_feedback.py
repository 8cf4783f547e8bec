"""Sounds, and when the screen goes dim and lights up again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.journey import DIM_S
from kiosk.views import DoneView, FindView, HomeView, Notice, ReasonView, SavingView, Sound
from kiosk.views.touches import ChooseLate, ChooseReason, Finish, GoBack, ToggleLargeText, Touch, Wake
from tests.kiosk.reception import Reception, reception
from tests.kiosk.walking import sees, walk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path) as at_nine_seven:
        yield at_nine_seven


def sounds(desk: Reception) -> list[Sound]:
    return [frame.sound for frame in desk.frames if frame.sound]


def test_a_recorded_entry_is_heard_once(desk: Reception) -> None:
    walk(desk, [(("tap", "P1"), ReasonView), (ChooseReason(Reason.OTHER), SavingView)])
    assert sounds(desk) == []
    walk(desk, [("settle", DoneView)])
    desk.waits(1)
    assert sounds(desk) == [Sound.ACCEPTED]
    assert desk.frames[-1].sound is Sound.ACCEPTED or desk.frames[-1].sound is None


def test_a_sound_is_in_one_frame_only(desk: Reception) -> None:
    desk.journey.two_cards()
    assert desk.frames[-1].sound is Sound.ATTENTION
    desk.journey.handle(ToggleLargeText())
    assert desk.frames[-1].sound is None


def test_an_unknown_card_is_heard_each_time(desk: Reception) -> None:
    for _ in range(2):
        desk.journey.card(["em4100:DEADBEEF"], desk.clock.reading())
    assert sounds(desk) == [Sound.UNKNOWN_CARD] * 2


def test_an_unknown_card_while_a_name_is_typed_is_shown(desk: Reception) -> None:
    walk(desk, [(ChooseLate(), FindView)])
    desk.journey.card(["em4100:DEADBEEF"], desk.clock.reading())
    walk(desk, [("settle", sees(FindView, frame__notice=Notice.UNKNOWN_CARD))])


def test_the_screen_goes_dim_when_it_is_idle_and_lights_up_at_a_touch(desk: Reception) -> None:
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
def test_any_touch_lights_the_screen(desk: Reception, touch: Touch) -> None:
    desk.waits(DIM_S)
    desk.journey.handle(touch)
    assert not desk.frames[-1].dimmed


def test_a_card_lights_a_dimmed_screen_and_is_taken(desk: Reception) -> None:
    desk.waits(DIM_S)
    walk(desk, [(("tap", "P1"), ReasonView)])
    assert not desk.frames[-1].dimmed


def test_the_screen_does_not_go_dim_while_it_is_used(desk: Reception) -> None:
    for _ in range(30):
        walk(desk, [(ChooseLate(), FindView), (("waits", 15), FindView), (GoBack(), HomeView)])
    assert not any(frame.dimmed for frame in desk.frames)


def test_going_dim_draws_one_frame(desk: Reception) -> None:
    desk.waits(DIM_S)
    before = len(desk.frames)
    for _ in range(20):
        desk.clock.seconds += 1  # the clock on the wall stands still
        desk.journey.tick()
    assert len(desk.frames) == before
