"""Connects the parts of the kiosk: journey and desk on the UI thread, the others on their own."""

import random
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import timedelta
from typing import NamedTuple, assert_never
from uuid import UUID

import structlog
from kivy.clock import Clock
from uuid6 import uuid7

from hardware.states import ReaderState
from kiosk.app.card_reader import card_reader
from kiosk.app.inbox import (
    CardChangeAnswered,
    CardTapped,
    CardUnreadable,
    DeskAnswered,
    EntriesSettled,
    Inbox,
    LinkChanged,
    Message,
    OnSiteAnswered,
    PinChecked,
    ReaderStateChanged,
    ReleaseAnswered,
    ReleaseChecked,
    ReleaseRequestChanged,
    SchoolReceived,
    TwoCardsTapped,
)
from kiosk.app.open_journal import JournalContents, open_journal, todays_entries
from kiosk.app.outbox import JournalOutbox, progress_of, progress_of_state
from kiosk.app.register_cards import RegisterCards
from kiosk.app.register_on_site import RegisterOnSite
from kiosk.app.release_checks import ReleaseChecks
from kiosk.app.request_book import JournalRequestBook
from kiosk.app.slips import SlipPrinter
from kiosk.app.storage_check import StorageCheck
from kiosk.app.timekeeper import Timekeeper
from kiosk.desk import Desk
from kiosk.disk_faults import sentence_for
from kiosk.enrolment import enrolment_of
from kiosk.errors import OpenError
from kiosk.journal.journal import OutboxState
from kiosk.journal.place import journal_place
from kiosk.journey import Journey, KioskHealth, Parts
from kiosk.pins import Pins
from kiosk.school.school import School
from kiosk.screens.window.speaker import Speaker
from kiosk.screens.window.window import KioskApp
from kiosk.settings import KioskSettings
from kiosk.views import Frame, Link, LinkObstacle, LinkStatus, PresenceView, Progress, ReleaseState, Sound
from sync.uplink.http import RegisterClient
from sync.uplink.obstacles import Obstacle
from sync.uplink.releases import ReleaseRequests
from sync.uplink.uplink import Uplink, UplinkState
from sync.wire import EntryResult

log = structlog.get_logger()

TICK_S = 1.0
"""Seconds between ticks of the journey's timers."""


class Ready(NamedTuple):
    """The opened parts of a kiosk. From here on the UI thread never waits for a disk."""

    settings: KioskSettings
    register: RegisterClient
    token: str
    contents: JournalContents


def open_kiosk(settings: KioskSettings, token: str) -> Ready:
    """Open the journal. Waits for the disk, so not on the UI thread.

    Raises:
        DiskKeyError: the journal's key cannot be used.
        OpenError: the journal cannot be opened, or a demo clock was set for a register on another machine.
    """
    register = RegisterClient(settings.uplink.url, settings.uplink.ca)
    if settings.clock.offset_s and not register.is_on_this_machine:
        raise OpenError(
            "[clock] offset_s moves the clock of a demonstration and cannot be used with the register at"
            f" {register.url}; take it out"
        )
    state = settings.kiosk.state
    try:
        place = journal_place(state, settings.kiosk.key_file)
        contents = open_journal(place, timedelta(seconds=settings.clock.offset_s))
    except (sqlite3.Error, OSError) as error:
        raise OpenError(
            sentence_for(error, state) or f"the journal in {state} cannot be opened: {error}"
        ) from error
    return Ready(settings, register, token, contents)


