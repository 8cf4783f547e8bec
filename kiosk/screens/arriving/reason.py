"""Reason: why are you late, why do you leave? The policy's reasons as tiles."""

from attendance.reasons import Reason
from kiosk.screens.kit import icons
from kiosk.screens.kit.choice import ChoiceScreen, Offer
from kiosk.screens.wording import common, leaving
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
"""So few reasons stand in two columns whatever the screen."""


class ReasonScreen(ChoiceScreen):
    """Shows a `ReasonView`."""

    def show(self, view: ReasonView) -> None:
        """Draw what has changed."""
        self.question = common.why(view)
        self.who = leaving.pupils((view.pupil, *view.others))
        self.step = 3 if view.purpose is Purpose.COLLECTING else 0
        self.columns = 2 if len(view.reasons) <= FEW else 3
        offers = [Offer(reason, common.reason(reason), ICONS[reason]) for reason in view.reasons]
        if not view.required:
            offers.append(Offer(None, _("I’d rather not say"), quiet=True))
        self.offer(tuple(offers))

    def choose(self, value: Reason | None) -> None:
        """A reason was touched, or not to say."""
        self.touch(ChooseReason(value))
