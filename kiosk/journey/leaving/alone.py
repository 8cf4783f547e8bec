"""“I’m leaving”: a pupil who may do so signs out alone."""

from datetime import time

from attendance.reasons import DEPARTURE_SUGGESTION, Reason
from attendance.rule import Outcome
from kiosk.desk import SELF, Leaving, SignOut
from kiosk.journey.finding import Finding
from kiosk.journey.leaving.return_times import back_times
from kiosk.journey.people import closed_to, left_view, listed
from kiosk.journey.results import Saving, problem
from kiosk.journey.session import Core
from kiosk.journey.step import Tap
from kiosk.views import IDLE_S, BackAtView, FindView, Purpose, ReasonView, Trouble, YearView
from kiosk.views.touches import ChooseReason, ChooseReturnTime, Touch
from sync.wire import Pupil

REASONS = (*DEPARTURE_SUGGESTION, Reason.OTHER)
"""Why somebody leaves: what the rule can suggest something for, and anything else."""


class LeavingAlone(Finding):
    """A pupil goes out alone."""

    purpose = Purpose.LEAVING

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._pupil: Pupil | None = None
        self._reason = Reason.OTHER

    @property
    def busy(self) -> bool:
        """Once they are found, another pupil's card waits."""
        return self._pupil is not None

    def wants(self, tap: Tap) -> bool:
        """A card says at once who leaves; the same one again says nothing new."""
        pupil = self._core.school.roster.by_card(tap.names)
        if self._pupil is not None:
            return pupil is not None and pupil.id == self._pupil.id
        if pupil is not None and isinstance(self._core.view, FindView | YearView):
            self._found(pupil)
        return pupil is not None

    def handle(self, touch: Touch) -> None:
        """Take the answers; see `Finding.handle` for the rest."""
        match touch:
            case ChooseReason(reason):
                self._choose_reason(reason)
            case ChooseReturnTime(at):
                self._choose_return_time(at)
            case _:
                super().handle(touch)

    def _choose_reason(self, reason: Reason | None) -> None:
        """Why; it has to be said."""
        if not isinstance(self._core.view, ReasonView) or self._pupil is None or reason not in REASONS:
            return
        self._reason = reason
        times = back_times(self._core, [self._pupil])
        if times:
            self._core.go(BackAtView((listed(self._core, self._pupil),), times, self.purpose), IDLE_S)
        else:
            self._sign_out(self._pupil, None)

    def _choose_return_time(self, back: time | None) -> None:
        """When they will be back."""
        if isinstance(self._core.view, BackAtView) and self._pupil is not None:
            self._sign_out(self._pupil, back)

    def _back(self) -> None:
        """One step back; nothing is recorded yet."""
        if isinstance(self._core.view, BackAtView) and self._pupil is not None:
            self._ask_reason(self._pupil)
        elif self._pupil is not None:
            self._pupil = None
            self.find()
        else:
            super()._back()

    def _found(self, pupil: Pupil) -> None:
        core, now = self._core, self._core.desk.reading()
        if core.desk.out_since(pupil, now) is not None:
            problem(core, Trouble.ALREADY_OUT, listed(core, pupil).name)
        elif not core.desk.may_leave_alone(pupil):
            problem(core, Trouble.NOT_ALONE)
        elif core.desk.decide_leaving(pupil, now).outcome is Outcome.CLOSED:
            problem(core, closed_to(core, pupil))
        else:
            self._pupil = pupil
            self._ask_reason(pupil)

    def _ask_reason(self, pupil: Pupil) -> None:
        view = ReasonView(
            listed(self._core, pupil), self._since(), REASONS, required=True, purpose=self.purpose
        )
        self._core.go(view, IDLE_S)

    def _sign_out(self, pupil: Pupil, back: time | None) -> None:
        core = self._core
        saving = Saving(core, listed(core, pupil))

        def saved(sign_out: SignOut) -> None:
            saving.saved(left_view(core, [sign_out], alone=True))

        core.desk.sign_out(Leaving(pupil, self._reason, back, SELF), saved=saved, failed=saving.failed)
