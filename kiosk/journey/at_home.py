"""The home screen and its choices."""

from collections.abc import Callable

from kiosk.journey.arriving.returning import ReturnStep
from kiosk.journey.arriving.sign_in import SignInStep
from kiosk.journey.leaving.alone import LeaveAloneStep
from kiosk.journey.leaving.collecting import CollectStep
from kiosk.journey.results import show_problem
from kiosk.journey.session import Session
from kiosk.journey.staff.staff import StaffStep
from kiosk.journey.step import JourneyStep
from kiosk.views import HomeView, Trouble
from kiosk.views.touches import (
    ChooseCollecting,
    ChooseLate,
    ChooseLeaving,
    ChooseReturning,
    ChooseStaff,
    Finish,
    Touch,
)


class HomeStep(JourneyStep):
    """The home screen: the kiosk is idle."""

    staff_can_enter = True

    def __init__(self, session: Session) -> None:
        self._session = session

    def start(self) -> None:
        """Show the home screen."""
        self._session.show_home()

    def tick(self) -> None:
        """Keep the clock on the screen right."""
        self._session.show_home()

    def time_is_up(self) -> None:
        """Reset the look that a user chose before walking away."""
        self._session.user_left()

    def handle(self, touch: Touch) -> None:
        """Begin the chosen visit."""
        match touch:
            case ChooseLate():
                self._begin(SignInStep)
            case ChooseCollecting():
                self._begin(CollectStep)
            case ChooseLeaving():
                self._begin(LeaveAloneStep, allowed=lambda: self._session.school.some_leave_alone)
            case ChooseReturning():
                self._begin(ReturnStep)
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
