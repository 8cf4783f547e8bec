"""Changes a pupil's cards at the register, for the staff screen; on a thread of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

from kiosk.app.inbox import CardChangeAnswered
from kiosk.journey import CardResult
from sync.uplink import cards
from sync.uplink.errors import UplinkError
from sync.uplink.http import RegisterClient
from sync.wire import CardAssignment, CardRevocation, CardsResponse

log = structlog.get_logger()


class RegisterCards:
    """Implements `kiosk.journey.CardBook`.

    Args:
        register: the register.
        token: the kiosk's token.
        put: puts a message into the UI thread's inbox.
        on_change: called on this class's thread after each change, so that the new bundle is fetched.
    """

    def __init__(
        self,
        register: RegisterClient,
        token: str,
        put: Callable[[CardChangeAnswered], None],
        on_change: Callable[[], None],
    ) -> None:
        self._register = register
        self._token = token
        self._put = put
        self._on_change = on_change
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cards")

    def assign(self, card: str, assignment: CardAssignment, on_result: Callable[[CardResult], None]) -> None:
        """Give a card (its hash) to a pupil."""
        self._ask(lambda: cards.assign(self._register, self._token, card, assignment), on_result)

    def revoke(self, pupil: str, revocation: CardRevocation, on_result: Callable[[CardResult], None]) -> None:
        """Revoke all cards of a pupil."""
        self._ask(lambda: cards.revoke(self._register, self._token, pupil, revocation), on_result)

    def close(self) -> None:
        """Make no more changes. A change under way ends by its own time limit."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _ask(self, do: Callable[[], CardsResponse], on_result: Callable[[CardResult], None]) -> None:
        def work() -> None:
            try:
                result = CardResult(cards=do().cards)
            except UplinkError as error:
                log.warning("card.not_changed", why=type(error).__name__)
                result = CardResult(error=str(error))
            else:
                self._on_change()
            self._put(CardChangeAnswered(result, on_result))

        self._worker.submit(work)
