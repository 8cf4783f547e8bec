"""What people come to the kiosk for, as a finger does it: each a generator that waits for what it yields."""

from collections.abc import Callable, Iterator
from random import Random

from attendance.languages import LANGUAGES
from bench.behind import LEAVING_ALONE, Behind
from bench.finger import Finger, Which, label
from demo.seed import PIN
from kiosk.school.letters import plain_letters
from kiosk.screens.wording.translate import _
from kiosk.views import (
    BackAtView,
    ConfirmView,
    DoneView,
    EvidenceView,
    FindView,
    HomeView,
    LeftView,
    NameView,
    PinState,
    PinView,
    PresenceView,
    ProblemView,
    ReasonView,
    RelationshipView,
    ReleaseView,
    StaffView,
    View,
)
from sync.wire import Pupil

Ready = Callable[[], bool]
"""Looked at before each frame: whether the errand can go on."""
Steps = Iterator[Ready]

IDLE_S, READ_S = 21.0, 9.0
"""Seconds after which a screen that nobody touches is home, and a result has been read."""
COLLECTOR = "RUTH OKANE"


def _named(word: str) -> Which:
    return lambda tile: label(tile) == word


class Errands:
    """Everybody who comes, one after the other.

    Args:
        behind: what is behind the window.
        finger: touches the window.
        rng: who comes, and what they choose.
        open_staff: what holding the school's name for a while does.
    """

    def __init__(self, behind: Behind, finger: Finger, rng: Random, open_staff: Callable[[], None]) -> None:
        self._behind = behind
        self._finger = finger
        self._rng = rng
        self._open_staff = open_staff
        self._here = list(behind.school.pupils)
        self._out: list[Pupil] = []
        self.all: tuple[Callable[[], Steps], ...] = (
            self.late_by_name,
            self.late_by_card,
            self.collecting,
            self.speaking,
            self.returning,
            self.late_by_card_and_gone,
            self.problem,
            self.looking,
            self.collecting,
            self.returning_by_card,
            self.leaving_alone,
            self.returning,
            self.collecting,
            self.staff,
            self.giving_up,
        )
        """In turn."""

    def next_morning(self) -> None:
        """Everybody is at home again, and nobody has come."""
        self._behind.clock.next_morning()
        self._here, self._out = list(self._behind.school.pupils), []

    # --- signing in ------------------------------------------------------------------------------

    def late_by_name(self) -> Steps:
        """A pupil types, and says why."""
        yield from self._touch(_named(_("I’m late")))
        yield from self._find(self._somebody())
        yield from self._reason_and_done()

    def late_by_card(self) -> Steps:
        """A pupil holds a card to the reader, and says why."""
        self._behind.tap(self._somebody().id)
        yield from self._reason_and_done()

    def late_by_card_and_gone(self) -> Steps:
        """A pupil holds a card to the reader, and goes to class."""
        self._behind.tap(self._somebody().id)
        yield self._sees(ReasonView, DoneView)
        if isinstance(self._view, ReasonView):
            self._behind.waits(IDLE_S)
        yield self._sees(DoneView)
        self._behind.waits(READ_S)
        yield self._sees(HomeView)

    def returning(self) -> Steps:
        """A pupil comes back, and types."""
        pupil = self._somebody_out()
        yield from self._touch(_named(_("I’m back")))
        if pupil is None:
            yield from self._ok()
            return
        yield from self._find(pupil)
        yield from self._done()

    def returning_by_card(self) -> Steps:
        """A pupil comes back, by card; the next is another one, who was never out."""
        self._behind.clock.passes(120)  # not on the way out
        pupil = self._somebody_out()
        if pupil is None:
            yield from self.late_by_card()
            return
        self._behind.tap(pupil.id)
        yield from self._done()

    # --- collecting ------------------------------------------------------------------------------

    def collecting(self) -> Steps:
        """An adult collects a pupil; the office cannot be asked, and a member of staff types a PIN."""
        pupil = self._somebody()
        yield from self._touch(_named(_("Collecting a pupil")))
        yield from self._find(pupil)
        for letter in COLLECTOR:
            yield from self._key("space" if letter == " " else letter)
        yield from self._touch(_named(_("Next")))
        for view in (RelationshipView, ReasonView, BackAtView, EvidenceView):
            yield self._sees(view)
            yield from self._choose()
        yield self._sees(ReleaseView)
        yield from self._touch(_named(_("Staff: release here with a PIN")))
        yield from self._pin("1111")
        yield lambda: isinstance(view := self._view, PinView) and view.state is PinState.WRONG
        yield from self._pin(PIN)
        yield self._sees(LeftView)
        self._out.append(pupil)
        yield from self._touch(_named(_("Done")))
        yield self._sees(HomeView)

    def leaving_alone(self) -> Steps:
        """A pupil who may leave alone signs out, and comes back later."""
        pupil = self._somebody(LEAVING_ALONE)
        yield from self._touch(_named(_("I’m leaving")))
        yield from self._find(pupil)
        for view in (ReasonView, BackAtView):
            yield self._sees(view)
            yield from self._choose()
        yield self._sees(LeftView)
        self._out.append(pupil)
        yield from self._touch(_named(_("Done")))
        yield self._sees(HomeView)

    def giving_up(self) -> Steps:
        """An adult begins, and goes away again."""
        yield from self._touch(_named(_("Collecting a pupil")))
        yield from self._find(self._somebody())
        yield self._sees(NameView)
        yield from self._touch(_named(_("Back")))
        yield self._sees(FindView)
        yield from self._touch(_named(_("Back")))
        yield self._sees(HomeView)

    # --- the rest --------------------------------------------------------------------------------

    def staff(self) -> Steps:
        """A member of staff looks who is on site, and takes the last entry back."""
        from kiosk.screens.staff.staff import EntryLineRow
        from kiosk.screens.staff.staff_tile import StaffTile

        self._open_staff()
        yield from self._pin(PIN)
        yield self._sees(StaffView)
        yield from self._touch(_named(_("Who is on site")))
        yield self._sees(PresenceView)
        yield from self._touch(_named(_("Back")))
        yield self._sees(StaffView)
        newest = self._view.lines[0] if isinstance(self._view, StaffView) else None
        yield from self._touch(
            lambda tile: isinstance(tile.parent, EntryLineRow) and tile.parent.line == newest
        )
        yield self._sees(ConfirmView)
        yield from self._touch(lambda tile: isinstance(tile, StaffTile) and label(tile) != _("No, go back"))
        yield lambda: isinstance(view := self._view, StaffView) and view.lines[0].undone
        self._out.pop()  # whose signing out it was
        yield from self._touch(_named(_("Lock")))
        yield self._sees(HomeView)

    def problem(self) -> Steps:
        """Nobody's card."""
        self._behind.journey.card(["em4100:00000001"], self._behind.clock.reading())
        yield from self._ok()

    def speaking(self) -> Steps:
        """Somebody chooses a language, signs in, and goes."""
        tag = self._rng.choice([tag for tag in LANGUAGES if tag != "en"])
        yield from self._touch(_named("languages"))
        yield from self._touch(_named(LANGUAGES[tag]))
        yield from self.late_by_name()
        yield from self._idle()

    def looking(self) -> Steps:
        """Somebody wants larger text and stronger colours, signs in by card, and goes."""
        yield from self._touch(_named("appearance"))
        yield from self._touch(_named(_("Larger text")))
        yield from self._touch(_named(_("High contrast")))
        yield from self.late_by_card()
        yield from self._idle()

    # --- steps -----------------------------------------------------------------------------------

    def _touch(self, which: Which) -> Steps:
        """Wait until that tile stands still, and touch it."""
        finger, place = self._finger, None

        def stands() -> bool:
            nonlocal place
            before, place = place, finger.place_of(which)
            return place is not None and place == before

        yield stands
        if place is not None:
            finger.touch(place)
        yield _at_once

    def _key(self, name: str) -> Steps:
        yield from self._touch(_named(name))

    def _choose(self) -> Steps:
        """One of the answers to a question."""
        from kiosk.screens.kit.choice import ChoiceTile

        offered = [tile for tile in self._finger.tiles() if isinstance(tile, ChoiceTile)]
        chosen = self._rng.choice(offered)
        yield from self._touch(lambda tile: tile is chosen)

    def _find(self, pupil: Pupil) -> Steps:
        """Type until that pupil is listed, and touch the name."""
        from kiosk.screens.arriving.find import PupilTile

        def listed() -> bool:
            view = self._view
            return isinstance(view, FindView) and any(one.id == pupil.id for one in view.matches)

        yield self._sees(FindView)
        for letter in plain_letters(pupil.first) + plain_letters(pupil.last):
            if listed():
                break
            yield from self._key(letter)
        yield from self._touch(
            lambda tile: isinstance(tile, PupilTile) and tile.pupil is not None and tile.pupil.id == pupil.id
        )

    def _pin(self, figures: str) -> Steps:
        yield self._sees(PinView)
        for figure in figures:
            yield from self._key(figure)
        yield from self._touch(_named(_("OK")))

    def _reason_and_done(self) -> Steps:
        yield self._sees(ReasonView, DoneView)
        if isinstance(self._view, ReasonView):  # nobody with an appointment is asked
            yield from self._choose()
        yield from self._done()

    def _done(self) -> Steps:
        """Read what was recorded, and touch Done; or go, and leave the screen to itself."""
        yield self._sees(DoneView)
        if self._rng.random() < 0.5:
            yield from self._touch(_named(_("Done")))
        else:
            self._behind.waits(READ_S)
        yield self._sees(HomeView)

    def _ok(self) -> Steps:
        yield self._sees(ProblemView)
        yield from self._touch(_named(_("OK")))
        yield self._sees(HomeView)

    def _idle(self) -> Steps:
        """Everybody goes; the kiosk forgets."""
        self._behind.waits(IDLE_S)
        yield self._sees(HomeView)
        self._behind.waits(IDLE_S)
        yield self._sees(HomeView)

    def _sees(self, *views: type[View]) -> Ready:
        return lambda: isinstance(self._view, views)

    @property
    def _view(self) -> View:
        return self._behind.journey.view

    # --- who -------------------------------------------------------------------------------------

    def _somebody(self, years: tuple[str, ...] = ()) -> Pupil:
        """Somebody who has not come yet; of these years, or of any."""
        fitting = [pupil for pupil in self._here if not years or pupil.year in years]
        somebody = self._rng.choice(fitting)
        self._here.remove(somebody)
        return somebody

    def _somebody_out(self) -> Pupil | None:
        return self._out.pop(0) if self._out else None


def _at_once() -> bool:
    return True
