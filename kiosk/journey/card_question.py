"""The question about a card that may be that of the pupil who leaves, or of one who has just arrived."""

from collections.abc import Callable

from kiosk.desk import PupilTap
from kiosk.journey.people import pupil_label
from kiosk.journey.session import Session
from kiosk.views import CardQuestionView, Purpose
from kiosk.views.touches import CardMeansArrival, CardMeansLeaving, GoBack, Touch
from sync.wire import Pupil


class CardQuestion:
    """The question about one card. Until it is answered, the card is its owner's arrival.

    Args:
        session: the session.
        purpose: the purpose of the visit at the screen: collecting, or leaving alone.
        tap: the card.
        on_leaving: goes on with the owner, who is leaving.
        on_arrival: goes on with the visit; the owner waits for their turn.
    """

    def __init__(
        self,
        session: Session,
        purpose: Purpose,
        tap: PupilTap,
        *,
        on_leaving: Callable[[Pupil], None],
        on_arrival: Callable[[], None],
    ) -> None:
        self._session = session
        self._tap = tap
        self._on_leaving = on_leaving
        self._on_arrival = on_arrival
        session.interrupt()
        session.show(CardQuestionView(pupil_label(session, tap.pupil), purpose))

    def handle(self, touch: Touch) -> bool:
        """Take the answer. Returns whether the touch was one."""
        match touch:
            case CardMeansLeaving():
                self._session.drop_tap(self._tap.pupil)
                self._on_leaving(self._tap.pupil)
            case CardMeansArrival() | GoBack():
                self.leave_open()
                self._on_arrival()
            case _:
                return False
        return True

    def leave_open(self) -> None:
        """Let the owner wait for their turn to arrive."""
        self._session.queue_tap(self._tap)
