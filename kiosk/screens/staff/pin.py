"""The PIN screen: a member of staff types their PIN; the digits are never shown."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import header, icons
from kiosk.screens.kit.base import Stack, anything, boolean, number, text
from kiosk.screens.kit.keyboard import GlyphKey, LetterKey
from kiosk.screens.kit.tile_grid import TileGrid
from kiosk.screens.kit.yielding_column import YieldingColumn
from kiosk.screens.staff import staff_tile, unchecked
from kiosk.screens.wording import staff as staff_wording
from kiosk.views import PinState, PinView
from kiosk.views.touches import Erase, OnTouch, PressDigit

__all__ = [
    "PinScreen",
    "TileGrid",
    "YieldingColumn",
    "header",
    "staff_tile",
    "unchecked",
]  # used by the kv file

FIGURES = "123456789"
NO_KEY_WORKS = (PinState.CHECKING, PinState.LOCKED)


class PinScreen(Stack):
    """Shows a `PinView`. The keys are built once."""

    title = text("")
    hint = anything(())
    pupils = anything(())
    collector = anything(())
    request = anything(())
    unchecked = text("")
    unsure = text("")
    typed = number(0)
    whole = boolean(False)
    alarming = boolean(False)

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._keys: list[LetterKey] = []
        for figure in (*FIGURES, "", "0"):
            self._add(figure)
        self._erase = GlyphKey(glyph=icons.DELETE)
        self._erase.bind(on_choose=lambda _key: touch(Erase()))
        self.ids.figures.add_widget(self._erase)

    def _add(self, figure: str) -> None:
        key = LetterKey(letter=figure, hidden=not figure)
        key.bind(on_choose=lambda _key: self.touch(PressDigit(figure)))
        self.ids.figures.add_widget(key)
        self._keys.append(key)

    def show(self, view: PinView) -> None:
        """Draw what has changed."""
        self.title = staff_wording.pin_title(view)
        self.hint = staff_wording.pin_hint(view)
        self.pupils = staff_wording.pin_pupils(view)
        self.collector = staff_wording.pin_collector(view)
        self.request = staff_wording.pin_facts(view)
        self.unchecked = staff_wording.pin_unchecked(view)
        self.unsure = staff_wording.pin_unsure(view)
        self.typed = view.digit_count
        works = view.state not in NO_KEY_WORKS
        self.whole = view.complete and works
        self.alarming = view.state in (PinState.WRONG, PinState.LOCKED, PinState.NOT_CHECKED)
        for key in self._keys:
            key.enabled = works and bool(key.letter)
        self._erase.enabled = works and view.digit_count > 0


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
