"""Year: which year are you in? The second way to find a name, for the youngest."""

from kiosk.screens.kit.choice import ChoiceScreen, Offer
from kiosk.screens.wording import find
from kiosk.views import Purpose, YearView
from kiosk.views.touches import ChooseYear

COLUMNS = ((4, 2), (6, 3))
"""Up to so many years stand in so many columns; more stand in four."""

UPRIGHT = 8
"""Up to so many years stand in two columns on an upright screen, more in three."""


class YearScreen(ChoiceScreen):
    """Shows a `YearView`."""

    def show(self, view: YearView) -> None:
        """Draw what has changed."""
        self.question = find.which_year(view.purpose)
        self.step = 1 if view.purpose is Purpose.COLLECTING else 0
        fitting = (columns for most, columns in COLUMNS if len(view.years) <= most)
        self.columns = next(fitting, 4)
        self.columns_upright = 2 if len(view.years) <= UPRIGHT else 3
        self.offer(tuple(Offer(year, find.year(year)) for year in view.years))

    def choose(self, value: str) -> None:
        """A year was touched."""
        self.touch(ChooseYear(value))
