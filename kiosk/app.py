"""The kiosk put together: window, journey, desk, journal, reader and uplink, each on its own thread."""

import os
import queue
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import IO
from uuid import UUID

import structlog
from uuid6 import uuid7

from hardware.reader_clock import ReaderClock
from hardware.readers.card_names import candidates
from hardware.readers.families import Options, family
from hardware.readers.ports import where
from hardware.readers.reader import ReaderState, Tap
from hardware.readers.supervisor import Supervisor
from kiosk.card_book import RegisterCards
from kiosk.desk import Desk
from kiosk.enrolment import read_token
from kiosk.journal.journal import OutboxState, Recorded
from kiosk.journey import Journey, Parts, Surroundings
from kiosk.only_one import FolderError, only_one_in
from kiosk.opening import Opened, open_journal, today
from kiosk.outbox import JournalOutbox, progress_of, progress_of_state
from kiosk.pins import Pins
from kiosk.school import School
from kiosk.settings import KioskSettings, ReaderSection
from kiosk.slips import SlipPrinter
from kiosk.timekeeper import Timekeeper
from kiosk.views import Asked, Frame, Link, Status
from sync.exchange import Register
from sync.releasing import Releases
from sync.uplink import State, Uplink
from sync.wire import EntryResult

log = structlog.get_logger()

TICK_S = 1.0
"""Seconds between looks at the clock on the screen."""


class KioskError(Exception):
    """The kiosk cannot start. The text is one sentence: what, where, what to do."""


def run(settings: KioskSettings) -> None:
    """Be a kiosk until told to stop (SIGTERM or SIGINT); the window cannot be closed.

    Raises:
        KioskError: the folder cannot be used, another kiosk uses it, or the journal cannot be opened.
        NotEnrolledError: no register knows this kiosk.
    """
    from kiosk.screens import setup

    os.umask(0o077)  # whatever this process writes is of pupils, and for this user alone
    state = settings.kiosk.state
    with _held(state), ThreadPoolExecutor(1) as opener:
        token = read_token(state)
        register = Register(settings.uplink.url, settings.uplink.ca)
        if settings.clock.offset_s and not register.is_on_this_machine:
            raise KioskError(
                "[clock] offset_s moves the clock of a demonstration and cannot be used with the register at"
                f" {register.url}; take it out"
            )
        offset = timedelta(seconds=settings.clock.offset_s)
        opening = opener.submit(open_journal, state / "journal.db", offset)  # while Kivy is imported
        display = settings.display
        setup.prepare(state / "kivy", display.size, fullscreen=display.size is None)
        import kiosk.screens.window  # noqa: F401

        try:
            opened = opening.result()
        except (sqlite3.Error, OSError) as error:
            raise KioskError(f"the journal in {state} cannot be opened: {error}") from error
        _Kiosk(settings, register, token, opened).run()


class _Kiosk:
    """The parts of a running kiosk, and the threads that they hand messages across."""

    def __init__(self, settings: KioskSettings, register: Register, token: str, opened: Opened) -> None:
        from kiosk.screens.speaker import Speaker
        from kiosk.screens.window import KioskApp

        clock = self._clock = opened.clock
        self._opened = opened
        self._journal = opened.journal
        self._link = Link.STARTING
        self._screen = ""
        self._readers: dict[str, str] = {}
        self._outbox: OutboxState | None = None
        self._todo: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
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
            lambda request, answer: self._later(lambda: self._journey.answered(request, answer)),
            on_asking=lambda request, asking: self._later(
                lambda: self._journey.asking(request, Asked(asking.value))
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
            surroundings=self._surroundings,
            send_now=self._uplink.wake,
            leave_app=self._close,
        )
        self._journey = Journey(self._desk, self._show, time.monotonic, parts, demo_clock=clock.is_demo)
        self._window = KioskApp(
            self._journey,
            lambda _window: self._begin(),
            self._journey.failed,
            play=Speaker().play if settings.display.sounds else lambda _sound: None,
        )
        self._reader = self._supervised(settings.reader)
        self._printer = SlipPrinter(settings.printer, self._uplink.tell, time.monotonic)

    def run(self) -> None:
        """Open the window; come back when it has closed and every thread has ended."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        try:
            self._window.run()
        finally:
            if self._reader:
                self._reader.stop()
            self._printer.stop()
            self._releases.stop()
            self._cards.close()
            self._pins.close()
            self._uplink.stop()
            self._journal.close()
            log.info("kiosk.stopped")

    # --- on the window's thread ------------------------------------------------------------------

    def _begin(self) -> None:
        """The window is there: show the school and let the other parts start."""
        from kivy.clock import Clock

        opened = self._opened
        if opened.school is not None:
            self._desk.open(opened.school, opened.today)
            self._journey.settled(
                {record.entry.id: progress_of_state(record.state) for record in opened.today}
            )
        self._journey.opened()
        Clock.schedule_interval(lambda _dt: self._tick(), TICK_S)
        self._journal.on_commit = self._committed
        if self._reader:
            self._reader.start()
        self._printer.start()
        self._uplink.start()
        self._count_waiting()
        log.info("kiosk.ready", school=opened.school is not None)

    def _show(self, frame: Frame) -> None:
        from kivy.clock import Clock

        self._window.show(frame)
        if self._desk.school is not None:
            self._printer.shown(frame.view, self._desk.school.language)
        screen = type(frame.view).__name__.removesuffix("View").lower()
        if screen != self._screen:
            self._screen = screen
            # After the frame that draws it, so that the line means: now it can be seen and touched.
            Clock.schedule_once(lambda _dt: log.info("screen.shown", screen=screen), 0)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._do_all()
        self._close()

    def _close(self) -> None:
        self._journey.leave()
        self._window.allow_close = True
        self._window.stop()

    def _tick(self) -> None:
        self._journey.tick()
        self._timekeeper.tick()

    def _do_all(self) -> None:
        while True:
            try:
                do = self._todo.get_nowait()
            except queue.Empty:
                return
            do()

    def _surroundings(self) -> Surroundings:
        queue = self._outbox.queue if self._outbox else None
        return Surroundings(
            readers=tuple(sorted(self._readers.items())),
            printer=self._printer.state,
            oldest_at=queue.oldest_at if queue else None,
            rejected=queue.dead if queue else 0,
        )

    def _open_school(self, school: School, today: Sequence[Recorded]) -> None:
        self._desk.open(school, today)
        self._journey.opened()

    # --- on other threads: hand over, and return ---------------------------------------------------

    def _later(self, do: Callable[[], None]) -> None:
        """Run on the window's thread, in the order in which they were handed over."""
        from kivy.clock import Clock

        self._todo.put(do)
        Clock.schedule_once(lambda _dt: self._do_all(), 0)

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
        self._later(lambda: self._journey.settled(progress))
        self._count_waiting()

    def _count_waiting(self) -> None:
        def counted(state: "Future[OutboxState]") -> None:
            self._outbox = state.result()
            status = Status(self._link, self._outbox.queue.waiting)
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


def _held(state: Path) -> IO[str]:
    try:
        return only_one_in(state)
    except FolderError as error:
        raise KioskError(str(error)) from error
