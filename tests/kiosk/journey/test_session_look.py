"""The language and how all looks: chosen by whoever stands there, and forgotten when they have gone."""

import pytest

from kiosk.journey import IDLE_S
from kiosk.views import DoneView, FindView, HomeView, Look, ReasonView, SavingView
from kiosk.views.touches import ChooseLanguage, ChooseLate, ChooseReason, ToggleContrast, ToggleLargeText
from sync.wire import BundleSchool
from tests.kiosk.reception import bundle
from tests.kiosk.walking import Way, go, sees

ENGLISH, POLISH, URDU = Look("en"), Look("pl"), Look("ur")
POLISH_SCHOOL = bundle().model_copy(update={"school": BundleSchool(id="oak", name="Oak Lane", language="pl")})


def home(look: Look) -> object:
    return sees(HomeView, frame__look=look)


WAYS = {
    "a language stays through the visit and is forgotten at idle": Way(
        [
            (ChooseLanguage("pl"), home(POLISH)),
            (ChooseLate(), sees(FindView, frame__look=POLISH)),
            (("waits", IDLE_S), home(ENGLISH)),
        ]
    ),
    "a language that is chosen in the midst changes nothing else": Way(
        [
            (ChooseLate(), FindView),
            (("type", "TO"), FindView),
            (ChooseLanguage("ur"), sees(FindView, letters="TO", frame__look=URDU)),
        ]
    ),
    "a language is still spoken by the result": Way(
        [
            (("tap", "P1"), ReasonView),
            (ChooseLanguage("pl"), ReasonView),
            (ChooseReason(None), SavingView),
            ("settle", sees(DoneView, frame__look=POLISH)),
            (("waits", IDLE_S), home(ENGLISH)),
        ],
        ["arrival P1 - L"],
    ),
    "a language that is chosen at home is forgotten there too, though the clock goes on": Way(
        [
            (ChooseLanguage("ur"), home(URDU)),
            *[(("waits", 1), home(URDU))] * (int(IDLE_S) - 1),
            (("waits", 1), home(ENGLISH)),
        ]
    ),
    "the school's own language is spoken first and again at idle": Way(
        [
            ("go_home", home(POLISH)),
            (ChooseLanguage("en"), home(ENGLISH)),
            (("waits", IDLE_S), home(POLISH)),
        ],
        school=POLISH_SCHOOL,
    ),
    "large text and high contrast are switched on and off": Way(
        [
            (ToggleLargeText(), home(Look("en", large=True))),
            (ToggleContrast(), home(Look("en", large=True, contrast=True))),
            (ToggleLargeText(), home(Look("en", contrast=True))),
            (("waits", IDLE_S), home(ENGLISH)),
        ]
    ),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_how_it_looks(tmp_path, way):
    go(tmp_path, way)
