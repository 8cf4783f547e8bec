"""The last question before a release without the family's list.

Yes lies clear of the PIN pad's keys, so that no tap meant for the pad releases a pupil.
"""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import header, summary
from kiosk.screens.kit.base import Stack, anything, boolean
from kiosk.screens.kit.theme import theme
from kiosk.screens.staff import unchecked
from kiosk.screens.wording import release as release_wording
from kiosk.views import ReleaseYesView
from kiosk.views.touches import OnTouch

__all__ = ["ReleaseYesScreen", "header", "summary", "unchecked"]  # used by the kv file


class ReleaseYesScreen(Stack):
    """Shows a `ReleaseYesView`."""

    question = anything(())
    facts = anything(())
    kept_name = anything(())
    yes = anything(())
    ready = boolean(False)
    checking = boolean(False)

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        theme.bind(portrait=self._arrange)
        self._arrange()

    def _arrange(self, *_: object) -> None:
        """Put the warning below the buttons on a portrait display, whose lower part the keys fill."""
        warning, buttons = self.ids.unchecked.__self__, self.ids.buttons.__self__
        self.remove_widget(warning)
        at = self.children.index(buttons)  # Kivy counts from the last child
        self.add_widget(warning, index=at if theme.portrait else at + 1)

    def show(self, view: ReleaseYesView) -> None:
        """Draw what has changed."""
        self.question = release_wording.yes_question(view)
        self.facts = release_wording.yes_facts(view)
        self.kept_name = release_wording.kept_name(view)
        self.yes = release_wording.yes_button(view)
        self.ready = view.ready and not view.checking
        self.checking = view.checking


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
