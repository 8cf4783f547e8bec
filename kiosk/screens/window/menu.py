"""What the two buttons at the top of every screen open: the languages, and how large and strong all is."""

from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.lang import Builder

from attendance.languages import LANGUAGES
from kiosk.screens.kit.base import Layered, anything, boolean, text
from kiosk.screens.kit.tile import Tile
from kiosk.views import IDLE_S, Look
from kiosk.views.touches import ChooseLanguage, OnTouch, ToggleContrast, ToggleLargeText

LANGUAGE, APPEARANCE = "language", "appearance"


class MenuTile(Tile):
    """One choice; `chosen`: this is how it is now."""

    icon = text("")
    said = text("")
    chosen = boolean(False)


class Menu(Layered):
    """Lies over the screen while `which` is not empty. A touch beside the panel closes it, and so does
    whoever has gone away: it would take the first touch of the next."""

    which = text("")
    look = anything(Look())
    touch: OnTouch | None = anything(None)

    def __init__(self, **kwargs: Any) -> None:
        self.idle = Clock.create_trigger(lambda _seconds: self.close(), IDLE_S)
        """Closes it; begins anew with every touch."""
        super().__init__(**kwargs)

    def on_kv_post(self, _base: object) -> None:
        """Kivy's own event: what the kv file says is there, and the languages are put into it."""
        for tag, name in LANGUAGES.items():
            tile = MenuTile(said=name)
            tile.bind(on_choose=lambda _tile, tag=tag: self._language(tag))
            self.ids.languages.add_widget(tile)
        self._show_chosen()
        self.fbind("look", lambda *_: self._show_chosen())

    def on_touch_down(self, touch: Any) -> bool:
        """While it is open nothing else is touched."""
        if not self.which:
            return False
        self._wait()
        if not super().on_touch_down(touch) and not self.ids.panel.collide_point(*touch.pos):
            self.close()
        return True

    def toggle(self, which: str) -> None:
        """Open that menu, or close it if it is the one that is open."""
        self.which = "" if self.which == which else which
        self._wait()

    def close(self) -> None:
        """Back to the screen below."""
        self.idle.cancel()
        self.which = ""

    def _wait(self) -> None:
        """Somebody is here: from now on it stays for the idle time."""
        self.idle.cancel()
        if self.which:
            self.idle()

    def _language(self, tag: str) -> None:
        self.close()
        if self.touch is not None:
            self.touch(ChooseLanguage(tag))

    def choose_large(self) -> None:
        """Larger text was chosen, or taken back."""
        if self.touch is not None:
            self.touch(ToggleLargeText())

    def choose_contrast(self) -> None:
        """High contrast was chosen, or taken back."""
        if self.touch is not None:
            self.touch(ToggleContrast())

    def _show_chosen(self) -> None:
        for tile, (tag, _name) in zip(reversed(self.ids.languages.children), LANGUAGES.items(), strict=True):
            tile.chosen = tag == self.look.language


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
