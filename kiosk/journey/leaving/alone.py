"""“I’m leaving”: a pupil who may leave alone signs out."""

from datetime import time

from attendance.reasons import DEPARTURE_SUGGESTION, Reason
from attendance.rule import Outcome
from kiosk.desk import SELF, DepartureDraft, PupilTap, SignOut
from kiosk.journey.finding import FindPupilStep
from kiosk.journey.leaving.release import ReleaseStep
from kiosk.journey.leaving.return_times import back_times
from kiosk.journey.people import closed_for_pupil, left_view, pupil_label
from kiosk.journey.results import show_not_saved, show_problem, start_saving
from kiosk.journey.session import Session
from kiosk.views import BackAtView, Purpose, ReasonView, Trouble
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
        """Once a letter is typed or the pupil is found."""
        return self._pupil is not None or super().busy

    def take_tap(self, tap: PupilTap) -> bool:
        """Ask what a card means, unless a name is being typed; ignore that of the pupil who is leaving."""
        if self._pupil is not None:
            if tap.pupil.id == self._pupil.id:
                self._session.drop_tap(tap.pupil)
            return tap.pupil.id == self._pupil.id
        if self.busy:
            return False
        self._ask_about_card(tap, on_arrival=self._find)
        return True

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
        waiting = session.requests.of_pupil(pupil)
        if (out := session.desk.out_since(pupil, now)) is not None and not session.desk.is_recorded(out):
            show_not_saved(session)
        elif out is not None:
            show_problem(session, Trouble.ALREADY_OUT, pupil_label(session, pupil).name)
        elif waiting is not None:  # an adult has asked for this pupil: the office decides
            session.change_step(ReleaseStep(session, waiting))
        elif session.requests.must_be_released_by_office(pupil):
            show_problem(session, Trouble.SPEAK_TO_OFFICE)
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
