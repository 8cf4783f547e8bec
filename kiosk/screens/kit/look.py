"""How the screens look and what they speak: chosen by whoever stands there, followed by every kv rule."""

from functools import partial

from kiosk.screens.kit import colours, palette
from kiosk.screens.kit.base import EventDispatcher, anything, reading
from kiosk.screens.kit.theme import theme
from kiosk.screens.wording import translate
from kiosk.views import Look


class Translator(EventDispatcher):
    """`tr._('Back')` in a kv rule: said anew whenever another language is chosen."""

    _ = anything(translate._)


tr = Translator()
"""The one translator of the one window."""


def wear(look: Look) -> None:
    """Look like that, and speak that language, from now on. What a screen was told is to be told again."""
    palette.use(colours.HIGH_CONTRAST if look.contrast else colours.DRAWN)
    theme.large = look.large
    if look.language == translate.spoken():
        return
    translate.use(look.language)
    reading.right_to_left = translate.spoken() in translate.RIGHT_TO_LEFT
    tr._ = partial(translate.said_in, translate.spoken())
