"""Staff: a pupil gets the card that is tapped, or loses all they have. The register has the last word."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from hardware.readers.drivers.card_names import changes_each_time
from kiosk.journey.finding import Finding
from kiosk.journey.parts import CardResult
from kiosk.journey.people import listed
from kiosk.journey.session import Core
from kiosk.journey.step import Tap
from kiosk.views import CardStep, CardView, ConfirmQuestion, ConfirmView, Purpose, Sound
from kiosk.views.touches import AssignCard, Confirm, Finish, Lock, RevokeCards, Touch
from sync.wire import CardAssignment, CardRevocation, Pupil, StaffMember, card_hash

log = structlog.get_logger()

CARDS_S = 60.0
"""Seconds without a touch after which the staff screen is locked."""
NO_REGISTER = "This kiosk has no way to the register, so nothing was changed."


class Cards(Finding):
    """A pupil's cards.

    Args:
        core: the screen.
        member: who does it.
        back_to_staff: shows the staff screen again.
        locked: locks it, after a minute.
    """

    purpose = Purpose.CARD
    idle_s = CARDS_S

    def __init__(
        self, core: Core, member: StaffMember, back_to_staff: Callable[[], None], locked: Callable[[], None]
    ) -> None:
        super().__init__(core)
        self._member = member
        self._back_to_staff = back_to_staff
        self._locked = locked
        self._pupil: Pupil | None = None
        self._taken: tuple[str, Pupil] | None = None
        """The hash of a card that is somebody's, and whose."""

    @property
    def busy(self) -> bool:
        """Behind a PIN."""
        return True

    def wants(self, tap: Tap) -> bool:
        """The card that is to be given; any other waits."""
        view = self._core.view
        if not isinstance(view, CardView) or view.step is not CardStep.TAP or self._pupil is None:
            return False
        self._give(tap.names, self._pupil)
        return True

    def handle(self, touch: Touch) -> None:
        """Give or revoke cards; see `Finding.handle` for the rest."""
        match touch:
            case AssignCard() if isinstance(self._core.view, CardView) and self._pupil is not None:
                self._show(CardStep.TAP)
            case RevokeCards():
                self._ask_revoke()
            case Confirm():
                self._confirm()
            case Finish():
                self._finish()
            case Lock():
                self._core.home()
            case _:
                super().handle(touch)

    def _ask_revoke(self) -> None:
        """Their cards are lost; asked once."""
        if isinstance(self._core.view, CardView) and self._pupil is not None:
            view = ConfirmView(ConfirmQuestion.REVOKE_CARDS, pupil=listed(self._core, self._pupil))
            self._core.go(view, CARDS_S)

    def _confirm(self) -> None:
        """Yes: they are lost; or: the card is no longer its owner's."""
        view, pupil = self._core.view, self._pupil
        if pupil is None:
            return
        if isinstance(view, ConfirmView):
            self._revoke(pupil)
        elif isinstance(view, CardView) and view.step is CardStep.TAKEN and self._taken is not None:
            card, owner = self._taken
            self._assign(card, pupil, owner)

    def _back(self) -> None:
        """One step back; while the register is asked there is none."""
        view = self._core.view
        if isinstance(view, CardView) and view.step is CardStep.CHOOSE:
            self._pupil = None
            self.find()
        elif isinstance(view, CardView) and view.step is CardStep.SENDING:
            return
        elif isinstance(view, CardView | ConfirmView):
            self._show(CardStep.CHOOSE)
        else:
            super()._back()

    def _finish(self) -> None:
        """Back to the staff screen."""
        view = self._core.view
        if not (isinstance(view, CardView) and view.step is CardStep.SENDING):
            self._back_to_staff()

    def time_is_up(self) -> None:
        """Nobody is here any more."""
        self._locked()

    def _found(self, pupil: Pupil) -> None:
        self._pupil = pupil
        self._show(CardStep.CHOOSE)

    def _before_finding(self) -> None:
        self._back_to_staff()

    def _give(self, names: Sequence[str], pupil: Pupil) -> None:
        """Only a card that is known by what was read of it is taken from its owner. By a guess (see
        `Roster.owners`) it may be another card, and the owner's own would be given away in its place."""
        school = self._core.school
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
            self._taken = (card, owners[0])
            self._show(CardStep.TAKEN, Sound.ATTENTION, owner=owners[0])

    def _is_number_of(self, owner: Pupil, names: Sequence[str]) -> bool:
        numbers = (name for name in names if name.startswith(("upn:", "admission:")))
        return any(self._core.school.roster.by_card([number]) == owner for number in numbers)

    def _assign(self, card: str, pupil: Pupil, instead_of: Pupil | None) -> None:
        self._taken = None
        self._show(CardStep.SENDING)
        other = instead_of.id if instead_of else None
        assignment = CardAssignment(pupil=pupil.id, by=self._member.id, instead_of=other)
        if self._core.parts.cards is None:
            self._told(CardStep.GIVEN, CardResult(said=NO_REGISTER))
        else:
            self._core.parts.cards.assign(card, assignment, lambda result: self._told(CardStep.GIVEN, result))

    def _revoke(self, pupil: Pupil) -> None:
        self._show(CardStep.SENDING)
        if self._core.parts.cards is None:
            self._told(CardStep.REVOKED, CardResult(said=NO_REGISTER))
        else:
            self._core.parts.cards.revoke(
                pupil.id,
                CardRevocation(by=self._member.id),
                lambda result: self._told(CardStep.REVOKED, result),
            )

    def _told(self, step: CardStep, result: CardResult) -> None:
        view = self._core.view
        if result.cards is not None:
            log.info("card.changed", step=step.value, cards=result.cards)
        if self._core.visit is not self or not (isinstance(view, CardView) and view.step is CardStep.SENDING):
            return  # locked meanwhile; what the register has done stands, and comes with the next bundle
        if result.cards is None:
            self._show(CardStep.FAILED, Sound.ATTENTION, result=result)
        else:
            self._show(step, Sound.ACCEPTED, result=result)

    def _show(
        self,
        step: CardStep,
        sound: Sound | None = None,
        *,
        owner: Pupil | None = None,
        result: CardResult | None = None,
    ) -> None:
        if self._pupil is None:
            raise RuntimeError("cards are asked about before a pupil is found")
        view = CardView(listed(self._core, self._pupil), step, card_reader=self._core.card_reader)
        if owner is not None:
            view = replace(view, owner=listed(self._core, owner))
        if result is not None:
            view = replace(view, said=result.said, cards=result.cards)
        self._core.go(view, CARDS_S, sound)
