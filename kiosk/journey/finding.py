"""Finding a pupil by the letters of a name, or by year and then name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from hardware.clock.clock import Reading
from kiosk.desk import PupilTap
from kiosk.journey.card_question import CardQuestion
from kiosk.journey.people import pupil_label
from kiosk.journey.results import show_problem
from kiosk.journey.session import Session
from kiosk.journey.step import JourneyStep
from kiosk.journey.unlisted import UnlistedStep
from kiosk.school.roster import MOST_LETTERS
from kiosk.school.school import SearchResult
from kiosk.views import CardQuestionView, FindView, ProblemView, Purpose, Trouble, YearView
from kiosk.views.touches import (
    ChoosePupil,
    ChooseYear,
    ConfirmPupil,
    Erase,
    FindByYear,
    GoBack,
    NameNotListed,
    PressLetter,
    Touch,
)
from sync.wire import Pupil


class FindPupilStep(JourneyStep):
    """Base of the steps that begin with a pupil. A subclass goes on in `_take_pupil`.

    Args:
        session: the session.
        reading: the clock at the instant that counts; `None` for the first touch, which is being handled.
    """

    purpose: Purpose
    takes_unlisted = False
    """Whether a pupil who is not on the roster can go on here, if the policy allows it."""
    stay_s: float | None = None
    """Seconds that the find and year views stay; `None` for the time in `view_rules`."""

    def __init__(self, session: Session, reading: Reading | None = None) -> None:
        self._session = session
        self._reading = reading or session.touch_reading()
        self._year: str | None = None
        self._asks_about_one = False
        """Whether the user chose one of several pupils, and is asked whether it is the right one."""
        self._question: CardQuestion | None = None
        """The question about a card, while it is on the screen."""

    def start(self) -> None:
        """Ask for a name."""
        self._find()

    @property
    def busy(self) -> bool:
        """Once a letter is typed or a year chosen: the user finishes, and other cards wait."""
        match self._session.view:
            case FindView(letters=letters, year=year):
                return bool(letters or year)
            case YearView() | CardQuestionView():
                return True
        return False

    # --- for subclasses --------------------------------------------------------------------------

    def _take_pupil(self, pupil: Pupil) -> None:
        """Go on with the pupil who was chosen."""
        raise NotImplementedError

    def _take_unlisted(self, pupil: Pupil) -> None:
        """Go on with a pupil who is not on the roster and has typed their name; see `takes_unlisted`."""
        raise NotImplementedError

    def _look_up(self, letters: str, year: str | None) -> SearchResult:
        """The pupils who match; by default among all pupils of the school."""
        return self._session.school.roster.find(letters, year=year)

    def _is_chosen(self, pupil: Pupil) -> bool:
        """Whether the pupil is chosen already, and so not listed again."""
        del pupil
        return False

    def _chosen_pupils(self) -> tuple[Pupil, ...]:
        """The pupils chosen so far."""
        return ()

    def _adult(self) -> str | None:
        """The adult who brings the pupil, if any."""
        return None

    def _leave_finding(self) -> None:
        """Go back from the first view."""
        self._session.go_home()

    def _refuse(self, problem: ProblemView) -> None:
        """Show why the step cannot go on with the pupil."""
        show_problem(self._session, problem)

    # --- touches ---------------------------------------------------------------------------------

    def handle(self, touch: Touch) -> None:
        """Type a name or choose a year; then choose the pupil."""
        if self._question is not None:
            self._answer_question(self._question, touch)
            return
        match touch, self._session.view:
            case PressLetter(letter), FindView() as view:
                self._press(letter, view)
            case Erase(), FindView() as view:
                self._show_matches(view.letters[:-1])
            case FindByYear(), FindView(by_year=True):
                self._show_years()
            case ChooseYear(year), YearView():
                self._year = year
                self._show_matches("")
            case ChoosePupil(pupil_id), FindView(approximate=False) as view:
                self._choose(pupil_id, view)
            case ChoosePupil(pupil_id), FindView() as view:
                self._ask_about(pupil_id, view)
            case ConfirmPupil(pupil_id), FindView(asks=True) as view:
                self._choose(pupil_id, view)
            case NameNotListed(), FindView(may_be_unlisted=True) as view:
                self._type_unlisted(view)
            case GoBack(), _:
                self._back()

    def _press(self, letter: str, view: FindView) -> None:
        """Add a letter; a grey letter is refused, and the view says why."""
        if letter in view.next_letters or self._session.school.roster.takes_any_letter:
            self._show_matches((view.letters + letter)[:MOST_LETTERS])
        else:
            self._session.show(replace(view, refused_letter=letter), stay_s=self.stay_s)

    def _ask_about(self, pupil_id: str, view: FindView) -> None:
        """Ask whether this is the right pupil, of several whose names are nearly spelt as typed."""
        one = tuple(match for match in view.matches if match.id == pupil_id)
        if one and not view.asks:
            self._asks_about_one = True
            self._session.show(replace(view, matches=one, refused_letter=""), stay_s=self.stay_s)

    def _choose(self, pupil_id: str, view: FindView) -> None:
        roster = self._session.school.roster
        pupil = roster.by_id(pupil_id)
        if pupil is None:
            self._show_matches(view.letters)  # the roster has changed since: search the new one
        elif any(pupil_id == each.id for each in view.matches):
            if roster.has_namesake(pupil):
                self._refuse(ProblemView(Trouble.SAME_NAME, pupil_label(self._session, pupil).name))
            else:
                self._take_pupil(pupil)

    def _type_unlisted(self, view: FindView) -> None:
        """Let a pupil who is not listed type their name; the first touch keeps its instant."""
        session = self._session
        step = UnlistedStep(
            session,
            self._reading,
            self.purpose,
            go_on=self._take_unlisted,
            go_back=lambda: session.change_step(self, lambda: self._show_matches(view.letters)),
            brought_by=self._adult(),
        )
        session.change_step(step)

    def _back(self) -> None:
        """Go back from “Is this you?” to the list, from a year to the years, from the years to all names."""
        view = self._session.view
        if isinstance(view, YearView):
            self._find()
        elif isinstance(view, FindView) and self._asks_about_one:
            self._show_matches(view.letters)
        elif isinstance(view, FindView) and view.year is not None:
            self._show_years()
        else:
            self._leave_finding()

    def time_is_up(self) -> None:
        """Go home: the user has left."""
        self._close_question()
        self._session.user_left()

    def suspend(self) -> Callable[[], None] | None:
        """Set the visit aside while a name is typed or a year chosen; the first touch keeps its instant.

        The letters are searched again when the visit is resumed, because the roster may have changed.
        """
        session = self._session
        match session.view:
            case FindView(letters=letters):
                return lambda: session.change_step(self, lambda: self._show_matches(letters))
            case YearView():
                return lambda: session.change_step(self, self._show_years)
        return None

    def abandon(self) -> None:
        """Let the owner of a card that was asked about arrive."""
        self._close_question()

    # --- a card that may mean the pupil who leaves ------------------------------------------------

    def _ask_about_card(self, tap: PupilTap, *, on_arrival: Callable[[], None]) -> None:
        """Ask whether the card's owner is leaving or has just arrived."""
        self._question = CardQuestion(
            self._session, self.purpose, tap, on_leaving=self._take_pupil, on_arrival=on_arrival
        )

    def _answer_question(self, question: CardQuestion, touch: Touch) -> None:
        self._question = None
        if not question.handle(touch):
            self._question = question

    def _close_question(self) -> None:
        question, self._question = self._question, None
        if question is not None:
            question.leave_open()

    # --- views -----------------------------------------------------------------------------------

    def _find(self) -> None:
        """Ask for a name among all years."""
        self._year = None
        self._show_matches("")

    def _since(self) -> datetime:
        return self._session.wall(self._reading)

    def _show_years(self) -> None:
        years = self._session.school.roster.years()
        self._session.show(YearView(self._since(), years, self.purpose), stay_s=self.stay_s)

    def _show_matches(self, letters: str) -> None:
        session, self._asks_about_one = self._session, False
        roster = session.school.roster
        if not len(roster):
            show_problem(session, Trouble.EMPTY_ROSTER)
            return
        matches = self._look_up(letters, self._year)
        view = FindView(
            started=self._since(),
            letters=letters,
            next_letters=matches.next_letters,
            matches=tuple(
                pupil_label(session, pupil) for pupil in matches.pupils if not self._is_chosen(pupil)
            ),
            has_more=matches.has_more,
            purpose=self.purpose,
            approximate=matches.approximate,
            by_year=self.purpose is not Purpose.RETURNING and len(roster.years()) > 1,
            year=self._year,
            may_be_unlisted=self.takes_unlisted and not session.school.policy.listed_only,
            chosen=tuple(pupil_label(session, pupil) for pupil in self._chosen_pupils()),
        )
        session.show(view, stay_s=self.stay_s)
