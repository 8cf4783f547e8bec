"""“I’m late”: by card or by name, then why, then what was recorded."""

from attendance.reasons import Reason
from attendance.rule import Outcome
from hardware.clock.clock import Reading
from kiosk.desk import SignIn
from kiosk.journey.arriving.returning import come_back
from kiosk.journey.finding import Finding
from kiosk.journey.people import closed_to, done_view, listed
from kiosk.journey.results import Saving, not_kept, problem, recorded
from kiosk.journey.session import Core
from kiosk.journey.step import Tap
from kiosk.views import IDLE_S, Purpose, ReasonView
from kiosk.views.touches import ChooseReason, Touch
from sync.wire import Pupil


class SigningIn(Finding):
    """A late pupil."""

    purpose = Purpose.LATE

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._pupil: Pupil | None = None
        """Who is asked why."""
        self._by_card = False

    @property
    def busy(self) -> bool:
        """Whoever was found by name is recorded only once they have said why, so the next card waits. One who
        came by card is in the building for certain, and is signed in when the next one comes."""
        return self._pupil is not None and not self._by_card

    def by_card(self, pupil: Pupil, reading: Reading) -> None:
        """A card says who it is, and since when."""
        self._by_card, self._reading = True, reading
        self._found(pupil)

    def wants(self, tap: Tap) -> bool:
        """The same pupil again, who is choosing a reason: once is enough. From now on it is known for certain
        that they are here."""
        pupil = self._core.school.roster.by_card(tap.names)
        if pupil is None or self._pupil is None or pupil.id != self._pupil.id:
            return False
        self._by_card = True
        return True

    def handle(self, touch: Touch) -> None:
        """Take the reason; see `Finding.handle` for the rest."""
        match touch:
            case ChooseReason(reason):
                self._choose_reason(reason)
            case _:
                super().handle(touch)

    def _choose_reason(self, reason: Reason | None) -> None:
        """Why; None where the policy allows it to stay unsaid."""
        view = self._core.view
        if not isinstance(view, ReasonView) or self._pupil is None:
            return
        if reason is None and view.required:
            return
        self._sign_in(self._pupil, reason)

    def _back(self) -> None:
        """One step back; from the first step, home. A pupil who came by card is kept (see `leave`)."""
        if self._pupil is None:
            super()._back()
        elif self._by_card:
            self.leave()
            self._core.home()
        else:
            self._pupil = None
            self._find("")

    def time_is_up(self) -> None:
        """A card says who is in the building: signed in, and told so, since they may still stand there."""
        if self._pupil is not None and self._by_card:
            self._sign_in(self._pupil, None)
        else:
            super().time_is_up()

    def leave(self) -> None:
        """Sign in, without a reason, a pupil who came by card and left the question unanswered: that they
        are in the building must not be lost."""
        pupil, self._pupil = self._pupil, None
        core = self._core
        if pupil is not None and self._by_card and core.desk.already_in(pupil, self._reading) is None:
            core.desk.sign_in(
                pupil,
                self._reading,
                None,
                saved=lambda _sign_in: None,
                failed=lambda error: not_kept(core, error),
            )

    def _found(self, pupil: Pupil) -> None:
        core, desk = self._core, self._core.desk
        if (out := desk.out_since(pupil, self._reading)) is not None:
            come_back(core, out, self._reading)
        elif (before := desk.already_in(pupil, self._reading)) is not None:
            recorded(core, done_view(core, before, already=True))
        elif desk.decide(pupil, self._reading, None).outcome is Outcome.CLOSED:
            problem(core, closed_to(core, pupil))
        elif desk.needs_reason(pupil, self._reading):
            self._pupil = pupil
            policy = core.school.policy
            core.go(
                ReasonView(
                    pupil=listed(self._core, pupil),
                    started=self._since(),
                    reasons=policy.reasons,
                    required=policy.reason_required,
                ),
                IDLE_S,
            )
        else:
            self._sign_in(pupil, desk.agreed_reason(pupil, self._reading))

    def _sign_in(self, pupil: Pupil, reason: Reason | None) -> None:
        core, self._pupil = self._core, None
        if (before := core.desk.already_in(pupil, self._reading)) is not None:
            # An earlier visit's entry has come to the disk since this one was asked why.
            recorded(core, done_view(core, before, already=True))
            return
        saving = Saving(core, listed(core, pupil))

        def saved(sign_in: SignIn) -> None:
            saving.saved(done_view(core, sign_in))

        core.desk.sign_in(pupil, self._reading, reason, saved=saved, failed=saving.failed)
