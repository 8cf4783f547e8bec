"""Letters big enough for a finger in a hurry; those that lead to no pupil are grey and cannot be pressed."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import icons
from kiosk.screens.kit.base import Box, boolean, colour, number, text
from kiosk.screens.kit.tile import Tile
from kiosk.views.touches import Erase, OnTouch, PressLetter

ROWS = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
INDENTS = (0.0, 0.5, 0.0)
"""The last row has a wide key at either end."""
NAME_ROWS = ("QWERTYUIOP", "ASDFGHJKL’", "ZXCVBNM-")
"""An adult's name is typed as it is written: with an apostrophe and a hyphen where it has them."""
SPACE = " "


class Key(Tile):
    """One key. A grey one is not pressed, but says that it was touched (`on_vain`)."""

    __events__ = ("on_vain",)

    ink = colour()
    hidden = boolean(False)
    """There is no such key at the moment, but its place is kept, so that no other key moves."""

    def on_touch_down(self, touch: Any) -> bool:
        """A slip is not swallowed in silence."""
        if not self.enabled and not self.hidden and self.collide_point(*touch.pos):
            self.dispatch("on_vain")
            return True
        return bool(super().on_touch_down(touch))

    def on_vain(self) -> None:
        """Somebody touched the key while it was grey."""


class Keyboard(Box):
    """Three rows. The keys are built once; `light` says which of them lead on.

    With `marks` there are a hyphen and an apostrophe, and the space has its key at all times.
    """

    def __init__(self, touch: OnTouch, *, marks: bool = False, **kwargs: Any) -> None:
        super().__init__(orientation="vertical", **kwargs)
        self._marks = marks
        rows, indents, wide = (NAME_ROWS, (0.0, 0.0, 0.0), 1.0) if marks else (ROWS, INDENTS, 1.5)
        self._keys: dict[str, Key] = {}
        self._touch = touch
        for letters, indent in zip(rows, indents, strict=True):
            row = KeyRow(indent=indent)
            for letter in letters:
                row.add_widget(self._key(letter))
            self.add_widget(row)
            self._last_row = row
        self._space = GlyphKey(glyph=icons.SPACE, hidden=not marks, size_hint_x=wide)
        self._keys[SPACE] = self._space
        self._space.bind(on_choose=lambda _key: touch(PressLetter(SPACE)))
        self._erase = GlyphKey(glyph=icons.DELETE, size_hint_x=wide)
        self._erase.bind(on_choose=lambda _key: touch(Erase()))
        self._last_row.add_widget(self._space, index=len(self._last_row.children))
        self._last_row.add_widget(self._erase)

    def _key(self, letter: str) -> Key:
        key = LetterKey(letter=letter)
        key.bind(on_choose=lambda _key: self._touch(PressLetter(letter)))
        if not self._marks:  # of an adult's name no letter is wrong
            key.bind(on_vain=lambda _key: self._touch(PressLetter(letter)))
        self._keys[letter] = key
        return key

    def light(self, leads_on: frozenset[str], *, may_erase: bool) -> None:
        """Make the letters that lead on pressable and the others grey."""
        for letter, key in self._keys.items():
            key.enabled = letter in leads_on
        self._space.hidden = SPACE not in leads_on and not self._marks
        self._erase.enabled = may_erase


class KeyRow(Box):
    """A row of keys. `indent` is in key widths, at either end."""

    indent = number(0)


class LetterKey(Key):
    """A key with its letter."""

    letter = text("")


class GlyphKey(Key):
    """A wider key with an icon."""

    glyph = text("")


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
