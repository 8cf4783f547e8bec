"""Nobody is here: the choices on the home screen."""

from kiosk.journey.arriving.returning import Returning
from kiosk.journey.arriving.sign_in import SigningIn
from kiosk.journey.leaving.alone import LeavingAlone
from kiosk.journey.leaving.collecting import Collecting
from kiosk.journey.results import problem
from kiosk.journey.session import Core
from kiosk.journey.staff.staff import Staff
from kiosk.journey.step import Visit
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


class AtHome(Visit):
    """The home screen."""

    for_staff = True

    def __init__(self, core: Core) -> None:
        self._core = core

    def tick(self) -> None:
        """The clock goes on."""
        self._core.show_home()

    def time_is_up(self) -> None:
        """Whoever chose a language has left."""
        self._core.gone()

    def handle(self, touch: Touch) -> None:
        """Begin the visit that was chosen."""
        match touch:
            case ChooseLate() if self._open():
                self._find_with(SigningIn(self._core))
            case ChooseCollecting() if self._open():
                self._find_with(Collecting(self._core))
            case ChooseLeaving() if self._open() and self._core.school.some_leave_alone:
                self._find_with(LeavingAlone(self._core))
            case ChooseReturning() if self._open():
                visit = Returning(self._core)
                self._core.visit = visit
                visit.start()
            case ChooseStaff():
                self._ask_pin()
            case Finish() if not isinstance(self._core.view, HomeView):  # there is no school yet
                self._core.show_home()

    def _find_with(self, visit: SigningIn | Collecting | LeavingAlone) -> None:
        self._core.visit = visit
        visit.find()

    def _ask_pin(self) -> None:
        """Let a member of staff in, also on a closed day."""
        core = self._core
        if core.parts.pins is None or core.desk.school is None:
            return
        if not core.school.staff:
            problem(core, Trouble.NO_PINS)
            return
        visit = Staff(core, core.parts.pins)
        core.visit = visit
        visit.ask_pin()

    def _open(self) -> bool:
        """Whether anybody can come or go; otherwise it is said why not."""
        trouble = self._core.not_now()
        if trouble is not None:
            problem(self._core, trouble)
        return trouble is None
