"""Applies the visitor's look to the window: colours, text size, language."""

from functools import partial

from kiosk.screens.kit import colours, palette
from kiosk.screens.kit.base import EventDispatcher, anything, reading
from kiosk.screens.kit.theme import theme
from kiosk.screens.wording import translate
from kiosk.views import Look


class Translator(EventDispatcher):
    """`tr._('Back')` in a kv rule, which follows every change of the language."""

    _ = anything(translate._)


tr = Translator()
"""The translator of the window; a process has one."""


def apply_look(look: Look) -> None:
    """Switch to a look. kv rules follow; a screen's own texts change when its view is shown again."""
    palette.use(colours.HIGH_CONTRAST if look.contrast else colours.DRAWN)
    theme.large = look.large
    if look.language == translate.current_language():
        return
    translate.use(look.language)
    reading.right_to_left = translate.current_language() in translate.RIGHT_TO_LEFT
    tr._ = partial(translate.translate_to, translate.current_language())
