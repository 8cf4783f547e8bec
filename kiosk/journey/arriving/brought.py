"""Records the arrivals of the children whom an adult brought, and shows one result for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from attendance.reasons import Reason
from hardware.clock.clock import Reading
from kiosk.desk import SignIn
from kiosk.journey.people import done_view, pupil_label
from kiosk.journey.results import show_not_saved, show_recorded
from kiosk.journey.session import Session
from kiosk.journey.step import JourneyStep
from kiosk.views import BroughtView, DoneView, SavingView, Trouble
from sync.wire import Pupil

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Child:
    """A child to sign in."""

    pupil: Pupil
    reason: Reason | None
    returning: bool = False
    """Whether the child was signed out today and is back."""


def sign_in_children(session: Session, children: Sequence[Child], reading: Reading, adult: str) -> None:
    """Sign in the children and show the result, once each arrival is on the disk or has failed.

    Args:
        session: the session.
        children: at least one.
        reading: the clock at the adult’s first touch, which counts for every child who has not tapped a card
            before.
        adult: the adult’s name.
    """
    session.change_step(_SavingChildrenStep(session, children, reading, adult))


class _SavingChildrenStep(JourneyStep):
    """Waits until every arrival is on the disk or has failed. Until then nothing is shown as recorded."""

    def __init__(self, session: Session, children: Sequence[Child], reading: Reading, adult: str) -> None:
        self._session = session
        self._children = children
        self._reading = reading
        self._adult = adult
        self._arrivals: dict[str, DoneView] = {}
        self._failed: set[str] = set()

    @property
    def busy(self) -> bool:
        """Always: other cards wait until the result is shown."""
        return True

    def start(self) -> None:
        """Show that the arrivals are being saved, and save them. A child who is in already keeps the first
        arrival."""
        session = self._session
        session.show(SavingView(pupil_label(session, self._children[0].pupil)))
        for child in self._children:
            before = session.desk.already_in(child.pupil, self._reading)
            if before is not None and not child.returning:
                self._arrivals[child.pupil.id] = done_view(session, before, already=True)
            else:
                self._save(child)
        self._finish()

    def time_is_up(self) -> None:
        """Show the arrivals that the disk has not confirmed as not saved."""
        log.error("entry.slow")
        self._session.desk.note_disk_failure()
        self._failed.update(child.pupil.id for child in self._children if self._is_waiting(child))
        self._finish()

    def _save(self, child: Child) -> None:
        pupil = child.pupil

        def saved(sign_in: SignIn) -> None:
            self._arrivals[pupil.id] = done_view(self._session, sign_in)
            self._finish()

        def failed(error: BaseException) -> None:
            log.error("entry.not_committed", error=type(error).__name__)
            self._failed.add(pupil.id)
            self._finish()

        self._session.desk.sign_in(
            pupil,
            self._reading,
            child.reason,
            on_saved=saved,
            on_failed=failed,
            returning=child.returning,
            brought_by=self._adult,
        )

    def _is_waiting(self, child: Child) -> bool:
        return child.pupil.id not in self._arrivals and child.pupil.id not in self._failed

    def _finish(self) -> None:
        """Show the result once every child has one, unless the screen has passed to another step."""
        session = self._session
        if session.step is not self or any(map(self._is_waiting, self._children)):
            return
        pupils = [child.pupil for child in self._children]
        arrivals = tuple(self._arrivals[pupil.id] for pupil in pupils if pupil.id in self._arrivals)
        if not arrivals:
            show_not_saved(session, Trouble.ARRIVAL_WAITS)
            return
        view = BroughtView(
            adult=self._adult,
            arrivals=arrivals,
            progress=session.progress_of(*(each.entry for each in arrivals)),
            link=session.status.link,
            not_saved=tuple(pupil_label(session, pupil) for pupil in pupils if pupil.id in self._failed),
        )
        show_recorded(session, view)
