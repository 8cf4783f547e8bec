"""The language and how all looks: chosen by whoever stands there, and forgotten when they have gone."""

from pathlib import Path

from kiosk.journey import IDLE_S
from kiosk.views import Look
from sync.wire import School
from tests.kiosk.reception import bundle, reception


def looks(desk) -> Look:
    return desk.frames[-1].look


def test_a_language_stays_through_the_visit_and_is_forgotten_at_idle(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        desk.journey.choose_language("pl")
        desk.journey.choose_late()
        assert looks(desk) == Look("pl")
        desk.clock.passes(IDLE_S)
        desk.journey.tick()
        assert looks(desk) == Look("en")


def test_a_language_chosen_at_home_is_forgotten_there_too(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        desk.journey.choose_language("ur")
        for _second in range(int(IDLE_S) - 1):
            desk.clock.passes(1)
            desk.journey.tick()
        assert looks(desk).language == "ur"
        desk.clock.passes(1)
        desk.journey.tick()
        assert looks(desk).language == "en"


def test_the_school_s_own_language_is_spoken_first_and_again_at_idle(tmp_path: Path) -> None:
    welsh_border = bundle().model_copy(update={"school": School(id="oak", name="Oak Lane", language="pl")})
    with reception(tmp_path, school=welsh_border) as desk:
        assert looks(desk).language == "pl"
        desk.journey.choose_language("en")
        assert looks(desk).language == "en"
        desk.clock.passes(IDLE_S)
        desk.journey.tick()
        assert looks(desk).language == "pl"


def test_large_text_and_high_contrast_are_switched_on_and_off(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        desk.journey.choose_large()
        desk.journey.choose_contrast()
        assert looks(desk) == Look("en", large=True, contrast=True)
        desk.journey.choose_large()
        assert looks(desk) == Look("en", large=False, contrast=True)
