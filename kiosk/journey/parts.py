"""The parts of the kiosk that a journey needs besides the desk. Any of them may be missing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from uuid6 import uuid7

from kiosk.pins import Pins
from kiosk.views import NO_NOTICE, LinkObstacle, PresenceView, StorageNotice
from sync.wire import CardAssignment, CardRevocation, DepartureRequest, OnSiteResponse


class Releaser(Protocol):
    """Sends requests for release to the office. The app reports their progress and the answers to
    `Journey.request_changed` and `Journey.request_answered`."""

    def ask(self, request_id: UUID, request: DepartureRequest) -> None:
        """Send a request to the office; returns at once."""

    def withdraw(self, request_id: UUID) -> None:
        """Withdraw a request; returns at once. An answer that the office has given already still arrives."""


class ReleaseChecker(Protocol):
    """Asks the register whether a PIN may release a pupil to an adult."""

    def check(
        self, request_id: UUID, request: DepartureRequest, on_result: Callable[[bool | None], None]
    ) -> None:
        """Ask about a request; returns at once.

        `on_result` is called on the UI thread: `False` if only the office may release the pupil, `None` if
        the register did not answer, so that the family's list was not checked.
        """


class RequestBook(Protocol):
    """Keeps requests on the disk, as text. A failure is logged: the request then waits without it."""

    def keep_request(self, request: UUID, text: str) -> None:
        """Keep or replace a request; returns at once."""

    def forget_request(self, request: UUID) -> None:
        """Delete a request; returns at once."""


@dataclass(frozen=True, slots=True)
class CardResult:
    """The register's answer to a change of cards."""

    cards: int | None = None
    """How many cards the pupil has now; `None` when nothing was changed."""
    error: str | None = None
    """Why nothing was changed: a sentence for the member of staff."""


class CardBook(Protocol):
    """Assigns and revokes pupils' cards at the register."""

    def assign(self, card: str, assignment: CardAssignment, on_result: Callable[[CardResult], None]) -> None:
        """Give a card (its hash) to a pupil; returns at once. `on_result` is called on the UI thread."""

    def revoke(self, pupil: str, revocation: CardRevocation, on_result: Callable[[CardResult], None]) -> None:
        """Revoke all cards of a pupil; returns at once, like `assign`."""


class SiteList(Protocol):
    """The register's list of who is on site."""

    def ask(self, on_result: Callable[[OnSiteResponse | None], None]) -> None:
        """Ask for the list; returns at once. `on_result` is called on the UI thread, with `None` when the
        register cannot be reached."""


@dataclass(frozen=True, slots=True)
class KioskHealth:
    """The state of the rest of the kiosk, for the staff screen."""

    readers: tuple[tuple[str, str], ...] = ()
    """The name and state of each reader."""
    printer: str | None = None
    oldest_at: datetime | None = None
    """When the oldest entry without an answer from the register was made (UTC)."""
    rejected: int = 0
    """How many entries the register could not take."""
    storage: StorageNotice = NO_NOTICE
    obstacle: LinkObstacle | None = None
    """What stands between the kiosk and the register, if that is known."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The other parts of the kiosk. Without one of them the journey still works, and the screen says what is
    unavailable."""

    releaser: Releaser | None = None
    checker: ReleaseChecker | None = None
    request_book: RequestBook | None = None
    cards: CardBook | None = None
    pins: Pins | None = None
    site: SiteList | None = None
    print_list: Callable[[PresenceView], None] | None = None
    """Prints a list of who is on site; returns at once. `None` when the kiosk has no printer."""
    health: Callable[[], KioskHealth] = KioskHealth
    send_now: Callable[[], None] = lambda: None
    leave_app: Callable[[], None] = lambda: None
    new_id: Callable[[], UUID] = field(default=uuid7)
    """Makes the id of a request."""
