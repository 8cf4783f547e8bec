"""What the buttons of the bar open: the language, text size and contrast, and help with the screen."""

from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.lang import Builder

from attendance.languages import LANGUAGES
from kiosk.screens.kit import icons
from kiosk.screens.kit.base import Layered, Stack, anything, boolean, reading, text
from kiosk.screens.kit.tile import Tile
from kiosk.screens.wording.help import HelpLine, Picture
from kiosk.views import SHORT_S, Look
from kiosk.views.touches import ChooseLanguage, OnTouch, ToggleContrast, ToggleLargeText

LANGUAGE, APPEARANCE, HELP = "language", "appearance", "help"

ICONS = {
    Picture.CARD: icons.NFC,
    Picture.LATE: icons.CLOCK_ALERT,
    Picture.ADULT: icons.USER_CHECK,
    Picture.CHILD: icons.BABY,
    Picture.KEYBOARD: icons.KEYBOARD,
    Picture.TOUCH: icons.POINTER,
    Picture.ERASE: icons.DELETE,
    Picture.NOT_LISTED: icons.USER_X,
    Picture.SEAT: icons.ARMCHAIR,
    Picture.WAIT: icons.TIMER,
    Picture.DONE: icons.CIRCLE_CHECK,
    Picture.LOCK: icons.LOCK,
    Picture.OFFICE: icons.CONCIERGE_BELL,
}


class MenuTile(Tile):
    """One choice; `chosen` marks the current one."""

    icon = text("")
    words = text("")
    chosen = boolean(False)


class HelpRow(Stack):
    """A picture and a sentence."""

    icon = text("")
    words = text("")
    office = boolean(False)
    """The way to a person, which is always the last."""


class Menu(Layered):
    """Lies over the screen while `which` is not empty. A touch beside the panel closes it, and so does the
    idle time: an open menu would take the next visitor's first touch."""

    which = text("")
    look = anything(Look())
    touch: OnTouch | None = anything(None)

    def __init__(self, **kwargs: Any) -> None:
        self.idle = Clock.create_trigger(lambda _seconds: self.close(), SHORT_S)
        """Closes the menu; restarted by every touch."""
        self._rows: list[HelpRow] = []
        super().__init__(**kwargs)

    def on_kv_post(self, _base: object) -> None:
        """Kivy's event after the kv rules were applied: add a tile for each language."""
        for tag, name in LANGUAGES.items():
            tile = MenuTile(words=name)
            tile.bind(on_choose=lambda _tile, tag=tag: self._language(tag))
            self.ids.languages.add_widget(tile)
        self._show_chosen()
        self.fbind("look", lambda *_: self._show_chosen())

    def on_touch_down(self, touch: Any) -> bool:
        """Take every touch while the menu is open."""
        if not self.which:
            return False
        self._restart_idle_time()
        if not super().on_touch_down(touch) and not self.ids.panel.collide_point(*touch.pos):
            self.close()
        return True

    def toggle(self, which: str) -> None:
        """Open a menu, or close it if it is open."""
        self.which = "" if self.which == which else which
        self._restart_idle_time()

    def explain(self, lines: tuple[HelpLine, ...]) -> None:
        """Open Help, or close it if it is open."""
        place = self.ids.help
        while len(self._rows) < len(lines):
            self._rows.append(HelpRow())
        place.clear_widgets()
        for row, line in zip(self._rows, lines, strict=False):
            back = icons.ARROW_RIGHT if reading.right_to_left else icons.ARROW_LEFT
            row.icon, row.words = ICONS.get(line.picture, back), line.words
            row.office = line.picture is Picture.OFFICE
            place.add_widget(row)
        self.toggle(HELP)

    def close(self) -> None:
        """Close the menu."""
        self.idle.cancel()
        self.which = ""

    def _restart_idle_time(self) -> None:
        """Restart the idle time."""
        self.idle.cancel()
        if self.which:
            self.idle()

    def _language(self, tag: str) -> None:
        self.close()
        if self.touch is not None:
            self.touch(ChooseLanguage(tag))

    def choose_large(self) -> None:
        """Report a touch on “Larger text”."""
        if self.touch is not None:
            self.touch(ToggleLargeText())

    def choose_contrast(self) -> None:
        """Report a touch on “High contrast”."""
        if self.touch is not None:
            self.touch(ToggleContrast())

    def _show_chosen(self) -> None:
        for tile, (tag, _name) in zip(reversed(self.ids.languages.children), LANGUAGES.items(), strict=True):
            tile.chosen = tag == self.look.language


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
