from hardware.readers.presence import Presence


def test_a_held_card_arrives_once_however_long_it_is_held() -> None:
    presence = Presence(gap=0.5)
    arrivals = [presence.arrives("A", at=frame * 0.05) for frame in range(400)]
    assert arrivals == [True] + [False] * 399


def test_the_gap_counts_from_the_last_frame_not_from_the_first() -> None:
    presence = Presence(gap=0.5)
    assert [presence.arrives("A", at=at) for at in (0.0, 0.4, 0.8, 1.3)] == [True, False, False, False]


def test_a_card_that_went_away_and_came_back_arrives_again() -> None:
    presence = Presence(gap=0.5)
    assert [presence.arrives("A", at=at) for at in (0.0, 0.51)] == [True, True]


def test_another_card_arrives_at_once() -> None:
    presence = Presence(gap=0.5)
    assert [presence.arrives(card, at=0.0) for card in ("A", "B")] == [True, True]


def test_two_cards_in_the_field_at_once_arrive_once_each() -> None:
    presence = Presence(gap=0.5)
    arrivals = [presence.arrives("AB"[frame % 2], at=frame * 0.05) for frame in range(40)]
    assert arrivals == [True, True] + [False] * 38


def test_a_card_seen_later_without_a_frame_is_still_there() -> None:
    presence = Presence(gap=0.5)
    presence.arrives("A", at=0.0)
    presence.extend("A", at=3.0)
    assert not presence.arrives("A", at=3.4)
