"""The language and the look: chosen by the user, and reset when they leave."""

from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.journey import IDLE_S
from kiosk.journey.session import LOOK_S
from kiosk.views import DoneView, FindView, HomeView, Look, ReasonView, SavingView
from kiosk.views.touches import (
    ChooseLanguage,
    ChooseLate,
    ChooseReason,
    Finish,
    ToggleContrast,
    ToggleLargeText,
)
from sync.wire import BundleSchool
from tests.kiosk.reception import bundle
from tests.kiosk.walking import ExpectedView, Visit, by_name, run_visit, sees

ENGLISH, POLISH, URDU = Look("en"), Look("pl"), Look("ur")
POLISH_SCHOOL = bundle().model_copy(update={"school": BundleSchool(id="oak", name="Oak Lane", language="pl")})


def home(look: Look) -> ExpectedView:
    return sees(HomeView, frame__look=look)


VISITS = {
    "a language stays through the visit and is forgotten at idle": Visit(
        [
            (ChooseLanguage("pl"), home(POLISH)),
            (ChooseLate(), sees(FindView, frame__look=POLISH)),
            (("waits", IDLE_S), home(ENGLISH)),
        ]
    ),
    "a language chosen during a visit changes nothing else": Visit(
        [
            (ChooseLate(), FindView),
            (("type", "TO"), FindView),
            (ChooseLanguage("ur"), sees(FindView, letters="TO", frame__look=URDU)),
        ]
    ),
    "the result is in the chosen language": Visit(
        [
            (("tap", "P1"), ReasonView),
            (ChooseLanguage("pl"), ReasonView),
            (ChooseReason(None), SavingView),
            ("settle", sees(DoneView, frame__look=POLISH)),
            (("waits", IDLE_S), home(ENGLISH)),
        ],
        ["arrival P1 - L"],
    ),
    "a language chosen at home is forgotten at idle too": Visit(
        [
            (ChooseLanguage("ur"), home(URDU)),
            *[(("waits", 1), home(URDU))] * (int(LOOK_S) - 1),
            (("waits", 1), home(ENGLISH)),
        ]
    ),
    "the school's own language comes first, and again at idle": Visit(
        [
            ("go_home", home(POLISH)),
            (ChooseLanguage("en"), home(ENGLISH)),
            (("waits", IDLE_S), home(POLISH)),
        ],
        school=POLISH_SCHOOL,
    ),
    "a language ends with the visit, whoever comes next": Visit(
        [
            (("tap", "P1"), ReasonView),
            (ChooseLanguage("pl"), sees(ReasonView, frame__look=POLISH)),
            (ChooseReason(None), SavingView),
            ("settle", DoneView),
            (Finish(), home(ENGLISH)),
        ],
        ["arrival P1 - L"],
    ),
    "a language ends when the next card takes over": Visit(
        [
            (("tap", "P1"), ReasonView),
            (ChooseLanguage("pl"), ReasonView),
            (ChooseReason(None), SavingView),
            ("settle", sees(DoneView, frame__look=POLISH)),
            (("tap", "P2"), DoneView),
            (Finish(), sees(ReasonView, pupil="P2", frame__look=ENGLISH)),
        ],
        ["arrival P1 - L"],
    ),
    "a language ends when a visit ends in a queue of cards": Visit(
        [
            *by_name(ChooseLate(), "TO", "P5"),
            (ChooseLanguage("pl"), ReasonView),
            (ToggleLargeText(), sees(ReasonView, frame__look=Look("pl", large=True))),
            (("tap", "P2"), sees(ReasonView, frame__look=Look("pl", large=True))),
            (ChooseReason(Reason.TRAFFIC), SavingView),
            ("settle", DoneView),
            (Finish(), sees(ReasonView, pupil__id="P2", frame__look=ENGLISH)),
        ],
        ["arrival P5 traffic L"],
    ),
    "a language chosen at home holds for the card that follows": Visit(
        [
            (ChooseLanguage("ur"), home(URDU)),
            (("tap", "P1"), sees(ReasonView, frame__look=URDU)),
        ]
    ),
    "large text and high contrast are switched on and off": Visit(
        [
            (ToggleLargeText(), home(Look("en", large=True))),
            (ToggleContrast(), home(Look("en", large=True, contrast=True))),
            (ToggleLargeText(), home(Look("en", contrast=True))),
            (("waits", IDLE_S), home(ENGLISH)),
        ]
    ),
}


@pytest.mark.parametrize("visit", VISITS.values(), ids=VISITS)
def test_the_look_lasts_for_one_visit(tmp_path: Path, visit: Visit) -> None:
    run_visit(tmp_path, visit)
