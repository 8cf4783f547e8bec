"""“I’m back”: only pupils who are signed out today are found."""

from attendance.rule import Outcome
from hardware.clock.clock import Reading
from kiosk.desk import SELF, SignIn, SignOut
from kiosk.journey.finding import Finding
from kiosk.journey.people import closed_to, done_view, left_view, listed
from kiosk.journey.results import Saving, problem, recorded
from kiosk.journey.session import Core
from kiosk.journey.step import Tap
from kiosk.school.school import Found, Roster
from kiosk.views import Purpose, Trouble
from sync.wire import BundleCards, Pupil

ON_THE_WAY_NS = 60 * 1_000_000_000
"""A card that is tapped within a minute of its pupil's signing out is tapped on the way out."""


class Returning(Finding):
    """A pupil comes back."""

    purpose = Purpose.RETURNING

    def start(self) -> None:
        """Ask for a name, if anybody is out."""
        if self._out():
            self.find()
        else:
            problem(self._core, Trouble.NOBODY_OUT)

    def wants(self, tap: Tap) -> bool:
        """A card says at once who is back. Somebody else's is a sign-in, which goes on by itself."""
        pupil = self._core.school.roster.by_card(tap.names)
        out = self._core.desk.out_since(pupil, tap.reading) if pupil else None
        if out is not None:
            come_back(self._core, out, tap.reading)
        return out is not None

    def _out(self) -> list[Pupil]:
        return [each.pupil for each in self._core.desk.whereabouts() if isinstance(each, SignOut)]

    def _look_up(self, letters: str, year: str | None) -> Found:
        del year  # they are few
        return Roster(self._out(), BundleCards(key="")).find(letters)

    def _found(self, pupil: Pupil) -> None:
        out = self._core.desk.out_since(pupil, self._reading)
        if out is None:  # back meanwhile, or taken back
            problem(self._core, Trouble.NOT_OUT, listed(self._core, pupil).name)
        else:
            _sign_in(self._core, out, self._reading)


def come_back(core: Core, out: SignOut, reading: Reading) -> None:
    """A pupil who is out was found otherwise: by a card, or as a late pupil.

    Args:
        core: the screen.
        out: how they were signed out.
        reading: the clock at the tap, or the first touch.
    """
    same_boot = out.reading.boot_id == reading.boot_id
    if same_boot and reading.monotonic_ns - out.reading.monotonic_ns < ON_THE_WAY_NS:
        recorded(core, left_view(core, [out], alone=out.detail.collector == SELF))
    else:
        _sign_in(core, out, reading)


def _sign_in(core: Core, out: SignOut, reading: Reading) -> None:
    pupil = out.pupil
    if core.desk.decide(pupil, reading, None, returning=True).outcome is Outcome.CLOSED:
        problem(core, closed_to(core, pupil))
        return
    saving = Saving(core, listed(core, pupil))

    def saved(sign_in: SignIn) -> None:
        saving.saved(done_view(core, sign_in))

    # Why they are back now is why they were away: nobody is asked a second time.
    core.desk.sign_in(pupil, reading, out.reason, saved=saved, failed=saving.failed, returning=True)
