"""Figures of a PIN, and whose it is."""

from collections.abc import Callable

from kiosk.journey.session import Core
from kiosk.pins import LONGEST, SHORTEST, Pins, Tried, Verdict
from kiosk.views import IDLE_S, PinPurpose, PinState, PinView, PupilLabel, Sound
from kiosk.views.touches import EnterPin, Erase, PressDigit, Touch
from sync.wire import StaffMember


class PinPad:
    """Shown in the midst of a visit, which hands touches on to it.

    Args:
        core: the screen.
        pins: tries PINs.
        purpose: what for.
        right: handed whose PIN it was.
        pupils: who would be released.
        collector: to whom.
        stays_s: how long the pad stays without a touch.
    """

    def __init__(
        self,
        core: Core,
        pins: Pins,
        purpose: PinPurpose,
        right: Callable[[StaffMember], None],
        *,
        pupils: tuple[PupilLabel, ...] = (),
        collector: str = "",
        stays_s: float = IDLE_S,
    ) -> None:
        self._core = core
        self._pins = pins
        self._purpose = purpose
        self._right = right
        self._pupils = pupils
        self._collector = collector
        self._stays_s = stays_s
        self._figures = ""
        self._state = PinState.TYPING
        self._closed = False

    def show(self, sound: Sound | None = None) -> None:
        """Ask."""
        if self._state is not PinState.CHECKING:
            if self._pins.locked_s:
                self._state = PinState.LOCKED
            elif self._state is PinState.LOCKED:
                self._state = PinState.TYPING
        self._core.go(self._view(), self._stays_s, sound)

    def tick(self) -> None:
        """Count down while it is locked; that keeps nobody's pad open."""
        if self._state is PinState.LOCKED:
            if not self._pins.locked_s:
                self._state = PinState.TYPING
            self._core.view = self._view()
            self._core.draw()

    def handle(self, touch: Touch) -> None:
        """Type and check a PIN; every other touch is ignored."""
        match touch:
            case PressDigit(digit):
                self._press(digit)
            case Erase():
                self._erase()
            case EnterPin():
                self._enter()

    def _press(self, digit: str) -> None:
        """One more figure."""
        if self._deaf() or len(self._figures) >= LONGEST or not (digit.isascii() and digit.isdigit()):
            return
        self._figures += digit[0]
        self._state = PinState.TYPING
        self.show()

    def _erase(self) -> None:
        """Take the last figure back."""
        if not self._deaf():
            self._figures = self._figures[:-1]
            self.show()

    def _enter(self) -> None:
        """Look whose it is."""
        if self._deaf() or len(self._figures) < SHORTEST:
            return
        figures, self._figures = self._figures, ""
        self._state = PinState.CHECKING
        self.show()
        self._pins.try_pin(figures, self._core.school.staff, self._told)

    def close(self) -> None:
        """Nobody is asked any more; what a PIN that is being looked at would open stays shut."""
        self._closed = True
        self._figures = ""

    def _told(self, tried: Tried) -> None:
        if self._closed:
            return
        if tried.member is not None:
            self.close()
            self._right(tried.member)
            return
        self._state = {
            Verdict.WRONG: PinState.WRONG,
            Verdict.LOCKED: PinState.LOCKED,
        }.get(tried.verdict, PinState.NOT_CHECKED)
        self.show(Sound.ATTENTION)

    def _deaf(self) -> bool:
        return self._state is PinState.CHECKING or self._pins.locked_s > 0

    def _view(self) -> PinView:
        return PinView(
            purpose=self._purpose,
            typed=len(self._figures),
            state=self._state,
            locked_s=self._pins.locked_s if self._state is PinState.LOCKED else 0,
            whole=len(self._figures) >= SHORTEST and not self._deaf(),
            pupils=self._pupils,
            collector=self._collector,
        )
