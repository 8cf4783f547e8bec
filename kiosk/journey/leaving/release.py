"""A request for release on the screen: once it is sent, and again from home's chip. It waits either way."""

from kiosk.desk import PupilTap
from kiosk.journey.leaving.pin_release import PinReleaseStep
from kiosk.journey.leaving.release_result import ReleaseResultStep
from kiosk.journey.leaving.request_views import release_view, undecided_labels
from kiosk.journey.session import Session
from kiosk.journey.step import JourneyStep
from kiosk.journey.view_rules import SEAT_S
from kiosk.journey.waiting.request import WaitingRequest
from kiosk.views import IDLE_S, ConfirmQuestion, ConfirmView, ReleaseState, ReleaseView
from kiosk.views.touches import AskStaff, CancelRequest, Confirm, Finish, GoBack, Touch

WITH_THE_OFFICE = (ReleaseState.SENDING, ReleaseState.WAITING)


class ReleaseStep(JourneyStep):
    """An adult looks at their request, which waits beside the screen.

    Args:
        session: the session.
        waiting: the request.
        just_asked: whether the adult has only just sent it, and is asked to take a seat.
        office_only: whether a member of staff has just been refused.
    """

    def __init__(
        self,
        session: Session,
        waiting: WaitingRequest,
        *,
        just_asked: bool = False,
        office_only: bool = False,
    ) -> None:
        self._session = session
        self._waiting = waiting
        self._just_asked = just_asked
        self._office_only = office_only

    def start(self) -> None:
        """Show the request, or its result."""
        if self._waiting.is_settled:
            self._session.change_step(ReleaseResultStep(self._session, self._waiting))
        else:
            self._show()

    @property
    def busy(self) -> bool:
        """While the adult reads that the office will call them, and while a departure is being saved."""
        return self._just_asked or bool(self._waiting.in_state(ReleaseState.SAVING))

    def take_tap(self, tap: PupilTap) -> bool:
        """Ignore the card of a pupil who is to be collected: they are on the way out, not late. Another of
        the family, who has gone already, may be back."""
        leaving = (*self._waiting.undecided, *self._waiting.in_state(ReleaseState.SAVING))
        if all(each.pupil.id != tap.pupil.id for each in leaving):
            return False
        self._session.drop_tap(tap.pupil)
        return True

    def requests_changed(self, waiting: WaitingRequest) -> None:
        """Show the result, or the new state. A request that the office cannot see needs more time to read."""
        if waiting is not self._waiting:
            return
        if waiting.needs_no_result:
            self._session.go_home()
        elif waiting.is_settled:
            self._session.change_step(ReleaseResultStep(self._session, waiting))
        elif isinstance(self._session.view, ReleaseView):
            before, view = self._session.view, self._view()
            if before.state in WITH_THE_OFFICE and view.state not in WITH_THE_OFFICE:
                self._show()
            else:
                self._session.refresh(view)

    def time_is_up(self) -> None:
        """Go home. The request goes on waiting."""
        self._session.user_left()

    def handle(self, touch: Touch) -> None:
        """Leave the screen, cancel the request after a question, or let a member of staff release here."""
        match touch, self._session.view:
            case Confirm(), ConfirmView():
                self._session.requests.cancel(self._waiting)
                if self._session.step is self:
                    self._show()  # a pupil is released already, and their departure is being saved
            case GoBack(), ConfirmView():
                self._show()
            case ((GoBack() | Finish()), ReleaseView()):
                self._session.go_home()
            case CancelRequest(), ReleaseView() if self._waiting.undecided:
                self._ask_cancel()
            case AskStaff(), ReleaseView(staff_can_release=True):
                self._ask_staff()

    def _ask_cancel(self) -> None:
        labels = undecided_labels(self._session, self._waiting)
        self._session.show(ConfirmView(ConfirmQuestion.CANCEL_REQUEST, pupils=labels), stay_s=IDLE_S)

    def _ask_staff(self) -> None:
        pins = self._session.parts.pins
        if pins is not None and self._waiting.undecided:
            self._session.change_step(
                PinReleaseStep(self._session, self._waiting, pins, self._resume, self._resume_for_office)
            )

    def _resume(self) -> None:
        self._session.change_step(ReleaseStep(self._session, self._waiting))

    def _resume_for_office(self) -> None:
        self._session.change_step(ReleaseStep(self._session, self._waiting, office_only=True))

    def _view(self) -> ReleaseView:
        return release_view(
            self._session, self._waiting, just_asked=self._just_asked, office_only=self._office_only
        )

    def _show(self) -> None:
        view = self._view()
        takes_a_seat = self._just_asked and view.state in WITH_THE_OFFICE
        self._session.show(view, stay_s=None if takes_a_seat else max(IDLE_S, SEAT_S))
