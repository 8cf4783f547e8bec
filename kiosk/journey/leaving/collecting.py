"""“Collecting a pupil”: pupils, adult, reason, time of return and evidence; then the request.

The kiosk does not know who may collect whom and does not check: the steps and words are the same for every
adult.
"""

from datetime import time

from attendance.reasons import Reason
from attendance.rule import Outcome
from kiosk.desk import PupilTap
from kiosk.journey import full_name
from kiosk.journey.finding import FindPupilStep
from kiosk.journey.leaving.alone import REASONS
from kiosk.journey.leaving.release import ReleaseStep
from kiosk.journey.leaving.return_times import back_times
from kiosk.journey.people import closed_for_pupil, pupil_label
from kiosk.journey.results import show_problem
from kiosk.journey.session import Session
from kiosk.journey.waiting.request import CollectionRequest
from kiosk.views import (
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
    Erase,
    PressLetter,
    Touch,
)
from sync.wire import Pupil

MOST_PUPILS = 6
"""How many pupils of a family fit on a screen."""


class CollectStep(FindPupilStep):
    """An adult collects one pupil or several."""

    purpose = Purpose.COLLECTING

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._pupils: list[Pupil] = []
        self._typed = ""
        self._relationship: Relationship | None = None
        self._reason: Reason | None = None
        self._back_at: time | None = None

    @property
    def busy(self) -> bool:
        """Once a letter is typed or a pupil is found: the rest takes a minute, and is typed only once."""
        return bool(self._pupils) or super().busy

    def take_tap(self, tap: PupilTap) -> bool:
        """Ask what a card means while a pupil is looked for; ignore the card of a pupil added before. Any
        other card is no answer of the adult's: its owner waits for their turn."""
        session = self._session
        if self._is_chosen(tap.pupil):
            session.drop_tap(tap.pupil)
            return True
        view = session.view
        if not isinstance(view, FindView | YearView):
            return False
        letters = view.letters if isinstance(view, FindView) else ""

        def go_on() -> None:
            self._show_matches(letters)

        self._ask_about_card(tap, on_arrival=go_on)
        return True

    def handle(self, touch: Touch) -> None:
        """Take the answers, one after the other; see `FindPupilStep.handle` for the rest."""
        match touch, self._session.view:
            case PressLetter(letter), NameView() as view:
                if letter in view.keys:
                    self._typed += letter
                    self._ask_name()
            case Erase(), NameView():
                self._typed = self._typed[:-1]
                self._ask_name()
            case ConfirmName(), NameView(complete=True):
                self._ask_relationship()
            case ChooseRelationship(relationship), RelationshipView():
                self._relationship = relationship
                self._ask_reason()
            case ChooseReason(reason), ReasonView():
                if reason in REASONS:
                    self._reason = reason
                    self._ask_back_at()
            case ChooseReturnTime(at), BackAtView():
                self._back_at = at
                self._ask_evidence()
            case AddPupil(), EvidenceView(may_add=True):
                self._find()
            case ChooseEvidence(evidence), EvidenceView():
                self._send_request(evidence)
            case _:
                super().handle(touch)

    def _back(self) -> None:
        match self._session.view:
            case NameView():
                self._pupils.clear()
                self._find()
            case RelationshipView():
                self._ask_name()
            case ReasonView():
                self._ask_relationship()
            case BackAtView():
                self._ask_reason()
            case EvidenceView():
                if self._times():
                    self._ask_back_at()
                else:
                    self._ask_reason()
            case _:
                super()._back()

    # --- the pupils ------------------------------------------------------------------------------

    def _is_chosen(self, pupil: Pupil) -> bool:
        return any(each.id == pupil.id for each in self._pupils)

    def _chosen_pupils(self) -> tuple[Pupil, ...]:
        return tuple(self._pupils)

    def _leave_finding(self) -> None:
        if self._pupils:
            self._ask_evidence()  # the adult decided not to add another pupil
        else:
            self._session.go_home()

    def _take_pupil(self, pupil: Pupil) -> None:
        session, now = self._session, self._session.desk.reading()
        if (out := session.desk.out_since(pupil, now)) is not None and not session.desk.is_recorded(out):
            self._refuse(ProblemView(Trouble.NOT_SAVED))
        elif out is not None:
            self._refuse(ProblemView(Trouble.ALREADY_OUT, pupil_label(session, pupil).name))
        elif session.desk.decide_leaving(pupil, now).outcome is Outcome.CLOSED:
            self._refuse(closed_for_pupil(session, pupil))
        else:
            self._pupils.append(pupil)
            if self._reason is None:
                self._ask_name()
            else:
                self._ask_evidence()  # another pupil of the family: the other answers are known

    def _refuse(self, problem: ProblemView) -> None:
        """Show the problem; the visit goes on with the pupils who were added before, if any."""
        show_problem(self._session, problem, resume=self._resume if self._pupils else None)

    def _resume(self) -> None:
        self._session.change_step(self, self._ask_evidence)

    # --- the questions ---------------------------------------------------------------------------

    def _ask_name(self) -> None:
        view = NameView(
            pupils=self._labels(),
            name=full_name.as_written(self._typed),
            keys=full_name.keys_after(self._typed),
            complete=full_name.is_complete(self._typed),
        )
        self._session.show(view)

    def _ask_relationship(self) -> None:
        self._session.show(RelationshipView(self._labels(), full_name.as_written(self._typed)))

    def _ask_reason(self) -> None:
        first, *others = self._labels()
        view = ReasonView(
            first, self._since(), REASONS, required=True, purpose=self.purpose, others=tuple(others)
        )
        self._session.show(view)

    def _ask_back_at(self) -> None:
        if times := self._times():
            self._session.show(BackAtView(self._labels(), times))
        else:
            self._back_at = None
            self._ask_evidence()

    def _ask_evidence(self) -> None:
        view = EvidenceView(
            pupils=self._labels(),
            collector=full_name.as_written(self._typed),
            reason=self._required_reason(),
            back_at=self._back_at,
            may_add=len(self._pupils) < MOST_PUPILS,
        )
        self._session.show(view)

    def _send_request(self, evidence: Evidence | None) -> None:
        request = CollectionRequest(
            pupils=tuple(self._pupils),
            collector=full_name.as_written(self._typed),
            relationship=self._relationship,
            reason=self._required_reason(),
            back_at=self._back_at,
            evidence=evidence,
        )
        requests = self._session.requests
        waiting = requests.like(request)  # an adult who asks twice waits once
        if waiting is None:
            waiting = requests.open(request)
        self._session.change_step(ReleaseStep(self._session, waiting, just_asked=True))

    def _required_reason(self) -> Reason:
        if self._reason is None:
            raise RuntimeError("the evidence was asked for before the reason")
        return self._reason

    def _times(self) -> tuple[time, ...]:
        return back_times(self._session, self._pupils)

    def _labels(self) -> tuple[PupilLabel, ...]:
        return tuple(pupil_label(self._session, pupil) for pupil in self._pupils)
