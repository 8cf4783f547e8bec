"""The kiosk put together: window, journey, desk, journal, reader and uplink, each on its own thread."""

import fcntl
import os
import queue
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import IO, Any, NamedTuple
from uuid import UUID

import structlog
from uuid6 import uuid7

from hardware.clock import KnownTime, SystemClock, read_for
from hardware.readers.card_names import candidates
from hardware.readers.families import Options, family
from hardware.readers.ports import where
from hardware.readers.reader import ReaderState, Tap
from hardware.readers.supervisor import Supervisor
from kiosk.attendance.calendar import wall_time
from kiosk.desk import Desk
from kiosk.enrolment import read_token
from kiosk.journal.journal import Journal, OutboxState, Recorded
from kiosk.journey import Journey
from kiosk.outbox import JournalOutbox, progress_of, progress_of_state
from kiosk.school import School
from kiosk.settings import KioskSettings, ReaderSection
from kiosk.views import Frame, Link, Status
from sync.exchange import Register
from sync.uplink import State, Uplink
from sync.wire import EntryResult

log = structlog.get_logger()

TICK_S = 1.0
"""Seconds between looks at the clock on the screen."""
PURGE_S = 24 * 3600.0
"""Seconds between purges of what the register has long answered for."""
KNOWN_TIME_S = 600.0
"""Seconds between notes that the time is known to be right: enough for a restart, and little for the card."""


class KioskError(Exception):
    """The kiosk cannot start. The text is one sentence: what, where, what to do."""


class _Opened(NamedTuple):
    """What the journal held when it was opened."""

    journal: Journal
    clock: SystemClock
    school: School | None
    etag: str | None
    today: list[Recorded]


