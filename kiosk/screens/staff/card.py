"""The card screen: staff give a pupil a card, or revoke lost ones."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import header, icons, palette
from kiosk.screens.kit.base import Stack, anything, boolean, text
from kiosk.screens.staff import staff_tile
from kiosk.screens.wording import staff as staff_wording
from kiosk.views import CardStep, CardView
from kiosk.views.touches import OnTouch

__all__ = ["CardScreen", "header", "staff_tile"]  # used by the kv file

REFUSED = (CardStep.UNSURE, CardStep.NUMBER, CardStep.HALF, CardStep.CHANGES, CardStep.FAILED)
OVER = (CardStep.GIVEN, CardStep.REVOKED, *REFUSED)
LOOKS = {
    CardStep.CHOOSE: (icons.CREDIT_CARD, palette.INFO),
    CardStep.TAP: (icons.NFC, palette.INFO),
    CardStep.SENDING: (icons.LOADER, palette.INFO),
    CardStep.TAKEN: (icons.CREDIT_CARD, palette.LATE),
    CardStep.GIVEN: (icons.CIRCLE_CHECK, palette.OK),
    CardStep.REVOKED: (icons.CIRCLE_CHECK, palette.OK),
} | dict.fromkeys(REFUSED, (icons.CIRCLE_ALERT, palette.CLOSED))


class CardScreen(Stack):
    """Shows a `CardView`."""

    who = anything(())
    icon = text("")
    tone = anything(palette.INFO)
    words = anything(())
    cards = anything(())
    chooses = boolean(False)
    has_other_owner = boolean(False)
    over = boolean(False)

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)

    def show(self, view: CardView) -> None:
        """Draw what has changed."""
        self.who = staff_wording.name_and_form(view.pupil)
        self.icon, self.tone = LOOKS[view.step]
        self.words = staff_wording.card_text(view)
        self.cards = staff_wording.cards_now(view)
        self.chooses = view.step is CardStep.CHOOSE
        self.has_other_owner = view.step is CardStep.TAKEN
        self.over = view.step in OVER


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
