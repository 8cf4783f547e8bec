from unittest.mock import Mock, call

from kiosk.app.early_touches import KeptTouches


def test_the_first_touch_is_kept_until_there_is_a_journey():
    touches, journey = KeptTouches(), Mock()
    touches.choose_late()
    touches.hand_over(journey)
    assert journey.mock_calls == [call.choose_late()]


def test_what_is_touched_after_it_was_meant_for_a_screen_nobody_had_seen():
    touches, journey = KeptTouches(), Mock()
    touches.choose_late()
    touches.choose_late()
    touches.choose_collecting()
    touches.hand_over(journey)
    assert journey.mock_calls == [call.choose_late()]


def test_from_then_on_every_touch_reaches_the_journey():
    touches, journey = KeptTouches(), Mock()
    touches.hand_over(journey)
    touches.press("A")
    touches.press("B")
    assert journey.mock_calls == [call.press("A"), call.press("B")]
