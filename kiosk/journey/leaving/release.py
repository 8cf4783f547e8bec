"""Waiting for somebody who lets the pupils go: the office, or a member of staff with a PIN, here.

One request and one entry for each pupil. Without a release nobody is signed out; a release that comes after
the request was taken back is not acted on.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog

from kiosk.desk import Leaving, SignOut
from kiosk.journey.leaving.request import One, Request
from kiosk.journey.people import left_view, listed
from kiosk.journey.results import not_saved, problem, recorded
from kiosk.journey.session import Core
from kiosk.journey.staff.pin_pad import PinPad
from kiosk.journey.step import Tap, Visit
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

RELEASE_S = 300.0
"""Seconds after which nobody is waited for any more: the request is taken back."""


class Releasing(Visit):
    """An adult waits."""

    def __init__(self, core: Core, request: Request) -> None:
        self._core = core
        self._request = request
        first = ReleaseState.SENDING if core.parts.releaser else ReleaseState.STAFF_ONLY
        self._all = [One(core.parts.new_id(), pupil, first) for pupil in request.pupils]
        self._until = core.monotonic() + RELEASE_S
        self._pad: PinPad | None = None
        self._cancelled = False
        self._told: Visit | None = None
        """What came of it is being read."""

    def start(self) -> None:
        """Ask the office for each."""
        self._show()
        if (releaser := self._core.parts.releaser) is None:
            return
        request, reading = self._request, self._core.desk.reading()
        back = self._core.desk.expected_back(reading, request.back_at)
        for one in self._all:
            releaser.ask(
                one.id,
                DepartureRequest(
                    pupil=one.pupil.id,
                    collector=request.collector,
                    relationship=request.relationship,
                    reason=request.reason,
                    expected_back=back,
                    evidence=request.evidence,
                ),
            )

    # --- what happens of itself ------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """A card waits."""
        return True

    def wants(self, tap: Tap) -> bool:
        """The card of a pupil who waits here says nothing new."""
        pupil = self._core.school.roster.by_card(tap.names)
        return pupil is not None and pupil.id in {each.pupil.id for each in self._all}

    def asking(self, request: UUID, asked: ReleaseState) -> bool:
        """A request is on its way, there, or cannot be sent now."""
        one = self._one(request)
        if one is not None and one.is_open:
            one.asked = asked
            self._show()
        return one is not None

    def answered(self, request: UUID, answer: DepartureAnswer | None) -> bool:
        """The office has answered, or the register takes no such request from this kiosk."""
        one = self._one(request)
        if one is None or one.asked is ReleaseState.TAKEN_BACK:
            return False
        if not one.is_open:  # a member of staff was quicker
            log.info("release.answered_late", id=str(request), state=answer.state.value if answer else None)
        elif answer is None:
            self._is_now(one, ReleaseState.STAFF_ONLY)
        elif answer.state is DepartureState.RELEASED:
            by = answer.released_by or "the office"
            self._release(one, by, answer.released_at, position=answer.released_position)
        elif answer.state is DepartureState.REFUSED:
            self._is_now(one, ReleaseState.REFUSED)
        elif answer.state is DepartureState.WITHDRAWN:  # the register has heard nothing of us for too long
            self._is_now(one, ReleaseState.TAKEN_BACK)
        else:
            self._is_now(one, ReleaseState.WAITING)
        return True

    def tick(self) -> None:
        """A pad that is locked counts down; a disk that does not answer is waited for no longer."""
        if self._pad is not None:
            self._pad.tick()
        if self._doubt_the_disk():
            self._go_on()

    def time_is_up(self) -> None:
        """Nobody types a PIN any more, or nobody has answered."""
        if self._pad is not None and self._core.monotonic() < self._until:
            self._close_pad()
            self._show()
        else:
            self._doubt_the_disk()
            self._give_up()

    def leave(self) -> None:
        """Something else takes this place: nobody is waited for any more."""
        self._close_pad()
        self._withdraw()

    # --- what is touched -------------------------------------------------------------------------

    def handle(self, touch: Touch) -> None:
        """Let a member of staff release here, or go back."""
        match touch:
            case AskStaff():
                self._ask_staff()
            case GoBack():
                self._back()
            case _ if self._pad is not None:
                self._pad.handle(touch)

    def _ask_staff(self) -> None:
        """A member of staff is here."""
        pins, view = self._core.parts.pins, self._core.view
        if pins is None or not isinstance(view, ReleaseView) or not view.staff_can_release:
            return
        waiting = self._listed(self._waiting())
        stays = min(IDLE_S, max(0.0, self._until - self._core.monotonic()))
        self._pad = PinPad(
            self._core,
            pins,
            PinPurpose.RELEASE,
            self._by_staff,
            pupils=waiting,
            collector=self._request.collector,
            stays_s=stays,
        )
        self._pad.show()

    def _back(self) -> None:
        """From the pad to the wait; from the wait: nobody goes."""
        if self._pad is not None:
            self._close_pad()
            self._show()
        else:
            self._cancelled = True
            self._give_up()

    # --- within ----------------------------------------------------------------------------------

    def _one(self, request: UUID) -> One | None:
        return next((each for each in self._all if each.id == request), None)

    def _waiting(self) -> list[One]:
        return [each for each in self._all if each.is_open]

    def _those(self, *asked: ReleaseState) -> list[One]:
        return [each for each in self._all if each.asked in asked]

    def _listed(self, some: Sequence[One]) -> tuple[PupilLabel, ...]:
        return tuple(listed(self._core, each.pupil) for each in some)

    def _is_now(self, one: One, asked: ReleaseState) -> None:
        one.asked = asked
        self._go_on()

    def _by_staff(self, member: StaffMember) -> None:
        """A PIN was right: whoever is still waited for may go; who was refused may not."""
        self._pad = None
        now = self._core.desk.reading().at
        for one in self._waiting():
            if self._core.parts.releaser is not None:
                self._core.parts.releaser.withdraw(one.id)  # the office need not answer any more
            self._release(one, f"{member.name} ({member.position})", now)

    def _release(self, one: One, by: str, at: datetime | None, *, position: str | None = None) -> None:
        one.asked, one.disk_until = ReleaseState.SAVING, self._core.monotonic() + IDLE_S
        request = self._request
        leaving = Leaving(
            pupil=one.pupil,
            reason=request.reason,
            back_at=request.back_at,
            collector=request.collector,
            relationship=request.relationship,
            evidence=request.evidence,
            released_by=by,
            released_position=position,
            released_at=at or self._core.desk.reading().at,
        )

        def saved(sign_out: SignOut) -> None:
            one.sign_out = sign_out
            self._is_now(one, ReleaseState.RELEASED)

        def failed(error: BaseException) -> None:
            log.error("entry.not_committed", error=type(error).__name__)
            if one.asked is not ReleaseState.NOT_SAVED:  # said already, when it took too long
                self._is_now(one, ReleaseState.NOT_SAVED)

        self._core.desk.sign_out(leaving, saved=saved, failed=failed)
        self._go_on()

    def _doubt_the_disk(self) -> bool:
        """Call what the disk does not answer for not recorded. Should it do so yet, that is shown."""
        now = self._core.monotonic()
        overdue = [each for each in self._those(ReleaseState.SAVING) if each.disk_until <= now]
        for one in overdue:
            log.error("entry.slow", seconds=IDLE_S)
            one.asked = ReleaseState.NOT_SAVED
        return bool(overdue)

    def _go_on(self) -> None:
        """Wait for the others, or say what has come of it; once more where the disk has answered late."""
        core = self._core
        if core.visit is not self and core.visit is not self._told:
            return
        if self._waiting() or self._those(ReleaseState.SAVING):
            self._show()
            return
        self._close_pad()
        self._tell()
        self._told = core.visit

    def _tell(self) -> None:
        core = self._core
        gone = [each.sign_out for each in self._all if each.sign_out is not None]
        if gone:
            stay = self._listed(self._those(ReleaseState.REFUSED, ReleaseState.TAKEN_BACK))
            lost = self._listed(self._those(ReleaseState.NOT_SAVED))
            recorded(core, left_view(core, gone, stay=stay, not_saved=lost))
        elif self._those(ReleaseState.NOT_SAVED):
            not_saved(core)
        elif self._those(ReleaseState.REFUSED):
            problem(core, Trouble.SPEAK_TO_OFFICE)
        elif self._cancelled:
            core.home()
        else:
            problem(core, Trouble.NO_ANSWER)

    def _give_up(self) -> None:
        """Take back what nobody has answered; what is released stays so."""
        self._close_pad()
        self._withdraw()
        for one in self._waiting():
            one.asked = ReleaseState.TAKEN_BACK
        self._go_on()

    def _withdraw(self) -> None:
        releaser = self._core.parts.releaser
        for one in self._waiting():
            if releaser is not None and one.asked is not ReleaseState.STAFF_ONLY:
                self._core.given_up[one.id] = listed(self._core, one.pupil).name
                releaser.withdraw(one.id)

    def _close_pad(self) -> None:
        if self._pad is not None:
            self._pad.close()
            self._pad = None

    def _show(self) -> None:
        if self._core.visit is not self or (self._pad is not None and isinstance(self._core.view, PinView)):
            return
        view = ReleaseView(
            pupils=tuple(PupilRelease(listed(self._core, each.pupil), each.asked) for each in self._all),
            collector=self._request.collector,
            reason=self._request.reason,
            back_at=self._request.back_at,
            staff_can_release=self._core.parts.pins is not None and bool(self._core.school.staff),
        )
        self._core.go(view, max(0.0, self._until - self._core.monotonic()))
