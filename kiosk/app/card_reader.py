"""The card reader's thread: turns what the reader reports into messages for the UI thread."""

import time
from collections.abc import Callable

from hardware.clock.clock import Clock
from hardware.clock.reader_clock import ReaderClock
from hardware.readers.drivers.card_names import candidates
from hardware.readers.families import family
from hardware.readers.family import Options
from hardware.readers.ports import parse_port
from hardware.readers.reader import Tap
from hardware.readers.supervisor import Supervisor
from hardware.states import ReaderState
from kiosk.app.inbox import CardTapped, CardUnreadable, Inbox, ReaderStateChanged, TwoCardsTapped
from kiosk.settings import ReaderSection


def card_reader(
    settings: ReaderSection, clock: Clock, inbox: Inbox, on_state: Callable[[str, ReaderState], None]
) -> Supervisor | None:
    """The supervisor of the reader in the settings, not started yet; `None` if there is no reader.

    Args:
        settings: the reader's port and driver.
        clock: the kiosk's clock.
        inbox: receives the taps and the reader's state.
        on_state: receives the reader's name and state, on the reader's thread.
    """
    if settings.port is None:
        return None
    kind, place, reader_clock = family(settings.driver), parse_port(settings.port), ReaderClock(clock)

    def put_state(state: ReaderState, _detail: str) -> None:
        on_state(place.name, state)
        inbox.put(ReaderStateChanged(ready=state is ReaderState.READY))

    def put_tap(tap: Tap) -> None:
        inbox.put(CardTapped(candidates(tap.card), reader_clock.reading_at(tap.at)))

    return Supervisor(
        place,
        kind.parser(Options(check=settings.check, ending=settings.ending)),
        on_tap=put_tap,
        on_state=put_state,
        on_unread=lambda _code: inbox.put(CardUnreadable()),
        on_two_cards=lambda _cards: inbox.put(TwoCardsTapped()),
        open_line=kind.open_line,
        now=reader_clock.now,
        monotonic=time.monotonic,
    )
