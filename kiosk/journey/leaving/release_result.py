"""The result of a request: who is signed out and who is not."""

from kiosk.journey.leaving.request_views import result_view
from kiosk.journey.results import ResultStep, bad_news_s
from kiosk.journey.session import Session
from kiosk.journey.waiting.request import WaitingRequest
from kiosk.views import LeftView, ReleaseState, Sound
from kiosk.views.touches import Finish, GoBack, Touch


class ReleaseResultStep(ResultStep):
    """The result of a request, new or from home's chip.

    Home shows it until the adult has touched Done, because it may come while another user is here.
    """

    def __init__(self, session: Session, waiting: WaitingRequest) -> None:
        view = result_view(session, waiting)
        bad = bool(waiting.in_state(ReleaseState.NOT_SAVED))
        good = isinstance(view, LeftView) and not bad
        super().__init__(
            session,
            view,
            Sound.ACCEPTED if good else Sound.ATTENTION,
            stay_s=bad_news_s(session) if bad else None,
        )
        self._waiting = waiting

    def start(self) -> None:
        """Show the result."""
        self._waiting.announced = True
        super().start()

    def requests_changed(self, waiting: WaitingRequest) -> None:
        """Show the result again if the disk answers late."""
        if waiting is self._waiting:
            self._session.change_step(ReleaseResultStep(self._session, waiting))

    def handle(self, touch: Touch) -> None:
        """Forget the result once the adult has touched Done."""
        if isinstance(touch, GoBack | Finish):
            self._session.requests.look_at(self._waiting)
        super().handle(touch)
