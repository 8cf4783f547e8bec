"""Relationship: who is the adult to the pupil? Nobody has to say."""

from kiosk.screens import icons, leaving_words
from kiosk.screens.choice import ChoiceScreen, Offer
from kiosk.screens.translate import _
from kiosk.views import Relationship, RelationshipView


class RelationshipScreen(ChoiceScreen):
    """Shows a `RelationshipView`."""

    def show(self, view: RelationshipView) -> None:
        """Draw what has changed."""
        self.question = leaving_words.who_are_you(view.pupils)
        self.who = leaving_words.pupils(view.pupils)
        self.step, self.columns = 2, 3
        offers = [Offer(each, leaving_words.relationship(each), icons.USER) for each in view.choices]
        self.offer((*offers, Offer(None, _("I’d rather not say"), quiet=True)))

    def choose(self, value: Relationship | None) -> None:
        """Who the adult is was touched, or not to say."""
        self.touches.choose_relationship(value)
