"""The staff screen, behind a PIN: entries, undo, who is on site, sending, cleaning, cards."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import structlog

from kiosk.desk import Pending
from kiosk.journey.pin_pad import PinPad
from kiosk.journey.session import Session
from kiosk.journey.staff.bus import BusStep
from kiosk.journey.staff.cards import CardsStep
from kiosk.journey.staff.staff_views import entry_lines, health_of, presence_view
from kiosk.journey.step import JourneyStep
from kiosk.pins import Pins
from kiosk.views import (
    CleaningView,
    ConfirmQuestion,
    ConfirmView,
    EntryLine,
    PinPurpose,
    PresenceSource,
    PresenceView,
    Sound,
    StaffView,
)
from kiosk.views.touches import (
    CleanScreen,
    Confirm,
    Finish,
    GoBack,
    LeaveApp,
    Lock,
    ManageCards,
    OpenBus,
    PrintPresence,
    SendNow,
    ShowPresence,
    Touch,
    TurnPage,
    UndoEntry,
)
from sync.wire import OnSiteResponse, StaffMember

log = structlog.get_logger()

CLEANING_S = 30.0
"""Seconds for which touches are ignored while the screen is wiped."""
SENDING_S = 3.0
"""Seconds for which the screen confirms “Send now” and “Print”."""
ON_SITE_EVERY_S = 15.0
"""Seconds between questions who is on site, while the list is shown."""


class StaffStep(JourneyStep):
    """The PIN pad, and behind it the staff screen."""

    def __init__(self, session: Session, pins: Pins) -> None:
        self._session = session
        self._member: StaffMember | None = None
        self._pad: PinPad | None = PinPad(session, pins, PinPurpose.STAFF, self._open)
        self._on_confirm: Callable[[], None] | None = None
        """The action that the question on the screen is about."""
        self._clean_until: float | None = None
        self._sending_until = 0.0
        self._undo_failed = False
        self._pending = Pending()
        self._on_site: OnSiteResponse | None = None
        """The register's list of who is on site, while its list is shown."""
        self._source = PresenceSource.KIOSK
        self._ask_again_at: float | None = None
        """When to ask for that list again; `None` while the register has not answered."""
        self._printing_until = 0.0

    @property
    def busy(self) -> bool:
        """Always: a member of staff stands here, also while the PIN is typed."""
        return True

    def start(self) -> None:
        """Ask for the PIN."""
        if self._pad is not None:
            self._pad.show()

    # --- time and news ---------------------------------------------------------------------------

    def tick(self) -> None:
        """Bring the view up to date, without restarting its timer."""
        session = self._session
        if self._pad is not None:
            self._pad.tick()
        elif self._clean_until is not None:
            left = self._clean_until - session.monotonic()
            if left > 0:
                session.refresh(CleaningView(seconds_left=-int(-left // 1)))
            else:
                self._clean_until = None
                self._show()
        elif isinstance(session.view, StaffView):
            session.refresh(self._view())
        elif isinstance(session.view, PresenceView):
            self._tick_presence(session.view)

    def entries_changed(self) -> None:
        """Show the progress of the entries, and read again which ones are pending."""
        if isinstance(self._session.view, StaffView):
            self._session.refresh(self._view())
            self._session.desk.pending(self._take_pending)

    def time_is_up(self) -> None:
        """Lock, and go home."""
        self.abandon()
        self._session.user_left()

    def abandon(self) -> None:
        """Lock."""
        if self._pad is not None:
            self._pad.close()
            self._pad = None
        self._member = None

    # --- touches ---------------------------------------------------------------------------------

    def handle(self, touch: Touch) -> None:
        """Type the PIN; on the staff screen, carry out the chosen action."""
        match touch, self._session.view:
            case GoBack(), _:
                self._back()
            case Finish(), ConfirmView() | PresenceView():
                self._show()
            case Confirm(), ConfirmView():
                self._confirm()
            case PrintPresence(), PresenceView(can_print=True) as view:
                self._print(view)
            case TurnPage(), (StaffView() | PresenceView()) as view:
                self._session.show(view)  # the user is reading the list: restart its timer
            case Lock(), _ if self._member is not None and self._clean_until is None:
                self._go_home()
            case _, StaffView() as view:
                self._choose(touch, view)
            case _ if self._pad is not None:
                self._pad.handle(touch)

    def _choose(self, touch: Touch, view: StaffView) -> None:
        """Carry out the action chosen on the staff screen."""
        session = self._session
        match touch:
            case UndoEntry(entry):
                self._ask_undo(entry, view)
            case LeaveApp():
                self._ask(ConfirmView(ConfirmQuestion.LEAVE_APP), session.parts.leave_app)
            case ShowPresence():
                self._show_presence()
            case SendNow():
                session.parts.send_now()
                self._sending_until = session.monotonic() + SENDING_S
                self._show()
            case CleanScreen():
                self._clean_until = session.monotonic() + CLEANING_S
                session.show(CleaningView(seconds_left=int(CLEANING_S)))
            case OpenBus() if self._member is not None and not session.school.policy.no_buses:
                session.change_step(BusStep(session, self._member, self._resume))
            case ManageCards() if self._member is not None:
                session.change_step(CardsStep(session, self._member, self._resume, self.time_is_up))

    def _back(self) -> None:
        """Go back from a question or a list to the staff screen; from there, or from the pad, go home."""
        if self._clean_until is not None:
            return
        if isinstance(self._session.view, ConfirmView | PresenceView):
            self._show()
        else:
            self._go_home()

    def _go_home(self) -> None:
        self.abandon()
        self._session.go_home()

    # --- who is on site --------------------------------------------------------------------------

    def _show_presence(self) -> None:
        """Show who came through this kiosk, and ask the register for its list."""
        self._on_site, self._source = None, PresenceSource.KIOSK
        if self._session.parts.site is not None:
            self._source = PresenceSource.ASKING
            self._ask_on_site()
        self._session.show(self._presence())

    def _ask_on_site(self) -> None:
        if self._session.parts.site is not None:
            self._ask_again_at = None
            self._session.parts.site.ask(self._take_on_site)

    def _tick_presence(self, view: PresenceView) -> None:
        if self._ask_again_at is not None and self._session.monotonic() >= self._ask_again_at:
            self._ask_on_site()
        if view.printing and self._session.monotonic() >= self._printing_until:
            self._session.refresh(replace(view, printing=False))

    def _take_on_site(self, on_site: OnSiteResponse | None) -> None:
        """Show the register's list; without an answer the screen says whose list it is."""
        self._ask_again_at = self._session.monotonic() + ON_SITE_EVERY_S
        self._on_site = on_site
        self._source = PresenceSource.REGISTER if on_site else PresenceSource.KIOSK
        if self._session.step is self and isinstance(self._session.view, PresenceView):
            self._session.refresh(self._presence())

    def _print(self, view: PresenceView) -> None:
        if self._session.parts.print_list is not None:
            self._session.parts.print_list(view)
            self._printing_until = self._session.monotonic() + SENDING_S
            self._session.show(self._presence())

    def _presence(self) -> PresenceView:
        printing = self._session.monotonic() < self._printing_until
        return presence_view(self._session, self._on_site, self._source, printing=printing)

    # --- questions and undo ----------------------------------------------------------------------

    def _ask(self, view: ConfirmView, on_confirm: Callable[[], None]) -> None:
        self._on_confirm = on_confirm
        self._session.show(view)

    def _confirm(self) -> None:
        action, self._on_confirm = self._on_confirm, None
        if action is not None:
            action()

    def _ask_undo(self, entry: UUID, view: StaffView) -> None:
        line = next((each for each in view.lines if each.entry == entry and each.may_undo), None)
        if line is not None:
            self._undo_failed = False
            self._ask(ConfirmView(ConfirmQuestion.UNDO, line=line), lambda: self._undo(line))

    def _undo(self, line: EntryLine) -> None:
        if self._member is None:
            return

        def on_saved(_entry: UUID) -> None:
            self._show_undone(failed=False)

        def on_failed(error: BaseException) -> None:
            log.error("entry.not_committed", error=type(error).__name__)
            self._show_undone(failed=True)

        by = f"{self._member.name} ({self._member.position})"
        try:
            self._session.desk.undo(line.entry, by, on_saved=on_saved, on_failed=on_failed)
        except ValueError as error:  # the entry was undone meanwhile, or midnight has passed
            log.warning("staff.not_undone", why=str(error))
        self._show()

    def _show_undone(self, *, failed: bool) -> None:
        self._undo_failed = failed
        if self._session.step is self and isinstance(self._session.view, StaffView):
            self._session.show(self._view(), Sound.ATTENTION if failed else Sound.ACCEPTED)

    # --- the staff screen ------------------------------------------------------------------------

    def _open(self, member: StaffMember) -> None:
        """Open the staff screen after a right PIN."""
        self._pad = None
        self._member = member
        log.info("staff.opened", staff=member.id)
        self._undo_failed = False
        self._show()
        self._session.desk.pending(self._take_pending)

    def _resume(self) -> None:
        """Come back from another step."""
        self._session.change_step(self, self._show)

    def _show(self) -> None:
        self._on_confirm = None
        self._session.show(self._view())

    def _take_pending(self, pending: Pending) -> None:
        self._pending = pending
        if self._session.step is self and isinstance(self._session.view, StaffView):
            self._session.refresh(self._view())

    def _view(self) -> StaffView:
        return StaffView(
            member=self._member.name if self._member else "",
            lines=entry_lines(self._session, self._pending),
            health=health_of(self._session),
            sending=self._session.monotonic() < self._sending_until,
            undo_failed=self._undo_failed,
            buses=not self._session.school.policy.no_buses,
            more_pending=self._pending.more,
        )
