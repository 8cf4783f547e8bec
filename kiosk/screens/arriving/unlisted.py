"""The screen of “My name isn’t here”: the pupil types their name, then their form."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import action, field, header
from kiosk.screens.kit.base import Stack, anything, boolean, number, text
from kiosk.screens.kit.keyboard import Keyboard
from kiosk.screens.wording import find as find_wording
from kiosk.views import UnlistedView
from kiosk.views.touches import OnTouch

__all__ = ["UnlistedScreen", "action", "field", "header"]  # used by the kv file


class UnlistedScreen(Stack):
    """Shows an `UnlistedView`. Each of the two questions has a keyboard of its own."""

    question = text("")
    hint = anything(())
    typed = text("")
    visit_time = anything(())
    whole = boolean(False)
    rows = number(3)
    """The rows of keys."""
    tight = boolean(False)
    """The question stands in the header: four rows of keys leave a small display no room for it below."""

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._for_name, self._for_form = Keyboard(touch, marks=True), Keyboard(touch, digits=True)
        self._keyboard: Keyboard | None = None

    def show(self, view: UnlistedView) -> None:
        """Draw what has changed."""
        self.question = find_wording.unlisted_question(view)
        self.hint = find_wording.unlisted_hint(view)
        self.typed = view.typed
        self.whole = view.complete
        self.visit_time = find_wording.visit_time(view)
        keyboard = self._for_form if view.form_of else self._for_name
        if keyboard is not self._keyboard:
            self._keyboard = keyboard
            self.rows = 4 if view.form_of else 3
            self.ids.keyboard_place.clear_widgets()
            self.ids.keyboard_place.add_widget(keyboard)
        keyboard.enable(view.keys, may_erase=bool(view.typed))


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
