"""Cards given out and taken back at the staff screen: asked of the register on a thread of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

from kiosk.journey import CardResult
from sync.uplink import cards
from sync.uplink.errors import UplinkError
from sync.uplink.http import Register
from sync.wire import CardAssignment, CardRevocation, CardsResponse

log = structlog.get_logger()


class RegisterCards:
    """Satisfies `kiosk.journey.CardBook`.

    Args:
        register: where it is.
        token: the kiosk's.
        later: runs a function on the screens' thread, soon.
        changed: called, on this one's thread, when something was changed: there is a new bundle to fetch.
    """

    def __init__(
        self,
        register: Register,
        token: str,
        later: Callable[[Callable[[], None]], None],
        changed: Callable[[], None],
    ) -> None:
        self._register = register
        self._token = token
        self._later = later
        self._changed = changed
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cards")

    def assign(self, card: str, assignment: CardAssignment, told: Callable[[CardResult], None]) -> None:
        """Give a card (its hash) to a pupil."""
        self._ask(lambda: cards.assign(self._register, self._token, card, assignment), told)

    def revoke(self, pupil: str, revocation: CardRevocation, told: Callable[[CardResult], None]) -> None:
        """Take all cards from a pupil."""
        self._ask(lambda: cards.revoke(self._register, self._token, pupil, revocation), told)

    def close(self) -> None:
        """Ask nothing more. What is being asked is not waited for longer than its time limit."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _ask(self, do: Callable[[], CardsResponse], told: Callable[[CardResult], None]) -> None:
        def work() -> None:
            try:
                result = CardResult(cards=do().cards)
            except UplinkError as error:
                log.warning("card.not_changed", why=type(error).__name__)
                result = CardResult(error=str(error))
            else:
                self._changed()
            self._later(lambda: told(result))

        self._worker.submit(work)
