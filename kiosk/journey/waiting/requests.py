"""The requests for release that wait beside the screen, and what the answers do.

There is one request and one entry for each pupil. No pupil is signed out without a release: by the office,
or here by a member of staff with a PIN. The departure is recorded when the release arrives, whatever is on
the screen then. A release that comes after the request was withdrawn has no effect.

A request is on the disk while it waits, so that a kiosk that dies and starts again takes it
up instead of losing it: the office goes on seeing it, and an answer that came meanwhile counts.

A release holds also when the disk refuses the departure. The desk keeps the departure and tries again; nobody
is shown as signed out before it is on the disk.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import structlog

from hardware.clock.clock import Reading
from kiosk.desk import DepartureDraft, Desk, SignOut
from kiosk.journey.parts import Parts
from kiosk.journey.waiting.kept import OfficeOnly, RequestKeeper
from kiosk.journey.waiting.request import CollectionRequest, PendingRelease, WaitingRequest
from kiosk.journey.waiting.stored_request import StoredRequest, restore
from kiosk.views import SHORT_S, ReleaseState
from sync.wire import DepartureAnswer, DepartureRequest, DepartureState, Pupil, StaffMember

log = structlog.get_logger()

RELEASE_S = 1200.0
"""Seconds after which a request without an answer is withdrawn: twenty minutes. The adult sits, and a busy
office may take longer than anyone would stand at a screen; but a pupil must not be released to an adult who
has given up and left."""
TAKEN_UP_S = 120.0
"""The shortest wait after a restart, in seconds: enough to learn what the office has answered meanwhile."""
RESULT_S = 600.0
"""Seconds for which home shows a result that the adult has not looked at."""


@dataclass(frozen=True, slots=True)
class OfficeRelease:
    """A release by the office."""

    by: str
    at: datetime | None
    """UTC; `None` for now."""
    position: str | None
    """The releaser's job title, if known."""


