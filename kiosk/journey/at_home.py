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

    def choose_late(self) -> None:
        """The visit begins, and this is the instant that counts."""
        if self._open():
            visit = SigningIn(self._core)
            self._core.visit = visit
            visit.find()

    def choose_collecting(self) -> None:
        """An adult takes a pupil away."""
        if self._open():
            visit = Collecting(self._core)
            self._core.visit = visit
            visit.find()

    def choose_leaving(self) -> None:
        """A pupil goes out alone."""
        if self._open() and self._core.school.some_leave_alone:
            visit = LeavingAlone(self._core)
            self._core.visit = visit
            visit.find()

    def choose_returning(self) -> None:
        """A pupil comes back."""
        if self._open():
            visit = Returning(self._core)
            self._core.visit = visit
            visit.start()

    def choose_staff(self) -> None:
        """A member of staff, also on a closed day."""
        core = self._core
        if core.parts.pins is None or core.desk.school is None:
            return
        if not core.school.staff:
            problem(core, Trouble.NO_PINS)
            return
        visit = Staff(core, core.parts.pins)
        core.visit = visit
        visit.ask_pin()

    def done(self) -> None:
        """OK on a kiosk that has no school yet."""
        if not isinstance(self._core.view, HomeView):
            self._core.show_home()

    def _open(self) -> bool:
        """Whether anybody can come or go; otherwise it is said why not."""
        trouble = self._core.not_now()
        if trouble is not None:
            problem(self._core, trouble)
        return trouble is None
