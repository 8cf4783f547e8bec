"""The home screen and its choices."""

from collections.abc import Callable

from kiosk.journey.arriving.bringing import BringStep
from kiosk.journey.arriving.returning import ReturnStep
from kiosk.journey.arriving.sign_in import SignInStep
from kiosk.journey.arriving.youngest import YoungestStep
from kiosk.journey.home import offers_youngest
from kiosk.journey.leaving.alone import LeaveAloneStep
from kiosk.journey.leaving.collecting import CollectStep
from kiosk.journey.leaving.release import ReleaseStep
from kiosk.journey.leaving.request_list import show_requests
from kiosk.journey.results import show_problem
from kiosk.journey.session import Session
from kiosk.journey.staff.staff import StaffStep
from kiosk.journey.step import JourneyStep
from kiosk.journey.waiting.request import WaitingRequest
from kiosk.views import HomeView, Sound, Trouble
from kiosk.views.touches import (
    ChooseBringing,
    ChooseCollecting,
    ChooseLate,
    ChooseLeaving,
    ChooseReturning,
    ChooseStaff,
    ChooseYoungest,
    Finish,
    ShowRequests,
    Touch,
)

FREE_S = 5.0
"""Seconds without a touch or a card after which no user is at the home screen."""


class HomeStep(JourneyStep):
    """The home screen: the kiosk is idle."""

    staff_can_enter = True

    def __init__(self, session: Session) -> None:
        self._session = session

    def start(self) -> None:
        """Show the home screen."""
        self._session.show_home()

    def tick(self) -> None:
        """Keep the clock on the screen right, and call an adult whose pupil has been released."""
        if not self._call_adult():
            self._session.show_home()

    def requests_changed(self, waiting: WaitingRequest) -> None:
        """Show the new state in the chip; an answer is heard."""
        if not self._call_adult():
            self._session.show_home(Sound.ATTENTION if waiting.is_settled else None)

    def _call_adult(self) -> bool:
        """Show by itself that a pupil is signed out, once no user is at the screen. Any other result is shown
        only when the adult opens it: it is private."""
        session = self._session
        if session.untouched_s < FREE_S:
            return False
        for waiting in session.requests.listed:
            if waiting.is_settled and waiting.sign_outs and not waiting.announced:
                session.note_presence()
                session.change_person()
                session.change_step(ReleaseStep(session, waiting))
                return True
        return False

    def time_is_up(self) -> None:
        """Reset the look that a user chose before walking away."""
        self._session.user_left()

    def handle(self, touch: Touch) -> None:
        """Begin the chosen visit."""
        match touch:
            case ChooseLate():
                self._begin(SignInStep)
            case ChooseBringing():
                self._begin(BringStep, allowed=lambda: self._session.school.policy.offers_accompanied)
            case ChooseCollecting():
                self._begin(CollectStep)
            case ChooseLeaving():
                self._begin(LeaveAloneStep, allowed=lambda: self._session.school.some_leave_alone)
            case ChooseReturning():
                self._begin(ReturnStep)
            case ShowRequests():
                show_requests(self._session)
            case ChooseYoungest():
                self._begin(YoungestStep, allowed=lambda: offers_youngest(self._session.desk))
            case ChooseStaff():
                self._ask_pin()
            case Finish() if not isinstance(self._session.view, HomeView):  # the problem view: no school yet
                self._session.show_home()

    def _begin(
        self, step: Callable[[Session], JourneyStep], *, allowed: Callable[[], bool] = lambda: True
    ) -> None:
        """Begin a visit, or show why no pupil can arrive or leave now."""
        if (problem := self._session.why_closed()) is not None:
            show_problem(self._session, problem)
        elif allowed():
            self._session.change_step(step(self._session))

    def _ask_pin(self) -> None:
        """Ask a member of staff for the PIN, on closed days too."""
        session = self._session
        if session.parts.pins is None or session.desk.school is None:
            return
        if not session.school.staff:
            show_problem(session, Trouble.NO_PINS)
            return
        session.change_step(StaffStep(session, session.parts.pins))
