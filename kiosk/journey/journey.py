"""The journey: receives touches, cards and news, and passes them to the current step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import structlog

from hardware.clock.clock import Reading
from kiosk.desk import Desk, PupilTap
from kiosk.journey.arriving.sign_in import SignInStep
from kiosk.journey.at_home import HomeStep
from kiosk.journey.leaving.release import ReleaseStep
from kiosk.journey.parts import Parts
from kiosk.journey.people import pupil_label
from kiosk.journey.results import show_problem
from kiosk.journey.session import Session
from kiosk.journey.step import CardTap
from kiosk.journey.view_rules import rule_for
from kiosk.journey.waiting.stored_request import StoredRequest
from kiosk.views import (
    BusView,
    CardView,
    Frame,
    HomeView,
    LinkStatus,
    Notice,
    Progress,
    ReleaseState,
    Sound,
    Trouble,
    View,
)
from kiosk.views.touches import ChooseLanguage, OpenHelp, Stay, ToggleContrast, ToggleLargeText, Touch, Wake
from sync.wire import DepartureAnswer

log = structlog.get_logger()


class Journey:
    """A visit to the kiosk, step by step. Used on the UI thread only.

    Args:
        desk: records arrivals and departures.
        show: draws a frame; called when something visible or audible has changed.
        monotonic: seconds of a clock that never goes back, for timers.
        parts: the office, PINs, cards and the rest of the kiosk.
        demo_clock: whether the clock was set to another time on purpose.
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
        self._session = Session(
            desk,
            show,
            monotonic,
            parts or Parts(),
            home_step=HomeStep,
            tap_step=lambda tap: SignInStep(self._session, tap.reading, by_card=tap.pupil),
            start_tap=self._start_tap,
            demo_clock=demo_clock,
        )

    @property
    def view(self) -> View:
        """The view on the screen."""
        return self._session.view

    # --- the user --------------------------------------------------------------------------------

    def handle(self, touch: Touch, *, age_s: float = 0.0) -> None:
        """Handle the touches that apply to every screen; pass the others to the current step.

        Args:
            touch: the touch.
            age_s: seconds since it was made: a touch is kept while the kiosk starts.
        """
        session = self._session
        session.touch_age_s = age_s
        session.note_presence()
        match touch:
            case Wake():
                pass  # `note_presence` has lit the screen
            case Stay():
                session.stay()
            case OpenHelp():
                session.give_time()
            case ChooseLanguage(tag):
                session.set_look(replace(session.look, language=tag))
            case ToggleLargeText():
                session.set_look(replace(session.look, large=not session.look.large))
            case ToggleContrast():
                session.set_look(replace(session.look, contrast=not session.look.contrast))
            case _:
                session.step.handle(touch)

    def card(self, names: Sequence[str], reading: Reading) -> None:
        """Handle a card that was read.

        Args:
            names: the names under which the roster may know the card, the likeliest first.
            reading: the clock at the card's first byte.
        """
        session = self._session
        session.note_presence()
        if session.desk.school is None:
            show_problem(session, Trouble.NO_ROSTER)
        elif session.step.take_card(CardTap(names, reading)):
            pass
        elif (pupil := session.school.roster.by_card(names)) is None:
            log.info("card.unknown")
            why = Trouble.UNKNOWN_CARD if len(session.school.roster) else Trouble.EMPTY_ROSTER
            self._report(why, Notice.UNKNOWN_CARD, Sound.UNKNOWN_CARD)
        else:
            self._take_tap(session.desk.tap(pupil, reading))

    def two_cards(self) -> None:
        """Handle two cards held to the reader at once: neither is used."""
        self._session.note_presence()
        self._report(Trouble.TWO_CARDS, Notice.TWO_CARDS, Sound.ATTENTION)

    def unreadable_card(self) -> None:
        """Tell a pupil whose card cannot be read that nothing has happened."""
        self._session.note_presence()
        self._report(Trouble.UNREADABLE_CARD, Notice.UNREADABLE_CARD, Sound.ATTENTION)

    # --- time, faults and the end ----------------------------------------------------------------

    def tick(self) -> None:
        """Run the timers; call about once a second."""
        self._session.tick()

    def go_home(self) -> None:
        """Go home and forget what was typed. A pupil who came by card is signed in without a reason, because
        the card shows that they are in the building."""
        self._session.step.abandon()
        self._session.go_home()

    def stop(self) -> None:
        """Sign in every pupil who is in the building and is not recorded yet: the kiosk is about to stop."""
        session = self._session
        session.step.abandon()
        while (tap := session.next_tap()) is not None:
            self._start_tap(tap)
            session.step.abandon()
        session.desk.close_taps()

    def screen_failed(self) -> None:
        """A screen could not be drawn: show a plain problem, then home. The error is in the log."""
        self._session.step.abandon()
        show_problem(self._session, Trouble.SCREEN_ERROR)

    # --- news from other parts -------------------------------------------------------------------

    def school_changed(self) -> None:
        """The desk has opened a school, or a newer version of it."""
        self._session.requests.take_up(())
        if isinstance(self._session.step, HomeStep):
            self._session.show_home()
        else:
            self._session.draw()

    def link_changed(self, status: LinkStatus) -> None:
        """The connection to the register, or the number of waiting entries, has changed."""
        session = self._session
        if status.link is not session.status.link:
            session.link_since = session.desk.reading().at
        session.status = status
        session.step.entries_changed()
        session.draw()

    def reader_changed(self, *, ready: bool) -> None:
        """A card reader was connected or lost."""
        session = self._session
        session.card_reader = ready
        match session.view:
            case HomeView():
                session.show_home()
            case (CardView() | BusView()) as view:
                session.refresh(replace(view, card_reader=ready))

    def entries_settled(self, progress: Mapping[UUID, Progress]) -> None:
        """The register has answered for some entries."""
        self._session.note_progress(dict(progress))
        self._session.step.entries_changed()
        self._session.draw()

    def take_up_requests(self, kept: Sequence[StoredRequest]) -> None:
        """Go on with the requests that waited when the kiosk stopped, as soon as there is a school."""
        self._session.requests.take_up(kept)

    def request_changed(self, request: UUID, state: ReleaseState) -> None:
        """The delivery of a request to the office has changed."""
        self._session.requests.request_changed(request, state)

    def request_answered(self, request: UUID, answer: DepartureAnswer | None) -> None:
        """The office has answered a request; `None` if the register takes no requests from this kiosk."""
        session = self._session
        released_too_late = session.requests.request_answered(request, answer)
        if released_too_late is not None and self._gives_way():
            session.change_person()
            name = pupil_label(session, released_too_late).name
            show_problem(session, Trouble.RELEASED_TOO_LATE, name)

    # --- within ----------------------------------------------------------------------------------

    def _gives_way(self) -> bool:
        return rule_for(self._session.view).gives_way and not self._session.step.busy

    def _report(self, problem: Trouble, notice: Notice, sound: Sound) -> None:
        """Report cards that cannot be used: as a problem, or beside the view of a user who is busy here."""
        if self._gives_way():
            show_problem(self._session, problem)
        else:
            self._session.show_notice(notice, sound)

    def _take_tap(self, tap: PupilTap) -> None:
        """Let a pupil's tap begin their visit, or wait while somebody else uses the screen."""
        step = self._session.step
        if step.take_tap(tap):
            return
        if self._session.requests.on_the_way_out(tap.pupil, tap.reading) is not None and step.busy:
            self._session.drop_tap(tap.pupil)
            self._session.show_notice(Notice.TO_BE_COLLECTED, Sound.ATTENTION)
            return
        if step.busy:
            self._session.queue_tap(tap)
            return
        self._session.set_aside(step.suspend())
        step.abandon()
        self._start_tap(tap)

    def _start_tap(self, tap: PupilTap) -> None:
        """Begin the visit of a pupil who tapped a card."""
        session = self._session
        session.change_person()
        problem = session.why_closed()
        if problem is not None and not session.desk.is_waiting(tap):  # a waiting tap came in time
            show_problem(session, problem)
        elif (waiting := session.requests.on_the_way_out(tap.pupil, tap.reading)) is not None:
            session.drop_tap(tap.pupil)
            session.change_step(ReleaseStep(session, waiting))
        else:
            session.change_step(session.tap_step(tap))
