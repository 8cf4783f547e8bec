"""What a journey needs besides the desk. Each may be missing; the journey then says so and goes on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from uuid6 import uuid7

from kiosk.pins import Pins
from sync.wire import CardAssignment, CardRevocation, DepartureRequest


class Releaser(Protocol):
    """Puts requests before the office. Its answers come back through `Journey.asking` and `.answered`."""

    def ask(self, request_id: UUID, request: DepartureRequest) -> None:
        """Put a request before the office; returns at once."""

    def withdraw(self, request_id: UUID) -> None:
        """Nobody waits any more; returns at once. Where the office was quicker, its answer is told."""


@dataclass(frozen=True, slots=True)
class CardResult:
    """What the register made of a change of cards."""

    cards: int | None = None
    """How many the pupil has now; None: nothing was changed."""
    said: str | None = None
    """Why nothing was changed: a sentence for the member of staff."""


class CardBook(Protocol):
    """Changes whose a card is, with the register's consent."""

    def assign(self, card: str, assignment: CardAssignment, told: Callable[[CardResult], None]) -> None:
        """Give a card (its hash) to a pupil; returns at once, and `told` is called on the screens' thread."""

    def revoke(self, pupil: str, revocation: CardRevocation, told: Callable[[CardResult], None]) -> None:
        """Take all cards from a pupil; as `assign`."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """How the rest of the kiosk is, for the staff screen."""

    readers: tuple[tuple[str, str], ...] = ()
    """Each reader's name and state."""
    printer: str | None = None
    oldest_at: datetime | None = None
    """UTC: the oldest entry that the register has not answered for."""
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Parts:
    """The other parts."""

    releaser: Releaser | None = None
    cards: CardBook | None = None
    pins: Pins | None = None
    surroundings: Callable[[], Surroundings] = Surroundings
    send_now: Callable[[], None] = lambda: None
    leave_app: Callable[[], None] = lambda: None
    new_id: Callable[[], UUID] = field(default=uuid7)
    """Makes the id of a request."""
