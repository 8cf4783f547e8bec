"""The kiosk behind its window: journey, desk, journal, reader and uplink, each on its own thread."""

import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from kivy.clock import Clock
from uuid6 import uuid7

from hardware.clock.reader_clock import ReaderClock
from hardware.readers.drivers.card_names import candidates
from hardware.readers.families import Options, family
from hardware.readers.ports import where
from hardware.readers.reader import Tap
from hardware.readers.supervisor import Supervisor
from hardware.states import ReaderState
from kiosk.app.main_thread import HandedOver
from kiosk.app.open_journal import Opened, open_journal, today
from kiosk.app.outbox import JournalOutbox, progress_of, progress_of_state
from kiosk.app.register_cards import RegisterCards
from kiosk.app.slips import SlipPrinter
from kiosk.app.timekeeper import Timekeeper
from kiosk.desk import Desk
from kiosk.enrolment import enrolment_of
from kiosk.errors import OpenError
from kiosk.journal.journal import OutboxState, Recorded
from kiosk.journey import Journey, KioskHealth, Parts
from kiosk.pins import Pins
from kiosk.school.school import School
from kiosk.screens.window.speaker import Speaker
from kiosk.screens.window.window import KioskApp
from kiosk.settings import KioskSettings, ReaderSection
from kiosk.views import Frame, Link, LinkStatus, Progress, ReleaseState, Sound
from sync.uplink.http import Register
from sync.uplink.releases import Releases
from sync.uplink.uplink import State, Uplink
from sync.wire import EntryResult

log = structlog.get_logger()

TICK_S = 1.0
"""Seconds between looks at the clock on the screen."""


class Ready(NamedTuple):
    """What a kiosk is made of, read and opened: no disk is waited for from here on."""

    settings: KioskSettings
    register: Register
    token: str
    opened: Opened


def open_kiosk(settings: KioskSettings, token: str) -> Ready:
    """Open the journal. Waits for the disk; any thread may do so.

    Raises:
        OpenError: the journal cannot be opened, or a demonstration's clock would go to a school's register.
    """
    register = Register(settings.uplink.url, settings.uplink.ca)
    if settings.clock.offset_s and not register.is_on_this_machine:
        raise OpenError(
            "[clock] offset_s moves the clock of a demonstration and cannot be used with the register at"
            f" {register.url}; take it out"
        )
    state = settings.kiosk.state
    try:
        opened = open_journal(state / "journal.db", timedelta(seconds=settings.clock.offset_s))
    except (sqlite3.Error, OSError) as error:
        raise OpenError(f"the journal in {state} cannot be opened: {error}") from error
    return Ready(settings, register, token, opened)


