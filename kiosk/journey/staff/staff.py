"""The staff screen, behind a PIN: entries, undo, who is on site, sending, cleaning, cards."""

from collections.abc import Callable
from uuid import UUID

import structlog

from kiosk.desk import Pending
from kiosk.journey.session import Core
from kiosk.journey.staff.cards import Cards
from kiosk.journey.staff.pin_pad import PinPad
from kiosk.journey.staff.staff_views import health, lines, presence
from kiosk.journey.step import Visit
from kiosk.pins import Pins
from kiosk.views import (
    CleaningView,
    ConfirmQuestion,
    ConfirmView,
    EntryLine,
    PinPurpose,
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
    SendNow,
    ShowPresence,
    Touch,
    TurnPage,
    UndoEntry,
)
from sync.wire import StaffMember

log = structlog.get_logger()

STAFF_S = 60.0
"""Seconds without a touch after which the staff screen is locked."""
CLEANING_S = 30.0
"""Seconds in which the screen is deaf, to be wiped."""
SENDING_S = 3.0
"""Seconds for which it is said that sending was asked for."""


class Staff(Visit):
    """A member of staff, or somebody who tries to be one."""

    def __init__(self, core: Core, pins: Pins) -> None:
        self._core = core
        self._member: StaffMember | None = None
        self._pad: PinPad | None = PinPad(core, pins, PinPurpose.STAFF, self._open)
        self._asked: Callable[[], None] | None = None
        """What is done once it is confirmed."""
        self._clean_at: float | None = None
        self._sending_until = 0.0
        self._not_undone = False
        self._pending = Pending()

    @property
    def busy(self) -> bool:
        """Behind the PIN a card waits; at the pad whoever comes is served."""
        return self._member is not None

    def ask_pin(self) -> None:
        """Ask for a PIN."""
        if self._pad is not None:
            self._pad.show()

    def show(self) -> None:
        """The staff screen, and a minute in which it stays."""
        self._asked = None
        self._core.visit = self
        self._core.go(self._view(), STAFF_S)

    # --- what happens of itself ------------------------------------------------------------------

    def tick(self) -> None:
        """What is shown goes on; that keeps nobody's screen open."""
        core = self._core
        if self._pad is not None:
            self._pad.tick()
        elif self._clean_at is not None:
            left = self._clean_at - core.monotonic()
            if left > 0:
                core.view = CleaningView(seconds_left=-int(-left // 1))
                core.draw()
            else:
                self._clean_at = None
                self.show()
        elif isinstance(core.view, StaffView):
            core.view = self._view()
            core.draw()

    def settled(self) -> None:
        """The register has answered for some entries."""
        if isinstance(self._core.view, StaffView):
            self._core.view = self._view()
            self._core.desk.pending(self._take_pending)

    def time_is_up(self) -> None:
        """Nobody is here any more: locked."""
        self.leave()
        self._core.gone()

    def leave(self) -> None:
        """Lock."""
        if self._pad is not None:
            self._pad.close()
            self._pad = None
        self._member = None

    # --- what is touched -------------------------------------------------------------------------

    def handle(self, touch: Touch) -> None:
        """Type the PIN; behind it, do what was chosen."""
        match touch:
            case GoBack():
                self._back()
            case Finish() if isinstance(self._core.view, ConfirmView | PresenceView):
                self.show()
            case Lock():
                self._lock()
            case Confirm():
                self._confirm()
            case TurnPage() if isinstance(self._core.view, StaffView | PresenceView):
                self._core.go(self._core.view, STAFF_S)  # a list is being read: it stays for another minute
            case _ if self._pad is not None:
                self._pad.handle(touch)
            case _ if isinstance(self._core.view, StaffView):
                self._choose(touch, self._core.view)

    def _choose(self, touch: Touch, view: StaffView) -> None:
        """Do what was chosen on the staff screen."""
        match touch:
            case UndoEntry(entry):
                self._ask_undo(entry, view)
            case LeaveApp():
                self._ask(ConfirmView(ConfirmQuestion.LEAVE_APP), self._core.parts.leave_app)
            case ShowPresence():
                self._core.go(presence(self._core), STAFF_S)
            case SendNow():
                self._core.parts.send_now()
                self._sending_until = self._core.monotonic() + SENDING_S
                self.show()
            case CleanScreen():
                self._clean_at = self._core.monotonic() + CLEANING_S
                self._core.go(CleaningView(seconds_left=int(CLEANING_S)))
            case ManageCards() if self._member is not None:
                cards = Cards(self._core, self._member, self.show, self.time_is_up)
                self._core.visit = cards
                cards.find()

    def _ask_undo(self, entry: UUID, view: StaffView) -> None:
        line = next((each for each in view.lines if each.entry == entry and each.may_undo), None)
        if line is not None:
            self._not_undone = False
            self._ask(ConfirmView(ConfirmQuestion.UNDO, line=line), lambda: self._undo(line))

    def _confirm(self) -> None:
        """Yes."""
        if isinstance(self._core.view, ConfirmView) and self._asked is not None:
            asked, self._asked = self._asked, None
            asked()

    def _lock(self) -> None:
        """Done here."""
        if self._member is not None and self._clean_at is None:
            self.leave()
            self._core.home()

    def _back(self) -> None:
        """From a question to the staff screen; from that, or from the PIN, home."""
        if self._clean_at is not None:
            return
        if isinstance(self._core.view, ConfirmView | PresenceView):
            self.show()
        else:
            self.leave()
            self._core.home()

    # --- within ----------------------------------------------------------------------------------

    def _open(self, member: StaffMember) -> None:
        self._pad = None
        self._member = member
        log.info("staff.opened", staff=member.id)
        self._not_undone = False
        self.show()
        self._core.desk.pending(self._take_pending)

    def _take_pending(self, pending: Pending) -> None:
        self._pending = pending
        if self._core.visit is self and isinstance(self._core.view, StaffView):
            self._core.view = self._view()
            self._core.draw()

    def _ask(self, view: ConfirmView, then: Callable[[], None]) -> None:
        self._asked = then
        self._core.go(view, STAFF_S)

    def _undo(self, line: EntryLine) -> None:
        if self._member is None:
            return

        def done(_entry: UUID) -> None:
            self._undone(failed=False)

        def failed(error: BaseException) -> None:
            log.error("entry.not_committed", error=type(error).__name__)
            self._undone(failed=True)

        by = f"{self._member.name} ({self._member.position})"
        try:
            self._core.desk.undo(line.entry, by, saved=done, failed=failed)
        except ValueError as error:  # somebody was quicker, or midnight has passed
            log.warning("staff.not_undone", why=str(error))
        self.show()

    def _undone(self, *, failed: bool) -> None:
        self._not_undone = failed
        if self._core.visit is self and isinstance(self._core.view, StaffView):
            self._core.go(self._view(), STAFF_S, Sound.ATTENTION if failed else Sound.ACCEPTED)

    def _view(self) -> StaffView:
        return StaffView(
            who=self._member.name if self._member else "",
            lines=lines(self._core, self._pending),
            health=health(self._core),
            sending=self._core.monotonic() < self._sending_until,
            not_undone=self._not_undone,
            more=self._pending.more,
        )
