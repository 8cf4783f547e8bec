"""The on-screen keyboard: large keys; letters that match no pupil are grey and cannot be pressed."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import icons
from kiosk.screens.kit.base import Stack, boolean, colour, number, text
from kiosk.screens.kit.tile import Tile
from kiosk.views.touches import Erase, OnTouch, PressLetter

ROWS = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
INDENTS = (0.0, 0.5, 0.0)
"""In key widths; the last row has a wide key at either end."""
NAME_ROWS = ("QWERTYUIOP", "ASDFGHJKL’", "ZXCVBNM-")
"""A name that is typed in full, as it is written, has apostrophes and hyphens."""
DIGITS = "1234567890"
"""A form has digits as well as letters."""
SPACE = " "


class Key(Tile):
    """One key. A grey key cannot be chosen, but reports a touch (`on_disabled_press`)."""

    __events__ = ("on_disabled_press",)

    ink = colour()
    hidden = boolean(False)
    """Keeps its place without being shown, so that no other key moves."""

    def on_touch_down(self, touch: Any) -> bool:
        """Report a touch on a grey key, so that the screen can explain it."""
        if not self.enabled and not self.hidden and self.collide_point(*touch.pos):
            self.dispatch("on_disabled_press")
            return True
        return bool(super().on_touch_down(touch))

    def on_disabled_press(self) -> None:
        """Called when a grey key is touched."""


class Keyboard(Stack):
    """Three rows of keys, built once; `enable` sets which of them can be pressed.

    With `marks` there are a hyphen, an apostrophe and a permanent space; with `digits`, a fourth row above.
    """

    def __init__(self, touch: OnTouch, *, marks: bool = False, digits: bool = False, **kwargs: Any) -> None:
        super().__init__(orientation="vertical", **kwargs)
        self._marks = marks
        rows, indents, wide = (NAME_ROWS, (0.0, 0.0, 0.0), 1.0) if marks else (ROWS, INDENTS, 1.5)
        lines = list(zip(rows, indents, strict=True))
        if digits:
            lines.insert(0, (DIGITS, 0.0))
        self._keys: dict[str, Key] = {}
        self._touch = touch
        for letters, indent in lines:
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
        if not self._marks:  # any letter may follow in an adult's name
            key.bind(on_disabled_press=lambda _key: self._touch(PressLetter(letter)))
        self._keys[letter] = key
        return key

    def enable(self, letters: frozenset[str], *, may_erase: bool) -> None:
        """Enable the keys of these letters and grey the others."""
        for letter, key in self._keys.items():
            key.enabled = letter in letters
        self._space.hidden = SPACE not in letters and not self._marks
        self._erase.enabled = may_erase


class KeyRow(Stack):
    """A row of keys; `indent` is in key widths, at both ends."""

    indent = number(0)


class LetterKey(Key):
    """A key with a letter."""

    letter = text("")


class GlyphKey(Key):
    """A wide key with an icon."""

    glyph = text("")


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
