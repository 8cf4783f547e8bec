"""Waiting for a release: by the office, or here by a member of staff with a PIN.

There is one request and one entry for each pupil. No pupil is signed out without a release, and a release
that comes after the request was withdrawn has no effect.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog

from kiosk.desk import DepartureDraft, PupilTap, SignOut
from kiosk.journey.leaving.request import CollectionRequest, PendingRelease
from kiosk.journey.people import left_view, pupil_label
from kiosk.journey.pin_pad import PinPad
from kiosk.journey.results import show_not_saved, show_problem, show_recorded
from kiosk.journey.session import Session
from kiosk.journey.step import JourneyStep
from kiosk.journey.view_rules import RELEASE_S
from kiosk.views import (
    IDLE_S,
    PinPurpose,
    PinView,
    PupilLabel,
    PupilRelease,
    ReleaseState,
    ReleaseView,
    Trouble,
)
from kiosk.views.touches import AskStaff, GoBack, Touch
from sync.wire import DepartureAnswer, DepartureRequest, DepartureState, StaffMember

log = structlog.get_logger()


class ReleaseStep(JourneyStep):
    """An adult waits for the release of one pupil or several."""

    def __init__(self, session: Session, request: CollectionRequest) -> None:
        self._session = session
        self._request = request
        first = ReleaseState.SENDING if session.parts.releaser else ReleaseState.STAFF_ONLY
        self._releases = [PendingRelease(session.parts.new_id(), pupil, first) for pupil in request.pupils]
        self._until = session.monotonic() + RELEASE_S
        self._pad: PinPad | None = None
        self._cancelled = False
        self._result: JourneyStep | None = None
        """The step that shows the result, once there is one."""

    def start(self) -> None:
        """Send a request for each pupil to the office."""
        self._show()
        if (releaser := self._session.parts.releaser) is None:
            return
        request, reading = self._request, self._session.desk.reading()
        back = self._session.desk.expected_back(reading, request.back_at)
        for release in self._releases:
            releaser.ask(
                release.id,
                DepartureRequest(
                    pupil=release.pupil.id,
                    collector=request.collector,
                    relationship=request.relationship,
                    reason=request.reason,
                    expected_back=back,
                    evidence=request.evidence,
                ),
            )

    @property
    def busy(self) -> bool:
        """Always: another card waits until the release is settled."""
        return True

    def take_tap(self, tap: PupilTap) -> bool:
        """Ignore the card of a pupil who is waiting here."""
        if all(each.pupil.id != tap.pupil.id for each in self._releases):
            return False
        self._session.desk.drop_tap(tap.pupil)
        return True

    # --- news of the requests --------------------------------------------------------------------

    def request_changed(self, request: UUID, state: ReleaseState) -> bool:
        """Show whether a request is on its way, delivered, or cannot be sent now."""
        release = self._release_of(request)
        if release is not None and release.is_undecided:
            release.state = state
            self._show()
        return release is not None

    def request_answered(self, request: UUID, answer: DepartureAnswer | None) -> bool:
        """Act on the office's answer; `None` if the register takes no requests from this kiosk."""
        release = self._release_of(request)
        if release is None or release.state is ReleaseState.WITHDRAWN:
            return False
        if not release.is_undecided:  # a member of staff was quicker
            log.info("release.answered_late", id=str(request), state=answer.state.value if answer else None)
        elif answer is None:
            self._set_state(release, ReleaseState.STAFF_ONLY)
        elif answer.state is DepartureState.RELEASED:
            by = answer.released_by or "the office"
            self._sign_out(release, by, answer.released_at, position=answer.released_position)
        elif answer.state is DepartureState.REFUSED:
            self._set_state(release, ReleaseState.REFUSED)
        elif answer.state is DepartureState.WITHDRAWN:
            # The register lets a request lapse when it has not heard from the kiosk for too long.
            self._set_state(release, ReleaseState.WITHDRAWN)
        else:
            self._set_state(release, ReleaseState.WAITING)
        return True

    # --- time ------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Count down while the PIN pad is locked; stop waiting for a disk that does not answer."""
        if self._pad is not None:
            self._pad.tick()
        if self._give_up_on_disk():
            self._go_on()

    def time_is_up(self) -> None:
        """Close an unused PIN pad; or withdraw the requests after `RELEASE_S`."""
        if self._pad is not None and self._session.monotonic() < self._until:
            self._close_pad()
            self._show()
        else:
            self._give_up_on_disk()
            self._give_up()

    def abandon(self) -> None:
        """Withdraw the requests."""
        self._close_pad()
        self._withdraw()

    # --- touches ---------------------------------------------------------------------------------

    def handle(self, touch: Touch) -> None:
        """Open the PIN pad, type on it, or go back."""
        match touch, self._session.view:
            case AskStaff(), ReleaseView(staff_can_release=True):
                self._open_pad()
            case GoBack(), _:
                self._back()
            case _ if self._pad is not None:
                self._pad.handle(touch)

    def _open_pad(self) -> None:
        pins = self._session.parts.pins
        if pins is None:
            return
        self._pad = PinPad(
            self._session,
            pins,
            PinPurpose.RELEASE,
            self._release_by_staff,
            pupils=self._labels(self._undecided()),
            collector=self._request.collector,
            stay_s=min(IDLE_S, max(0.0, self._until - self._session.monotonic())),
        )
        self._pad.show()

    def _back(self) -> None:
        """Go back from the pad to the wait; from there, cancel the request."""
        if self._pad is not None:
            self._close_pad()
            self._show()
        else:
            self._cancelled = True
            self._give_up()

    # --- the releases ----------------------------------------------------------------------------

    def _release_of(self, request: UUID) -> PendingRelease | None:
        return next((each for each in self._releases if each.id == request), None)

    def _undecided(self) -> list[PendingRelease]:
        return [each for each in self._releases if each.is_undecided]

    def _in_state(self, *states: ReleaseState) -> list[PendingRelease]:
        return [each for each in self._releases if each.state in states]

    def _labels(self, releases: Sequence[PendingRelease]) -> tuple[PupilLabel, ...]:
        return tuple(pupil_label(self._session, each.pupil) for each in releases)

    def _set_state(self, release: PendingRelease, state: ReleaseState) -> None:
        release.state = state
        self._go_on()

    def _release_by_staff(self, member: StaffMember) -> None:
        """After a right PIN, release the pupils who still wait; a pupil whom the office refused stays."""
        self._pad = None
        now = self._session.desk.reading().at
        for release in self._undecided():
            if self._session.parts.releaser is not None:
                self._session.parts.releaser.withdraw(release.id)  # the office no longer needs to answer
            self._sign_out(release, f"{member.name} ({member.position})", now)

    def _sign_out(
        self, release: PendingRelease, by: str, at: datetime | None, *, position: str | None = None
    ) -> None:
        """Record the departure of a pupil who was released.

        Args:
            release: the release.
            by: who released the pupil.
            at: when, in UTC; `None` for now.
            position: the releaser's job title, if known.
        """
        release.state = ReleaseState.SAVING
        release.disk_until = self._session.monotonic() + IDLE_S
        request = self._request
        leaving = DepartureDraft(
            pupil=release.pupil,
            reason=request.reason,
            back_at=request.back_at,
            collector=request.collector,
            relationship=request.relationship,
            evidence=request.evidence,
            released_by=by,
            released_position=position,
            released_at=at or self._session.desk.reading().at,
            request=release.id,
        )

        def on_saved(sign_out: SignOut) -> None:
            release.sign_out = sign_out
            self._set_state(release, ReleaseState.RELEASED)

        def on_failed(error: BaseException) -> None:
            log.error("entry.not_committed", error=type(error).__name__)
            if release.state is not ReleaseState.NOT_SAVED:  # already shown, when the disk took too long
                self._set_state(release, ReleaseState.NOT_SAVED)

        self._session.desk.sign_out(leaving, on_saved=on_saved, on_failed=on_failed)
        self._go_on()

    def _give_up_on_disk(self) -> bool:
        """Mark overdue departures as not saved; if the disk answers after all, the result is shown again."""
        now = self._session.monotonic()
        overdue = [each for each in self._in_state(ReleaseState.SAVING) if each.disk_until <= now]
        for release in overdue:
            log.error("entry.slow", seconds=IDLE_S)
            release.state = ReleaseState.NOT_SAVED
        return bool(overdue)

    # --- the wait and its end --------------------------------------------------------------------

    def _go_on(self) -> None:
        """Wait for the other pupils, or show the result; again if the disk answers late."""
        session = self._session
        if session.step is not self and session.step is not self._result:
            return
        if self._undecided() or self._in_state(ReleaseState.SAVING):
            self._show()
            return
        self._close_pad()
        self._show_result()
        self._result = session.step

    def _show_result(self) -> None:
        session = self._session
        sign_outs = [each.sign_out for each in self._releases if each.sign_out is not None]
        if sign_outs:
            staying = self._labels(self._in_state(ReleaseState.REFUSED, ReleaseState.WITHDRAWN))
            not_saved = self._labels(self._in_state(ReleaseState.NOT_SAVED))
            show_recorded(session, left_view(session, sign_outs, not_released=staying, not_saved=not_saved))
        elif self._in_state(ReleaseState.NOT_SAVED):
            show_not_saved(session)
        elif self._in_state(ReleaseState.REFUSED):
            show_problem(session, Trouble.SPEAK_TO_OFFICE)
        elif self._cancelled:
            session.go_home()
        else:
            show_problem(session, Trouble.NO_ANSWER)

    def _give_up(self) -> None:
        """Withdraw the undecided requests; pupils who are released already stay released."""
        self._close_pad()
        self._withdraw()
        for release in self._undecided():
            release.state = ReleaseState.WITHDRAWN
        self._go_on()

    def _withdraw(self) -> None:
        releaser = self._session.parts.releaser
        for release in self._undecided():
            if releaser is not None and release.state is not ReleaseState.STAFF_ONLY:
                self._session.withdrawn[release.id] = pupil_label(self._session, release.pupil).name
                releaser.withdraw(release.id)

    def _close_pad(self) -> None:
        if self._pad is not None:
            self._pad.close()
            self._pad = None

    def _show(self) -> None:
        session = self._session
        if session.step is not self or (self._pad is not None and isinstance(session.view, PinView)):
            return
        view = ReleaseView(
            pupils=tuple(
                PupilRelease(pupil_label(session, each.pupil), each.state) for each in self._releases
            ),
            collector=self._request.collector,
            reason=self._request.reason,
            back_at=self._request.back_at,
            staff_can_release=session.parts.pins is not None and bool(session.school.staff),
        )
        session.show(view, stay_s=max(0.0, self._until - session.monotonic()))
