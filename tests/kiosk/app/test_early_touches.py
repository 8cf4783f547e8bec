from kiosk.app.early_touches import EarlyTouches
from kiosk.views.touches import ChooseCollecting, ChooseLate, PressLetter, Touch


class TouchRecorder(list[tuple[Touch, float]]):
    """A handler that records the touches, each with its age."""

    def __call__(self, touch: Touch, *, age_s: float = 0.0) -> None:
        self.append((touch, age_s))


class Seconds:
    """A clock that the test sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_first_touch_is_kept_with_its_instant_until_there_is_a_journey() -> None:
    clock = Seconds()
    touches, received = EarlyTouches(clock), TouchRecorder()
    touches(ChooseLate())
    clock.now += 1.5
    touches.hand_over(received)
    assert received == [(ChooseLate(), 1.5)]


def test_later_touches_are_dropped_because_they_were_meant_for_a_screen_not_shown_yet() -> None:
    touches, received = EarlyTouches(Seconds()), TouchRecorder()
    touches(ChooseLate())
    touches(ChooseLate())
    touches(ChooseCollecting())
    touches.hand_over(received)
    assert received == [(ChooseLate(), 0.0)]


def test_once_there_is_a_journey_it_receives_every_touch() -> None:
    touches, received = EarlyTouches(Seconds()), TouchRecorder()
    touches.hand_over(received)
    touches(PressLetter("A"))
    touches(PressLetter("B"))
    assert received == [(PressLetter("A"), 0.0), (PressLetter("B"), 0.0)]
