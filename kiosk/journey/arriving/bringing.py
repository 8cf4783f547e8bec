"""“I’m bringing a child”: the adult’s name once, one child or several, and one reason for all of them.

Each child gets an arrival of their own with the instant of the first touch and the adult’s name. The kiosk
does not know who may bring whom and does not check.
"""

from collections.abc import Callable

from attendance.reasons import Reason
from attendance.rule import Outcome
from kiosk.journey import full_name
from kiosk.journey.arriving.brought import Child, sign_in_children
from kiosk.journey.finding import FindPupilStep
from kiosk.journey.people import closed_for_pupil, pupil_label
from kiosk.journey.results import show_problem
from kiosk.journey.session import Session
from kiosk.school.unlisted import typed_name
from kiosk.views import BringView, NameView, ProblemView, PupilLabel, Purpose
from kiosk.views.touches import (
    AddPupil,
    ChangeName,
    ChooseReason,
    ConfirmName,
    Erase,
    PressLetter,
    RemovePupil,
    SignInChildren,
    Touch,
)
from sync.wire import Pupil

MOST_CHILDREN = 4
"""How many children fit on the smallest screen beside the reasons."""


class BringStep(FindPupilStep):
    """An adult signs in one late child or several."""

    purpose = Purpose.BRINGING
    takes_unlisted = True

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._children: list[Pupil] = []
        self._typed = ""
        self._reason: Reason | None = None

    @property
    def busy(self) -> bool:
        """Once a letter is typed: the adult finishes, and pupils who tap a card wait."""
        return bool(self._typed or self._children) or super().busy

    def start(self) -> None:
        """Ask for the adult’s name."""
        self._ask_name()

    def suspend(self) -> Callable[[], None] | None:
        """Set the visit aside also before a name is typed; the first touch keeps its instant."""
        if isinstance(self._session.view, NameView):
            return lambda: self._session.change_step(self)
        return super().suspend()

    def handle(self, touch: Touch) -> None:
        """Take the name, the children and the reason; see `FindPupilStep.handle` for the rest."""
        match touch, self._session.view:
            case PressLetter(letter), NameView(keys=keys) if letter in keys:
                self._typed += letter
                self._ask_name()
            case Erase(), NameView():
                self._typed = self._typed[:-1]
                self._ask_name()
            case ConfirmName(), NameView(complete=True):
                self._keep_unlisted()
                self._go_on()
            case ChooseReason(reason), BringView(reasons=reasons) if reason in reasons:
                self._reason = reason
                self._show_children()
            case AddPupil(), BringView(may_add=True):
                self._find()
            case RemovePupil(pupil_id), BringView():
                self._remove([child for child in self._children if child.id == pupil_id])
                self._go_on()
            case ChangeName(), BringView():
                self._ask_name()
            case SignInChildren(), BringView(complete=True):
                self._sign_in()
            case _:
                super().handle(touch)

    def _back(self) -> None:
        match self._session.view:
            case NameView() if self._children:
                self._show_children()
            case NameView():
                self._session.go_home()
            case BringView():
                self._remove(self._children[-1:])
                self._find()
            case _:
                super()._back()

    # --- the children ----------------------------------------------------------------------------

    def _is_chosen(self, pupil: Pupil) -> bool:
        return any(child.id == pupil.id for child in self._children)

    def _chosen_pupils(self) -> tuple[Pupil, ...]:
        return tuple(self._children)

    def _leave_finding(self) -> None:
        if self._children:
            self._show_children()
        else:
            self._ask_name()

    def _take_pupil(self, pupil: Pupil) -> None:
        session, desk = self._session, self._session.desk
        reading = desk.arrived_at(pupil, self._reading)
        returning = desk.out_since(pupil, reading) is not None
        if desk.decide(pupil, reading, None, returning=returning).outcome is Outcome.CLOSED:
            self._refuse(closed_for_pupil(session, pupil))
        else:
            self._children.append(pupil)
            self._show_children()

    def _take_unlisted(self, pupil: Pupil) -> None:
        """Add a child who is not on the roster."""
        self._session.change_step(self, lambda: self._take_pupil(pupil))

    def _adult(self) -> str:
        return full_name.as_written(self._typed)

    def _keep_unlisted(self) -> None:
        """Keep the adult's name, as it is now, with the children who are not on the roster and whose names
        were confirmed: they become arrivals however the visit ends.

        A child who was chosen from the list does not: the choice may be a mistake, and would mark an absent
        child present.
        """
        for child in self._children:
            if typed_name(child) is not None:
                self._session.desk.keep_typed(child, self._reading, self._adult())

    def _remove(self, children: list[Pupil]) -> None:
        """Take children off again. One who is not on the roster was no arrival."""
        self._children = [child for child in self._children if child not in children]
        for child in children:
            if typed_name(child) is not None:
                self._session.drop_tap(child)

    def _refuse(self, problem: ProblemView) -> None:
        """Show the problem; the visit goes on with the children who were named before."""
        show_problem(self._session, problem, resume=lambda: self._session.change_step(self, self._go_on))

    # --- views -----------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Show the children, or find the first one."""
        if self._children:
            self._show_children()
        else:
            self._find()

    def _ask_name(self) -> None:
        view = NameView(
            pupils=self._labels(),
            name=full_name.as_written(self._typed),
            keys=full_name.keys_after(self._typed),
            complete=full_name.is_complete(self._typed),
            purpose=self.purpose,
        )
        self._session.show(view)

    def _show_children(self) -> None:
        policy, desk = self._session.school.policy, self._session.desk
        asks = any(desk.needs_reason(child, self._reading) for child in self._children)
        view = BringView(
            adult=full_name.as_written(self._typed),
            pupils=self._labels(),
            started=self._since(),
            reasons=policy.reasons if asks else (),
            chosen=self._reason if asks else None,
            required=policy.reason_required,
            may_add=len(self._children) < MOST_CHILDREN,
        )
        self._session.show(view)

    def _labels(self) -> tuple[PupilLabel, ...]:
        return tuple(pupil_label(self._session, child) for child in self._children)

    # --- the arrivals ----------------------------------------------------------------------------

    def _sign_in(self) -> None:
        children = [self._child(pupil) for pupil in self._children]
        sign_in_children(self._session, children, self._reading, full_name.as_written(self._typed))

    def _child(self, pupil: Pupil) -> Child:
        """The child with the reason that holds for them: a child who is back has that of the departure, and
        one whose absence is agreed that of the appointment."""
        desk, reading = self._session.desk, self._session.desk.arrived_at(pupil, self._reading)
        if (out := desk.out_since(pupil, reading)) is not None:
            return Child(pupil, out.reason, returning=True)
        if desk.needs_reason(pupil, reading):
            return Child(pupil, self._reason)
        return Child(pupil, desk.agreed_reason(pupil, reading))
