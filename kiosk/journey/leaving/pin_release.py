"""A member of staff releases pupils here, with a PIN.

A PIN never goes past the family's word unseen. Connected, the register compares the adult with the family's
list first; if only the office may release a pupil, that is all that the kiosk learns, and no PIN helps. Not
connected, or not answered in time, the screen says that the list is not checked, and asks once more after
the right PIN. The register is asked again at the moment of release: the link may be back, and the list may
have changed.
"""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import structlog

from kiosk.journey.leaving.release_result import ReleaseResultStep
from kiosk.journey.leaving.request_views import undecided_labels
from kiosk.journey.pin_pad import PinPad
from kiosk.journey.session import Session
from kiosk.journey.step import JourneyStep
from kiosk.journey.waiting.request import WaitingRequest
from kiosk.pins import Pins
from kiosk.views import Link, PinPurpose, ReleaseYesView, Sound
from kiosk.views.touches import Confirm, GoBack, Touch
from sync.wire import StaffMember

log = structlog.get_logger()

CHECK_S = 6.0
"""Seconds to wait for the register's answer: an adult and a member of staff are standing here."""
DEAF_S = 1.0
"""Seconds for which the last question ignores a yes: it must be read, and a double tap on OK is not one."""


class PinReleaseStep(JourneyStep):
    """The check, the PIN, and once more the question if the family's list is not checked.

    Args:
        session: the session.
        waiting: the request. The PIN releases its undecided pupils, and no other request.
        pins: checks PINs.
        resume: shows the request again.
        office_must: shows that only the office may release these pupils.
    """

    def __init__(
        self,
        session: Session,
        waiting: WaitingRequest,
        pins: Pins,
        resume: Callable[[], None],
        office_must: Callable[[], None],
    ) -> None:
        self._session = session
        self._waiting = waiting
        self._resume = resume
        self._office_must = office_must
        self._ids = frozenset(each.id for each in waiting.undecided)
        """The releases that the member of staff sees."""
        self._is_checked = False
        """Whether the register has said that a PIN may release these pupils."""
        self._open: set[UUID] = set()
        """The releases about which the register has been asked and has not answered."""
        self._answers: list[bool | None] = []
        self._check_until = 0.0
        self._after_check: Callable[[], None] | None = None
        self._member: StaffMember | None = None
        self._deaf_until = 0.0
        request = waiting.request
        self._pad = PinPad(
            session,
            pins,
            PinPurpose.RELEASE,
            self._pin_was_right,
            pupils=undecided_labels(session, waiting),
            collector=request.collector,
            relationship=request.relationship,
            reason=request.reason,
        )

    @property
    def busy(self) -> bool:
        """Always: another card waits."""
        return True

    def start(self) -> None:
        """Ask the register; then let the PIN be typed."""
        if self._waiting.office_only:
            self._refuse()
            return
        self._pad.wait()
        self._check(self._open_pad)

    # --- the register's word -----------------------------------------------------------------------

    def _check(self, then: Callable[[], None]) -> None:
        """Ask the register about each pupil, if it can be reached; then go on."""
        session, checker = self._session, self._session.parts.checker
        undecided = [each for each in self._waiting.undecided if each.id in self._ids]
        self._answers, self._after_check = [], then
        self._is_checked = False  # an earlier yes does not count when the register cannot be asked now
        if checker is None or session.status.link is not Link.CONNECTED:
            self._finish_check()
            return
        self._open = {each.id for each in undecided}
        self._check_until = session.monotonic() + CHECK_S
        for each in undecided:
            checker.check(each.id, each.message, partial(self._take_answer, each.id))

    def _take_answer(self, release: UUID, may: bool | None) -> None:
        """Take the register's answer. A no counts whenever it comes, also after the time limit."""
        if may is False:
            self._session.requests.keep_for_office(self._waiting, release)
            if self._session.step is self:
                self._refuse()
            return
        if release in self._open and self._after_check is not None:
            self._open.discard(release)
            self._answers.append(may)
            if not self._open:
                self._finish_check()

    def _finish_check(self) -> None:
        """Go on with the register's word, or without it; but not past an earlier no."""
        then, self._after_check = self._after_check, None
        if self._answers and not self._open and all(self._answers):
            self._is_checked = True
        self._open = set()
        if self._session.step is not self or then is None:
            return
        if not self._is_checked and self._has_earlier_no():
            self._session.requests.keep_for_office(self._waiting)
            self._refuse()
        else:
            then()

    def _has_earlier_no(self) -> bool:
        """Whether the office or the register has said no about one of these pupils today."""
        requests = self._session.requests
        return any(requests.must_be_released_by_office(each.pupil) for each in self._waiting.undecided)

    def _refuse(self) -> None:
        log.info("release.office_only", id=str(self._waiting.id))
        self._pad.close()
        self._office_must()

    # --- the PIN and the last question -------------------------------------------------------------

    def _open_pad(self) -> None:
        self._pad.begin(list_unchecked=not self._is_checked)

    def _pin_was_right(self, member: StaffMember) -> None:
        self._member = member
        self._check(self._release_if_checked)

    def _release_if_checked(self) -> None:
        if self._is_checked:
            self._release()
            return
        self._deaf_until = self._session.monotonic() + DEAF_S
        self._session.show(self._yes_view(), Sound.ATTENTION)

    def _release(self) -> None:
        member, self._member = self._member, None
        if member is None:
            return
        log.info("release.by_pin", id=str(self._waiting.id), staff=member.id, checked=self._is_checked)
        self._session.requests.release_by_staff(self._waiting, self._ids, member)
        if self._session.step is self:
            self._resume()

    def _yes_view(self, *, checking: bool = False) -> ReleaseYesView:
        request = self._waiting.request
        return ReleaseYesView(
            pupils=undecided_labels(self._session, self._waiting),
            collector=request.collector,
            relationship=request.relationship,
            reason=request.reason,
            back_at=request.back_at,
            member=self._member.name if self._member else "",
            ready=self._session.monotonic() >= self._deaf_until,
            checking=checking,
        )

    # --- touches, time and news --------------------------------------------------------------------

    def handle(self, touch: Touch) -> None:
        """Type the PIN; answer the last question; or go back to the request."""
        is_asking = self._after_check is not None
        match touch, self._session.view:
            case GoBack(), _:
                self.abandon()
                self._resume()
            case Confirm(), ReleaseYesView() as view:
                if not is_asking and view.ready:
                    self._session.refresh(self._yes_view(checking=True))
                    self._check(self._release)
            case _ if not is_asking and self._member is None:
                self._pad.handle(touch)

    def tick(self) -> None:
        """Count down while the pad is locked; go on without the register after `CHECK_S`."""
        if self._after_check is not None:
            if self._session.monotonic() >= self._check_until:
                self._answers.append(None)
                self._finish_check()
        elif isinstance(self._session.view, ReleaseYesView):
            self._session.refresh(self._yes_view())
        else:
            self._pad.tick()

    def requests_changed(self, waiting: WaitingRequest) -> None:
        """Show the result once the office has answered; drop a pupil who is decided from the screen."""
        if waiting is not self._waiting or self._session.step is not self:
            return
        if not waiting.undecided:
            self.abandon()
            if waiting.is_settled:
                self._session.change_step(ReleaseResultStep(self._session, waiting))
            else:
                self._resume()
        elif isinstance(self._session.view, ReleaseYesView):
            self._session.refresh(self._yes_view(checking=self._after_check is not None))
        else:
            self._pad.set_pupils(undecided_labels(self._session, waiting))

    def time_is_up(self) -> None:
        """Go home: the member of staff has left. The request goes on waiting."""
        self.abandon()
        self._session.user_left()

    def abandon(self) -> None:
        """Forget the digits, and what the register may still answer, except a no."""
        self._pad.close()
        self._member = None
        self._after_check = None
