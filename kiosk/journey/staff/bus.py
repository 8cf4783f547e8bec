"""A late bus: staff set the route, and then each card is an arrival with that route, without a question."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import structlog

from attendance.policy.answers import LONGEST_ROUTE
from attendance.reasons import Reason
from attendance.rule import Outcome
from hardware.clock.clock import Reading
from kiosk.desk import PupilTap, SignIn
from kiosk.journey.finding import FindPupilStep
from kiosk.journey.people import pupil_label
from kiosk.journey.session import Session
from kiosk.journey.view_rules import BUS_S, STAFF_S
from kiosk.school.school import SearchResult
from kiosk.views import (
    BusReasonView,
    BusRouteView,
    BusTypedView,
    BusView,
    PassengerLine,
    PassengerState,
    ProblemView,
    PupilLabel,
    Purpose,
    Sound,
    View,
)
from kiosk.views.touches import (
    ChangeReason,
    ChooseReason,
    ChooseRoute,
    ConfirmRoute,
    Erase,
    FindPassenger,
    Finish,
    GoBack,
    PressLetter,
    Touch,
    TypeRoute,
    UndoEntry,
)
from sync.wire import Pupil, StaffMember

log = structlog.get_logger()

SPACE = " "
ROUTE_KEYS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
"""The keys with which a route is typed, besides the space."""


@dataclass(slots=True, eq=False)
class _Passenger:
    """A pupil who came with the bus, or whom it could not sign in."""

    label: PupilLabel
    reading: Reading
    state: PassengerState
    pupil: Pupil | None = None
    entry: UUID | None = None
    """The entry, once it is on the disk."""


class BusStep(FindPupilStep):
    """A member of staff signs in the passengers of a late bus.

    Args:
        session: the session.
        member: the member of staff who opened the staff screen.
        back_to_staff: shows the staff screen again.
    """

    purpose = Purpose.BUS
    stay_s = STAFF_S

    def __init__(self, session: Session, member: StaffMember, back_to_staff: Callable[[], None]) -> None:
        super().__init__(session)
        self._member = member
        self._back_to_staff = back_to_staff
        self._route = ""
        """Empty until it is chosen; from then on every card is a passenger's."""
        self._typed = ""
        self._reason = Reason.SCHOOL_TRANSPORT
        self._passengers: list[_Passenger] = []
        """The newest first."""
        self._undo_failed = False

    def start(self) -> None:
        """Ask for the route."""
        self._ask_route()

    @property
    def busy(self) -> bool:
        """Always: a member of staff stands here."""
        return True

    def suspend(self) -> None:
        """Never set aside: the bus ends when staff finish it, or by itself."""

    # --- cards and names -------------------------------------------------------------------------

    def take_tap(self, tap: PupilTap) -> bool:
        """Sign in the card's owner, also while a name is typed. A card before the route is chosen waits."""
        if not self._route:
            return False
        self._sign_in(tap.pupil, tap.reading)
        return True

    def _take_pupil(self, pupil: Pupil) -> None:
        self._show()
        self._sign_in(pupil, self._reading)

    def _look_up(self, letters: str, year: str | None) -> SearchResult:
        return self._session.school.roster.find(letters, year=year, by_staff=True)

    def _refuse(self, problem: ProblemView) -> None:
        """List a name that two pupils have: a card or the office tells them apart."""
        label = PupilLabel(id="", name=problem.detail or "", form="", given_name="")
        self._show()
        self._add(_Passenger(label, self._reading, PassengerState.SAME_NAME), Sound.ATTENTION)

    def _sign_in(self, pupil: Pupil, reading: Reading) -> None:
        """Record the pupil's arrival by this bus, unless there is one already."""
        session, desk = self._session, self._session.desk
        if self._waits_for_disk(pupil):
            session.draw(Sound.ATTENTION)  # the same passenger's second tap, before the disk has answered
            return
        reading = desk.arrived_at(pupil, reading)
        passenger = _Passenger(pupil_label(session, pupil), reading, PassengerState.SAVING, pupil)
        out = desk.out_since(pupil, reading)
        if out is None and desk.already_in(pupil, reading) is not None:
            passenger.state = PassengerState.ALREADY
        elif desk.decide(pupil, reading, None, returning=out is not None).outcome is Outcome.CLOSED:
            passenger.state = PassengerState.CLOSED
        if passenger.state is not PassengerState.SAVING:
            self._add(passenger, Sound.ATTENTION)
            return
        self._add(passenger)

        def on_saved(sign_in: SignIn) -> None:
            passenger.state, passenger.entry = PassengerState.SIGNED_IN, sign_in.entry
            self._refresh(Sound.ACCEPTED)

        def on_failed(error: BaseException) -> None:
            log.error("entry.not_committed", error=type(error).__name__)
            passenger.state = PassengerState.NOT_SAVED
            self._refresh(Sound.ATTENTION)

        desk.sign_in(
            pupil,
            reading,
            self._reason,
            on_saved=on_saved,
            on_failed=on_failed,
            returning=out is not None,
            route=self._route,
        )

    def _waits_for_disk(self, pupil: Pupil) -> bool:
        """Whether an arrival of the pupil is listed that the disk has not taken yet."""
        return any(
            each.pupil is not None
            and each.pupil.id == pupil.id
            and each.entry is None
            and each.state in (PassengerState.SAVING, PassengerState.NOT_SAVED)
            for each in self._passengers
        )

    def _add(self, passenger: _Passenger, sound: Sound | None = None) -> None:
        """List a passenger first; the bus goes on for its whole time again."""
        self._undo_failed = False
        self._passengers.insert(0, passenger)
        if isinstance(self._session.view, BusView):
            self._show(sound)
        elif sound is not None:
            self._session.draw(sound)

    # --- touches ---------------------------------------------------------------------------------

    def handle(self, touch: Touch) -> None:
        """Choose the route and the reason, find a passenger by name, undo, finish."""
        match self._session.view:
            case BusRouteView() | BusTypedView() | BusReasonView() as view:
                self._handle_setting(touch, view)
            case BusView() as view:
                self._handle_bus(touch, view)
            case _:
                super().handle(touch)

    def _handle_setting(self, touch: Touch, view: View) -> None:
        match touch, view:
            case ChooseRoute(route), BusRouteView():
                self._begin(route)
            case TypeRoute(), BusRouteView():
                self._show_typed("")
            case PressLetter(letter), BusTypedView(keys=keys) if letter in keys:
                self._show_typed(self._typed + letter)
            case Erase(), BusTypedView():
                self._show_typed(self._typed[:-1])
            case ConfirmRoute(), BusTypedView(complete=True):
                self._begin(self._typed.strip())
            case ChooseReason(reason), BusReasonView() if reason is not None:
                self._reason = reason
                self._show()
            case GoBack(), BusReasonView():
                self._show()
            case GoBack(), BusTypedView() if self._session.school.policy.bus_routes:
                self._ask_route()
            case GoBack(), _:
                self._back_to_staff()

    def _handle_bus(self, touch: Touch, view: BusView) -> None:
        match touch:
            case ChangeReason():
                self._session.show(BusReasonView(tuple(self._reasons())))
            case FindPassenger():
                self._reading = self._session.touch_reading()
                self._find()
            case UndoEntry(entry) if view.undo is not None and view.undo.entry == entry:
                self._undo(entry)
            case Finish():
                self._session.go_home()

    def _reasons(self) -> list[Reason]:
        """The policy's reasons, with that of the bus first."""
        own = Reason.SCHOOL_TRANSPORT
        return [own, *(each for each in self._session.school.policy.reasons if each is not own)]

    def _leave_finding(self) -> None:
        self._show()

    def time_is_up(self) -> None:
        """End the bus, so that cards belong to their pupils again; from a question, go back to the bus."""
        if self._route and not isinstance(self._session.view, BusView):
            self._show()
        else:
            self._session.user_left()

    def tick(self) -> None:
        """Note an arrival that the disk has taken after all."""
        desk, changed = self._session.desk, False
        for passenger in self._passengers:
            if passenger.state is PassengerState.NOT_SAVED and passenger.pupil is not None:
                saved = desk.already_in(passenger.pupil, passenger.reading)
                if saved is not None:
                    passenger.state, passenger.entry, changed = PassengerState.SIGNED_IN, saved.entry, True
        if changed:
            self._refresh(Sound.ACCEPTED)

    def _undo(self, entry: UUID) -> None:
        passenger = next(each for each in self._passengers if each.entry == entry)
        if passenger.state is not PassengerState.SIGNED_IN:
            return
        passenger.state = PassengerState.SAVING

        def on_saved(_entry: UUID) -> None:
            passenger.state, self._undo_failed = PassengerState.UNDONE, False
            self._refresh(Sound.ACCEPTED)

        def on_failed(error: BaseException) -> None:
            log.error("entry.not_committed", error=type(error).__name__)
            passenger.state, self._undo_failed = PassengerState.SIGNED_IN, True
            self._refresh(Sound.ATTENTION)

        by = f"{self._member.name} ({self._member.position})"
        try:
            self._session.desk.undo(entry, by, on_saved=on_saved, on_failed=on_failed)
        except ValueError as error:  # it was undone meanwhile, or midnight has passed
            log.warning("staff.not_undone", why=str(error))
            passenger.state, self._undo_failed = PassengerState.SIGNED_IN, True
        self._show()

    # --- views -----------------------------------------------------------------------------------

    def _ask_route(self) -> None:
        routes = self._session.school.policy.bus_routes
        if routes:
            self._session.show(BusRouteView(routes))
        else:
            self._show_typed("")

    def _show_typed(self, letters: str) -> None:
        self._typed = letters
        room = len(letters) < LONGEST_ROUTE
        keys = ROUTE_KEYS if room else frozenset()
        if room and letters and not letters.endswith(SPACE):
            keys |= {SPACE}
        self._session.show(BusTypedView(letters, keys, complete=bool(letters.strip())))

    def _begin(self, route: str) -> None:
        self._route = route
        log.info("bus.started", staff=self._member.id)
        self._show()

    def _show(self, sound: Sound | None = None) -> None:
        self._session.show(self._view(), sound)

    def _refresh(self, sound: Sound) -> None:
        """Bring the list up to date; the sound is heard also while a name is typed."""
        session = self._session
        if session.step is not self:
            return
        if isinstance(session.view, BusView):
            session.refresh(self._view())
        session.draw(sound)

    def _view(self) -> BusView:
        lines = tuple(self._line(each) for each in self._passengers)
        newest = next((each for each in lines if each.state in _RECORDED), None)
        return BusView(
            route=self._route,
            reason=self._reason,
            count=sum(1 for each in lines if each.state is PassengerState.SIGNED_IN),
            lines=lines,
            undo=newest if newest is not None and newest.state is PassengerState.SIGNED_IN else None,
            undo_failed=self._undo_failed,
            minutes=int(BUS_S // 60),
            card_reader=self._session.card_reader,
        )

    def _line(self, passenger: _Passenger) -> PassengerLine:
        at = self._session.wall(passenger.reading).replace(microsecond=0)
        return PassengerLine(passenger.label, at, passenger.state, passenger.entry)


_RECORDED = (PassengerState.SIGNED_IN, PassengerState.UNDONE)
"""States of an arrival that was recorded. Only the newest can be undone, so that a second press of Undo takes
no one else back."""
