"""The languages on real screens: nothing of another language stays, and nothing leaves its place."""

import re
from collections.abc import Callable

import pytest

from kiosk.screens import gallery
from kiosk.screens.catalogue import TRANSLATED
from kiosk.screens.translate import LANGUAGES
from tests.screens.conftest import Driven

Open = Callable[[int, int], Driven]
LATIN_WORDS = frozenset({"PIN"})
"""What is written in Latin letters in every language."""


def stays_latin(text: str) -> bool:
    """Whether a text has a Latin word beside names of languages and what is Latin everywhere."""
    return text not in LANGUAGES.values() and bool(set(re.findall(r"[A-Za-z’]{2,}", text)) - LATIN_WORDS)


@pytest.mark.timeout(600)
def test_after_a_change_of_language_nothing_of_the_other_stays(open_window: Open) -> None:
    words = open_window(800, 480).ask("words", "ur")["words"]
    stayed = {
        name: [text for text in foreign if stays_latin(text)] for name, (foreign, _left) in words.items()
    }
    assert {name: texts for name, texts in stayed.items() if texts} == {}
    assert {name: left for name, (_foreign, left) in words.items() if left} == {}


@pytest.mark.parametrize("size", sorted(gallery.SIZES), ids=str)
@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.timeout(600)
def test_at_every_size_every_language_keeps_its_place(
    open_window: Open, size: tuple[int, int], language: str
) -> None:
    assert open_window(*size).ask("misfits", "50", language)["misfits"] == []


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.timeout(600)
def test_large_text_keeps_its_place_in_every_language(open_window: Open, language: str) -> None:
    assert open_window(800, 480).ask("misfits", "50", language, "large")["misfits"] == []
