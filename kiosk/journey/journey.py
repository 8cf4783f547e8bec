"""The journey: what is touched, tapped and heard is handed to whoever stands here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import time
from uuid import UUID

import structlog

from attendance.reasons import Reason
from hardware.clock.clock import Reading
from kiosk.desk import Desk
from kiosk.journey.arriving.sign_in import SigningIn
from kiosk.journey.at_home import AtHome
from kiosk.journey.parts import Parts
from kiosk.journey.results import problem
from kiosk.journey.session import Core
from kiosk.journey.step import Tap, Visit
from kiosk.views import (
    CardView,
    Evidence,
    Frame,
    HomeView,
    LinkStatus,
    Notice,
    ProblemView,
    Progress,
    ReasonView,
    Relationship,
    ReleaseState,
    Sound,
    Trouble,
    View,
)
from sync.wire import DepartureAnswer, DepartureState

log = structlog.get_logger()


class Journey:
    """Where the kiosk is, and what comes next.

    Args:
        desk: what can be done.
        show: draws a frame; called when something to be seen has changed, or to be heard.
        monotonic: seconds that only ever go forward, for pauses.
        parts: the office, PINs, cards, the rest of the kiosk; what is missing is said and done without.
        demo_clock: whether the clock is set to another time on purpose.
    """

    def __init__(
        self,
        desk: Desk,
        show: Callable[[Frame], None],
        monotonic: Callable[[], float],
        parts: Parts | None = None,
        *,
        demo_clock: bool = False,
    ) -> None:
        self._core = Core(desk, show, monotonic, parts or Parts(), demo_clock=demo_clock)
        self._core.at_home = lambda: AtHome(self._core)
        self._core.begin_with = self._begin
        self._core.visit = AtHome(self._core)

    @property
    def view(self) -> View:
        """What is on the screen."""
        return self._core.view

    # --- what happens of itself ------------------------------------------------------------------

    def card(self, names: Sequence[str], reading: Reading) -> None:
        """A card was read.

        Args:
            names: what it may be called, the likeliest first.
            reading: the clock at its first byte.
        """
        core, tap = self._core, Tap(names, reading)
        core.touched()
        if core.desk.school is not None and core.visit.wants(tap):
            return
        if core.visit.busy or (isinstance(core.view, ReasonView) and self._is_unknown(tap)):
            self._wait(tap)
            return
        core.visit.leave()
        self._begin(tap)

    def two_cards(self) -> None:
        """Two cards are held to the reader at once: neither is taken for the other."""
        core = self._core
        core.touched()
        if isinstance(core.view, HomeView | ProblemView) and not core.visit.busy:
            problem(core, Trouble.TWO_CARDS)
        else:
            core.note(Notice.TWO_CARDS, Sound.ATTENTION)

    def tick(self) -> None:
        """Call about once a second: the clock goes on, and whoever has left is forgotten."""
        self._core.tick()

    def go_home(self) -> None:
        """Home, with everything typed forgotten. A pupil who came by card and gave no reason is signed in
        without one: the card says who is in the building, and that must not be lost."""
        self._core.visit.leave()
        self._core.home()

    def leave(self) -> None:
        """The kiosk is about to stop: keep every pupil who came by card and has not been signed in."""
        core = self._core
        core.visit.leave()
        while core.cards:
            self._begin(core.cards.popleft())
            core.visit.leave()

    def opened(self) -> None:
        """The desk has a school, or a newer one."""
        if isinstance(self._core.visit, AtHome):
            self._core.show_home()
        else:
            self._core.draw()

    def link_changed(self, status: LinkStatus) -> None:
        """How the kiosk stands with the register has changed."""
        core = self._core
        if status.link is not core.status.link:
            core.link_since = core.desk.reading().at
        core.status = status
        core.visit.settled()
        core.draw()

    def reader_changed(self, *, ready: bool) -> None:
        """A card reader came or went."""
        core = self._core
        core.card_reader = ready
        if isinstance(core.view, HomeView):
            core.show_home()
        elif isinstance(core.view, CardView):
            core.view = replace(core.view, card_reader=ready)
            core.draw()

    def settled(self, progress: Mapping[UUID, Progress]) -> None:
        """The register has answered for some entries."""
        self._core.note_progress(dict(progress))
        self._core.visit.settled()
        self._core.draw()

    def asking(self, request: UUID, asked: ReleaseState) -> None:
        """How a request to the office stands has changed."""
        self._core.visit.asking(request, asked)

    def answered(self, request: UUID, answer: DepartureAnswer | None) -> None:
        """The office has answered a request; None: the register takes no such request from this kiosk."""
        core = self._core
        if core.visit.answered(request, answer):
            return
        name = core.given_up.pop(request, None)
        if name is None or answer is None or answer.state is not DepartureState.RELEASED:
            return
        # The office was quicker than the cancel. Nobody waits here, so nobody is signed out: the office's
        # page shows a release that nobody has used, and whoever is still about reads it here.
        log.warning("release.too_late", id=str(request))
        if not core.visit.busy and isinstance(core.view, HomeView | ProblemView):
            problem(core, Trouble.RELEASED_TOO_LATE, name)

    def failed(self) -> None:
        """A screen could not be drawn; the fault is in the log. A plain screen, then home."""
        self._core.visit.leave()
        problem(self._core, Trouble.SCREEN_ERROR)

    # --- how it looks ----------------------------------------------------------------------------

    def choose_language(self, tag: str) -> None:
        """A language for as long as somebody stands here."""
        self._core.touched()
        self._core.wear(replace(self._core.look, language=tag))

    def choose_large(self) -> None:
        """Larger text, or the usual again."""
        self._core.touched()
        self._core.wear(replace(self._core.look, large=not self._core.look.large))

    def choose_contrast(self) -> None:
        """High contrast, or the usual again."""
        self._core.touched()
        self._core.wear(replace(self._core.look, contrast=not self._core.look.contrast))

    def wake(self) -> None:
        """The touch that wakes a dimmed screen, and presses nothing."""
        self._core.touched()

    def stay(self) -> None:
        """A touch anywhere while it is asked whether somebody is still here."""
        self._core.touched()
        self._core.stay()

    # --- what is touched -------------------------------------------------------------------------

    def choose_late(self) -> None:
        """I’m late: the visit begins, and this is the instant that counts."""
        self._here().choose_late()

    def choose_collecting(self) -> None:
        """Collecting a pupil."""
        self._here().choose_collecting()

    def choose_leaving(self) -> None:
        """I’m leaving."""
        self._here().choose_leaving()

    def choose_returning(self) -> None:
        """I’m back."""
        self._here().choose_returning()

    def choose_staff(self) -> None:
        """The way to the staff screen."""
        self._here().choose_staff()

    def press(self, letter: str) -> None:
        """One more letter of a name."""
        self._here().press(letter)

    def erase(self) -> None:
        """Take the last letter or figure back."""
        self._here().erase()

    def choose_by_year(self) -> None:
        """Find by year, then by name."""
        self._here().choose_by_year()

    def choose_year(self, year: str) -> None:
        """That year."""
        self._here().choose_year(year)

    def choose_pupil(self, pupil_id: str) -> None:
        """That one."""
        self._here().choose_pupil(pupil_id)

    def name_done(self) -> None:
        """The adult's name is whole."""
        self._here().name_done()

    def choose_relationship(self, relationship: Relationship | None) -> None:
        """Who the adult is to the pupil; None: would rather not say."""
        self._here().choose_relationship(relationship)

    def choose_reason(self, reason: Reason | None) -> None:
        """Why; None where it may stay unsaid."""
        self._here().choose_reason(reason)

    def choose_back_at(self, back: time | None) -> None:
        """When the pupil will be back; None: not today."""
        self._here().choose_back_at(back)

    def choose_evidence(self, evidence: Evidence | None) -> None:
        """What was shown of an appointment; None: nothing."""
        self._here().choose_evidence(evidence)

    def add_pupil(self) -> None:
        """Another pupil of the family goes too."""
        self._here().add_pupil()

    def ask_staff(self) -> None:
        """A member of staff releases here, with a PIN."""
        self._here().ask_staff()

    def press_digit(self, digit: str) -> None:
        """A figure of a PIN."""
        self._here().press_digit(digit)

    def pin_done(self) -> None:
        """The PIN is whole."""
        self._here().pin_done()

    def undo(self, entry: UUID) -> None:
        """Take back one of today's entries."""
        self._here().undo(entry)

    def confirm(self) -> None:
        """Yes, to what was asked."""
        self._here().confirm()

    def show_presence(self) -> None:
        """Who is in and who is out."""
        self._here().show_presence()

    def page_turned(self) -> None:
        """Somebody reads on in a list."""
        self._here().page_turned()

    def send_now(self) -> None:
        """Send what waits, at once."""
        self._here().send_now()

    def clean_screen(self) -> None:
        """Be deaf to touches for a while."""
        self._here().clean_screen()

    def find_card_pupil(self) -> None:
        """Whose card?"""
        self._here().find_card_pupil()

    def assign_card(self) -> None:
        """The pupil gets the next card that is tapped."""
        self._here().assign_card()

    def revoke_cards(self) -> None:
        """The pupil's cards are lost."""
        self._here().revoke_cards()

    def leave_app(self) -> None:
        """Leave the app."""
        self._here().leave_app()

    def lock(self) -> None:
        """Leave the staff screen."""
        self._here().lock()

    def back(self) -> None:
        """One step back."""
        self._here().back()

    def done(self) -> None:
        """Read; home again."""
        self._here().done()

    # --- within ----------------------------------------------------------------------------------

    def _here(self) -> Visit:
        """Whoever stands here, and has just touched something."""
        self._core.touched()
        return self._core.visit

    def _is_unknown(self, tap: Tap) -> bool:
        return self._core.school.roster.by_card(tap.names) is None

    def _wait(self, tap: Tap) -> None:
        """A pupil waits, once, until whoever stands here has finished; an unknown card is said to be so, and
        takes nobody's place."""
        core = self._core
        roster = core.school.roster
        pupil = roster.by_card(tap.names)
        if pupil is None:
            log.info("card.unknown")
            core.note(Notice.UNKNOWN_CARD, Sound.UNKNOWN_CARD)
            return
        if all(roster.by_card(each.names) != pupil for each in core.cards):
            core.cards.append(tap)
        core.draw(Sound.ATTENTION)

    def _begin(self, tap: Tap) -> None:
        """Whose card is it?"""
        core = self._core
        if (trouble := core.not_now()) is not None:
            problem(core, trouble)
            return
        pupil = core.school.roster.by_card(tap.names)
        if pupil is None:
            log.info("card.unknown")
            problem(core, Trouble.UNKNOWN_CARD)
            return
        visit = SigningIn(core)
        core.visit = visit
        visit.by_card(pupil, tap.reading)
