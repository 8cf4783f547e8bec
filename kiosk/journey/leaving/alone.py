"""“I’m leaving”: a pupil who may leave alone signs out."""

from datetime import time

from attendance.reasons import DEPARTURE_SUGGESTION, Reason
from attendance.rule import Outcome
from kiosk.desk import SELF, DepartureDraft, SignOut
from kiosk.journey.finding import FindPupilStep
from kiosk.journey.leaving.return_times import back_times
from kiosk.journey.people import closed_for_pupil, left_view, pupil_label
from kiosk.journey.results import show_problem, start_saving
from kiosk.journey.session import Session
from kiosk.journey.step import CardTap
from kiosk.views import BackAtView, FindView, Purpose, ReasonView, Trouble, YearView
from kiosk.views.touches import ChooseReason, ChooseReturnTime, Touch
from sync.wire import Pupil

REASONS = (*DEPARTURE_SUGGESTION, Reason.OTHER)
"""Reasons for leaving: those for which the rule suggests a code, and “other”."""


class LeaveAloneStep(FindPupilStep):
    """A pupil leaves alone."""

    purpose = Purpose.LEAVING

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._pupil: Pupil | None = None
        self._reason = Reason.OTHER

    @property
    def busy(self) -> bool:
        """Once the pupil is found."""
        return self._pupil is not None

    def take_card(self, tap: CardTap) -> bool:
        """Go on with the card's owner; ignore the card of the pupil who is leaving already."""
        pupil = self._session.school.roster.by_card(tap.names)
        if self._pupil is not None:
            return pupil is not None and pupil.id == self._pupil.id
        if pupil is not None and isinstance(self._session.view, FindView | YearView):
            self._take_pupil(pupil)
        return pupil is not None

    def handle(self, touch: Touch) -> None:
        """Take the answers; see `FindPupilStep.handle` for the rest."""
        match touch, self._session.view:
            case ChooseReason(reason), ReasonView():
                if self._pupil is not None and reason in REASONS:
                    self._take_reason(self._pupil, reason)
            case ChooseReturnTime(at), BackAtView():
                if self._pupil is not None:
                    self._sign_out(self._pupil, at)
            case _:
                super().handle(touch)

    def _take_reason(self, pupil: Pupil, reason: Reason) -> None:
        """Ask for the time of return, if any is left today."""
        self._reason = reason
        times = back_times(self._session, [pupil])
        if times:
            label = pupil_label(self._session, pupil)
            self._session.show(BackAtView((label,), times, self.purpose))
        else:
            self._sign_out(pupil, None)

    def _back(self) -> None:
        if isinstance(self._session.view, BackAtView) and self._pupil is not None:
            self._ask_reason(self._pupil)
        elif self._pupil is not None:
            self._pupil = None
            self._find()
        else:
            super()._back()

    def _take_pupil(self, pupil: Pupil) -> None:
        session, now = self._session, self._session.desk.reading()
        if session.desk.out_since(pupil, now) is not None:
            show_problem(session, Trouble.ALREADY_OUT, pupil_label(session, pupil).name)
        elif not session.desk.may_leave_alone(pupil):
            show_problem(session, Trouble.NOT_ALONE)
        elif session.desk.decide_leaving(pupil, now).outcome is Outcome.CLOSED:
            show_problem(session, closed_for_pupil(session, pupil))
        else:
            self._pupil = pupil
            self._ask_reason(pupil)

    def _ask_reason(self, pupil: Pupil) -> None:
        label = pupil_label(self._session, pupil)
        self._session.show(ReasonView(label, self._since(), REASONS, required=True, purpose=self.purpose))

    def _sign_out(self, pupil: Pupil, back: time | None) -> None:
        session = self._session
        saving = start_saving(session, pupil_label(session, pupil))

        def on_saved(sign_out: SignOut) -> None:
            saving.succeed(left_view(session, [sign_out], alone=True))

        session.desk.sign_out(
            DepartureDraft(pupil, self._reason, back, SELF), on_saved=on_saved, on_failed=saving.fail
        )
