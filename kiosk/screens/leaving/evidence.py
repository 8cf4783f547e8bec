"""The evidence screen: what the adult can show of an appointment; the last step before the request."""

from pathlib import Path

from kivy.lang import Builder

from kiosk.screens.kit import action, icons, summary
from kiosk.screens.kit.base import anything, boolean
from kiosk.screens.kit.choice import Answer, ChoiceScreen
from kiosk.screens.wording import leaving as leaving_wording
from kiosk.screens.wording.translate import _
from kiosk.views import Evidence, EvidenceView
from kiosk.views.touches import ChooseEvidence

__all__ = ["EvidenceScreen", "action", "summary"]  # used by the kv file

ICONS = {
    Evidence.CARD: icons.CREDIT_CARD,
    Evidence.LETTER: icons.FILE_TEXT,
    Evidence.TEXT_MESSAGE: icons.MESSAGE_TEXT,
}


class EvidenceScreen(ChoiceScreen):
    """Shows an `EvidenceView`."""

    facts = anything(())
    may_add = boolean(False)

    def show(self, view: EvidenceView) -> None:
        """Draw what has changed."""
        self.question = _("Do you have something to show the office?")
        self.who = leaving_wording.pupils(view.pupils)
        self.step = 4
        self.facts = leaving_wording.request(view.pupils, view.collector, view.reason, view.back_at)
        self.may_add = view.may_add
        answers = [Answer(each, leaving_wording.evidence(each), ICONS[each]) for each in view.choices]
        self.show_answers((*answers, Answer(None, _("Nothing to show"), quiet=True)))

    def choose(self, value: Evidence | None) -> None:
        """Report the chosen evidence; `None` for “Nothing to show”."""
        self.touch(ChooseEvidence(value))


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