def run(settings: KioskSettings) -> None:
    """Be a kiosk until told to stop (SIGTERM or SIGINT); the window cannot be closed.

    Raises:
        KioskError: the folder cannot be used, another kiosk uses it, or the journal cannot be opened.
        NotEnrolledError: no register knows this kiosk.
    """
    from kiosk.screens import setup

    os.umask(0o077)  # whatever this process writes is of pupils, and for this user alone
    state = settings.kiosk.state
    with _only_kiosk_in(state), ThreadPoolExecutor(1) as opener:
        token = read_token(state)
        register = Register(settings.uplink.url, settings.uplink.ca)
        if settings.clock.offset_s and not register.is_on_this_machine:
            raise KioskError(
                "[clock] offset_s moves the clock of a demonstration and cannot be used with the register at"
                f" {register.url}; take it out"
            )
        offset = timedelta(seconds=settings.clock.offset_s)
        opening = opener.submit(_open, state / "journal.db", offset)  # while Kivy is imported
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

    def __init__(self, settings: KioskSettings, register: Register, token: str, opened: _Opened) -> None:
        from kiosk.screens.window import KioskApp

        clock = self._clock = opened.clock
        self._opened = opened
        self._journal = opened.journal
        self._link = Link.STARTING
        self._screen = ""
        self._keep_time_at = 0.01
        self._purge_at = 0.0
        self._readers: dict[str, str] = {}
        self._todo: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._desk = Desk(self._journal, clock, uuid7, self._later)
        self._journey = Journey(self._desk, self._show, time.monotonic, demo_clock=clock.is_demo)
        self._window = KioskApp(self._journey, lambda _window: self._begin(), self._journey.failed)
        self._uplink = Uplink(
            register,
            token,
            JournalOutbox(self._journal, clock, lambda: dict(self._readers), self._take_school, opened.etag),
            on_state=self._uplink_state,
            on_settled=self._settled,
            on_server_time=clock.compare,
            rng=random.SystemRandom(),
            monotonic=time.monotonic,
        )
        self._reader = self._supervised(settings.reader)

    def run(self) -> None:
        """Open the window; come back when it has closed and every thread has ended."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        try:
            self._window.run()
        finally:
            if self._reader:
                self._reader.stop()
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
        self._uplink.start()
        self._count_waiting()
        log.info("kiosk.ready", school=opened.school is not None)

    def _show(self, frame: Frame) -> None:
        from kivy.clock import Clock

        self._window.show(frame)
        screen = type(frame.view).__name__.removesuffix("View").lower()
        if screen != self._screen:
            self._screen = screen
            # After the frame that draws it, so that the line means: now it can be seen and touched.
            Clock.schedule_once(lambda _dt: log.info("screen.shown", screen=screen), 0)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._do_all()
        self._journey.leave()
        self._window.allow_close = True
        self._window.stop()

    def _tick(self) -> None:
        self._journey.tick()
        self._watch_clock()

    def _watch_clock(self) -> None:
        """Keep that the clock is right while it is, forget it when it is not, and set right what was entered
        in doubt. What is old is purged only by a clock that is to be trusted."""
        if self._desk.school is None or self._clock.is_demo:
            return
        reading, now = self._clock.reading(), time.monotonic()
        if reading.trust == "unknown":
            if self._keep_time_at > 0:
                self._keep_time_at = 0.0
                self._journal.forget_known_time().add_done_callback(_log_failure)
            return
        if reading.trust == "synced" and self._desk.has_doubts:
            self._desk.set_right(reading)
        if now >= self._keep_time_at:
            self._keep_time_at = now + KNOWN_TIME_S
            known = KnownTime(reading.at, reading.monotonic_ns, reading.boot_id)
            self._journal.keep_known_time(known).add_done_callback(_log_failure)
        if now >= self._purge_at:
            self._purge_at = now + PURGE_S
            self._journal.purge(reading.boot_id).add_done_callback(_log_failure)

    def _do_all(self) -> None:
        while True:
            try:
                do = self._todo.get_nowait()
            except queue.Empty:
                return
            do()

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
        today = self._journal.on(wall_time(self._clock.now(), school.zone).date()).result()
        self._later(lambda: self._open_school(school, today))

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
            status = Status(self._link, state.result().queue.waiting)
            self._later(lambda: self._journey.link_changed(status))

        self._journal.state().add_done_callback(counted)

    def _supervised(self, reader: ReaderSection) -> Supervisor | None:
        if reader.port is None:
            return None
        kind, place = family(reader.driver), where(reader.port)

        def on_state(state: ReaderState, _detail: str) -> None:
            self._readers[place.name] = state.value
            ready = state is ReaderState.READY
            self._later(lambda: self._journey.reader_changed(ready=ready))
            self._uplink.tell()

        def on_tap(tap: Tap) -> None:
            reading = read_for(tap.at, self._clock.reading())
            names = candidates(tap.card) or (tap.card,)
            self._later(lambda: self._journey.card(names, reading))

        return Supervisor(
            place,
            kind.parser(Options(check=reader.check, ending=reader.ending)),
            on_tap=on_tap,
            on_state=on_state,
            on_two_cards=lambda _cards: self._later(self._journey.two_cards),
            open_line=kind.open_line,
            now=self._clock.now,
            monotonic=time.monotonic,
        )


def _open(path: Path, offset: timedelta) -> _Opened:
    journal = Journal(path, lambda: datetime.now(UTC) + offset)
    known, newest = journal.known_time().result(), journal.newest_trusted().result()
    clock = SystemClock(known=known, newest=newest, offset=offset)
    kept = journal.bundle().result()
    if kept is None:
        return _Opened(journal, clock, None, None, [])
    try:
        school = School.of(kept.bundle)
    except ValueError as error:
        log.error("bundle.unusable", version=kept.bundle.version, error=str(error))
        return _Opened(journal, clock, None, None, [])
    today = journal.on(wall_time(clock.now(), school.zone).date()).result()
    return _Opened(journal, clock, school, kept.etag, today)


def _log_failure(done: "Future[Any]") -> None:
    if (error := done.exception()) is not None:
        log.error("journal.failed", error=type(error).__name__)


def _only_kiosk_in(state: Path) -> IO[str]:
    """Hold the folder for this process: a second one on the same journal could damage it."""
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (state / "lock").open("w")
    except OSError as error:
        raise KioskError(
            f"{state} cannot be used: {error.strerror}; set [kiosk] state to a folder of this user"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise KioskError(f"another kiosk is running with {state}; stop it first") from error
    return lock
