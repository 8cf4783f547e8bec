"""The journey: what is touched, tapped and heard is handed to whoever stands here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import structlog

from hardware.clock.clock import Reading
from kiosk.desk import Desk
from kiosk.journey.arriving.sign_in import SigningIn
from kiosk.journey.at_home import AtHome
from kiosk.journey.parts import Parts
from kiosk.journey.results import problem
from kiosk.journey.session import Core
from kiosk.journey.step import Tap
from kiosk.views import (
    CardView,
    Frame,
    HomeView,
    LinkStatus,
    Notice,
    ProblemView,
    Progress,
    ReasonView,
    ReleaseState,
    Sound,
    Trouble,
    View,
)
from kiosk.views.touches import ChooseLanguage, Stay, ToggleContrast, ToggleLargeText, Touch, Wake
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

    # --- what is touched -------------------------------------------------------------------------

    def handle(self, touch: Touch) -> None:
        """Handle the touches that apply to every screen; pass the others to the current step."""
        core = self._core
        core.touched()
        match touch:
            case Wake():
                pass  # done by `touched`
            case Stay():
                core.stay()
            case ChooseLanguage(tag):
                core.wear(replace(core.look, language=tag))
            case ToggleLargeText():
                core.wear(replace(core.look, large=not core.look.large))
            case ToggleContrast():
                core.wear(replace(core.look, contrast=not core.look.contrast))
            case _:
                core.visit.handle(touch)

    # --- within ----------------------------------------------------------------------------------

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
