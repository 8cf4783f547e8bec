"""Back at: when will the pupil be back in school?"""

from datetime import time

from kiosk.screens.kit.choice import ChoiceScreen, Offer
from kiosk.screens.wording import common, leaving
from kiosk.screens.wording.translate import _
from kiosk.views import BackAtView, Purpose
from kiosk.views.touches import ChooseReturnTime

FEW = 5
"""So few times stand in two columns."""
MANY = 11
"""More times need a fourth row in four columns, and then a finger has no room: they stand in six."""


class BackAtScreen(ChoiceScreen):
    """Shows a `BackAtView`."""

    def show(self, view: BackAtView) -> None:
        """Draw what has changed."""
        self.question = leaving.when_back(view)
        self.who = leaving.pupils(view.pupils)
        self.step = 4 if view.purpose is Purpose.COLLECTING else 0
        many = 6 if len(view.times) > MANY else 4
        self.columns, self.columns_upright = (many, 3) if len(view.times) > FEW else (2, 2)
        times = [Offer(each, common.clock(each)) for each in view.times]
        self.offer((*times, Offer(None, _("Not back today"), quiet=True)))

    def choose(self, value: time | None) -> None:
        """A time was touched, or not today."""
        self.touch(ChooseReturnTime(value))