class Kiosk:
    """The parts of a running kiosk, and the threads that they hand messages across.

    Args:
        ready: what it is made of.
        window: where it is seen; open, on this thread.
    """

    def __init__(self, ready: Ready, window: KioskApp) -> None:
        settings, register, token, opened = ready
        clock = self._clock = opened.clock
        self._window = window
        self._opened = opened
        self._journal = opened.journal
        self._link = Link.STARTING
        self._screen = ""
        self._readers: dict[str, str] = {}
        self._outbox: OutboxState | None = None
        self._todo = HandedOver()
        self._desk = Desk(self._journal, clock, uuid7, self._later)
        self._timekeeper = Timekeeper(self._journal, clock, self._desk, time.monotonic)
        self._uplink = Uplink(
            register,
            token,
            JournalOutbox(
                self._journal,
                clock,
                lambda: dict(self._readers),
                self._take_school,
                opened.etag,
                enrolment=enrolment_of(token),
                waits_again=self._waits_again,
                printer=lambda: self._printer.state,
            ),
            on_state=self._uplink_state,
            on_settled=self._settled,
            on_server_time=clock.compare,
            rng=random.SystemRandom(),
            monotonic=time.monotonic,
        )
        self._releases = Releases(
            register,
            token,
            lambda request, answer: self._later(lambda: self._journey.request_answered(request, answer)),
            on_asking=lambda request, asking: self._later(
                lambda: self._journey.request_changed(request, ReleaseState(asking.value))
            ),
            rng=random.SystemRandom(),
        )
        self._cards = RegisterCards(register, token, self._later, self._uplink.tell)
        self._pins = Pins(
            self._journal,
            opened.pin_tries,
            boot_id=clock.reading().boot_id,
            monotonic_ns=lambda: time.clock_gettime_ns(time.CLOCK_BOOTTIME),
            later=self._later,
        )
        parts = Parts(
            releaser=self._releases,
            cards=self._cards,
            pins=self._pins,
            health=self._health,
            send_now=self._uplink.wake,
            leave_app=self.close,
        )
        self._journey = Journey(self._desk, self._show, time.monotonic, parts, demo_clock=clock.is_demo)
        self._speaker = Speaker() if settings.display.sounds else None
        self._reader = self._supervised(settings.reader)
        self._printer = SlipPrinter(settings.printer, self._uplink.tell, time.monotonic)

    @property
    def journey(self) -> Journey:
        """What a touch leads to."""
        return self._journey

    # --- on the window's thread ------------------------------------------------------------------

    def begin(self) -> None:
        """Show the school and let the other parts start."""
        opened = self._opened
        if opened.school is not None:
            self._desk.open(opened.school, opened.today)
        self._journey.school_changed()
        self._journey.entries_settled(
            {record.entry.id: progress_of_state(record.state) for record in opened.today}
        )
        Clock.schedule_interval(lambda _dt: self._tick(), TICK_S)
        self._journal.on_commit = self._committed
        if self._reader:
            self._reader.start()
        self._printer.start()
        self._uplink.start()
        self._count_waiting()
        log.info("kiosk.ready", school=opened.school is not None)

    def play(self, sound: Sound) -> None:
        """Let it be heard, where sounds are wanted."""
        if self._speaker is not None:
            self._speaker.play(sound)

    def close(self) -> None:
        """Sign in whoever came by card and has not been, and ask the window to close."""
        self._todo.do_all()
        self._journey.stop()
        self._window.close()

    def stopped(self) -> None:
        """The window has closed: come back when every thread has ended."""
        if self._reader:
            self._reader.stop()
        self._printer.stop()
        self._releases.stop()
        self._cards.close()
        self._pins.close()
        self._uplink.stop()
        self._journal.close()
        log.info("kiosk.stopped")

    def _show(self, frame: Frame) -> None:
        self._window.show(frame)
        if self._desk.school is not None:
            self._printer.shown(frame.view, self._desk.school.language)
        screen = type(frame.view).__name__.removesuffix("View").lower()
        if screen != self._screen:
            self._screen = screen
            # Not before it answers, so that the line means: now it can be seen and touched.
            self._window.when_it_answers(lambda: log.info("screen.shown", screen=screen))

    def _tick(self) -> None:
        self._journey.tick()
        self._timekeeper.tick()

    def _health(self) -> KioskHealth:
        queue = self._outbox.queue if self._outbox else None
        return KioskHealth(
            readers=tuple(sorted(self._readers.items())),
            printer=self._printer.state,
            oldest_at=queue.oldest_at if queue else None,
            rejected=queue.dead if queue else 0,
        )

    def _open_school(self, school: School, today: Sequence[Recorded]) -> None:
        self._desk.open(school, today)
        self._journey.school_changed()

    # --- on other threads: hand over, and return ---------------------------------------------------

    def _later(self, do: Callable[[], None]) -> None:
        """Run on the window's thread, in the order in which they were handed over."""
        self._todo.put(do)
        Clock.schedule_once(lambda _dt: self._todo.do_all(), 0)

    def _take_school(self, school: School) -> None:
        entered = today(self._journal, self._clock, school)
        self._later(lambda: self._open_school(school, entered))

    def _committed(self) -> None:
        self._uplink.wake()
        self._count_waiting()

    def _uplink_state(self, state: State) -> None:
        self._link = Link(state.value)
        self._count_waiting()

    def _settled(self, results: Sequence[EntryResult]) -> None:
        progress = {UUID(result.id): progress_of(result.status) for result in results if result.id}
        self._later(lambda: self._journey.entries_settled(progress))
        self._count_waiting()

    def _waits_again(self, ids: Sequence[str]) -> None:
        progress = dict.fromkeys(map(UUID, ids), Progress.SAVED)
        self._later(lambda: self._journey.entries_settled(progress))
        self._count_waiting()

    def _count_waiting(self) -> None:
        def counted(state: "Future[OutboxState]") -> None:
            self._outbox = state.result()
            status = LinkStatus(self._link, self._outbox.queue.waiting)
            self._later(lambda: self._journey.link_changed(status))

        self._journal.state().add_done_callback(counted)

    def _supervised(self, reader: ReaderSection) -> Supervisor | None:
        if reader.port is None:
            return None
        kind, place, clock = family(reader.driver), where(reader.port), ReaderClock(self._clock)

        def on_state(state: ReaderState, _detail: str) -> None:
            self._readers[place.name] = state.value
            ready = state is ReaderState.READY
            self._later(lambda: self._journey.reader_changed(ready=ready))
            self._uplink.tell()

        def on_tap(tap: Tap) -> None:
            reading = clock.reading_at(tap.at)
            names = candidates(tap.card) or (tap.card,)
            self._later(lambda: self._journey.card(names, reading))

        return Supervisor(
            place,
            kind.parser(Options(check=reader.check, ending=reader.ending)),
            on_tap=on_tap,
            on_state=on_state,
            on_two_cards=lambda _cards: self._later(self._journey.two_cards),
            open_line=kind.open_line,
            now=clock.now,
            monotonic=time.monotonic,
        )
