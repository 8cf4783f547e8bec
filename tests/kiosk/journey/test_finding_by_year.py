"""Finding a pupil by year, then by name."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.journey import IDLE_S
from kiosk.views import FindView, HomeView, NameView, ReasonView, YearView
from kiosk.views.touches import ChooseCollecting, ChooseLate, ChoosePupil, ChooseYear, FindByYear, GoBack
from tests.kiosk.reception import Reception, reception
from tests.kiosk.walking import walk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path, at="10:00") as at_ten:
        yield at_ten


def test_a_pupil_is_found_by_year_then_by_name(desk: Reception) -> None:
    walk(desk, [(ChooseLate(), FindView), (FindByYear(), YearView)])
    assert desk.view_as(YearView).years == ("7", "8", "9", "10")
    walk(desk, [(ChooseYear("8"), FindView), (("type", "AM"), FindView)])
    assert [each.id for each in desk.view_as(FindView).matches] == ["P4"]
    walk(desk, [(GoBack(), YearView), (GoBack(), FindView)])
    assert desk.view_as(FindView).year is None
    walk(desk, [(FindByYear(), YearView), (ChooseYear("8"), FindView), (("type", "AM"), FindView)])
    walk(desk, [(ChoosePupil("P4"), ReasonView), (GoBack(), FindView), (GoBack(), YearView)])


def test_an_adult_can_find_by_year_too(desk: Reception) -> None:
    walk(
        desk,
        [(ChooseCollecting(), FindView), (FindByYear(), YearView), (ChooseYear("7"), FindView)],
    )
    walk(desk, [(("type", "ZO"), FindView), (ChoosePupil("P3"), NameView)])


def test_the_list_of_years_goes_home_at_idle(desk: Reception) -> None:
    walk(desk, [(ChooseLate(), FindView), (FindByYear(), YearView), (("waits", IDLE_S), HomeView)])
