"""“I’m late”: by card or by name, then the reason, then the result."""

from attendance.reasons import Reason
from attendance.rule import Outcome
from hardware.clock.clock import Reading
from kiosk.desk import PupilTap, SignIn
from kiosk.journey.arriving.returning import come_back
from kiosk.journey.finding import FindPupilStep
from kiosk.journey.people import closed_for_pupil, done_view, pupil_label
from kiosk.journey.results import report_unsaved, show_problem, show_recorded, start_saving
from kiosk.journey.session import Session
from kiosk.views import ProblemView, Purpose, ReasonView, Trouble
from kiosk.views.touches import ChooseReason, Touch
from sync.wire import Pupil

TOGETHER_NS = 120 * 1_000_000_000
"""Nanoseconds from the first touch in which “someone else with me” counts at that touch. Later, the new touch
counts: the next pupil in the queue must not inherit the first pupil's time."""
MOST_TOGETHER = 4
"""How many pupils may come at one touch, as many as an adult may bring."""


class SignInStep(FindPupilStep):
    """A late pupil signs in.

    Args:
        session: the session.
        reading: the clock at the card's first byte; `None` for the first touch, which is being handled.
        by_card: the owner of the card, if the visit began with one.
        sibling: the arrival of the pupil who came at the same time and has signed in, if there is one.
        together: how many pupils have come with this one.
    """

    purpose = Purpose.LATE
    takes_unlisted = True

    def __init__(
        self,
        session: Session,
        reading: Reading | None = None,
        *,
        by_card: Pupil | None = None,
        sibling: SignIn | None = None,
        together: int = 0,
    ) -> None:
        super().__init__(session, reading)
        self._sibling = sibling
        self._together = together
        if sibling is not None:
            self.purpose = Purpose.SIBLING
        self._card_owner = by_card
        self._by_card = by_card is not None
        self._pupil: Pupil | None = None
        """The pupil who is asked for a reason."""

    def start(self) -> None:
        """Ask for a name, or go on with the card's owner."""
        if self._card_owner is None:
            self._find()
        else:
            self._take_pupil(self._card_owner)

    @property
    def busy(self) -> bool:
        """While a pupil is asked for a reason, or types a name."""
        return self._pupil is not None or super().busy

    def take_tap(self, tap: PupilTap) -> bool:
        """Take the card of the pupil who is choosing a reason: it proves that they are here."""
        if self._pupil is None or tap.pupil.id != self._pupil.id:
            return False
        self._by_card = True
        return True

    def handle(self, touch: Touch) -> None:
        """Take the reason; see `FindPupilStep.handle` for the rest."""
        match touch, self._session.view:
            case ChooseReason(reason), ReasonView() as view:
                if self._pupil is not None and not (reason is None and view.required):
                    self._sign_in(self._pupil, reason)
            case _:
                super().handle(touch)

    def time_is_up(self) -> None:
        """Sign in a pupil who came by card, and show the result: they may still be here."""
        if self._pupil is not None and self._by_card:
            self._sign_in(self._pupil, None)
        else:
            super().time_is_up()

    def abandon(self) -> None:
        """Sign in a pupil who came by card without waiting for a reason: the record that they are in the
        building must not be lost."""
        pupil, self._pupil = self._pupil, None
        is_new = pupil is not None and self._session.desk.already_in(pupil, self._reading) is None
        if pupil is not None and self._by_card and is_new:
            session = self._session
            session.desk.sign_in(
                pupil,
                self._reading,
                None,
                on_saved=lambda _sign_in: None,
                on_failed=lambda error: report_unsaved(session, error),
            )

    def _back(self) -> None:
        if self._pupil is None:
            super()._back()
        elif self._by_card:
            self.abandon()
            self._session.go_home()
        else:
            self._pupil = None
            self._show_matches("")

    def _take_unlisted(self, pupil: Pupil) -> None:
        """Ask for the reason. Like the owner of a card, the pupil is recorded also if they walk on."""
        self._session.change_step(SignInStep(self._session, self._reading, by_card=pupil))

    def _take_pupil(self, pupil: Pupil) -> None:
        session, desk = self._session, self._session.desk
        self._reading = desk.arrived_at(pupil, self._reading)
        if (out := desk.out_since(pupil, self._reading)) is not None:
            come_back(session, out, self._reading)
        elif (before := desk.already_in(pupil, self._reading)) is not None:
            show_recorded(session, done_view(session, before, already=True))
        elif desk.decide(pupil, self._reading, None).outcome is Outcome.CLOSED:
            show_problem(session, closed_for_pupil(session, pupil))
        elif not self._by_card and pupil.year in session.school.policy.accompanied_years:
            name = pupil_label(session, pupil).name
            show_problem(session, ProblemView(Trouble.FETCH_ADULT, name))
        elif self._asks_reason(pupil) and not desk.disk_failed:
            self._pupil = pupil
            policy = session.school.policy
            session.show(
                ReasonView(
                    pupil=pupil_label(session, pupil),
                    started=self._since(),
                    reasons=policy.reasons,
                    required=policy.reason_required,
                    purpose=self.purpose,
                    same=self._same_reason(),
                )
            )
        else:
            self._sign_in(pupil, desk.agreed_reason(pupil, self._reading))

    def _asks_reason(self, pupil: Pupil) -> bool:
        """Whether the pupil is asked for a reason."""
        return self._session.desk.needs_reason(pupil, self._reading)

    def _sign_in(self, pupil: Pupil, reason: Reason | None) -> None:
        session, self._pupil = self._session, None
        if (before := session.desk.already_in(pupil, self._reading)) is not None:
            # The entry of an earlier visit reached the disk while this pupil was asked for a reason.
            show_recorded(session, done_view(session, before, already=True))
            return
        saving = start_saving(session, pupil_label(session, pupil), Trouble.ARRIVAL_WAITS)

        def on_saved(sign_in: SignIn) -> None:
            offered = not session.school.policy.no_siblings and self._together + 1 < MOST_TOGETHER
            view = done_view(session, sign_in, may_add=offered)
            saving.succeed(view, add_sibling=(lambda: self._add_sibling(sign_in)) if offered else None)

        session.desk.sign_in(pupil, self._reading, reason, on_saved=on_saved, on_failed=saving.fail)

    def _add_sibling(self, sign_in: SignIn) -> None:
        """Find another pupil, who came at the instant of this one if it is not long ago."""
        first, now = sign_in.reading, self._session.touch_reading()
        is_recent = now.boot_id == first.boot_id and now.monotonic_ns - first.monotonic_ns <= TOGETHER_NS
        step = SignInStep(
            self._session, first if is_recent else now, sibling=sign_in, together=self._together + 1
        )
        self._session.change_step(step)

    def _same_reason(self) -> Reason | None:
        """The reason of the pupil who came at the same time, if this pupil may choose it."""
        reason = self._sibling.reason if self._sibling else None
        return reason if reason in self._session.school.policy.reasons else None
