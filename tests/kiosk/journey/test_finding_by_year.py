"""Finding by year, then by name: the second way, for the youngest."""

import pytest

from kiosk.journey import IDLE_S
from kiosk.views import FindView, HomeView, NameView, ReasonView, YearView
from tests.kiosk.reception import reception
from tests.kiosk.walking import walk


@pytest.fixture
def desk(tmp_path):
    with reception(tmp_path, at="10:00") as at_ten:
        yield at_ten


def test_by_year_then_by_name(desk):
    walk(desk, [("choose_late", FindView), ("choose_by_year", YearView)])
    assert desk.journey.view.years == ("7", "8", "9", "10")
    walk(desk, [(("choose_year", "8"), FindView), (("type", "AM"), FindView)])
    assert [each.id for each in desk.journey.view.found] == ["P4"]
    walk(desk, [("back", YearView), ("back", FindView)])
    assert desk.journey.view.year is None
    walk(desk, [("choose_by_year", YearView), (("choose_year", "8"), FindView), (("type", "AM"), FindView)])
    walk(desk, [(("choose_pupil", "P4"), ReasonView), ("back", FindView), ("back", YearView)])


def test_an_adult_may_look_by_year_too(desk):
    walk(
        desk,
        [("choose_collecting", FindView), ("choose_by_year", YearView), (("choose_year", "7"), FindView)],
    )
    walk(desk, [(("type", "ZO"), FindView), (("choose_pupil", "P3"), NameView)])


def test_years_are_forgotten_at_idle(desk):
    walk(desk, [("choose_late", FindView), ("choose_by_year", YearView), (("waits", IDLE_S), HomeView)])
