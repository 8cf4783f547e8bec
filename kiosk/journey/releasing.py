"""Waiting for somebody who lets the pupils go: the office, or a member of staff with a PIN, here.

One request and one entry for each pupil. Without a release nobody is signed out; a release that comes after
the request was taken back is not acted on.
"""

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

import structlog

from kiosk.attendance.reasons import Reason
from kiosk.desk import Leaving, SignOut
from kiosk.journey.core import IDLE_S, Core
from kiosk.journey.people import left_view, listed
from kiosk.journey.pin_pad import PinPad
from kiosk.journey.told import problem, recorded
from kiosk.journey.visit import Tap, Visit
from kiosk.views import (
    Asked,
    AskedFor,
    Evidence,
    PinFor,
    PinView,
    Relationship,
    ReleaseView,
    Trouble,
)
from sync.wire import DepartureAnswer, DepartureRequest, DepartureState, Pupil, StaffMember

log = structlog.get_logger()

RELEASE_S = 300.0
"""Seconds after which nobody is waited for any more: the request is taken back."""

_OPEN = frozenset({Asked.SENDING, Asked.WAITING, Asked.OFFLINE, Asked.STAFF_ONLY})
"""Nobody has said yes or no yet."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: who goes, with whom, why, until when."""

    pupils: tuple[Pupil, ...]
    collector: str
    relationship: Relationship | None
    reason: Reason
    back_at: time | None
    evidence: Evidence | None


@dataclass(slots=True)
class _One:
    """One pupil of the request."""

    id: UUID
    pupil: Pupil
    asked: Asked
    sign_out: SignOut | None = None


