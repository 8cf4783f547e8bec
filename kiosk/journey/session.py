"""The state that all steps share: the current step, its view, how long it stays, and the cards that wait."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import ceil
from uuid import UUID

from hardware.clock.clock import Reading
from kiosk.desk import Desk, PupilTap
from kiosk.journey.home import home_view, why_closed
from kiosk.journey.labels import label_of
from kiosk.journey.parts import Parts
from kiosk.journey.step import JourneyStep
from kiosk.journey.view_rules import FOREVER, rule_for
from kiosk.journey.waiting.request import WaitingRequest
from kiosk.journey.waiting.requests import WaitingRequests
from kiosk.school.school import School
from kiosk.views import (
    BroughtView,
    DoneView,
    Frame,
    HomeView,
    LeftView,
    Link,
    LinkStatus,
    Look,
    Notice,
    ProblemView,
    Progress,
    PupilLabel,
    Sound,
    Trouble,
    View,
)
from sync.wire import Pupil

NOTICE_S = 8.0
"""Seconds for which a notice about a card stays beside the view."""
ASKS_S = 20.0
"""Seconds for which “Are you still there?” is shown before the visit ends."""
LOOK_S = 30.0
"""Seconds at home after which a look that was chosen there ends."""
SET_ASIDE_S = 60.0
"""Seconds for which a visit by name is kept while pupils with cards go first."""
RESUMED_S = 10.0
"""Seconds without a touch for which such a visit is shown again."""
DIM_S = 300.0
"""Seconds at home without a touch or a card after which the screen goes dim."""
PROGRESS_ORDER = (Progress.REJECTED, Progress.SAVED, Progress.WITH_OFFICE, Progress.SENT)
"""From the least advanced to the most."""


class Session:
    """The state of the screen and of the visit behind it. Used on the UI thread only.

    Args:
        desk: records arrivals and departures.
        show: draws a frame; called when something visible or audible has changed.
        monotonic: seconds of a clock that never goes back, for timers.
        parts: the other parts of the kiosk.
        home_step: makes the step for the home screen.
        tap_step: makes the step in which a pupil who tapped a card signs in.
        start_tap: begins the visit of a pupil whose card has waited.
        demo_clock: whether the clock was set to another time on purpose.
    """

    def __init__(
        self,
        desk: Desk,
        show: Callable[[Frame], None],
        monotonic: Callable[[], float],
        parts: Parts,
        *,
        home_step: "Callable[[Session], JourneyStep]",
        tap_step: Callable[[PupilTap], JourneyStep],
        start_tap: Callable[[PupilTap], None],
        demo_clock: bool,
    ) -> None:
        self.desk = desk
        self.monotonic = monotonic
        self.parts = parts
        self.status = LinkStatus(Link.STARTING)
        self.link_since: datetime | None = None
        """When `status.link` last changed (UTC)."""
        self.card_reader = False
        self.waiting_taps: deque[PupilTap] = deque()
        """The cards of pupils who wait until the current user has finished. Each is on the disk, too."""
        self._set_aside: tuple[Callable[[], None], float] | None = None
        """Resumes the visit that was set aside, until this monotonic second."""
        self.requests = WaitingRequests(desk, monotonic, parts, self._request_changed)
        """The requests for release, which wait beside the screen."""
        self.view: View = ProblemView(Trouble.NO_ROSTER)
        self._home_step = home_step
        self.tap_step = tap_step
        self._start_tap = start_tap
        self._show = show
        self._demo_clock = demo_clock
        self.touch_age_s = 0.0
        """Seconds since the touch that is being handled was made."""
        self._person = 0
        """Changes with the person at the screen."""
        self._dimmed = False
        self._leave_at = FOREVER
        self._notice: Notice | None = None
        self._notice_until = 0.0
        self._look: Look | None = None
        """The look that the user chose; `None` for the school's own."""
        self._frame: Frame | None = None
        self._progress: dict[UUID, Progress] = {}
        self._day: date | None = None
        self._touched_at = monotonic()
        self.step = self.home_step()

    # --- the school and the time -----------------------------------------------------------------

    @property
    def school(self) -> School:
        """The school.

        Raises:
            RuntimeError: there is none yet. A visit begins only once there is one.
        """
        school = self.desk.school
        if school is None:
            raise RuntimeError("a visit has begun before there is a school")
        return school

    def touch_reading(self) -> Reading:
        """The clock at the touch that is being handled."""
        reading, age = self.desk.reading(), timedelta(seconds=self.touch_age_s)
        ticks = reading.monotonic_ns - int(self.touch_age_s * 1e9)
        return reading._replace(at=reading.at - age, monotonic_ns=ticks)

    def wall(self, reading: Reading) -> datetime:
        """The wall time at the school."""
        return self.desk.wall(reading.at)

    def why_closed(self) -> ProblemView | None:
        """Why no pupil can arrive or leave now; `None` if they can."""
        return why_closed(self.desk)

    # --- steps -----------------------------------------------------------------------------------

    def change_step(self, step: JourneyStep, start: Callable[[], None] | None = None) -> None:
        """Make `step` the current one and let it show its first view.

        Args:
            step: the next step.
            start: shows another view than `step.start` would, when a step is resumed.
        """
        self.step = step
        (start or step.start)()

    def home_step(self) -> JourneyStep:
        """A new step for the home screen, which is not current yet."""
        return self._home_step(self)

    def go_home(self) -> None:
        """Change to the home screen; then begin the visit of the pupil whose card has waited longest."""
        if not isinstance(self.view, HomeView):
            self.change_person()
        self.change_step(self.home_step())
        if (tap := self.next_tap()) is not None:
            self._start_tap(tap)
        else:
            self.desk.close_taps()
            self._resume()

    def set_aside(self, resume: Callable[[], None] | None) -> None:
        """Remember how to resume a visit by name in which a card came first; `None` if there is none."""
        if resume is not None:
            self._set_aside = (resume, self.monotonic() + SET_ASIDE_S)

    def _resume(self) -> None:
        """Take up a visit that was set aside, so that its first touch counts; its user may have left."""
        waiting, self._set_aside = self._set_aside, None
        if waiting is not None and self.monotonic() < waiting[1]:
            waiting[0]()
            self._leave_at = min(self._leave_at, self.monotonic() + RESUMED_S)

    def queue_tap(self, tap: PupilTap) -> None:
        """Let a pupil wait for their turn, once. The screen shows who waits; a result stays more briefly."""
        if all(each.pupil.id != tap.pupil.id for each in self.waiting_taps):
            self.waiting_taps.append(tap)
        brief_s = rule_for(self.view).stay_if_card_waits_s
        if brief_s is not None:
            self._leave_at = min(self._leave_at, self.monotonic() + brief_s)
        self.draw(Sound.ATTENTION)

    def next_tap(self) -> PupilTap | None:
        """The tap that has waited longest, out of the queue, if it still has to become an arrival: its pupil
        may have signed in by name meanwhile."""
        while self.waiting_taps:
            tap = self.waiting_taps.popleft()
            if self.desk.is_waiting(tap):
                return tap
        return None

    def drop_tap(self, pupil: Pupil) -> None:
        """Forget the pupil's card: it was no arrival."""
        self.desk.drop_tap(pupil)
        self.waiting_taps = deque(tap for tap in self.waiting_taps if tap.pupil.id != pupil.id)

    def user_left(self) -> None:
        """Go home and forget what the user chose."""
        self._look, self._leave_at = None, FOREVER
        self.go_home()

    def change_person(self) -> None:
        """Note that the screen passes to another person: no touch of the last one counts any longer, and the
        look that they chose ends. A look chosen at home belongs to the visit that begins there."""
        self._person += 1
        if not isinstance(self.view, HomeView):
            self._look = None

    def interrupt(self) -> None:
        """Note that another person's card has changed the screen: no touch on its way counts. The user stays,
        with the look that they chose."""
        self._person += 1

    def _request_changed(self, waiting: WaitingRequest) -> None:
        self.step.requests_changed(waiting)

    # --- the view --------------------------------------------------------------------------------

    def show(self, view: View, sound: Sound | None = None, *, stay_s: float | None = None) -> None:
        """Show a view and start its timer.

        Args:
            view: replaces the current one.
            sound: played once.
            stay_s: seconds until the step's `time_is_up`; `None` for the time in `view_rules`.
        """
        was_home, self.view = isinstance(self.view, HomeView), view
        is_home = isinstance(view, HomeView)
        if is_home and self._look is not None:
            stay_s = LOOK_S
        elif stay_s is None:
            stay_s = self._usual_stay_s(view)
        if not (was_home and is_home and self._leave_at < FOREVER):
            self._leave_at = self.monotonic() + stay_s
        self.draw(sound)

    def refresh(self, view: View) -> None:
        """Bring the current view up to date; its timer goes on."""
        self.view = view
        self.draw()

    def draw(self, sound: Sound | None = None) -> None:
        """Draw a frame if anything in it has changed."""
        school = self.desk.school
        frame = Frame(
            school=school.name if school else "",
            status=self.status,
            view=self.view,
            person=self._person,
            demo_clock=self._demo_clock,
            look=self.look,
            dimmed=self._dimmed,
            next_pupils=self._next_pupils(),
            notice=self._notice,
            seconds_left=self._seconds_left,
            closes_in=self._closes_in,
            staff_can_enter=self.step.staff_can_enter and self.parts.pins is not None,
        )
        if sound is not None or frame != self._frame:
            self._frame = frame
            self._show(replace(frame, sound=sound))

    def _next_pupils(self) -> tuple[PupilLabel, ...]:
        return tuple(label_of(self.school, tap.pupil) for tap in self.waiting_taps)

    def show_home(self, sound: Sound | None = None) -> None:
        """Show the home screen as it is now; a new day forgets yesterday's progress."""
        view = home_view(self.desk, self.requests, card_reader=self.card_reader)
        if isinstance(view, HomeView) and view.clock_trusted and view.now.date() != self._day:
            if self._day is not None:
                self._progress.clear()
            self._day = view.now.date()
        self.show(view, sound, stay_s=FOREVER)

    def show_notice(self, notice: Notice, sound: Sound) -> None:
        """Show a notice beside the view for `NOTICE_S`."""
        self._notice, self._notice_until = notice, self.monotonic() + NOTICE_S
        self.draw(sound)

    def _usual_stay_s(self, view: View) -> float:
        rule = rule_for(view)
        if self.waiting_taps and rule.stay_if_card_waits_s is not None:
            return rule.stay_if_card_waits_s
        return rule.stay_s

    # --- the user --------------------------------------------------------------------------------

    @property
    def look(self) -> Look:
        """The language, text size and colours in use."""
        school = self.desk.school
        return self._look or Look(language=school.language if school else "en")

    def set_look(self, look: Look) -> None:
        """Use a look until the user leaves."""
        self._look = look
        if isinstance(self.view, HomeView):
            self._leave_at = self.monotonic() + LOOK_S  # the user may walk away without another touch
        else:
            self.give_time()
        self.draw()

    def give_time(self) -> None:
        """Begin the view's time again: the user reads."""
        if not isinstance(self.view, HomeView):
            self._leave_at = max(self._leave_at, self.monotonic() + self._usual_stay_s(self.view))
            self.draw()

    @property
    def untouched_s(self) -> float:
        """Seconds since the last touch or card."""
        return self.monotonic() - self._touched_at

    def note_presence(self) -> None:
        """Light the screen and restart the timer for dimming, after a touch or a card."""
        self._touched_at = self.monotonic()
        if self._dimmed:
            self._dimmed = False
            self.draw()

    def stay(self) -> None:
        """Answer “Still there?” with yes, if it is asked."""
        if self._seconds_left is not None:
            self._leave_at = self.monotonic() + self._usual_stay_s(self.view)
            self.draw()

    @property
    def _seconds_left(self) -> int | None:
        """Whole seconds until the visit ends, while “Are you still there?” is asked."""
        left = self._leave_at - self.monotonic()
        return max(0, ceil(left)) if rule_for(self.view).asks_still_there and left <= ASKS_S else None

    @property
    def _closes_in(self) -> int | None:
        """Whole seconds until a result closes by itself."""
        left = self._leave_at - self.monotonic()
        return max(0, ceil(left)) if rule_for(self.view).counts_down and left < FOREVER else None

    def tick(self) -> None:
        """Run the timers; called about once a second."""
        self.desk.tick()
        self.requests.tick()
        if self._notice is not None and self.monotonic() >= self._notice_until:
            self._notice = None
            self.draw()
        if self.monotonic() >= self._leave_at:
            self._leave_at = FOREVER
            self.step.time_is_up()
        else:
            self.step.tick()
            self.draw()
        if rule_for(self.view).dims and self.monotonic() - self._touched_at >= DIM_S:
            self._dimmed = True
            self.draw()

    # --- entries ---------------------------------------------------------------------------------

    def progress_of(self, *entries: UUID) -> Progress:
        """The progress of the least advanced entry."""
        return min((self._progress.get(entry, Progress.SAVED) for entry in entries), key=PROGRESS_ORDER.index)

    def note_progress(self, progress: dict[UUID, Progress]) -> None:
        """Keep the register's answers for some entries."""
        self._progress.update(progress)

    def with_progress(self, view: DoneView | LeftView | BroughtView) -> DoneView | LeftView | BroughtView:
        """The same result with the current progress of its entries."""
        entries = (view.entry,) if isinstance(view, DoneView) else view.entries
        return replace(view, progress=self.progress_of(*entries), link=self.status.link)
