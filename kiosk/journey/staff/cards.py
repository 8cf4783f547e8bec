"""Staff give a pupil the card that is tapped, or revoke all the pupil's cards. The register decides."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from hardware.readers.drivers.card_names import changes_each_time
from kiosk.desk import PupilTap
from kiosk.journey.finding import FindPupilStep
from kiosk.journey.parts import CardResult
from kiosk.journey.people import pupil_label
from kiosk.journey.session import Session
from kiosk.journey.step import CardTap
from kiosk.journey.view_rules import STAFF_S
from kiosk.school.school import SearchResult
from kiosk.views import CardStep, CardView, ConfirmQuestion, ConfirmView, Purpose, Sound
from kiosk.views.touches import AssignCard, Confirm, Finish, Lock, RevokeCards, Touch
from sync.wire import CardAssignment, CardRevocation, Pupil, StaffMember, card_hash

log = structlog.get_logger()

NO_REGISTER = "This kiosk is not connected to a register, so nothing was changed."


class CardsStep(FindPupilStep):
    """A pupil's cards.

    Args:
        session: the session.
        member: the member of staff who opened the staff screen.
        back_to_staff: shows the staff screen again.
        lock: locks the staff screen after a minute without a touch.
    """

    purpose = Purpose.CARD
    stay_s = STAFF_S

    def __init__(
        self,
        session: Session,
        member: StaffMember,
        back_to_staff: Callable[[], None],
        lock: Callable[[], None],
    ) -> None:
        super().__init__(session)
        self._member = member
        self._back_to_staff = back_to_staff
        self._lock = lock
        self._pupil: Pupil | None = None
        self._other_owner: tuple[str, Pupil] | None = None
        """The hash of a card that has another owner, and the owner."""
        self._owner_tap: PupilTap | None = None
        """That card as its owner's tap: they may just have come in, and not mean to give their card away."""

    @property
    def busy(self) -> bool:
        """Always, like every step behind the PIN."""
        return True

    def suspend(self) -> None:
        """Never set aside, like every step behind the PIN."""

    def take_card(self, tap: CardTap) -> bool:
        """Take the card that the pupil is to get; any other card waits. While staff decide on the card of
        another pupil, it is kept as that pupil's arrival."""
        view = self._session.view
        if not isinstance(view, CardView) or view.step is not CardStep.TAP or self._pupil is None:
            return False
        owner = self._session.school.roster.by_card(tap.names)
        if owner is not None and owner.id != self._pupil.id:
            self._owner_tap = self._session.desk.tap(owner, tap.reading)
        self._give(tap.names, self._pupil)
        return True

    def handle(self, touch: Touch) -> None:
        """Give or revoke cards; see `FindPupilStep.handle` for the rest."""
        view, pupil = self._session.view, self._pupil
        if not isinstance(touch, Confirm):
            self._let_owner_arrive()
        match touch, view:
            case AssignCard(), CardView() if pupil is not None:
                self._show(CardStep.TAP)
            case RevokeCards(), CardView() if pupil is not None:
                label = pupil_label(self._session, pupil)
                self._session.show(ConfirmView(ConfirmQuestion.REVOKE_CARDS, pupil=label))
            case Confirm(), ConfirmView() if pupil is not None:
                self._revoke(pupil)
            case Confirm(), CardView(step=CardStep.TAKEN) if (
                pupil is not None and self._other_owner is not None
            ):
                card, owner = self._other_owner
                self._owner_tap = None
                self._session.drop_tap(owner)
                self._assign(card, pupil, owner)
            case Finish(), _ if not self._is_sending():
                self._back_to_staff()
            case Lock(), _:
                self._session.go_home()
            case _:
                super().handle(touch)

    def time_is_up(self) -> None:
        """Lock the staff screen."""
        self._let_owner_arrive()
        self._lock()

    def abandon(self) -> None:
        """Let the owner of a card that was not taken from them arrive."""
        self._let_owner_arrive()

    def _let_owner_arrive(self) -> None:
        tap, self._owner_tap = self._owner_tap, None
        if tap is not None:
            self._session.queue_tap(tap)

    def _back(self) -> None:
        """Go back one step, except while the register is working on a change."""
        match self._session.view:
            case CardView(step=CardStep.CHOOSE):
                self._pupil = None
                self._find()
            case CardView(step=CardStep.SENDING):
                pass
            case CardView() | ConfirmView():
                self._show(CardStep.CHOOSE)
            case _:
                super()._back()

    def _take_pupil(self, pupil: Pupil) -> None:
        self._pupil = pupil
        self._show(CardStep.CHOOSE)

    def _look_up(self, letters: str, year: str | None) -> SearchResult:
        return self._session.school.roster.find(letters, year=year, by_staff=True)

    def _leave_finding(self) -> None:
        self._back_to_staff()

    def _give(self, names: Sequence[str], pupil: Pupil) -> None:
        """Give the card to the pupil, or show why not.

        A card is taken from its owner only if the roster knows exactly what was read. A card that the roster
        knows only by a guess (see `Roster.owners`) may be another one, and the owner would lose their own.
        """
        if not names:  # `card_names.candidates` has none for half a number
            self._show(CardStep.HALF, Sound.ATTENTION)
            return
        school = self._session.school
        card, owners = card_hash(school.card_key, names[0]), school.roster.owners(names)
        if changes_each_time(names[0]):
            self._show(CardStep.CHANGES, Sound.ATTENTION)
        elif not owners:
            self._assign(card, pupil, None)
        elif len(owners) > 1:
            self._show(CardStep.UNSURE, Sound.ATTENTION)
        elif owners[0].id == pupil.id:
            self._show(CardStep.GIVEN, Sound.ACCEPTED)
        elif self._is_number_of(owners[0], names):
            self._show(CardStep.NUMBER, Sound.ATTENTION, owner=owners[0])
        elif school.roster.by_card(names[:1]) is None:
            self._show(CardStep.UNSURE, Sound.ATTENTION)
        else:
            self._other_owner = (card, owners[0])
            self._show(CardStep.TAKEN, Sound.ATTENTION, owner=owners[0])

    def _is_number_of(self, owner: Pupil, names: Sequence[str]) -> bool:
        numbers = (name for name in names if name.startswith(("upn:", "admission:", "admission/")))
        return any(self._session.school.roster.by_card([number]) == owner for number in numbers)

    def _assign(self, card: str, pupil: Pupil, instead_of: Pupil | None) -> None:
        self._other_owner = None
        self._show(CardStep.SENDING)
        other = instead_of.id if instead_of else None
        assignment = CardAssignment(pupil=pupil.id, by=self._member.id, instead_of=other)
        book = self._session.parts.cards
        if book is None:
            self._changed(CardStep.GIVEN, CardResult(error=NO_REGISTER))
        else:
            book.assign(card, assignment, lambda result: self._changed(CardStep.GIVEN, result))

    def _revoke(self, pupil: Pupil) -> None:
        self._show(CardStep.SENDING)
        book = self._session.parts.cards
        if book is None:
            self._changed(CardStep.REVOKED, CardResult(error=NO_REGISTER))
        else:
            revocation = CardRevocation(by=self._member.id)
            book.revoke(pupil.id, revocation, lambda result: self._changed(CardStep.REVOKED, result))

    def _changed(self, step: CardStep, result: CardResult) -> None:
        """Show the register's answer, unless the screen was locked meanwhile. The change then still applies,
        and arrives with the next bundle."""
        if result.cards is not None:
            log.info("card.changed", step=step.value, cards=result.cards)
        if self._session.step is not self or not self._is_sending():
            return
        if result.cards is None:
            self._show(CardStep.FAILED, Sound.ATTENTION, result=result)
        else:
            self._show(step, Sound.ACCEPTED, result=result)

    def _is_sending(self) -> bool:
        view = self._session.view
        return isinstance(view, CardView) and view.step is CardStep.SENDING

    def _show(
        self,
        step: CardStep,
        sound: Sound | None = None,
        *,
        owner: Pupil | None = None,
        result: CardResult | None = None,
    ) -> None:
        if self._pupil is None:
            raise RuntimeError("the cards of a pupil cannot be shown before the pupil is found")
        session = self._session
        view = CardView(pupil_label(session, self._pupil), step, card_reader=session.card_reader)
        if owner is not None:
            view = replace(view, owner=pupil_label(session, owner))
        if result is not None:
            view = replace(view, error=result.error, cards=result.cards)
        session.show(view, sound)
