"""“Collecting a pupil”: who, by whom, why, until when, what was shown; then the office is asked.

The kiosk knows nothing of who may collect whom and compares nothing: the steps and words are the same for
everybody.
"""

from datetime import time

from attendance.reasons import Reason
from attendance.rule import Outcome
from kiosk.journey.finding import Finding
from kiosk.journey.leaving import adult_name
from kiosk.journey.leaving.alone import REASONS
from kiosk.journey.leaving.release import Releasing
from kiosk.journey.leaving.request import Request
from kiosk.journey.leaving.return_times import back_times
from kiosk.journey.people import closed_to, listed
from kiosk.journey.results import problem
from kiosk.journey.session import Core
from kiosk.journey.step import Tap
from kiosk.views import (
    IDLE_S,
    BackAtView,
    Evidence,
    EvidenceView,
    FindView,
    NameView,
    ProblemView,
    PupilLabel,
    Purpose,
    ReasonView,
    Relationship,
    RelationshipView,
    Trouble,
    YearView,
)
from kiosk.views.touches import (
    AddPupil,
    ChooseEvidence,
    ChooseReason,
    ChooseRelationship,
    ChooseReturnTime,
    ConfirmName,
    Touch,
)
from sync.wire import Pupil

MOST_PUPILS = 6
"""As many of a family as fit on a screen."""