class WaitingRequests:
    """The requests of this kiosk. Used on the UI thread only.

    Args:
        desk: records departures.
        monotonic: seconds of a clock that never goes back.
        parts: the office, and the disk that keeps the requests.
        on_change: called after each change of a request.
    """

    def __init__(
        self,
        desk: Desk,
        monotonic: Callable[[], float],
        parts: Parts,
        on_change: Callable[[WaitingRequest], None],
    ) -> None:
        self._desk = desk
        self._monotonic = monotonic
        self._parts = parts
        self._on_change = on_change
        self._requests: list[WaitingRequest] = []
        self._not_taken_up: list[StoredRequest] = []
        self._withdrawn: dict[UUID, Pupil] = {}
        """The pupil of each withdrawn request whose withdrawal the register has not confirmed."""
        self._office_only = OfficeOnly(lambda: desk.wall(desk.reading().at).date())
        self._keeper = RequestKeeper(parts.request_book, self._office_only)

    # --- what there is -----------------------------------------------------------------------------

    @property
    def listed(self) -> tuple[WaitingRequest, ...]:
        """The requests that wait, and those with a result that the adult has not looked at; oldest first."""
        return tuple(each for each in self._requests if not each.is_read)

    def of_pupil(self, pupil: Pupil) -> WaitingRequest | None:
        """The oldest request in which this pupil's release is undecided."""
        return next(
            (each for each in self._requests if any(one.pupil.id == pupil.id for one in each.undecided)), None
        )

    def on_the_way_out(self, pupil: Pupil, tapped: Reading) -> WaitingRequest | None:
        """The request of a pupil who taps a card after an adult has asked for them: they are not late."""
        waiting = self.of_pupil(pupil)
        if waiting is None or waiting.asked.boot_id != tapped.boot_id:
            return waiting
        return waiting if tapped.monotonic_ns >= waiting.asked.monotonic_ns else None

    def by_id(self, request: UUID) -> WaitingRequest | None:
        """A listed request by its own id."""
        return next((each for each in self._requests if each.id == request), None)

    def like(self, request: CollectionRequest) -> WaitingRequest | None:
        """The request in which the same adult waits for all of these pupils already, with the same answers.
        Another answer is another request: two relatives may have one name."""
        wanted = {each.id for each in request.pupils}
        return next(
            (
                each
                for each in self._requests
                if replace(each.request, pupils=request.pupils) == request
                and wanted <= {one.pupil.id for one in each.undecided}
            ),
            None,
        )

    def must_be_released_by_office(self, pupil: Pupil) -> bool:
        """Whether the office has refused this pupil's release today, or the register has said that only the
        office may release the pupil. Without the register's word no PIN releases them, and they do not sign
        themselves out."""
        return pupil in self._office_only

    # --- the adult and the staff -------------------------------------------------------------------

    def open(self, request: CollectionRequest) -> WaitingRequest:
        """Send a request for each pupil to the office, and wait for the answers."""
        reading = self._desk.reading()
        back = self._desk.expected_back(reading, request.back_at)
        releases = [
            PendingRelease(
                self._parts.new_id(),
                pupil,
                DepartureRequest(
                    pupil=pupil.id,
                    collector=request.collector,
                    relationship=request.relationship,
                    reason=request.reason,
                    expected_back=back,
                    evidence=request.evidence,
                ),
                self._first_state,
            )
            for pupil in request.pupils
        ]
        until = self._monotonic() + RELEASE_S
        waiting = WaitingRequest(self._parts.new_id(), request, reading, releases, until)
        self._begin(waiting)
        return waiting

    def take_up(self, kept: Sequence[StoredRequest]) -> None:
        """Take up the requests of a kiosk that stopped while they waited, and those for which there was no
        school yet. Those of another day are dropped: the register lets them lapse."""
        school, now = self._desk.school, self._desk.reading()
        self._not_taken_up.extend(kept)
        if school is None:
            return
        requests, self._not_taken_up = self._not_taken_up, []
        for one in requests:
            age = one.age(now)
            asked_at = one.asked_at if age is None else now.at - age
            if self._desk.wall(asked_at).date() != self._desk.wall(now.at).date():
                self._keeper.forget(one.id)
                continue
            self._office_only.add(*one.office_only)
            restored = restore(one, school, self._first_state)
            if restored is None:
                continue
            left = RELEASE_S - age.total_seconds() if age is not None else RELEASE_S
            until = self._monotonic() + min(RELEASE_S, max(TAKEN_UP_S, left))
            waiting = WaitingRequest(one.id, restored.request, one.reading, restored.releases, until)
            log.info("release.taken_up", id=str(one.id), pupils=len(restored.releases))
            self._begin(waiting)
            for release in waiting.releases:
                release.is_open_at_office = True
                if (sign_out := self._desk.departure_for(release.id)) is not None:
                    self._note_departure(waiting, release, sign_out)

    def cancel(self, waiting: WaitingRequest) -> None:
        """Withdraw the undecided releases for the adult; pupils who are released already stay released."""
        waiting.cancelled = True
        self._give_up(waiting)

    def keep_for_office(self, waiting: WaitingRequest, refused: UUID | None = None) -> None:
        """Note that only the office may answer this request.

        Args:
            waiting: the request. No PIN releases its pupils.
            refused: the release that the register keeps for the office: today no PIN releases that pupil on
                another request either, unless the register says that it may.
        """
        waiting.office_only = True
        if refused is not None and (release := waiting.release_of(refused)) is not None:
            self._office_only.add(release.pupil.id)
        self._changed(waiting)

    def release_by_staff(
        self, waiting: WaitingRequest, releases: frozenset[UUID], member: StaffMember
    ) -> None:
        """Release pupils after a right PIN. A pupil whom the office has refused meanwhile stays.

        Args:
            waiting: the request that the PIN was typed for.
            releases: the releases that the member of staff saw.
            member: the PIN's owner.
        """
        by = OfficeRelease(f"{member.name} ({member.position})", self._desk.reading().at, None)
        for release in waiting.undecided:
            if release.id in releases:
                release.is_open_at_office = True
                self._sign_out(waiting, release, by)

    def look_at(self, waiting: WaitingRequest) -> None:
        """The adult has looked at the result: home need not show it any longer."""
        if waiting.is_settled and waiting in self._requests:
            waiting.is_read = True
            self._keeper.keep(waiting)
            if not waiting.in_state(ReleaseState.NOT_SAVED):
                self._requests.remove(waiting)

    # --- news --------------------------------------------------------------------------------------

    def request_changed(self, request: UUID, state: ReleaseState) -> None:
        """Note whether a request is on its way, delivered, or cannot be sent now."""
        for waiting in list(self._requests):
            release = waiting.release_of(request)
            if release is not None and release.is_undecided:
                release.state = state
                self._changed(waiting)

    def request_answered(self, request: UUID, answer: DepartureAnswer | None) -> Pupil | None:
        """Act on the office's answer.

        Args:
            request: the release's id.
            answer: `None` if the register takes no requests from this kiosk.

        Returns:
            The pupil, if the office released them after the request was withdrawn: that has no effect.
        """
        pupil = self._withdrawn.pop(request, None)
        if pupil is None:
            for waiting in list(self._requests):
                release = waiting.release_of(request)
                if release is not None:
                    self._answer(waiting, release, answer)
            return None
        is_out = self._desk.out_since(pupil, self._desk.reading()) is not None
        if is_out or answer is None or answer.state is not DepartureState.RELEASED:
            return None
        # The office released the pupil before it saw the withdrawal. The adult has given up, so the pupil is
        # not signed out: the office page lists the unused release.
        log.warning("release.too_late", id=str(request))
        return pupil

    def tick(self) -> None:
        """Withdraw requests whose time is up, stop waiting for a disk that does not answer, note departures
        that it has taken after all, and drop results that were shown for long enough."""
        now = self._monotonic()
        for waiting in list(self._requests):
            for release in waiting.in_state(ReleaseState.NOT_SAVED):
                if (sign_out := self._desk.departure_for(release.id)) is not None:
                    self._note_departure(waiting, release, sign_out)
            overdue = [one for one in waiting.in_state(ReleaseState.SAVING) if one.disk_until <= now]
            for release in overdue:
                log.error("entry.slow", seconds=SHORT_S)
                release.state = ReleaseState.NOT_SAVED
            if waiting.undecided and now >= waiting.until:
                self._give_up(waiting)
            elif overdue:
                self._changed(waiting)
            elif waiting.settled_at is not None and now >= waiting.settled_at + RESULT_S:
                self.look_at(waiting)

    # --- within ------------------------------------------------------------------------------------

    def _begin(self, waiting: WaitingRequest) -> None:
        self._requests.append(waiting)
        self._keeper.keep(waiting)
        if self._parts.releaser is not None:
            for release in waiting.releases:
                self._parts.releaser.ask(release.id, release.message)

    def _answer(
        self, waiting: WaitingRequest, release: PendingRelease, answer: DepartureAnswer | None
    ) -> None:
        if not release.is_undecided:  # a member of staff was quicker
            log.info(
                "release.answered_late", id=str(release.id), state=answer.state.value if answer else None
            )
        elif answer is None:
            self._set_state(waiting, release, ReleaseState.STAFF_ONLY)
        elif answer.state is DepartureState.RELEASED:
            by = OfficeRelease(
                answer.released_by or "the office", answer.released_at, answer.released_position
            )
            self._sign_out(waiting, release, by)
        elif answer.state is DepartureState.REFUSED:
            self._office_only.add(release.pupil.id)
            self._set_state(waiting, release, ReleaseState.REFUSED)
        elif answer.state is DepartureState.WITHDRAWN:
            # The register lets a request lapse when it has not heard from the kiosk for too long.
            self._set_state(waiting, release, ReleaseState.WITHDRAWN)
        else:
            self._set_state(waiting, release, ReleaseState.WAITING)

    def _sign_out(self, waiting: WaitingRequest, release: PendingRelease, by: OfficeRelease) -> None:
        """Record the departure of a pupil who was released."""
        release.state = ReleaseState.SAVING
        release.disk_until = self._monotonic() + SHORT_S
        request = waiting.request
        leaving = DepartureDraft(
            pupil=release.pupil,
            reason=request.reason,
            back_at=request.back_at,
            collector=request.collector,
            relationship=request.relationship,
            evidence=request.evidence,
            released_by=by.by,
            released_position=by.position,
            released_at=by.at or self._desk.reading().at,
            request=release.id,
        )

        def saved(sign_out: SignOut) -> None:
            if sign_out.detail.request != release.id:  # the pupil went out with another adult, or alone
                self._set_state(waiting, release, ReleaseState.ALREADY_OUT)
                self._withdraw_others(release)
            else:
                self._note_departure(waiting, release, sign_out)

        def failed(error: BaseException) -> None:
            log.error("entry.not_committed", error=type(error).__name__)
            if release.state is not ReleaseState.NOT_SAVED:  # already shown, when the disk took too long
                self._set_state(waiting, release, ReleaseState.NOT_SAVED)

        self._desk.sign_out(leaving, on_saved=saved, on_failed=failed)
        self._changed(waiting)

    def _note_departure(self, waiting: WaitingRequest, release: PendingRelease, sign_out: SignOut) -> None:
        """Note that the departure of this release is on the disk."""
        if release.is_open_at_office and self._parts.releaser is not None:
            self._parts.releaser.withdraw(release.id)
        release.sign_out, waiting.settled_at = sign_out, None
        self._set_state(waiting, release, ReleaseState.RELEASED)
        self._withdraw_others(release)

    def _withdraw_others(self, recorded: PendingRelease) -> None:
        """Withdraw what other adults have requested for a pupil who is out now."""
        for waiting in list(self._requests):
            for release in waiting.undecided:
                if release is not recorded and release.pupil.id == recorded.pupil.id:
                    self._withdraw(release)
                    self._set_state(waiting, release, ReleaseState.ALREADY_OUT)

    def _give_up(self, waiting: WaitingRequest) -> None:
        for release in waiting.undecided:
            self._withdraw(release)
            release.state = ReleaseState.WITHDRAWN
        self._changed(waiting)

    def _withdraw(self, release: PendingRelease) -> None:
        if self._parts.releaser is not None and release.state is not ReleaseState.STAFF_ONLY:
            self._withdrawn[release.id] = release.pupil
            self._parts.releaser.withdraw(release.id)

    def _set_state(self, waiting: WaitingRequest, release: PendingRelease, state: ReleaseState) -> None:
        release.state = state
        self._changed(waiting)

    def _changed(self, waiting: WaitingRequest) -> None:
        if waiting.is_settled:
            waiting.settled_at = waiting.settled_at or self._monotonic()
            if waiting.needs_no_result or waiting.is_read:
                self.look_at(waiting)
        self._keeper.keep(waiting)
        self._on_change(waiting)

    @property
    def _first_state(self) -> ReleaseState:
        return ReleaseState.SENDING if self._parts.releaser else ReleaseState.STAFF_ONLY
