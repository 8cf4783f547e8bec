"""The relationship screen: who is the adult to the pupil? The answer is optional."""

from kiosk.screens.kit import icons
from kiosk.screens.kit.choice import Answer, ChoiceScreen
from kiosk.screens.wording import leaving as leaving_wording
from kiosk.screens.wording.translate import _
from kiosk.views import Relationship, RelationshipView
from kiosk.views.touches import ChooseRelationship


class RelationshipScreen(ChoiceScreen):
    """Shows a `RelationshipView`."""

    def show(self, view: RelationshipView) -> None:
        """Draw what has changed."""
        self.question = leaving_wording.who_are_you(view.pupils)
        self.who = leaving_wording.pupils(view.pupils)
        self.step, self.columns = 2, 3
        answers = [Answer(each, leaving_wording.relationship(each), icons.USER) for each in view.choices]
        self.show_answers((*answers, Answer(None, _("I’d rather not say"), quiet=True)))

    def choose(self, value: Relationship | None) -> None:
        """Report the chosen relationship; `None` for “I’d rather not say”."""
        self.touch(ChooseRelationship(value))
