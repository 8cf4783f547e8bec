"""The language and how all looks: chosen by whoever stands there, and forgotten when they have gone."""

import pytest

from kiosk.journey import IDLE_S
from kiosk.views import DoneView, FindView, HomeView, Look, ReasonView, SavingView
from sync.wire import School
from tests.kiosk.reception import bundle
from tests.kiosk.walking import Way, go, sees

ENGLISH, POLISH, URDU = Look("en"), Look("pl"), Look("ur")
POLISH_SCHOOL = bundle().model_copy(update={"school": School(id="oak", name="Oak Lane", language="pl")})


def home(look: Look) -> object:
    return sees(HomeView, frame__look=look)


WAYS = {
    "a language stays through the visit and is forgotten at idle": Way(
        [
            (("choose_language", "pl"), home(POLISH)),
            ("choose_late", sees(FindView, frame__look=POLISH)),
            (("waits", IDLE_S), home(ENGLISH)),
        ]
    ),
    "a language that is chosen in the midst changes nothing else": Way(
        [
            ("choose_late", FindView),
            (("type", "TO"), FindView),
            (("choose_language", "ur"), sees(FindView, letters="TO", frame__look=URDU)),
        ]
    ),
    "a language is still spoken by the result": Way(
        [
            (("tap", "P1"), ReasonView),
            (("choose_language", "pl"), ReasonView),
            (("choose_reason", None), SavingView),
            ("settle", sees(DoneView, frame__look=POLISH)),
            (("waits", IDLE_S), home(ENGLISH)),
        ],
        ["arrival P1 - L"],
    ),
    "a language that is chosen at home is forgotten there too, though the clock goes on": Way(
        [
            (("choose_language", "ur"), home(URDU)),
            *[(("waits", 1), home(URDU))] * (int(IDLE_S) - 1),
            (("waits", 1), home(ENGLISH)),
        ]
    ),
    "the school's own language is spoken first and again at idle": Way(
        [
            ("go_home", home(POLISH)),
            (("choose_language", "en"), home(ENGLISH)),
            (("waits", IDLE_S), home(POLISH)),
        ],
        school=POLISH_SCHOOL,
    ),
    "large text and high contrast are switched on and off": Way(
        [
            ("choose_large", home(Look("en", large=True))),
            ("choose_contrast", home(Look("en", large=True, contrast=True))),
            ("choose_large", home(Look("en", contrast=True))),
            (("waits", IDLE_S), home(ENGLISH)),
        ]
    ),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_how_it_looks(tmp_path, way):
    go(tmp_path, way)
