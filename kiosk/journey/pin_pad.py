"""A pad for a member of staff's PIN, for the steps that need one."""

from collections.abc import Callable

from attendance.reasons import Reason
from kiosk.journey.session import Session
from kiosk.pins import LONGEST, SHORTEST, PinResult, Pins, PinVerdict
from kiosk.views import PinPurpose, PinState, PinView, PupilLabel, Relationship, Sound
from kiosk.views.touches import EnterPin, Erase, PressDigit, Touch
from sync.wire import StaffMember


class PinPad:
    """A PIN pad. Belongs to a step, which passes touches and ticks on to it.

    Args:
        session: the session.
        pins: checks PINs.
        purpose: what the PIN is for.
        on_member: receives the member of staff whose PIN it was.
        pupils: the pupils who would be released.
        collector: the adult who collects them.
        relationship: the adult's own word for it.
        reason: why the pupils leave.
    """

    def __init__(
        self,
        session: Session,
        pins: Pins,
        purpose: PinPurpose,
        on_member: Callable[[StaffMember], None],
        *,
        pupils: tuple[PupilLabel, ...] = (),
        collector: str = "",
        relationship: Relationship | None = None,
        reason: Reason | None = None,
    ) -> None:
        self._session = session
        self._pins = pins
        self._purpose = purpose
        self._on_member = on_member
        self._pupils = pupils
        self._collector = collector
        self._relationship = relationship
        self._reason = reason
        self._list_unchecked = False
        self._digits = ""
        self._state = PinState.TYPING
        self._closed = False

    def show(self, sound: Sound | None = None) -> None:
        """Show the pad."""
        if self._state is not PinState.CHECKING:
            if self._pins.locked_s:
                self._state = PinState.LOCKED
            elif self._state is PinState.LOCKED:
                self._state = PinState.TYPING
        self._session.show(self._view(), sound)

    def wait(self) -> None:
        """Show the pad before it can be used, while the register is being asked."""
        self._state = PinState.CHECKING
        self.show()

    def begin(self, *, list_unchecked: bool) -> None:
        """Let the PIN be typed, after `wait`.

        Args:
            list_unchecked: whether the family's list could not be checked, which the screen then says.
        """
        self._list_unchecked = list_unchecked
        self._state = PinState.TYPING
        self.show()

    def set_pupils(self, pupils: tuple[PupilLabel, ...]) -> None:
        """Show which pupils would be released now, without restarting the view's timer."""
        self._pupils = pupils
        if not self._closed:
            self._session.refresh(self._view())

    def tick(self) -> None:
        """Count down while the pad is locked, without restarting the view's timer."""
        if self._state is PinState.LOCKED:
            if not self._pins.locked_s:
                self._state = PinState.TYPING
            self._session.refresh(self._view())

    def handle(self, touch: Touch) -> None:
        """Type and check a PIN. Touches are ignored while a PIN is being checked or the pad is locked."""
        if self._state is PinState.CHECKING or self._pins.locked_s > 0:
            return
        match touch:
            case PressDigit(digit):
                self._press(digit)
            case Erase():
                self._digits = self._digits[:-1]
                self.show()
            case EnterPin() if len(self._digits) >= SHORTEST:
                self._check()

    def close(self) -> None:
        """Forget the digits, and the result of a PIN that is being checked."""
        self._closed = True
        self._digits = ""

    def _press(self, digit: str) -> None:
        if len(self._digits) < LONGEST and digit.isascii() and digit.isdigit():
            self._digits += digit[0]
            self._state = PinState.TYPING
            self.show()

    def _check(self) -> None:
        digits, self._digits = self._digits, ""
        self._state = PinState.CHECKING
        self.show()
        self._pins.try_pin(digits, self._session.school.staff, self._take_result)

    def _take_result(self, result: PinResult) -> None:
        if self._closed:
            return
        if result.member is not None:
            self.close()
            self._on_member(result.member)
            return
        self._state = {
            PinVerdict.WRONG: PinState.WRONG,
            PinVerdict.LOCKED: PinState.LOCKED,
        }.get(result.verdict, PinState.NOT_CHECKED)
        self.show(Sound.ATTENTION)

    def _view(self) -> PinView:
        ready = self._state is not PinState.CHECKING and not self._pins.locked_s > 0
        return PinView(
            purpose=self._purpose,
            digit_count=len(self._digits),
            state=self._state,
            locked_s=self._pins.locked_s if self._state is PinState.LOCKED else 0,
            complete=len(self._digits) >= SHORTEST and ready,
            pupils=self._pupils,
            collector=self._collector,
            relationship=self._relationship,
            reason=self._reason,
            list_unchecked=self._list_unchecked,
        )
