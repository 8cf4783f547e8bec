"""The reason screen: the policy's reasons for being late or for leaving, as tiles."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from kivy.lang import Builder

from attendance.reasons import Reason
from kiosk.screens.kit import icons, person
from kiosk.screens.kit.base import anything, boolean, number
from kiosk.screens.kit.choice import Answer, ChoiceScreen
from kiosk.screens.kit.theme import theme
from kiosk.screens.wording import common as common_wording
from kiosk.screens.wording import leaving as leaving_wording
from kiosk.screens.wording.translate import _
from kiosk.views import PupilLabel, Purpose, ReasonView
from kiosk.views.touches import ChooseReason, OnTouch

__all__ = ["ReasonScreen", "person"]  # used by the kv file

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


MOST_ROWS, MOST_UPRIGHT_ROWS = 3, 5
"""Rows in which the words have room beside an icon on a small display, and on a portrait one."""


class ReasonScreen(ChoiceScreen):
    """Shows a `ReasonView`: whose reason it is, the reasons, and the pupils who come next.

    The strip of the next pupils keeps its place when it is empty: on the screen before, Done was there.
    """

    words_alone = False
    quiet_apart = False
    pupil: PupilLabel | None = anything(None)
    form_line = anything(())
    rows = number(0)
    """Rows of tiles; with more than usual, the tiles have no icons."""
    may_refuse = boolean(False)
    """“I’d rather not say” is offered."""

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        super().__init__(touch, **kwargs)
        theme.fbind("portrait", lambda *_: self._show_reasons())
        self._answers: tuple[Answer, ...] = ()

    def show(self, view: ReasonView) -> None:
        """Draw what has changed."""
        self.question = common_wording.reason_question(view)
        self.pupil = view.pupil
        self.form_line = leaving_wording.form_and_others(view.pupil, len(view.others))
        self.step = 3 if view.purpose is Purpose.COLLECTING else 0
        self.columns = 2 if len(view.reasons) <= FEW else 3
        self.may_refuse = not view.required
        same = view.same
        self._answers = (
            *((Answer(same, common_wording.same_reason(same), ICONS[same]),) if same else ()),
            *(
                Answer(each, common_wording.reason(each), ICONS[each])
                for each in view.reasons
                if each != same
            ),
        )
        self._show_reasons()

    def _show_reasons(self) -> None:
        """Show the reasons; upright, “I’d rather not say” stands among them, else on the pupil's panel."""
        refusal = (Answer(None, refuse_to_say(), quiet=True),) if self.may_refuse and theme.portrait else ()
        answers = (*self._answers, *refusal)
        columns = self.columns_upright if theme.portrait else self.columns
        self.rows = -(-len(answers) // int(columns))
        tall = self.rows > (MOST_UPRIGHT_ROWS if theme.portrait else MOST_ROWS)
        if tall and (theme.compact or theme.portrait):
            answers = tuple(replace(each, icon="") for each in answers)
        self.show_answers(answers)

    def choose(self, value: Reason | None) -> None:
        """Report the chosen reason; `None` for “I’d rather not say”."""
        self.touch(ChooseReason(value))


def refuse_to_say() -> str:
    """The answer that gives no reason."""
    return _("I’d rather not say")


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
