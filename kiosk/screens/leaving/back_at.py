"""The back-at screen: when will the pupil be back in school?"""

from datetime import time

from kiosk.screens.kit.choice import Answer, ChoiceScreen
from kiosk.screens.wording import common as common_wording
from kiosk.screens.wording import leaving as leaving_wording
from kiosk.screens.wording.translate import _
from kiosk.views import BackAtView, Purpose
from kiosk.views.touches import ChooseReturnTime

FEW = 5
"""Up to this many times stand in two columns."""
MANY = 11
"""More times stand in six columns: in four they would need a fourth row, too low for a finger."""


class BackAtScreen(ChoiceScreen):
    """Shows a `BackAtView`."""

    def show(self, view: BackAtView) -> None:
        """Draw what has changed."""
        self.question = leaving_wording.when_back(view)
        self.who = leaving_wording.pupils(view.pupils)
        self.step = 4 if view.purpose is Purpose.COLLECTING else 0
        many = 6 if len(view.times) > MANY else 4
        self.columns, self.columns_upright = (many, 4 if many > 4 else 3) if len(view.times) > FEW else (2, 2)
        times = [Answer(each, common_wording.clock(each)) for each in view.times]
        self.show_answers((*times, Answer(None, _("Not back today"), quiet=True)))

    def choose(self, value: time | None) -> None:
        """Report the chosen time; `None` for “Not back today”."""
        self.touch(ChooseReturnTime(value))
