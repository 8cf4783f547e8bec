"""The question about a card: is its owner leaving, or have they just arrived?"""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import header
from kiosk.screens.kit.base import Stack, anything, text
from kiosk.screens.staff import staff_tile
from kiosk.screens.wording import leaving as leaving_wording
from kiosk.views import CardQuestionView
from kiosk.views.touches import OnTouch

__all__ = ["CardQuestionScreen", "header", "staff_tile"]  # used by the kv file


class CardQuestionScreen(Stack):
    """Shows a `CardQuestionView`."""

    name = text("")
    question = anything(())
    leaving = anything(())
    arrived = anything(())

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)

    def show(self, view: CardQuestionView) -> None:
        """Draw what has changed."""
        self.name = view.pupil.name
        self.question = leaving_wording.card_question(view)
        self.leaving = leaving_wording.card_means_leaving(view)
        self.arrived = leaving_wording.card_means_arrival(view)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
