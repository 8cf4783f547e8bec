"""The UI thread's inbox: the messages that other threads send to it, in the order in which they came.

An example: a card is tapped. The reader's thread (`kiosk/app/card_reader.py`) puts a `CardTapped` here and
goes on reading. The UI thread takes it out (`Kiosk._receive` in `kiosk/app/wiring.py`) and calls
`Journey.card`. The step asks the desk to sign the pupil in, and the desk hands the entry to the journal,
whose own thread writes it to the disk. A `DeskAnswered` comes back through this inbox, and only then is the
pupil shown as signed in.
"""

import queue
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from hardware.clock.clock import Reading
from kiosk.journal.journal import JournalRecord
from kiosk.journey import CardResult
from kiosk.school.school import School
from kiosk.views import LinkStatus, Progress, ReleaseState
from sync.wire import DepartureAnswer

# --- From the card reader's thread ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CardTapped:
    """A card was read."""

    names: Sequence[str]
    """The names under which the roster may know the card, the likeliest first."""
    reading: Reading
    """The clock at the card's first byte."""


@dataclass(frozen=True, slots=True)
class TwoCardsTapped:
    """Two cards were held to the reader at the same time."""


@dataclass(frozen=True, slots=True)
class CardUnreadable:
    """The reader sent a code that is no card."""


@dataclass(frozen=True, slots=True)
class ReaderStateChanged:
    """The card reader was connected or lost."""

    ready: bool


# --- From the uplink's threads -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The connection to the register, or the number of waiting entries, has changed."""

    status: LinkStatus


@dataclass(frozen=True, slots=True)
class SchoolReceived:
    """The register has sent a school, new or changed."""

    school: School
    recorded: Sequence[JournalRecord]
    """Today's entries, read from the journal."""


@dataclass(frozen=True, slots=True)
class EntriesSettled:
    """The register has answered for some entries, or they wait again."""

    progress: Mapping[UUID, Progress]


@dataclass(frozen=True, slots=True)
class ReleaseRequestChanged:
    """The delivery of a request for release has changed."""

    request: UUID
    state: ReleaseState


@dataclass(frozen=True, slots=True)
class ReleaseAnswered:
    """The office has answered a request for release."""

    request: UUID
    answer: DepartureAnswer | None
    """`None` if the register takes no requests from this kiosk."""


@dataclass(frozen=True, slots=True)
class ReleaseChecked:
    """The register has said whether a PIN may release a pupil."""

    may: bool | None
    """`None` if it did not answer."""
    on_result: Callable[[bool | None], None]
    """The step that asked."""


@dataclass(frozen=True, slots=True)
class CardChangeAnswered:
    """The register has answered a change of a pupil's cards."""

    result: CardResult
    on_result: Callable[[CardResult], None]
    """The step that asked for the change."""


@dataclass(frozen=True, slots=True)
class OnSiteAnswered:
    """The register has answered who is on site, or could not be asked."""

    deliver: Callable[[], None]
    """Calls the step that asked."""


# --- From the journal's thread and the PIN checker's ---------------------------------------------


@dataclass(frozen=True, slots=True)
class DeskAnswered:
    """The journal has answered the desk: an entry is on the disk, or is not."""

    deliver: Callable[[], None]
    """Makes the desk take the answer and call the step that waits for it."""


@dataclass(frozen=True, slots=True)
class PinChecked:
    """A PIN was checked, or could not be."""

    deliver: Callable[[], None]
    """Calls the PIN pad that waits for it."""


Message: TypeAlias = (
    CardTapped
    | TwoCardsTapped
    | CardUnreadable
    | ReaderStateChanged
    | LinkChanged
    | SchoolReceived
    | EntriesSettled
    | ReleaseRequestChanged
    | ReleaseAnswered
    | ReleaseChecked
    | CardChangeAnswered
    | OnSiteAnswered
    | DeskAnswered
    | PinChecked
)


class Inbox:
    """Messages for the UI thread.

    Args:
        wake: makes the UI thread take the messages out soon; called from any thread, once for each message.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._messages: queue.SimpleQueue[Message] = queue.SimpleQueue()

    def put(self, message: Message) -> None:
        """Add a message; returns at once. Callable from any thread."""
        self._messages.put(message)
        self._wake()

    def take_all(self) -> Iterator[Message]:
        """Take out every message, including those that arrive meanwhile. For the UI thread."""
        while True:
            try:
                yield self._messages.get_nowait()
            except queue.Empty:
                return