class Releasing(Visit):
    """An adult waits."""

    def __init__(self, core: Core, request: Request) -> None:
        self._core = core
        self._request = request
        first = Asked.SENDING if core.parts.releaser else Asked.STAFF_ONLY
        self._all = [_One(core.parts.new_id(), pupil, first) for pupil in request.pupils]
        self._until = core.monotonic() + RELEASE_S
        self._pad: PinPad | None = None

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

    def asking(self, request: UUID, asked: Asked) -> bool:
        """A request is on its way, there, or cannot be sent now."""
        one = self._one(request)
        if one is not None and one.asked in _OPEN:
            one.asked = asked
            self._show()
        return one is not None

    def answered(self, request: UUID, answer: DepartureAnswer | None) -> bool:
        """The office has answered, or the register takes no such request from this kiosk."""
        one = self._one(request)
        if one is None:
            return False
        if one.asked not in _OPEN:  # a member of staff was quicker
            log.info("release.answered_late", id=str(request), state=answer.state.value if answer else None)
        elif answer is not None and answer.state is DepartureState.RELEASED:
            self._release(one, answer.released_by or "the office", answer.released_at)
        elif answer is not None and answer.state is DepartureState.REFUSED:
            one.asked = Asked.REFUSED
            self._go_on()
        else:
            one.asked = Asked.STAFF_ONLY
            self._go_on()
        return True

    def tick(self) -> None:
        """A pad that is locked counts down."""
        if self._pad is not None:
            self._pad.tick()

    def time_is_up(self) -> None:
        """Nobody types a PIN any more, or nobody has answered."""
        if self._pad is not None and self._core.monotonic() < self._until:
            self._close_pad()
            self._show()
        else:
            self._give_up(answered=False)

    def leave(self) -> None:
        """Something else takes this place: nobody is waited for any more."""
        self._close_pad()
        self._withdraw()

    # --- what is touched -------------------------------------------------------------------------

    def ask_staff(self) -> None:
        """A member of staff is here."""
        pins, view = self._core.parts.pins, self._core.view
        if pins is None or not isinstance(view, ReleaseView) or not view.staff_can_release:
            return
        waiting = tuple(listed(each.pupil) for each in self._waiting())
        stays = min(IDLE_S, max(0.0, self._until - self._core.monotonic()))
        self._pad = PinPad(self._core, pins, PinFor.RELEASE, self._by_staff, pupils=waiting, stays_s=stays)
        self._pad.show()

    def press_digit(self, digit: str) -> None:
        """A figure of a PIN."""
        if self._pad is not None:
            self._pad.press_digit(digit)

    def erase(self) -> None:
        """Take the last figure back."""
        if self._pad is not None:
            self._pad.erase()

    def pin_done(self) -> None:
        """The PIN is whole."""
        if self._pad is not None:
            self._pad.done()

    def back(self) -> None:
        """From the pad to the wait; from the wait: nobody goes."""
        if self._pad is not None:
            self._close_pad()
            self._show()
        else:
            self._give_up(answered=True)

    # --- within ----------------------------------------------------------------------------------

    def _one(self, request: UUID) -> _One | None:
        return next((each for each in self._all if each.id == request), None)

    def _waiting(self) -> list[_One]:
        return [each for each in self._all if each.asked in _OPEN]

    def _by_staff(self, member: StaffMember) -> None:
        """A PIN was right: whoever is still waited for may go; who was refused may not."""
        self._pad = None
        now = self._core.desk.reading().at
        for one in self._waiting():
            if self._core.parts.releaser is not None:
                self._core.parts.releaser.withdraw(one.id)  # the office need not answer any more
            self._release(one, f"{member.name} ({member.position})", now)

    def _release(self, one: _One, by: str, at: datetime | None) -> None:
        one.asked = Asked.SAVING
        request = self._request
        leaving = Leaving(
            pupil=one.pupil,
            reason=request.reason,
            back_at=request.back_at,
            collector=request.collector,
            relationship=request.relationship,
            evidence=request.evidence,
            released_by=by,
            released_at=at or self._core.desk.reading().at,
        )

        def saved(sign_out: SignOut) -> None:
            one.asked, one.sign_out = Asked.RELEASED, sign_out
            self._go_on()

        def failed(error: BaseException) -> None:
            log.error("entry.not_committed", error=type(error).__name__)
            one.asked = Asked.NOT_SAVED
            self._go_on()

        self._core.desk.sign_out(leaving, saved=saved, failed=failed)
        self._go_on()

    def _go_on(self) -> None:
        """Wait for the others, or say what has come of it."""
        if self._core.visit is not self:
            return
        if any(each.asked in _OPEN or each.asked is Asked.SAVING for each in self._all):
            self._show()
            return
        self._close_pad()
        gone = [each.sign_out for each in self._all if each.sign_out is not None]
        stay = tuple(listed(each.pupil) for each in self._all if each.sign_out is None)
        if gone:
            recorded(self._core, left_view(self._core, gone, stay))
        elif any(each.asked is Asked.NOT_SAVED for each in self._all):
            problem(self._core, Trouble.NOT_SAVED)
        elif self._all:
            problem(self._core, Trouble.SPEAK_TO_OFFICE)
        else:
            self._core.home()

    def _give_up(self, *, answered: bool) -> None:
        """Take back what nobody has answered; what is released stays so.

        Args:
            answered: somebody here has touched Cancel; otherwise nobody has come.
        """
        self._close_pad()
        self._withdraw()
        self._all = [each for each in self._all if each.asked not in _OPEN]
        if not answered and not self._all:
            problem(self._core, Trouble.NO_ANSWER)
        else:
            self._go_on()

    def _withdraw(self) -> None:
        releaser = self._core.parts.releaser
        for one in self._waiting():
            if releaser is not None and one.asked is not Asked.STAFF_ONLY:
                self._core.given_up[one.id] = listed(one.pupil).name
                releaser.withdraw(one.id)

    def _close_pad(self) -> None:
        if self._pad is not None:
            self._pad.close()
            self._pad = None

    def _show(self) -> None:
        if self._core.visit is not self or (self._pad is not None and isinstance(self._core.view, PinView)):
            return
        view = ReleaseView(
            pupils=tuple(AskedFor(listed(each.pupil), each.asked) for each in self._all),
            collector=self._request.collector,
            reason=self._request.reason,
            back_at=self._request.back_at,
            staff_can_release=self._core.parts.pins is not None and bool(self._core.school.staff),
        )
        self._core.go(view, max(0.0, self._until - self._core.monotonic()))
