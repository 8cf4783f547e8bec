"""The languages on real screens: every text changes, and every text fits."""

import re
from collections.abc import Callable

import pytest

from kiosk.screens.kit.scripts import Script, script_of
from kiosk.screens.tools.catalogue import TRANSLATED
from tests.kiosk.screens.conftest import WindowDriver

Open = Callable[[int, int], WindowDriver]
LATIN_EVERYWHERE = frozenset({"PIN"})

pytestmark = pytest.mark.timeout(600)  # every screen is drawn, most of them many times


def stays_english(text: str) -> bool:
    if re.fullmatch("[A-Z]{2}", text):  # a pupil's initials, in the disc beside the question
        return False
    return bool(set(re.findall(r"[A-Za-z’]{2,}", text)) - LATIN_EVERYWHERE)


def test_after_a_change_of_language_no_screen_keeps_a_word_of_the_other(open_window: Open) -> None:
    check_nothing_stays(open_window(800, 480).ask("words", "ur", "few")["words"], at_least=15)


@pytest.mark.slow
def test_a_change_of_language_changes_every_text(open_window: Open) -> None:
    check_nothing_stays(open_window(800, 480).ask("words", "ur")["words"], at_least=100)


def check_nothing_stays(words: dict[str, tuple[list[str], list[str]]], *, at_least: int) -> None:
    in_urdu = {
        name: [text for text in urdu if stays_english(text)] for name, (_english, urdu) in words.items()
    }
    in_english = {
        name: [text for text in english if script_of(text) is Script.ARABIC]
        for name, (english, _urdu) in words.items()
    }
    assert len(words) > at_least
    assert {name: stayed for name, stayed in in_urdu.items() if stayed} == {}
    assert {name: stayed for name, stayed in in_english.items() if stayed} == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_large_text_keeps_its_place_on_each_kind_of_screen(open_window: Open, language: str) -> None:
    assert open_window(800, 480).ask("misfits", "50", language, "large", "few")["misfits"] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "language"),
    [((800, 480), language) for language in TRANSLATED] + [((720, 1280), "ur"), ((720, 1280), "pl")],
    ids=str,
)
def test_large_text_fits_in_every_language(open_window: Open, size: tuple[int, int], language: str) -> None:
    assert open_window(*size).ask("misfits", "50", language, "large")["misfits"] == []
