"""Finding by year, then by name: the second way, for the youngest."""

import pytest

from kiosk.journey import IDLE_S
from kiosk.views import FindView, HomeView, NameView, ReasonView, YearView
from kiosk.views.touches import ChooseCollecting, ChooseLate, ChoosePupil, ChooseYear, FindByYear, GoBack
from tests.kiosk.reception import reception
from tests.kiosk.walking import walk


@pytest.fixture
def desk(tmp_path):
    with reception(tmp_path, at="10:00") as at_ten:
        yield at_ten


def test_by_year_then_by_name(desk):
    walk(desk, [(ChooseLate(), FindView), (FindByYear(), YearView)])
    assert desk.journey.view.years == ("7", "8", "9", "10")
    walk(desk, [(ChooseYear("8"), FindView), (("type", "AM"), FindView)])
    assert [each.id for each in desk.journey.view.found] == ["P4"]
    walk(desk, [(GoBack(), YearView), (GoBack(), FindView)])
    assert desk.journey.view.year is None
    walk(desk, [(FindByYear(), YearView), (ChooseYear("8"), FindView), (("type", "AM"), FindView)])
    walk(desk, [(ChoosePupil("P4"), ReasonView), (GoBack(), FindView), (GoBack(), YearView)])


def test_an_adult_may_look_by_year_too(desk):
    walk(
        desk,
        [(ChooseCollecting(), FindView), (FindByYear(), YearView), (ChooseYear("7"), FindView)],
    )
    walk(desk, [(("type", "ZO"), FindView), (ChoosePupil("P3"), NameView)])


def test_years_are_forgotten_at_idle(desk):
    walk(desk, [(ChooseLate(), FindView), (FindByYear(), YearView), (("waits", IDLE_S), HomeView)])
