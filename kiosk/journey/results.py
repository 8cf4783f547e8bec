"""The steps that end a visit: waiting for the disk, then showing the result or a problem."""

from collections.abc import Callable

import structlog

from kiosk.desk import PupilTap
from kiosk.journey.session import Session
from kiosk.journey.step import JourneyStep
from kiosk.journey.view_rules import NEXT_S
from kiosk.views import (
    SHORT_S,
    BroughtView,
    DoneView,
    LeftView,
    ProblemView,
    PupilLabel,
    SavingView,
    Sound,
    Trouble,
)
from kiosk.views.touches import AddSibling, ChooseStaff, Finish, GoBack, Touch

log = structlog.get_logger()


class ResultStep(JourneyStep):
    """A result or a problem that stays until it is read, or for a while.

    Args:
        session: the session.
        view: the result or problem.
        sound: played once.
        stay_s: seconds that it stays; `None` for the time in `view_rules`.
        resume: continues an unfinished visit once the user has read it; `None` to go home.
        add_sibling: signs in another pupil who came at the same time; `None` where that is not offered.
    """

    staff_can_enter = True

    def __init__(
        self,
        session: Session,
        view: DoneView | LeftView | BroughtView | ProblemView,
        sound: Sound,
        *,
        stay_s: float | None = None,
        resume: Callable[[], None] | None = None,
        add_sibling: Callable[[], None] | None = None,
    ) -> None:
        self._session = session
        self._view = view
        self._add_sibling = add_sibling
        self._sound = sound
        self._stay_s = stay_s
        self._resume = resume

    @property
    def busy(self) -> bool:
        """While there is a visit to resume, or a result to read; a problem gives way at once."""
        return self._resume is not None or not isinstance(self._view, ProblemView)

    def take_tap(self, tap: PupilTap) -> bool:
        """Answer the second tap of the pupil whose arrival is shown; that of one of several needs none."""
        if isinstance(self._view, BroughtView):
            return any(each.pupil.id == tap.pupil.id for each in self._view.arrivals)
        if not isinstance(self._view, DoneView) or self._view.pupil.id != tap.pupil.id:
            return False
        self._session.change_step(self._session.tap_step(tap))
        return True

    def start(self) -> None:
        """Show the result."""
        self._session.show(self._view, self._sound, stay_s=self._stay_s)

    def entries_changed(self) -> None:
        """Show the progress of the entries."""
        view = self._session.view
        if isinstance(view, DoneView | LeftView | BroughtView):
            self._session.refresh(self._session.with_progress(view))

    def handle(self, touch: Touch) -> None:
        """Go on when the user touches Done; a long press opens the PIN pad for staff."""
        match touch:
            case GoBack() | Finish():
                (self._resume or self._session.go_home)()
            case AddSibling() if self._add_sibling is not None:
                self._add_sibling()
            case ChooseStaff():
                self._session.home_step().handle(touch)

    def time_is_up(self) -> None:
        """Go home: the user has read it, or has left."""
        self._session.user_left()


def show_problem(
    session: Session,
    problem: Trouble | ProblemView,
    detail: str | None = None,
    *,
    resume: Callable[[], None] | None = None,
) -> None:
    """Show what is wrong and what to do about it.

    Args:
        session: the session.
        problem: the problem.
        detail: a name, or the school's own word, for a `Trouble`.
        resume: see `ResultStep`.
    """
    view = problem if isinstance(problem, ProblemView) else ProblemView(problem, detail)
    sound = Sound.UNKNOWN_CARD if view.trouble is Trouble.UNKNOWN_CARD else Sound.ATTENTION
    stay_s = SHORT_S if resume else None
    session.change_step(ResultStep(session, view, sound, stay_s=stay_s, resume=resume))


def show_recorded(
    session: Session,
    view: DoneView | LeftView | BroughtView,
    *,
    add_sibling: Callable[[], None] | None = None,
) -> None:
    """Show a recorded arrival or departure, new or earlier; it stays longer if part of it was not saved.

    Args:
        session: the session.
        view: the result.
        add_sibling: see `ResultStep`.
    """
    if isinstance(view, LeftView | BroughtView) and view.not_saved:
        session.change_step(ResultStep(session, view, Sound.ATTENTION, stay_s=bad_news_s(session)))
        return
    is_repeat = isinstance(view, DoneView) and view.already
    sound = Sound.ATTENTION if is_repeat else Sound.ACCEPTED
    session.change_step(ResultStep(session, view, sound, add_sibling=add_sibling))


def show_not_saved(session: Session, trouble: Trouble = Trouble.NOT_SAVED) -> None:
    """Show that the entry could not be saved, so that nothing is recorded."""
    view = ProblemView(trouble)
    session.change_step(ResultStep(session, view, Sound.ATTENTION, stay_s=bad_news_s(session)))


def bad_news_s(session: Session) -> float:
    """Seconds that bad news stays: longer than a result, unless another card is waiting."""
    return NEXT_S if session.waiting_taps else SHORT_S


class SavingStep(JourneyStep):
    """Waits until an entry is on the disk. Until then it is not shown as recorded, and the next card waits.

    Args:
        session: the session.
        pupil: whose entry it is.
        trouble: shown when it cannot be saved.
    """

    def __init__(self, session: Session, pupil: PupilLabel, trouble: Trouble) -> None:
        self._session = session
        self._pupil = pupil
        self._trouble = trouble
        self._waiting = True

    @property
    def busy(self) -> bool:
        """Until the disk has answered, or has taken too long."""
        return self._waiting

    @property
    def is_current(self) -> bool:
        """Whether the user is still waiting for this entry."""
        return self._session.step is self

    def start(self) -> None:
        """Show that the entry is being saved."""
        self._session.show(SavingView(self._pupil))

    def succeed(self, view: DoneView | LeftView, *, add_sibling: Callable[[], None] | None = None) -> None:
        """Show the result: the entry is on the disk."""
        if self.is_current:
            show_recorded(self._session, view, add_sibling=add_sibling)

    def fail(self, error: BaseException) -> None:
        """Show that the entry could not be saved."""
        log.error("entry.not_committed", error=type(error).__name__)
        if self.is_current:
            show_not_saved(self._session, self._trouble)

    def time_is_up(self) -> None:
        """Show the entry as not saved. If the disk answers after all, a user still here sees the result."""
        if not self._waiting:
            self._session.user_left()
            return
        log.error("entry.slow", seconds=SHORT_S)
        self._waiting = False
        self._session.desk.note_disk_failure()
        self._session.show(ProblemView(self._trouble), Sound.ATTENTION, stay_s=SHORT_S)

    def handle(self, touch: Touch) -> None:
        """Go home, once the entry is shown as not saved."""
        if isinstance(touch, GoBack | Finish) and not self._waiting:
            self._session.go_home()


def start_saving(session: Session, pupil: PupilLabel, trouble: Trouble = Trouble.NOT_SAVED) -> SavingStep:
    """Change to a step that waits for the disk; the entry's callbacks report to it."""
    step = SavingStep(session, pupil, trouble)
    session.change_step(step)
    return step


def report_unsaved(session: Session, error: BaseException) -> None:
    """Show that the entry of a pupil who has walked on was not saved, unless another user is busy here."""
    log.error("entry.not_committed", error=type(error).__name__)
    if not session.step.busy:
        session.step.abandon()
        session.change_person()
        view = ProblemView(Trouble.ARRIVAL_WAITS)
        session.change_step(ResultStep(session, view, Sound.ATTENTION, stay_s=SHORT_S))
