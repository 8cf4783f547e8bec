"""Which bus is late? The routes of the school's policy, or another one."""

from typing import Any

from kiosk.screens.kit import icons
from kiosk.screens.kit.choice import Answer, ChoiceScreen
from kiosk.screens.wording.sentence import say
from kiosk.screens.wording.translate import _
from kiosk.views import BusRouteView
from kiosk.views.touches import ChooseRoute, TypeRoute

FEW, MANY = 4, 9
"""Up to so many routes stand in two columns, and in three; each is high enough for a finger."""


class BusRouteScreen(ChoiceScreen):
    """Shows a `BusRouteView`."""

    def show(self, view: BusRouteView) -> None:
        """Draw what has changed."""
        self.question = say(_("Which bus is late?"))
        self.columns = 2 if len(view.routes) <= FEW else 3 if len(view.routes) <= MANY else 4
        answers = [Answer(route, say("{route}", route=route), icons.BUS) for route in view.routes]
        answers.append(Answer(None, _("Another bus"), quiet=True))
        self.show_answers(tuple(answers))

    def choose(self, value: Any) -> None:
        """Report the chosen route; `None` for another one."""
        self.touch(TypeRoute() if value is None else ChooseRoute(value))
