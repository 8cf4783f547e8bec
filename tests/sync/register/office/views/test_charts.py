"""The geometry of bars: within the drawing, and as high as their numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.register.office.views.charts import ROOM_BELOW, ChartBar, stacked

bars = st.lists(
    st.builds(ChartBar, st.just("Mon"), st.just("Monday"), st.integers(0, 900), st.integers(0, 900))
)


@given(bars)
def test_nothing_is_drawn_outside(bars: list[ChartBar]) -> None:
    chart = stacked(bars, width=320, height=180)
    for box in chart.boxes:
        assert box.x >= 0
        assert box.x + box.width <= 320.01
        assert box.y >= 0
        assert box.y + box.height <= 180 - ROOM_BELOW + 0.05
    assert all(0 < label.x < 320 for label in chart.labels)


def test_u_is_stacked_on_l_in_proportion_to_the_numbers() -> None:
    late, closed = stacked([ChartBar("Mon", "Monday", late=3, closed=1)]).boxes
    assert late.height == pytest.approx(3 * closed.height, abs=0.05)
    assert closed.y + closed.height == pytest.approx(late.y, abs=0.05)


def test_a_day_without_lates_has_a_label_and_no_bar() -> None:
    chart = stacked([ChartBar("Mon", "Monday", 0, 0)])
    assert (chart.boxes, chart.numbers) == ([], [])
    assert [label.text for label in chart.labels] == ["Mon"]


def test_only_some_of_many_bars_have_a_label() -> None:
    assert len(stacked([ChartBar("Mon", "Monday", 1, 0)] * 190, width=1000).labels) <= 12