class Kiosk:
    """A running kiosk. Other threads send it messages through its inbox.

    Args:
        ready: the opened parts.
        window: the open window, on this thread.
    """

    def __init__(self, ready: Ready, window: KioskApp) -> None:
        settings, register, token, contents = ready
        clock = self._clock = contents.clock
        self._window = window
        self._contents = contents
        self._journal = contents.journal
        self._link = Link.STARTING
        self._obstacle: LinkObstacle | None = None
        self._screen = ""
        self._readers: dict[str, str] = {}
        self._outbox: OutboxState | None = None
        self._inbox = Inbox(lambda: Clock.schedule_once(lambda _dt: self._receive_all(), 0))
        self._desk = Desk(self._journal, clock, uuid7, lambda deliver: self._inbox.put(DeskAnswered(deliver)))
        self._timekeeper = Timekeeper(self._journal, clock, self._desk, time.monotonic)
        self._storage = StorageCheck(settings.kiosk.state, self._journal, lambda: clock.reading().at)
        self._uplink = Uplink(
            register,
            token,
            JournalOutbox(
                self._journal,
                clock,
                lambda: dict(self._readers),
                self._take_school,
                contents.etag,
                enrolment=enrolment_of(token),
                on_queued_again=self._on_queued_again,
                printer=lambda: self._printer.state,
                storage=self._storage.look,
            ),
            on_state=self._uplink_state,
            on_obstacle=self._uplink_obstacle,
            on_settled=self._on_settled,
            on_server_time=clock.take,
            rng=random.SystemRandom(),
            monotonic=time.monotonic,
        )
        self._releases = ReleaseRequests(
            register,
            token,
            lambda request, answer: self._inbox.put(ReleaseAnswered(request, answer)),
            on_stage=lambda request, asking: self._inbox.put(
                ReleaseRequestChanged(request, ReleaseState(asking.value))
            ),
            rng=random.SystemRandom(),
        )
        self._checks = ReleaseChecks(register, token, self._inbox.put)
        self._cards = RegisterCards(register, token, self._inbox.put, self._uplink.report)
        self._on_site = RegisterOnSite(register, token, self._inbox.put)
        self._pins = Pins(
            self._journal,
            contents.pin_tries,
            boot_id=clock.reading().boot_id,
            monotonic_ns=lambda: time.clock_gettime_ns(time.CLOCK_BOOTTIME),
            later=lambda deliver: self._inbox.put(PinChecked(deliver)),
        )
        parts = Parts(
            releaser=self._releases,
            checker=self._checks,
            request_book=JournalRequestBook(self._journal),
            cards=self._cards,
            site=self._on_site,
            print_list=self._print_list if settings.printer.port is not None else None,
            pins=self._pins,
            health=self._health,
            send_now=self._uplink.wake,
            leave_app=self.close,
        )
        self._journey = Journey(self._desk, self._show, time.monotonic, parts, demo_clock=clock.is_demo)
        self._speaker = Speaker() if settings.display.sounds else None
        self._reader = card_reader(settings.reader, clock, self._inbox, self._reader_state)
        self._printer = SlipPrinter(settings.printer, self._uplink.report, time.monotonic)

    @property
    def journey(self) -> Journey:
        """The journey, which receives the touches."""
        return self._journey

    # --- on the UI thread ------------------------------------------------------------------------

    def begin(self) -> None:
        """Show the school and start the other parts."""
        contents = self._contents
        self._desk.recover(contents.taps)
        if contents.school is not None:
            self._desk.open(contents.school, contents.today)
        if contents.journal.is_disk_full:
            self._desk.note_disk_failure()  # which is tried again, once a second
        self._journey.take_up_requests(contents.requests)
        self._journey.school_changed()
        self._journey.entries_settled(
            {record.entry.id: progress_of_state(record.state) for record in contents.today}
        )
        Clock.schedule_interval(lambda _dt: self._tick(), TICK_S)
        self._journal.on_commit = self._on_commit
        if self._reader:
            self._reader.start()
        self._printer.start()
        self._uplink.start()
        self._count_waiting()
        log.info("kiosk.ready", school=contents.school is not None)

    def play(self, sound: Sound) -> None:
        """Play a sound, if sounds are switched on."""
        if self._speaker is not None:
            self._speaker.play(sound)

    def close(self) -> None:
        """Sign in the pupils who came by card and are not recorded yet; then close the window."""
        self._receive_all()
        self._journey.stop()
        self._window.close()

    def stop_threads(self) -> None:
        """Stop every thread, once the window has closed; returns when they have ended."""
        if self._reader:
            self._reader.stop()
        self._printer.stop()
        self._releases.stop()
        self._checks.close()
        self._cards.close()
        self._on_site.close()
        self._pins.close()
        self._uplink.stop()
        self._journal.close()
        log.info("kiosk.stopped")

    def _show(self, frame: Frame) -> None:
        self._window.show(frame)
        if self._desk.school is not None:
            self._printer.print_for(frame.view, self._desk.school.language)
        screen = type(frame.view).__name__.removesuffix("View").lower()
        if screen != self._screen:
            self._screen = screen
            # Logged once the screen takes touches: the line means that it can be seen and touched.
            self._window.when_touchable(lambda: log.info("screen.shown", screen=screen))

    def _print_list(self, view: PresenceView) -> None:
        if self._desk.school is not None:
            self._printer.print_list(view, self._desk.school.language)

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
            storage=self._storage.notice,
            obstacle=self._obstacle,
        )

    # --- messages from other threads -------------------------------------------------------------

    def _receive_all(self) -> None:
        for message in self._inbox.take_all():
            self._receive(message)

    def _receive(self, message: Message) -> None:
        journey = self._journey
        match message:
            case CardTapped() | TwoCardsTapped() | CardUnreadable():
                self._receive_card(message)
            case ReaderStateChanged(ready):
                journey.reader_changed(ready=ready)
            case LinkChanged(status):
                journey.link_changed(status)
            case SchoolReceived(school, recorded):
                self._desk.open(school, recorded)
                journey.school_changed()
            case EntriesSettled(progress):
                journey.entries_settled(progress)
            case ReleaseRequestChanged(request, state):
                journey.request_changed(request, state)
            case ReleaseAnswered(request, answer):
                journey.request_answered(request, answer)
            case ReleaseChecked(may, on_checked):
                on_checked(may)
            case CardChangeAnswered(result, on_result):
                on_result(result)
            case DeskAnswered(deliver) | PinChecked(deliver) | OnSiteAnswered(deliver):
                deliver()
            case _:
                assert_never(message)

    def _receive_card(self, message: CardTapped | TwoCardsTapped | CardUnreadable) -> None:
        match message:
            case CardTapped(names, reading):
                self._journey.card(names, reading)
            case TwoCardsTapped():
                self._journey.two_cards()
            case CardUnreadable():
                self._journey.unreadable_card()

    # --- on other threads: put a message into the inbox, and return ---------------------------------

    def _take_school(self, school: School) -> None:
        entered = todays_entries(self._journal, self._clock, school)
        self._inbox.put(SchoolReceived(school, entered))

    def _on_commit(self) -> None:
        self._uplink.wake()
        self._count_waiting()

    def _uplink_state(self, state: UplinkState) -> None:
        self._link = Link(state.value)
        self._count_waiting()

    def _uplink_obstacle(self, obstacle: Obstacle | None) -> None:
        self._obstacle = LinkObstacle(obstacle.value) if obstacle else None
        self._count_waiting()

    def _on_settled(self, results: Sequence[EntryResult]) -> None:
        progress = {UUID(result.id): progress_of(result.status) for result in results if result.id}
        self._inbox.put(EntriesSettled(progress))
        self._count_waiting()

    def _on_queued_again(self, ids: Sequence[str]) -> None:
        progress = dict.fromkeys(map(UUID, ids), Progress.SAVED)
        self._inbox.put(EntriesSettled(progress))
        self._count_waiting()

    def _count_waiting(self) -> None:
        def report(state: "Future[OutboxState]") -> None:
            self._outbox = state.result()
            self._inbox.put(LinkChanged(LinkStatus(self._link, self._outbox.queue.waiting)))

        self._journal.state().add_done_callback(report)

    def _reader_state(self, name: str, state: ReaderState) -> None:
        self._readers[name] = state.value
        self._uplink.report()
