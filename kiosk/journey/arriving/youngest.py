"""“Little ones”: a child who cannot read yet chooses the class, then the first name, and says yes to it."""

from collections.abc import Callable

from hardware.clock.clock import Reading
from kiosk.desk import PupilTap
from kiosk.journey.arriving.sign_in import SignInStep
from kiosk.journey.people import pupil_label
from kiosk.journey.results import show_problem
from kiosk.journey.session import Session
from kiosk.school.classes import NameGroup, SchoolClass, classes_of, name_groups
from kiosk.views import (
    AskedChildView,
    ChildName,
    ClassesView,
    ClassLabel,
    ClassNamesView,
    ProblemView,
    Trouble,
)
from kiosk.views.touches import (
    ChooseClass,
    ChooseNameGroup,
    ChoosePupil,
    ConfirmPupil,
    GoBack,
    NameNotListed,
    Touch,
)
from sync.wire import Pupil


class YoungestStep(SignInStep):
    """A late child of the policy's youngest years signs in, without typing and without a reason.

    Args:
        session: the session.
        reading: the clock at the instant that counts; `None` for the first touch, which is being handled.
    """

    def __init__(self, session: Session, reading: Reading | None = None) -> None:
        super().__init__(session, reading)
        self._classes = classes_of(session.school.roster, session.school.policy.youngest_years)
        self._class: SchoolClass | None = None
        self._groups: tuple[NameGroup, ...] = ()
        self._group = 0

    def start(self) -> None:
        """Show the classes."""
        self._show_classes()

    @property
    def busy(self) -> bool:
        """Once a class is chosen: the child finishes, and other cards wait."""
        return isinstance(self._session.view, ClassNamesView | AskedChildView) or super().busy

    def take_tap(self, tap: PupilTap) -> bool:
        """Take the card of the child who is asked “Is this you?” as the answer."""
        view = self._session.view
        if isinstance(view, AskedChildView) and view.pupil.id == tap.pupil.id:
            self._take_pupil(tap.pupil)
            return True
        return super().take_tap(tap)

    def suspend(self) -> Callable[[], None] | None:
        """Set the visit aside while no name is shown; the first touch keeps its instant."""
        session = self._session
        if isinstance(session.view, ClassesView):
            return lambda: session.change_step(self, self._show_classes)
        return None

    def handle(self, touch: Touch) -> None:
        """Choose the class, the name, and yes."""
        match touch, self._session.view:
            case ChooseClass(year, form), ClassesView():
                self._choose_class(year, form)
            case ChooseNameGroup(group), ClassNamesView() if 0 <= group < len(self._groups):
                self._show_names(group)
            case ChoosePupil(pupil_id), ClassNamesView():
                self._ask(pupil_id)
            case ConfirmPupil(pupil_id), AskedChildView(pupil=asked) if pupil_id == asked.id:
                self._confirm(pupil_id)
            case NameNotListed(), ClassesView() | ClassNamesView():
                self._session.change_step(SignInStep(self._session, self._reading))
            case GoBack(), AskedChildView():
                self._show_names(self._group)
            case GoBack(), ClassNamesView():
                self._show_classes()
            case GoBack(), ClassesView():
                self._session.go_home()
            case _, ClassesView() | ClassNamesView() | AskedChildView():
                pass
            case _:
                super().handle(touch)

    def _asks_reason(self, pupil: Pupil) -> bool:
        """Never: the child could not read the reasons."""
        del pupil
        return False

    def _choose_class(self, year: str, form: str) -> None:
        chosen = next((each for each in self._classes if (each.year, each.form) == (year, form)), None)
        if chosen is not None:
            self._class, self._groups = chosen, name_groups(chosen.pupils, self._session.school.roster)
            self._show_names(0)

    def _ask(self, pupil_id: str) -> None:
        name = next((name for pupil, name in self._names() if pupil.id == pupil_id), None)
        pupil = self._session.school.roster.by_id(pupil_id)
        if name is None or pupil is None or self._class is None:
            return
        if self._session.school.roster.has_namesake(pupil):
            self._refuse(ProblemView(Trouble.SAME_NAME, name))
            return
        label = pupil_label(self._session, pupil)
        self._session.show(AskedChildView(self._since(), _label(self._class), label, name))

    def _confirm(self, pupil_id: str) -> None:
        pupil = self._session.school.roster.by_id(pupil_id)
        if pupil is None:  # the roster has changed since
            show_problem(self._session, Trouble.EMPTY_ROSTER)
        else:
            self._take_pupil(pupil)

    def _names(self) -> tuple[tuple[Pupil, str], ...]:
        return self._groups[self._group].names if self._groups else ()

    # --- views -----------------------------------------------------------------------------------

    def _show_classes(self) -> None:
        self._class = None
        self._session.show(ClassesView(self._since(), tuple(map(_label, self._classes))))

    def _show_names(self, group: int) -> None:
        if self._class is None:
            return
        self._group = group
        names = tuple(ChildName(pupil.id, name) for pupil, name in self._names())
        labels = tuple(each.label for each in self._groups)
        self._session.show(ClassNamesView(self._since(), _label(self._class), labels, group, names))


def _label(school_class: SchoolClass) -> ClassLabel:
    return ClassLabel(school_class.year, school_class.form, school_class.animal, school_class.colour)
