"""A visit to the kiosk, step by step: what each touch, card and pause leads to.

Decided here and drawn elsewhere, so that a journey can be written down as a list of choices and tested
without a window. Everything here happens on the screens' thread.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

import structlog

from hardware.clock import Reading
from kiosk.attendance.decide import Outcome
from kiosk.attendance.policy import SessionName
from kiosk.attendance.reasons import Reason
from kiosk.desk import Desk, SignIn
from kiosk.school import School
from kiosk.views import (
    DoneView,
    FindView,
    Frame,
    HomeView,
    Link,
    Listed,
    Look,
    ProblemView,
    Progress,
    ReasonView,
    SavingView,
    Status,
    Trouble,
    View,
)
from sync.wire import Pupil

log = structlog.get_logger()

IDLE_S = 20.0
"""Seconds without a touch after which the kiosk is home again and has forgotten what was typed."""
DONE_S = 8.0
"""Seconds that a result stays to be read."""
NEXT_S = 2.5
"""The same while the next card waits already."""
COUNTDOWN = timedelta(minutes=2)
"""How long before the register closes the seconds are shown."""
MOST_LETTERS = 24
_UNKNOWN = "unknown"


class _Visit(NamedTuple):
    """Who is being signed in, and since when."""

    pupil: Pupil
    reading: Reading
    by_card: bool


class Journey:
    """Where the kiosk is, and what comes next.

    Args:
        desk: what can be done.
        show: draws a frame; called when something to be seen has changed.
        monotonic: seconds that only ever go forward, for pauses.
        demo_clock: whether the clock is set to another time on purpose.
    """

    def __init__(
        self,
        desk: Desk,
        show: Callable[[Frame], None],
        monotonic: Callable[[], float],
        *,
        demo_clock: bool = False,
    ) -> None:
        self._desk = desk
        self._show = show
        self._monotonic = monotonic
        self._demo_clock = demo_clock
        self._status = Status(Link.STARTING)
        self._card_reader = False
        self._visit: _Visit | None = None
        self._started: Reading | None = None
        self._waiting_cards: deque[tuple[Sequence[str], Reading]] = deque()
        self._leave_at: float | None = None
        self._view: View = ProblemView(Trouble.NO_ROSTER)
        self._frame: Frame | None = None
        self._progress: dict[UUID, Progress] = {}
        self._day: date | None = None
        self._look: Look | None = None
        """What somebody chose; None: as the school has it."""

    @property
    def view(self) -> View:
        """What is on the screen."""
        return self._view

    # --- what is touched -------------------------------------------------------------------------

    def choose_late(self) -> None:
        """I’m late: the visit begins, and this is the instant that counts."""
        if (trouble := self._not_now()) is not None:
            self._go(trouble, DONE_S)
            return
        self._started = self._desk.reading()
        self._find("")

    def choose_collecting(self) -> None:
        """Signing a pupil out is done with a member of staff."""
        self._go(ProblemView(Trouble.COLLECT_AT_OFFICE), DONE_S)

    def choose_returning(self) -> None:
        """Coming back is noted by a member of staff."""
        self._go(ProblemView(Trouble.BACK_AT_OFFICE), DONE_S)

    def press(self, letter: str) -> None:
        """One more letter of a name."""
        if isinstance(self._view, FindView) and letter in self._view.leads_on:
            self._find((self._view.letters + letter)[:MOST_LETTERS])

    def erase(self) -> None:
        """Take the last letter back."""
        if isinstance(self._view, FindView):
            self._find(self._view.letters[:-1])

    def choose_pupil(self, pupil_id: str) -> None:
        """That one is me."""
        school = self._desk.school
        pupil = school.roster.by_id(pupil_id) if school else None
        if not isinstance(self._view, FindView):
            return
        if pupil is None or self._started is None:
            self._find(self._view.letters)  # the roster has changed since: show who is in it now
        else:
            self._begin(_Visit(pupil, self._started, by_card=False))

    def choose_reason(self, reason: Reason | None) -> None:
        """Why; None where the policy allows it to stay unsaid."""
        if isinstance(self._view, ReasonView) and self._visit is not None:
            self._sign_in(self._visit, reason)

    def back(self) -> None:
        """One step back; from the first step, home. A pupil who came by card is kept (see `go_home`)."""
        if isinstance(self._view, ReasonView) and self._visit and not self._visit.by_card:
            self._visit = None
            self._find("")
        else:
            self.go_home()

    def done(self) -> None:
        """Read; home again."""
        self.go_home()

    def choose_language(self, tag: str) -> None:
        """A language for as long as somebody stands here."""
        self._wear(replace(self._worn(), language=tag))

    def choose_large(self) -> None:
        """Larger text, or the usual again."""
        self._wear(replace(self._worn(), large=not self._worn().large))

    def choose_contrast(self) -> None:
        """High contrast, or the usual again."""
        self._wear(replace(self._worn(), contrast=not self._worn().contrast))

    # --- what happens of itself ------------------------------------------------------------------

    def card(self, names: Sequence[str], reading: Reading) -> None:
        """A card was read.

        Args:
            names: what it may be called, the likeliest first.
            reading: the clock at its first byte.
        """
        if isinstance(self._view, SavingView):
            self._waiting_cards.append((names, reading))
            return
        school = self._desk.school
        pupil = school.roster.by_card(names) if school else None
        if pupil is not None and self._visit is not None and self._visit.pupil.id == pupil.id:
            return  # the same pupil again, who is choosing a reason
        self._keep_unanswered()
        if school is None:
            self._go(ProblemView(Trouble.NO_ROSTER), DONE_S)
        elif (trouble := self._not_now()) is not None:
            self._go(trouble, DONE_S)
        elif pupil is None:
            log.info("card.unknown")
            self._go(ProblemView(Trouble.UNKNOWN_CARD), DONE_S)
        else:
            self._begin(_Visit(pupil, reading, by_card=True))

    def two_cards(self) -> None:
        """Two cards are held to the reader at once: neither is taken for the other."""
        if isinstance(self._view, HomeView | ProblemView):
            self._go(ProblemView(Trouble.TWO_CARDS), DONE_S)

    def tick(self) -> None:
        """Call about once a second: the clock goes on, and whoever has left is forgotten."""
        if self._leave_at is not None and self._monotonic() >= self._leave_at:
            self._time_is_up()
        elif isinstance(self._view, HomeView):
            self._go(self._home())

    def go_home(self) -> None:
        """Home, with everything typed forgotten. A pupil who came by card and gave no reason is signed in
        without one: the card says who is in the building, and that must not be lost."""
        self._keep_unanswered()
        self._go(self._home())
        self._next_card()

    def leave(self) -> None:
        """The kiosk is about to stop: keep every pupil who came by card and has not been signed in."""
        self._keep_unanswered()
        while self._waiting_cards:
            self._go(self._home())
            self._next_card()
            self._keep_unanswered()

    def opened(self) -> None:
        """The desk has a school, or a newer one."""
        if isinstance(self._view, HomeView) or self._view == ProblemView(Trouble.NO_ROSTER):
            self._go(self._home())

    def link_changed(self, status: Status) -> None:
        """How the kiosk stands with the register has changed."""
        self._status = status
        if isinstance(self._view, DoneView):
            self._view = replace(self._view, link=status.link)
        self._draw()

    def reader_changed(self, *, ready: bool) -> None:
        """A card reader came or went."""
        self._card_reader = ready
        if isinstance(self._view, HomeView):
            self._go(self._home())

    def settled(self, progress: Mapping[UUID, Progress]) -> None:
        """The register has answered for some entries."""
        self._progress.update(progress)
        if isinstance(self._view, DoneView) and self._view.entry in progress:
            self._view = replace(self._view, progress=progress[self._view.entry])
            self._draw()

    def failed(self) -> None:
        """A screen could not be drawn; the fault is in the log. A plain screen, then home."""
        self._keep_unanswered()
        self._go(ProblemView(Trouble.SCREEN_ERROR), DONE_S)

    # --- within ----------------------------------------------------------------------------------

    def _worn(self) -> Look:
        school = self._desk.school
        return self._look or Look(language=school.language if school else "en")

    def _wear(self, look: Look) -> None:
        self._look = look
        self._leave_at = self._monotonic() + IDLE_S  # somebody stands here, and will have gone at some time
        self._draw()

    def _begin(self, visit: _Visit) -> None:
        if (before := self._desk.already_in(visit.pupil, visit.reading)) is not None:
            self._go(self._done(before, already=True), DONE_S)
        elif self._desk.decide(visit.pupil, visit.reading, None).outcome is Outcome.CLOSED:
            self._go(self._closed_to(visit), DONE_S)
        elif self._desk.needs_reason(visit.pupil, visit.reading):
            self._visit = visit
            policy = self._school().policy
            self._go(
                ReasonView(
                    pupil=_listed(visit.pupil),
                    started=self._desk.wall(visit.reading.at),
                    reasons=policy.reasons,
                    required=policy.reason_required,
                ),
                IDLE_S,
            )
        else:
            self._sign_in(visit, self._desk.agreed_reason(visit.pupil, visit.reading))

    def _closed_to(self, visit: _Visit) -> ProblemView:
        """Why this pupil cannot sign in though others can: no school for their year, today or any more."""
        day = self._desk.wall(visit.reading.at).date()
        because = self._school().closed_because(day, visit.pupil.year)
        return ProblemView(Trouble.CLOSED_DAY, because) if because else ProblemView(Trouble.AFTER_SCHOOL)

    def _sign_in(self, visit: _Visit, reason: Reason | None) -> None:
        self._visit = None
        self._go(SavingView(_listed(visit.pupil)), IDLE_S)
        self._desk.sign_in(visit.pupil, visit.reading, reason, saved=self._saved, failed=self._not_saved)

    def _saved(self, sign_in: SignIn) -> None:
        self._go(self._done(sign_in), NEXT_S if self._waiting_cards else DONE_S)

    def _not_saved(self, error: BaseException) -> None:
        log.error("entry.not_committed", error=type(error).__name__)
        self._go(ProblemView(Trouble.NOT_SAVED), NEXT_S if self._waiting_cards else IDLE_S)

    def _time_is_up(self) -> None:
        if isinstance(self._view, SavingView):
            # The disk does not answer. Should it do so yet, the result is shown then.
            log.error("entry.slow", seconds=IDLE_S)
            self._go(ProblemView(Trouble.NOT_SAVED), IDLE_S)
        elif self._visit is not None and self._visit.by_card:
            self._sign_in(self._visit, None)  # and say so: somebody may still be standing there
        else:
            self._look = self._leave_at = None  # whoever was here has left
            self.go_home()

    def _next_card(self) -> None:
        if self._waiting_cards:
            self.card(*self._waiting_cards.popleft())

    def _keep_unanswered(self) -> None:
        """Sign in, without a reason, a pupil who came by card and left the question unanswered."""
        visit, self._visit = self._visit, None
        if visit is not None and visit.by_card:
            self._desk.sign_in(visit.pupil, visit.reading, None, saved=lambda _: None, failed=self._not_saved)

    def _find(self, letters: str) -> None:
        school, started = self._school(), self._started or self._desk.reading()
        found = school.roster.find(letters)
        self._go(
            FindView(
                started=self._desk.wall(started.at),
                letters=letters,
                leads_on=found.leads_on,
                found=tuple(_listed(pupil) for pupil in found.pupils),
                more=found.more,
            ),
            IDLE_S,
        )

    def _home(self) -> View:
        school = self._desk.school
        if school is None:
            return ProblemView(Trouble.NO_ROSTER)
        reading = self._desk.reading()
        now = self._desk.wall(reading.at)
        if reading.trust == _UNKNOWN:
            at = now.replace(second=0, microsecond=0)
            return HomeView(now=at, card_reader=self._card_reader, clock_trusted=False)
        if now.date() != self._day:
            self._day = now.date()
            self._progress.clear()
        closed = school.closed_because(now.date())
        session = None if closed else _session_at(school, now.time())
        times = school.policy.session(session) if session else None
        if times is None or not _counts_down(now, times.closes):
            now = now.replace(second=0)
        return HomeView(
            now=now.replace(microsecond=0),
            session=session,
            times=times,
            closed_because=closed,
            card_reader=self._card_reader,
        )

    def _not_now(self) -> ProblemView | None:
        """Why nobody can sign in at this moment, if nobody can."""
        school = self._desk.school
        if school is None:
            return ProblemView(Trouble.NO_ROSTER)
        reading = self._desk.reading()
        if reading.trust == _UNKNOWN:
            return None  # who knows what day it is: everybody is signed in, and the office sees to the time
        now = self._desk.wall(reading.at)
        if (because := school.closed_because(now.date())) is not None:
            return ProblemView(Trouble.CLOSED_DAY, because)
        if _session_at(school, now.time()) is None:
            return ProblemView(Trouble.AFTER_SCHOOL)
        return None

    def _done(self, sign_in: SignIn, *, already: bool = False) -> DoneView:
        return DoneView(
            entry=sign_in.entry,
            pupil=_listed(sign_in.pupil),
            at=sign_in.at,
            decision=sign_in.decision,
            reason=sign_in.reason,
            progress=self._progress.get(sign_in.entry, Progress.SAVED),
            link=self._status.link,
            clock_trusted=sign_in.clock_trusted,
            already=already,
        )

    def _go(self, view: View, leave_after_s: float | None = None) -> None:
        was_home, self._view = isinstance(self._view, HomeView), view
        if isinstance(view, HomeView):
            self._started = None
            if self._look is not None:  # what was chosen is forgotten in a while, also at home
                leave_after_s = IDLE_S
        if not (was_home and isinstance(view, HomeView) and self._leave_at is not None):
            self._leave_at = None if leave_after_s is None else self._monotonic() + leave_after_s
        self._draw()

    def _draw(self) -> None:
        school = self._desk.school
        frame = Frame(
            school=school.name if school else "",
            status=self._status,
            view=self._view,
            demo_clock=self._demo_clock,
            look=self._worn(),
        )
        if frame != self._frame:
            self._frame = frame
            self._show(frame)

    def _school(self) -> School:
        if self._desk.school is None:
            raise RuntimeError("there is no school yet; no step that needs one is offered before")
        return self._desk.school


def _session_at(school: School, now: time) -> SessionName | None:
    """The session whose register matters now; None after school."""
    policy = school.policy
    if now < policy.am.ends:
        return SessionName.AM
    last_end = max([policy.pm.ends, *policy.pm.ends_by_year.values()])
    return SessionName.PM if now < last_end else None


def _counts_down(now: datetime, closes: time) -> bool:
    left = datetime.combine(now.date(), closes) - now
    return timedelta(0) < left <= COUNTDOWN


def _listed(pupil: Pupil) -> Listed:
    called = pupil.preferred or pupil.first
    initial = f" {pupil.last[0]}." if pupil.last else ""
    return Listed(id=pupil.id, name=f"{called}{initial}", form=pupil.form, called=called)
