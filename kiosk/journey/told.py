"""A result or a problem that is read, and an entry on its way to the disk before it."""

import structlog

from kiosk.journey.core import IDLE_S, Core
from kiosk.journey.visit import Visit
from kiosk.views import DoneView, LeftView, Listed, ProblemView, SavingView, Sound, Trouble

log = structlog.get_logger()


class Told(Visit):
    """Something that is read, and goes by itself."""

    for_staff = True

    def __init__(self, core: Core) -> None:
        self._core = core

    def settled(self) -> None:
        """Say how far the entry has come meanwhile."""
        view = self._core.view
        if isinstance(view, DoneView | LeftView):
            self._core.view = self._core.refreshed(view)

    def choose_staff(self) -> None:
        """Somebody of the staff does not wait."""
        self._core.at_home().choose_staff()

    def time_is_up(self) -> None:
        """It was read, or nobody reads it."""
        self._core.gone()

    def back(self) -> None:
        """Read."""
        self._core.home()

    def done(self) -> None:
        """Read."""
        self._core.home()


def tell(
    core: Core, view: DoneView | LeftView | ProblemView, seconds: float | None = None, *, sound: Sound
) -> None:
    """Show a result or a problem until it is read, or for so long."""
    core.visit = Told(core)
    core.go(view, core.result_s if seconds is None else seconds, sound)


def problem(core: Core, trouble: Trouble | ProblemView, detail: str | None = None) -> None:
    """Say what is the matter and what to do."""
    view = trouble if isinstance(trouble, ProblemView) else ProblemView(trouble, detail)
    sound = Sound.UNKNOWN_CARD if view.trouble is Trouble.UNKNOWN_CARD else Sound.ATTENTION
    tell(core, view, sound=sound)


def recorded(core: Core, view: DoneView | LeftView) -> None:
    """Say that something is recorded, or was before."""
    was_before = isinstance(view, DoneView) and view.already
    tell(core, view, sound=Sound.ATTENTION if was_before else Sound.ACCEPTED)


class Saving(Visit):
    """An entry is on its way to the disk: nothing is said to be recorded, and whoever comes next waits."""

    def __init__(self, core: Core, pupil: Listed) -> None:
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
            seconds = self._core.result_s if self._core.cards else IDLE_S
            tell(self._core, ProblemView(Trouble.NOT_SAVED), seconds, sound=Sound.ATTENTION)

    def time_is_up(self) -> None:
        """The disk does not answer. Should it do so yet, the result is shown to whoever is still here."""
        if not self._waiting:
            self._core.gone()
            return
        log.error("entry.slow", seconds=IDLE_S)
        self._waiting = False
        self._core.go(ProblemView(Trouble.NOT_SAVED), IDLE_S, Sound.ATTENTION)

    def back(self) -> None:
        """Only what is said to be lost can be left."""
        self.done()

    def done(self) -> None:
        """Read."""
        if not self._waiting:
            self._core.home()


def not_kept(core: Core, error: BaseException) -> None:
    """A pupil who has walked on could not be signed in. Whoever is here is told, unless they are busy."""
    log.error("entry.not_committed", error=type(error).__name__)
    if not core.visit.busy:
        core.visit.leave()
        tell(core, ProblemView(Trouble.NOT_SAVED), IDLE_S, sound=Sound.ATTENTION)
