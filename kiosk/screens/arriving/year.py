"""The year screen: another way to find a name, for the youngest pupils."""

from kiosk.screens.kit.choice import Answer, ChoiceScreen
from kiosk.screens.wording import find as find_wording
from kiosk.views import Purpose, YearView
from kiosk.views.touches import ChooseYear

COLUMNS = ((4, 2), (6, 3))
"""(most years, columns): more years than these stand in four columns."""

UPRIGHT = 8
"""Up to this many years stand in two columns on a portrait screen, more in three."""


class YearScreen(ChoiceScreen):
    """Shows a `YearView`."""

    def show(self, view: YearView) -> None:
        """Draw what has changed."""
        self.question = find_wording.which_year(view.purpose)
        self.step = 1 if view.purpose is Purpose.COLLECTING else 0
        fitting = (columns for most, columns in COLUMNS if len(view.years) <= most)
        self.columns = next(fitting, 4)
        self.columns_upright = 2 if len(view.years) <= UPRIGHT else 3
        self.show_answers(tuple(Answer(year, find_wording.year(year)) for year in view.years))

    def choose(self, value: str) -> None:
        """Report the chosen year."""
        self.touch(ChooseYear(value))
