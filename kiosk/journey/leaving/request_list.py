"""Which request? Several adults wait, and one of them looks at theirs."""

from kiosk.journey.leaving.release import ReleaseStep
from kiosk.journey.session import Session
from kiosk.journey.step import JourneyStep
from kiosk.journey.waiting.lines import request_lines
from kiosk.journey.waiting.request import WaitingRequest
from kiosk.views import RequestListView
from kiosk.views.touches import ChooseRequest, GoBack, Touch


class RequestListStep(JourneyStep):
    """The requests that wait, or have a result that the adult has not looked at."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def start(self) -> None:
        """Show the list."""
        self._session.show(self._view())

    def requests_changed(self, waiting: WaitingRequest) -> None:
        """Bring the list up to date."""
        del waiting
        self._session.refresh(self._view())

    def handle(self, touch: Touch) -> None:
        """Open a request, or go home."""
        match touch:
            case ChooseRequest(request):
                if (waiting := self._session.requests.by_id(request)) is not None:
                    self._session.change_step(ReleaseStep(self._session, waiting))
            case GoBack():
                self._session.go_home()

    def time_is_up(self) -> None:
        """Go home."""
        self._session.user_left()

    def _view(self) -> RequestListView:
        session = self._session
        return RequestListView(request_lines(session.requests, session.desk, session.school))


def show_requests(session: Session) -> None:
    """Open the only request, or the list of several."""
    match session.requests.listed:
        case ():
            pass  # its result has gone from home this very moment
        case (only,):
            session.change_step(ReleaseStep(session, only))
        case _several:
            session.change_step(RequestListStep(session))
