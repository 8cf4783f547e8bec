"""A result or a problem that is read, and an entry on its way to the disk before it."""

from collections.abc import Callable

import structlog

from kiosk.journey.session import Core
from kiosk.journey.step import Visit
from kiosk.views import IDLE_S, DoneView, LeftView, ProblemView, PupilLabel, SavingView, Sound, Trouble
from kiosk.views.touches import ChooseStaff, Finish, GoBack, Touch

log = structlog.get_logger()


class Told(Visit):
    """Something that is read, and goes by itself."""

    for_staff = True

    def __init__(self, core: Core, back_to: Callable[[], None] | None = None) -> None:
        self._core = core
        self._back_to = back_to or core.home
        self._is_aside = back_to is not None

    @property
    def busy(self) -> bool:
        """Whoever goes on after this has not finished."""
        return self._is_aside

    def settled(self) -> None:
        """Say how far the entry has come meanwhile."""
        view = self._core.view
        if isinstance(view, DoneView | LeftView):
            self._core.view = self._core.refreshed(view)

    def handle(self, touch: Touch) -> None:
        """Go on once it was read; a member of staff does not wait."""
        match touch:
            case GoBack() | Finish():
                self._back_to()
            case ChooseStaff():
                self._core.at_home().handle(touch)

    def time_is_up(self) -> None:
        """It was read, or nobody reads it."""
        self._core.gone()


def tell(
    core: Core,
    view: DoneView | LeftView | ProblemView,
    seconds: float | None = None,
    *,
    sound: Sound,
    back_to: Callable[[], None] | None = None,
) -> None:
    """Show a result or a problem until it is read, or for so long.

    Args:
        core: the screen.
        view: what is told.
        seconds: how long; None: as long as results stay.
        sound: what is heard.
        back_to: goes on where it was, once it is read; None: home.
    """
    core.visit = Told(core, back_to)
    core.go(view, core.result_s if seconds is None else seconds, sound)


def problem(
    core: Core,
    trouble: Trouble | ProblemView,
    detail: str | None = None,
    *,
    back_to: Callable[[], None] | None = None,
) -> None:
    """Say what is the matter and what to do; see `tell`."""
    view = trouble if isinstance(trouble, ProblemView) else ProblemView(trouble, detail)
    sound = Sound.UNKNOWN_CARD if view.trouble is Trouble.UNKNOWN_CARD else Sound.ATTENTION
    tell(core, view, IDLE_S if back_to else None, sound=sound, back_to=back_to)


def recorded(core: Core, view: DoneView | LeftView) -> None:
    """Say that something is recorded, or was before; or that not all of it is."""
    if isinstance(view, LeftView) and view.not_saved:
        tell(core, view, _bad_news_s(core), sound=Sound.ATTENTION)
        return
    was_before = isinstance(view, DoneView) and view.already
    tell(core, view, sound=Sound.ATTENTION if was_before else Sound.ACCEPTED)


def not_saved(core: Core) -> None:
    """Say that nothing is recorded, since the disk did not take it."""
    tell(core, ProblemView(Trouble.NOT_SAVED), _bad_news_s(core), sound=Sound.ATTENTION)


def _bad_news_s(core: Core) -> float:
    """What is not recorded stays longer, unless somebody's card waits."""
    return core.result_s if core.cards else IDLE_S


class Saving(Visit):
    """An entry is on its way to the disk: nothing is said to be recorded, and whoever comes next waits."""

    def __init__(self, core: Core, pupil: PupilLabel) -> None:
        self._core = core
        self._waiting = True
        core.visit = self
        core.go(SavingView(pupil), IDLE_S)

    @property
    def busy(self) -> bool:
        """Until the disk has answered, or is said not to."""
        return self._waiting

    @property
    def is_here(self) -> bool:
        """Whether whoever waits for it still does."""
        return self._core.visit is self

    def saved(self, view: DoneView | LeftView) -> None:
        """It is on the disk."""
        if self.is_here:
            recorded(self._core, view)

    def failed(self, error: BaseException) -> None:
        """It is not."""
        log.error("entry.not_committed", error=type(error).__name__)
        if self.is_here:
            not_saved(self._core)

    def time_is_up(self) -> None:
        """The disk does not answer. Should it do so yet, the result is shown to whoever is still here."""
        if not self._waiting:
            self._core.gone()
            return
        log.error("entry.slow", seconds=IDLE_S)
        self._waiting = False
        self._core.go(ProblemView(Trouble.NOT_SAVED), IDLE_S, Sound.ATTENTION)

    def handle(self, touch: Touch) -> None:
        """Go home, once the entry is said to be lost."""
        if isinstance(touch, GoBack | Finish) and not self._waiting:
            self._core.home()


def not_kept(core: Core, error: BaseException) -> None:
    """A pupil who has walked on could not be signed in. Whoever is here is told, unless they are busy."""
    log.error("entry.not_committed", error=type(error).__name__)
    if not core.visit.busy:
        core.visit.leave()
        tell(core, ProblemView(Trouble.NOT_SAVED), IDLE_S, sound=Sound.ATTENTION)
