from datetime import time

import pytest

from kiosk.screens import samples
from kiosk.screens.arriving.bar import ZoneName, bar, label_place, left_edge, mark_places


def test_zones_are_drawn_to_scale() -> None:
    drawn = bar(samples.MORNING, time(9, 7, 30))
    assert [zone.name for zone in drawn.zones] == [ZoneName.ON_TIME, ZoneName.LATE, ZoneName.CLOSED]
    assert [zone.end for zone in drawn.zones] == pytest.approx([1 / 3, 2 / 3, 1])
    assert drawn.now == pytest.approx(0.5)
    assert [mark.time for mark in drawn.marks] == [time(8, 45), time(9), time(9, 15)]


def test_a_register_without_a_late_zone_shows_none() -> None:
    drawn = bar(samples.AFTERNOON, time(14))
    assert [zone.name for zone in drawn.zones] == [ZoneName.ON_TIME, ZoneName.CLOSED]
    assert [mark.time for mark in drawn.marks] == [time(13, 55), time(14, 10)]


def test_a_register_without_an_on_time_zone_shows_one_before_it_opens() -> None:
    drawn = bar(samples.LONG_LATE, time(10))
    assert drawn.zones[0].name is ZoneName.ON_TIME
    assert drawn.marks[0].at == pytest.approx(drawn.zones[0].end)
    assert [mark.time for mark in drawn.marks] == [time(9, 30), time(10), time(10, 30)]


@pytest.mark.parametrize(("now", "place"), [(time(0), 0.0), (time(23, 59), 1.0)])
def test_now_stays_on_the_bar(now: time, place: float) -> None:
    assert bar(samples.MORNING, now).now == place


def test_a_label_is_centred_unless_the_marker_is_there() -> None:
    assert label_place((100, 300), now=50, gap=10, width=60) == 170
    assert label_place((100, 300), now=280, gap=10, width=60) == 170


def test_a_label_moves_to_the_wider_side_of_the_marker() -> None:
    assert label_place((100, 300), now=180, gap=10, width=60) == 215
    assert label_place((100, 300), now=210, gap=10, width=60) == 120


def test_a_label_without_room_is_left_out() -> None:
    assert label_place((100, 150), now=0, gap=10, width=60) is None
    assert label_place((100, 200), now=150, gap=10, width=60) is None


def test_times_below_the_bar_never_overlap() -> None:
    assert mark_places([0, 100, 200], [50, 50, 50], total=300, gap=10) == [0, 100, 200]
    assert mark_places([0, 30, 200], [50, 50, 50], total=300, gap=10) == [None, 30, 200]
    assert mark_places([0, 280], [50, 50], total=300, gap=10) == [0, 250]


def test_in_a_right_to_left_language_the_bar_begins_at_the_right() -> None:
    assert [left_edge(start, 100, 400, from_right=False) for start in (0, 100, 300)] == [0, 100, 300]
    assert [left_edge(start, 100, 400, from_right=True) for start in (0, 100, 300)] == [300, 200, 0]
