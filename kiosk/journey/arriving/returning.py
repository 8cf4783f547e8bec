"""“I’m back”: finds only the pupils who signed out today."""

from attendance.rule import Outcome
from hardware.clock.clock import Reading
from kiosk.desk import SELF, PupilTap, SignIn, SignOut, on_the_way_out
from kiosk.journey.finding import FindPupilStep
from kiosk.journey.people import closed_for_pupil, done_view, left_view, pupil_label
from kiosk.journey.results import show_not_saved, show_problem, show_recorded, start_saving
from kiosk.journey.session import Session
from kiosk.school.school import Roster, SearchResult
from kiosk.views import Purpose, Trouble
from sync.wire import BundleCards, Pupil


class ReturnStep(FindPupilStep):
    """A pupil comes back."""

    purpose = Purpose.RETURNING
    takes_unlisted = True

    def start(self) -> None:
        """Ask for a name, if any pupil is out."""
        if self._out():
            self._find()
        else:
            show_problem(self._session, Trouble.NOBODY_OUT)

    def take_tap(self, tap: PupilTap) -> bool:
        """Sign in the card's owner, if they are out and no name is being typed."""
        out = self._session.desk.out_since(tap.pupil, tap.reading)
        if self.busy or out is None:
            return False
        self._session.change_person()
        come_back(self._session, out, tap.reading)
        return True

    def _out(self) -> list[Pupil]:
        return [each.pupil for each in self._session.desk.whereabouts() if isinstance(each, SignOut)]

    def _look_up(self, letters: str, year: str | None) -> SearchResult:
        del year  # so few pupils need no search by year
        return Roster(self._out(), BundleCards(key="")).find(letters)

    def _take_unlisted(self, pupil: Pupil) -> None:
        """Record an arrival: only the office can find out which pupil is back."""
        session = self._session
        saving = start_saving(session, pupil_label(session, pupil), Trouble.ARRIVAL_WAITS)

        def saved(sign_in: SignIn) -> None:
            saving.succeed(done_view(session, sign_in))

        session.desk.sign_in(pupil, self._reading, None, on_saved=saved, on_failed=saving.fail)

    def _take_pupil(self, pupil: Pupil) -> None:
        out = self._session.desk.out_since(pupil, self._reading)
        if out is None:  # they came back, or the entry was undone, while the name was typed
            show_problem(self._session, Trouble.NOT_OUT, pupil_label(self._session, pupil).name)
        else:
            _sign_in(self._session, out, self._reading)


def come_back(session: Session, out: SignOut, reading: Reading) -> None:
    """Sign in a pupil who is out: one who tapped a card or chose “I’m late”.

    Args:
        session: the session.
        out: the departure.
        reading: the clock at the tap, or at the first touch.
    """
    if on_the_way_out(out, reading) and not session.desk.is_recorded(out):
        show_not_saved(session)
    elif on_the_way_out(out, reading):
        show_recorded(session, left_view(session, [out], alone=out.detail.collector == SELF))
    else:
        _sign_in(session, out, reading)


def _sign_in(session: Session, out: SignOut, reading: Reading) -> None:
    pupil = out.pupil
    if session.desk.decide(pupil, reading, None, returning=True).outcome is Outcome.CLOSED:
        show_problem(session, closed_for_pupil(session, pupil))
        return
    saving = start_saving(session, pupil_label(session, pupil), Trouble.ARRIVAL_WAITS)

    def on_saved(sign_in: SignIn) -> None:
        saving.succeed(done_view(session, sign_in))

    # The reason for the absence is the reason for the departure: the pupil is not asked again.
    session.desk.sign_in(pupil, reading, out.reason, on_saved=on_saved, on_failed=saving.fail, returning=True)
