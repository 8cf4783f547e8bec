"""“My name isn’t here”: an arriving pupil types name and form, and the office finds them on its list."""

from collections.abc import Callable
from string import ascii_uppercase, digits

from hardware.clock.clock import Reading
from kiosk.journey import full_name
from kiosk.journey.session import Session
from kiosk.journey.step import JourneyStep
from kiosk.school.unlisted import unlisted_pupil
from kiosk.views import Purpose, UnlistedView
from kiosk.views.touches import ConfirmName, Erase, GoBack, PressLetter, Touch
from sync.wire import UNLISTED_PREFIX, Pupil, Unlisted

FEWEST_LETTERS = 2
"""The fewest letters of a name that the office can use."""
MOST_OF_FORM = 12
"""The longest form, in characters."""
_SPACE = " "
_FORM_KEYS = frozenset(ascii_uppercase + digits)


class UnlistedStep(JourneyStep):
    """A pupil who is not on the roster types their name and form.

    Args:
        session: the session.
        reading: the clock at the first touch.
        purpose: the purpose of the visit.
        go_on: goes on with the pupil.
        go_back: finds a pupil on the roster again.
        brought_by: the adult who brings the pupil, if any.
    """

    def __init__(
        self,
        session: Session,
        reading: Reading,
        purpose: Purpose,
        *,
        go_on: Callable[[Pupil], None],
        go_back: Callable[[], None],
        brought_by: str | None = None,
    ) -> None:
        self._session = session
        self._reading = reading
        self._purpose = purpose
        self._go_on = go_on
        self._go_back = go_back
        self._brought_by = brought_by
        self._id = f"{UNLISTED_PREFIX}{session.desk.new_id()}"
        self._name = ""
        self._form = ""
        self._asks_form = False
        """Whether the name is confirmed. From then on the pupil is kept on the disk, and becomes an arrival
        however the visit ends."""

    @property
    def busy(self) -> bool:
        """Always: the name is typed only once."""
        return True

    def start(self) -> None:
        """Ask for the name."""
        self._show()

    def handle(self, touch: Touch) -> None:
        """Type the name, then the form."""
        match touch, self._session.view:
            case PressLetter(letter), UnlistedView(keys=keys) if letter in keys:
                self._type(self._typed + letter)
            case Erase(), UnlistedView():
                self._type(self._typed[:-1])
            case ConfirmName(), UnlistedView(complete=True):
                self._confirm()
            case GoBack(), _ if self._asks_form:
                self._asks_form = False
                self._session.drop_tap(self._pupil())
                self._show()
            case GoBack(), _:
                self._go_back()

    def time_is_up(self) -> None:
        """Go on with a name that was confirmed: its pupil is in the building. Forget any other."""
        if self._asks_form:
            self._confirm()
        else:
            self._session.user_left()

    def suspend(self) -> Callable[[], None]:
        """Set the visit aside with what was typed; the first touch keeps its instant."""
        return lambda: self._session.change_step(self)

    def _confirm(self) -> None:
        pupil = self._pupil()
        self._session.desk.keep_typed(pupil, self._reading, self._brought_by)
        if self._asks_form:
            self._go_on(pupil)
        else:
            self._asks_form = True
            self._show()

    @property
    def _typed(self) -> str:
        return self._form if self._asks_form else self._name

    def _type(self, text: str) -> None:
        if self._asks_form:
            self._form = text
        else:
            self._name = text
        self._show()

    def _pupil(self) -> Pupil:
        name = full_name.as_written(self._name.strip())
        return unlisted_pupil(self._id, Unlisted(name=name, form=self._form.strip()))

    def _keys(self) -> frozenset[str]:
        if not self._asks_form:
            return full_name.keys_after(self._name)
        if len(self._form) >= MOST_OF_FORM:
            return frozenset()
        return _FORM_KEYS | {_SPACE} if self._form[-1:].strip() else _FORM_KEYS

    def _show(self) -> None:
        name = full_name.as_written(self._name)
        letters = sum(letter in ascii_uppercase for letter in self._name)
        view = UnlistedView(
            started=self._session.wall(self._reading),
            typed=self._form if self._asks_form else name,
            keys=self._keys(),
            complete=self._asks_form or letters >= FEWEST_LETTERS,
            form_of=name if self._asks_form else "",
            purpose=self._purpose,
        )
        self._session.show(view)
