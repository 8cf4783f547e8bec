"""Finding a pupil by the letters of a name, or by year and then name."""

from dataclasses import replace
from datetime import datetime

from kiosk.journey.people import listed
from kiosk.journey.results import problem
from kiosk.journey.session import Core
from kiosk.journey.step import Visit
from kiosk.school.school import Found
from kiosk.views import IDLE_S, FindView, ProblemView, Purpose, Trouble, YearView
from kiosk.views.touches import ChoosePupil, ChooseYear, Erase, FindByYear, GoBack, PressLetter, Touch
from sync.wire import Pupil

MOST_LETTERS = 24


class Finding(Visit):
    """A visit that asks for a pupil first. `_found` says what comes then."""

    purpose: Purpose
    idle_s = IDLE_S

    def __init__(self, core: Core) -> None:
        self._core = core
        self._reading = core.desk.reading()
        """The clock at the first touch: the instant that counts."""
        self._year: str | None = None

    def find(self) -> None:
        """Ask for a name."""
        self._year = None
        self._find("")

    # --- for a visit to say ----------------------------------------------------------------------

    def _found(self, pupil: Pupil) -> None:
        """That one."""
        raise NotImplementedError

    def _look_up(self, letters: str, year: str | None) -> Found:
        """Who is looked for: anybody."""
        return self._core.school.roster.find(letters, year=year)

    def _left_out(self, pupil: Pupil) -> bool:
        """Whether that pupil is not to be listed."""
        del pupil
        return False

    def _chosen(self) -> tuple[Pupil, ...]:
        """Who has been found already."""
        return ()

    def _before_finding(self) -> None:
        """One step back from here."""
        self._core.home()

    def _say(self, trouble: ProblemView) -> None:
        """That one cannot go on here."""
        problem(self._core, trouble)

    # --- what is touched -------------------------------------------------------------------------

    def handle(self, touch: Touch) -> None:
        """Type a name or choose a year; then choose the pupil."""
        match touch:
            case PressLetter(letter):
                self._press(letter)
            case Erase():
                self._erase()
            case FindByYear():
                self._by_year()
            case ChooseYear(year):
                self._choose_year(year)
            case ChoosePupil(pupil_id):
                self._choose_pupil(pupil_id)
            case GoBack():
                self._back()

    def _press(self, letter: str) -> None:
        """One more letter of a name. A grey one is not taken, and whoever touched it is told."""
        view = self._core.view
        if not isinstance(view, FindView):
            return
        if letter in view.leads_on:
            self._find((view.letters + letter)[:MOST_LETTERS])
        else:
            self._core.go(replace(view, in_vain=True), self.idle_s)

    def _erase(self) -> None:
        """Take the last letter back."""
        if isinstance(self._core.view, FindView):
            self._find(self._core.view.letters[:-1])

    def _by_year(self) -> None:
        """By year, then by name."""
        if isinstance(self._core.view, FindView) and self._core.view.by_year:
            years = self._core.school.roster.years()
            self._core.go(YearView(self._since(), years, self.purpose), self.idle_s)

    def _choose_year(self, year: str) -> None:
        """That year."""
        if isinstance(self._core.view, YearView):
            self._year = year
            self._find("")

    def _choose_pupil(self, pupil_id: str) -> None:
        """That one."""
        view = self._core.view
        if not isinstance(view, FindView):
            return
        pupil = self._core.school.roster.by_id(pupil_id)
        if pupil is None:
            self._find(view.letters)  # the roster has changed since: show who is in it now
        elif any(pupil_id == each.id for each in view.found):
            self._listed_and_chosen(pupil)

    def _back(self) -> None:
        """One step back: from a year to the years, from the years to all names."""
        view = self._core.view
        if isinstance(view, YearView):
            self.find()
        elif isinstance(view, FindView) and view.year is not None:
            self._core.go(
                YearView(self._since(), self._core.school.roster.years(), self.purpose), self.idle_s
            )
        else:
            self._before_finding()

    def time_is_up(self) -> None:
        """Whoever typed has left."""
        self._core.gone()

    # --- within ----------------------------------------------------------------------------------

    def _listed_and_chosen(self, pupil: Pupil) -> None:
        if self._core.school.roster.has_namesake(pupil):
            self._say(ProblemView(Trouble.SAME_NAME, listed(self._core, pupil).name))
        else:
            self._found(pupil)

    def _since(self) -> datetime:
        return self._core.wall(self._reading)

    def _find(self, letters: str) -> None:
        roster = self._core.school.roster
        if not len(roster):
            problem(self._core, Trouble.EMPTY_ROSTER)
            return
        found = self._look_up(letters, self._year)
        view = FindView(
            started=self._since(),
            letters=letters,
            leads_on=found.leads_on,
            found=tuple(listed(self._core, pupil) for pupil in found.pupils if not self._left_out(pupil)),
            more=found.more,
            purpose=self.purpose,
            forgiven=found.forgiven,
            by_year=self.purpose is not Purpose.RETURNING and len(roster.years()) > 1,
            year=self._year,
            chosen=tuple(listed(self._core, pupil) for pupil in self._chosen()),
        )
        self._core.go(view, self.idle_s)
