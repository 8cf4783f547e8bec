"""The reason screen: the policy's reasons for being late or for leaving, as tiles."""

from attendance.reasons import Reason
from kiosk.screens.kit import icons
from kiosk.screens.kit.choice import Answer, ChoiceScreen
from kiosk.screens.wording import common as common_wording
from kiosk.screens.wording import leaving as leaving_wording
from kiosk.screens.wording.translate import _
from kiosk.views import Purpose, ReasonView
from kiosk.views.touches import ChooseReason

ICONS = {
    Reason.OVERSLEPT: icons.BED,
    Reason.TRAFFIC: icons.CAR,
    Reason.SCHOOL_TRANSPORT: icons.BUS,
    Reason.PUBLIC_TRANSPORT: icons.TRAIN,
    Reason.MEDICAL: icons.STETHOSCOPE,
    Reason.UNWELL: icons.THERMOMETER,
    Reason.FAMILY: icons.USERS,
    Reason.WEATHER: icons.CLOUD_RAIN,
    Reason.INTERVIEW: icons.BRIEFCASE,
    Reason.OTHER: icons.MESSAGE_MORE,
}


FEW = 4
"""Up to this many reasons stand in two columns on every screen."""


class ReasonScreen(ChoiceScreen):
    """Shows a `ReasonView`."""

    def show(self, view: ReasonView) -> None:
        """Draw what has changed."""
        self.question = common_wording.reason_question(view)
        self.who = leaving_wording.pupils((view.pupil, *view.others))
        self.step = 3 if view.purpose is Purpose.COLLECTING else 0
        self.columns = 2 if len(view.reasons) <= FEW else 3
        answers = [Answer(reason, common_wording.reason(reason), ICONS[reason]) for reason in view.reasons]
        if not view.required:
            answers.append(Answer(None, _("I’d rather not say"), quiet=True))
        self.show_answers(tuple(answers))

    def choose(self, value: Reason | None) -> None:
        """Report the chosen reason; `None` for “I’d rather not say”."""
        self.touch(ChooseReason(value))
