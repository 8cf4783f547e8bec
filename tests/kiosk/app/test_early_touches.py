from kiosk.app.early_touches import EarlyTouches
from kiosk.views.touches import ChooseCollecting, ChooseLate, PressLetter, Touch


def test_the_first_touch_is_kept_until_there_is_a_journey() -> None:
    touches, received = EarlyTouches(), list[Touch]()
    touches(ChooseLate())
    touches.hand_over(received.append)
    assert received == [ChooseLate()]


def test_later_touches_are_dropped_because_nobody_had_seen_the_screen_they_were_meant_for() -> None:
    touches, received = EarlyTouches(), list[Touch]()
    touches(ChooseLate())
    touches(ChooseLate())
    touches(ChooseCollecting())
    touches.hand_over(received.append)
    assert received == [ChooseLate()]


def test_once_there_is_a_journey_it_receives_every_touch() -> None:
    touches, received = EarlyTouches(), list[Touch]()
    touches.hand_over(received.append)
    touches(PressLetter("A"))
    touches(PressLetter("B"))
    assert received == [PressLetter("A"), PressLetter("B")]