class Collecting(Finding):
    """An adult takes one pupil or several away."""

    purpose = Purpose.COLLECTING

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._pupils: list[Pupil] = []
        self._typed = ""
        self._relationship: Relationship | None = None
        self._reason: Reason | None = None
        self._back_at: time | None = None

    @property
    def busy(self) -> bool:
        """Once a pupil is found a card waits: it is hardly more than a minute, and the name is typed once."""
        return bool(self._pupils)

    def wants(self, tap: Tap) -> bool:
        """A card says at once who is collected; the card of one who is already says nothing new."""
        pupil = self._core.school.roster.by_card(tap.names)
        if pupil is None:
            return False
        chosen = self._left_out(pupil)
        asks_who = isinstance(self._core.view, FindView | YearView)
        if asks_who and not chosen:
            self._found(pupil)
        return asks_who or chosen

    def handle(self, touch: Touch) -> None:
        """Take the answers, one after the other; see `Finding.handle` for the rest."""
        match touch:
            case ConfirmName():
                self._confirm_name()
            case ChooseRelationship(relationship):
                self._choose_relationship(relationship)
            case ChooseReason(reason):
                self._choose_reason(reason)
            case ChooseReturnTime(at):
                self._choose_return_time(at)
            case AddPupil():
                self._add_pupil()
            case ChooseEvidence(evidence):
                self._choose_evidence(evidence)
            case _:
                super().handle(touch)

    # --- who -------------------------------------------------------------------------------------

    def _left_out(self, pupil: Pupil) -> bool:
        return any(each.id == pupil.id for each in self._pupils)

    def _chosen(self) -> tuple[Pupil, ...]:
        return tuple(self._pupils)

    def _before_finding(self) -> None:
        if self._pupils:
            self._ask_evidence()  # there was to be another one, and is not
        else:
            self._core.home()

    def _found(self, pupil: Pupil) -> None:
        core, now = self._core, self._core.desk.reading()
        if core.desk.out_since(pupil, now) is not None:
            self._say(ProblemView(Trouble.ALREADY_OUT, listed(core, pupil).name))
        elif core.desk.decide_leaving(pupil, now).outcome is Outcome.CLOSED:
            self._say(closed_to(core, pupil))
        else:
            self._pupils.append(pupil)
            if self._reason is None:
                self._ask_name()
            else:
                self._ask_evidence()  # one more of the family: the rest is known

    def _say(self, trouble: ProblemView) -> None:
        """Not that one. Where others of the family are chosen, what was typed for them is kept."""
        problem(self._core, trouble, back_to=self._go_back if self._pupils else None)

    def _go_back(self) -> None:
        self._core.visit = self
        self._ask_evidence()

    # --- by whom ---------------------------------------------------------------------------------

    def _press(self, letter: str) -> None:
        """A letter of a pupil's name, or of the adult's own."""
        view = self._core.view
        if not isinstance(view, NameView):
            super()._press(letter)
        elif letter in view.keys:
            self._typed += letter
            self._ask_name()

    def _erase(self) -> None:
        """Take the last letter back."""
        if isinstance(self._core.view, NameView):
            self._typed = self._typed[:-1]
            self._ask_name()
        else:
            super()._erase()

    def _confirm_name(self) -> None:
        """The name is whole."""
        view = self._core.view
        if isinstance(view, NameView) and view.whole:
            self._ask_relationship()

    def _choose_relationship(self, relationship: Relationship | None) -> None:
        """Who they are to the pupil."""
        if isinstance(self._core.view, RelationshipView):
            self._relationship = relationship
            self._ask_reason()

    # --- why, and until when ---------------------------------------------------------------------

    def _choose_reason(self, reason: Reason | None) -> None:
        """Why; it has to be said."""
        if isinstance(self._core.view, ReasonView) and reason in REASONS:
            self._reason = reason
            self._ask_back_at()

    def _choose_return_time(self, back: time | None) -> None:
        """When the pupil will be back."""
        if isinstance(self._core.view, BackAtView):
            self._back_at = back
            self._ask_evidence()

    def _add_pupil(self) -> None:
        """Another one of the family."""
        view = self._core.view
        if isinstance(view, EvidenceView) and view.may_add:
            self.find()

    def _choose_evidence(self, evidence: Evidence | None) -> None:
        """What was shown; now the office is asked."""
        if not isinstance(self._core.view, EvidenceView) or self._reason is None:
            return
        request = Request(
            pupils=tuple(self._pupils),
            collector=adult_name.as_written(self._typed),
            relationship=self._relationship,
            reason=self._reason,
            back_at=self._back_at,
            evidence=evidence,
        )
        releasing = Releasing(self._core, request)
        self._core.visit = releasing
        releasing.start()

    def _back(self) -> None:
        """One step back."""
        view = self._core.view
        if isinstance(view, NameView):
            self._pupils.clear()
            self.find()
        elif isinstance(view, RelationshipView):
            self._ask_name()
        elif isinstance(view, ReasonView):
            self._ask_relationship()
        elif isinstance(view, BackAtView) or (isinstance(view, EvidenceView) and not self._times()):
            self._ask_reason()
        elif isinstance(view, EvidenceView):
            self._ask_back_at()
        else:
            super()._back()

    # --- the steps -------------------------------------------------------------------------------

    def _ask_name(self) -> None:
        view = NameView(
            pupils=self._listed(),
            name=adult_name.as_written(self._typed),
            keys=adult_name.keys_after(self._typed),
            whole=adult_name.is_whole(self._typed),
        )
        self._core.go(view, IDLE_S)

    def _ask_relationship(self) -> None:
        self._core.go(RelationshipView(self._listed(), adult_name.as_written(self._typed)), IDLE_S)

    def _ask_reason(self) -> None:
        first, *others = self._listed()
        view = ReasonView(
            first, self._since(), REASONS, required=True, purpose=self.purpose, others=tuple(others)
        )
        self._core.go(view, IDLE_S)

    def _ask_back_at(self) -> None:
        if times := self._times():
            self._core.go(BackAtView(self._listed(), times), IDLE_S)
        else:
            self._back_at = None
            self._ask_evidence()

    def _ask_evidence(self) -> None:
        if self._reason is None:
            raise RuntimeError("evidence was asked for before the reason")
        view = EvidenceView(
            pupils=self._listed(),
            collector=adult_name.as_written(self._typed),
            reason=self._reason,
            back_at=self._back_at,
            may_add=len(self._pupils) < MOST_PUPILS,
        )
        self._core.go(view, IDLE_S)

    def _times(self) -> tuple[time, ...]:
        return back_times(self._core, self._pupils)

    def _listed(self) -> tuple[PupilLabel, ...]:
        return tuple(listed(self._core, pupil) for pupil in self._pupils)
