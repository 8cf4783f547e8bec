"""The reason of all passengers of a late bus who come from now on."""

from attendance.reasons import Reason
from kiosk.screens.arriving.reason import ICONS
from kiosk.screens.kit.choice import Answer, ChoiceScreen
from kiosk.screens.wording import common as common_wording
from kiosk.screens.wording.sentence import say
from kiosk.screens.wording.translate import _
from kiosk.views import BusReasonView
from kiosk.views.touches import ChooseReason


class BusReasonScreen(ChoiceScreen):
    """Shows a `BusReasonView`."""

    def show(self, view: BusReasonView) -> None:
        """Draw what has changed."""
        self.question = say(_("Why are the pupils of this bus late?"))
        self.columns = 3
        self.show_answers(
            tuple(Answer(each, common_wording.reason(each), ICONS[each]) for each in view.reasons)
        )

    def choose(self, value: Reason) -> None:
        """Report the chosen reason."""
        self.touch(ChooseReason(value))
