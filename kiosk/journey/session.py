"""What all visits share: what is on the screen and for how long, who stands here, which cards wait."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from hardware.clock.clock import Reading
from kiosk.desk import Desk
from kiosk.journey.home import home_view, not_now
from kiosk.journey.parts import Parts
from kiosk.journey.step import Tap, Visit
from kiosk.school.school import School
from kiosk.views import (
    IDLE_S,
    BackAtView,
    DoneView,
    EvidenceView,
    FindView,
    Frame,
    HomeView,
    LeftView,
    Link,
    LinkStatus,
    Look,
    NameView,
    Notice,
    ProblemView,
    Progress,
    ReasonView,
    RelationshipView,
    Sound,
    Trouble,
    View,
    YearView,
)

if TYPE_CHECKING:
    from kiosk.journey.at_home import AtHome

DONE_S = 8.0
"""Seconds that a result stays to be read."""
NEXT_S = 2.5
"""The same while the next card waits already."""
NOTICE_S = 8.0
"""Seconds for which it is said that a card which was read changes nothing."""
ASKS_S = 8.0
"""Seconds before whoever stands here is taken for gone, from when it is asked whether they are."""
ANSWERING = (FindView, YearView, NameView, RelationshipView, ReasonView, BackAtView, EvidenceView)
"""The screens on which somebody has said something, or is about to."""
DIM_S = 300.0
"""Seconds at home without a touch or a card after which the screen may go dim."""


class Core:
    """The state of the kiosk's screen.

    Args:
        desk: what can be done.
        show: draws a frame; called when something to be seen has changed.
        monotonic: seconds that only ever go forward, for pauses.
        parts: the other parts.
        demo_clock: whether the clock is set to another time on purpose.
    """

    def __init__(
        self,
        desk: Desk,
        show: Callable[[Frame], None],
        monotonic: Callable[[], float],
        parts: Parts,
        *,
        demo_clock: bool,
    ) -> None:
        self.desk = desk
        self.monotonic = monotonic
        self.parts = parts
        self.status = LinkStatus(Link.STARTING)
        self.link_since: datetime | None = None
        """UTC."""
        self.card_reader = False
        self.cards: deque[Tap] = deque()
        """Cards of pupils who wait for whoever stands here."""
        self.begin_with: Callable[[Tap], None] = lambda _tap: None
        """Begins the visit of a card; the journey sets it."""
        self.at_home: Callable[[], AtHome]
        """Makes the visit of nobody; the journey sets it."""
        self.given_up: dict[UUID, str] = {}
        """Requests that were taken back, and the name of the pupil of each."""
        self.visit: Visit = Visit()
        self.view: View = ProblemView(Trouble.NO_ROSTER)
        self.dimmed = False
        self._show = show
        self._demo_clock = demo_clock
        self._leave_at: float | None = None
        self._notice: Notice | None = None
        self._notice_until = 0.0
        self._look: Look | None = None
        """What somebody chose; None: as the school has it."""
        self._frame: Frame | None = None
        self._progress: dict[UUID, Progress] = {}
        self._day: date | None = None
        self._touched_at = monotonic()

    # --- the school and the time -----------------------------------------------------------------

    @property
    def school(self) -> School:
        """The school.

        Raises:
            RuntimeError: there is none yet. No visit begins before.
        """
        school = self.desk.school
        if school is None:
            raise RuntimeError("a visit has begun before there is a school")
        return school

    def wall(self, reading: Reading) -> datetime:
        """The time on the school's wall."""
        return self.desk.wall(reading.at)

    def not_now(self) -> ProblemView | None:
        """Why nobody can come or go at this moment, if nobody can."""
        return not_now(self.desk)

    # --- what is on the screen -------------------------------------------------------------------

    def go(self, view: View, leave_after_s: float | None = None, sound: Sound | None = None) -> None:
        """Show a view; after so many seconds without another, time is up."""
        was_home, self.view = isinstance(self.view, HomeView), view
        if isinstance(view, HomeView) and self._look is not None:
            leave_after_s = IDLE_S  # what was chosen is forgotten in a while, also at home
        if not (was_home and isinstance(view, HomeView) and self._leave_at is not None):
            self._leave_at = None if leave_after_s is None else self.monotonic() + leave_after_s
        self.draw(sound)

    def draw(self, sound: Sound | None = None) -> None:
        """Show what has changed."""
        school = self.desk.school
        frame = Frame(
            school=school.name if school else "",
            status=self.status,
            view=self.view,
            demo_clock=self._demo_clock,
            look=self.look,
            dimmed=self.dimmed,
            cards_waiting=len(self.cards),
            notice=self._notice,
            ends_soon=self._ends_soon,
            staff_door=self.visit.for_staff and self.parts.pins is not None,
        )
        if sound is not None or frame != self._frame:
            self._frame = frame
            self._show(replace(frame, sound=sound))

    def note(self, notice: Notice, sound: Sound) -> None:
        """Say something beside what is on the screen, for a moment."""
        self._notice, self._notice_until = notice, self.monotonic() + NOTICE_S
        self.draw(sound)

    def home(self) -> None:
        """Home; then whoever's card waits."""
        self.visit = self.at_home()
        self.show_home()
        if self.cards:
            self.begin_with(self.cards.popleft())

    def show_home(self) -> None:
        """The home screen as it is now."""
        view = home_view(self.desk, card_reader=self.card_reader)
        if isinstance(view, HomeView) and view.clock_trusted and view.now.date() != self._day:
            if self._day is not None:
                self._progress.clear()
            self._day = view.now.date()
        self.go(view)

    def gone(self) -> None:
        """Whoever was here has left: home, with everything that they chose forgotten."""
        self._look = self._leave_at = None
        self.home()

    @property
    def result_s(self) -> float:
        """How long a result stays."""
        return NEXT_S if self.cards else DONE_S

    # --- who stands here -------------------------------------------------------------------------

    @property
    def look(self) -> Look:
        """How the screens look now."""
        school = self.desk.school
        return self._look or Look(language=school.language if school else "en")

    def wear(self, look: Look) -> None:
        """Somebody wants it so, for as long as they stand here."""
        self._look = look
        if isinstance(self.view, HomeView):
            self._leave_at = self.monotonic() + IDLE_S  # they will have gone at some time
        elif self._leave_at is not None:
            self._leave_at = max(self._leave_at, self.monotonic() + IDLE_S)
        self.draw()

    def touched(self) -> None:
        """Somebody touches the screen, or holds a card to it: it is light again, and stays so."""
        self._touched_at = self.monotonic()
        if self.dimmed:
            self.dimmed = False
            self.draw()

    def stay(self) -> None:
        """Whoever was asked whether they are still here is."""
        if self._ends_soon:
            self._leave_at = self.monotonic() + IDLE_S
            self.draw()

    @property
    def _ends_soon(self) -> bool:
        if self._leave_at is None or not isinstance(self.view, ANSWERING):
            return False
        return self.monotonic() >= self._leave_at - ASKS_S

    def tick(self) -> None:
        """About once a second."""
        if self._notice is not None and self.monotonic() >= self._notice_until:
            self._notice = None
            self.draw()
        if self._leave_at is not None and self.monotonic() >= self._leave_at:
            self._leave_at = None
            self.visit.time_is_up()
        else:
            self.visit.tick()
            self.draw()
        if isinstance(self.view, HomeView) and self.monotonic() - self._touched_at >= DIM_S:
            self.dimmed = True
            self.draw()

    # --- entries ---------------------------------------------------------------------------------

    def progress_of(self, *entries: UUID) -> Progress:
        """The least far of some entries."""
        order = (Progress.REJECTED, Progress.SAVED, Progress.WITH_OFFICE, Progress.SENT)
        return min((self._progress.get(entry, Progress.SAVED) for entry in entries), key=order.index)

    def note_progress(self, progress: dict[UUID, Progress]) -> None:
        """The register has answered for some."""
        self._progress.update(progress)

    def refreshed(self, view: DoneView | LeftView) -> DoneView | LeftView:
        """The same with what the register has answered meanwhile."""
        entries = (view.entry,) if isinstance(view, DoneView) else view.entries
        return replace(view, progress=self.progress_of(*entries), link=self.status.link)
