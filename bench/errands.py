"""The errands of users at the kiosk, performed by touch.

Each is a generator that yields the condition it waits for.
"""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from attendance.languages import LANGUAGES
from bench.finger import Finger, TileFilter, label
from bench.kiosk_backend import LEAVING_ALONE, KioskBackend
from demo.seed import PIN
from kiosk.journey.leaving.pin_release import DEAF_S
from kiosk.school.letters import plain_letters
from kiosk.screens.wording import release as release_wording
from kiosk.screens.wording.sentence import plain
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
    ReleaseYesView,
    StaffView,
    View,
)
from sync.wire import Pupil

Ready = Callable[[], bool]
"""Checked before each frame: whether the errand can continue."""
Steps = Iterator[Ready]

IDLE_S, READ_S = 51.0, 16.0
"""Seconds of idling after which a screen returns home, and after which a result closes."""
COLLECTOR = "RUTH OKANE"
MISTYPED_A_DAY = 4
"""Wrong PINs a day: fewer than lock the PIN pad, and as many as a night forgives."""


def _labelled(word: str) -> TileFilter:
    return lambda tile: label(tile) == word


class Errands:
    """All errands, with the pupils who are in school or out.

    Args:
        backend: the kiosk behind the window.
        finger: touches the window.
        rng: picks pupils and answers.
        open_staff: opens the staff door, as a long press on the school's name does.
    """

    def __init__(
        self, backend: KioskBackend, finger: Finger, rng: Random, open_staff: Callable[[], None]
    ) -> None:
        self._backend = backend
        self._finger = finger
        self._rng = rng
        self._open_staff = open_staff
        self._here = list(backend.school.pupils)
        self._out: list[Pupil] = []
        self._mistyped = 0
        """How many wrong PINs were typed today."""
        self.all: tuple[Callable[[], Steps], ...] = (
            self.late_by_name,
            self.late_by_card,
            self.collecting,
            self.choosing_language,
            self.returning,
            self.late_by_card_and_gone,
            self.problem,
            self.changing_appearance,
            self.collecting,
            self.returning_by_card,
            self.leaving_alone,
            self.returning,
            self.collecting,
            self.staff,
            self.giving_up,
        )
        """In the order in which the soak runs them."""

    def next_morning(self) -> None:
        """Start a new day: no pupil has arrived and none is out."""
        self._backend.clock.next_morning()
        self._here, self._out = list(self._backend.school.pupils), []
        self._mistyped = 0

    # --- signing in ------------------------------------------------------------------------------

    def late_by_name(self) -> Steps:
        """A late pupil types their name and chooses a reason."""
        yield from self._touch(_labelled(_("I’m late")))
        yield from self._find(self._arriving_pupil())
        yield from self._reason_and_done()

    def late_by_card(self) -> Steps:
        """A late pupil taps a card and chooses a reason."""
        self._backend.tap(self._arriving_pupil().id)
        yield from self._reason_and_done()

    def late_by_card_and_gone(self) -> Steps:
        """A late pupil taps a card and leaves without choosing a reason."""
        self._backend.tap(self._arriving_pupil().id)
        yield self._shows(ReasonView, DoneView)
        if isinstance(self._view, ReasonView):
            self._backend.wait(IDLE_S)
        yield self._shows(DoneView)
        self._backend.wait(READ_S)
        yield self._shows(HomeView)

    def returning(self) -> Steps:
        """A pupil returns and types their name; when no pupil is out, one arrives late instead."""
        pupil = self._returning_pupil()
        if pupil is None:
            yield from self.late_by_card()
            return
        yield from self._touch(_labelled(_("I’m back")))
        yield from self._find(pupil)
        yield from self._done()

    def returning_by_card(self) -> Steps:
        """A pupil returns and taps a card; when no pupil is out, one arrives late instead."""
        self._backend.clock.advance(120)  # the pause after which a card no longer counts as leaving
        pupil = self._returning_pupil()
        if pupil is None:
            yield from self.late_by_card()
            return
        self._backend.tap(pupil.id)
        yield from self._done()

    # --- collecting ------------------------------------------------------------------------------

    def collecting(self) -> Steps:
        """An adult collects a pupil; the register is offline, so a member of staff releases with a PIN."""
        pupil = self._arriving_pupil()
        yield from self._touch(_labelled(_("Collecting a pupil")))
        yield from self._find(pupil)
        for letter in COLLECTOR:
            yield from self._key("space" if letter == " " else letter)
        yield from self._touch(_labelled(_("Next")))
        for view in (RelationshipView, ReasonView, BackAtView, EvidenceView):
            yield self._shows(view)
            yield from self._choose()
        yield self._shows(ReleaseView)
        yield from self._touch(_labelled(_("Staff: release here with a PIN")))
        if self._mistyped < MISTYPED_A_DAY:
            self._mistyped += 1
            yield from self._pin("1111")
            yield lambda: isinstance(view := self._view, PinView) and view.state is PinState.WRONG
        yield from self._pin(PIN)
        yield self._shows(ReleaseYesView)
        self._backend.wait(DEAF_S)
        yield from self._touch(self._is_yes)
        yield self._shows(LeftView)
        self._out.append(pupil)
        yield from self._touch(_labelled(_("Done")))
        yield self._shows(HomeView)

    def _is_yes(self, tile: Any) -> bool:
        view = self._view
        return isinstance(view, ReleaseYesView) and label(tile) == plain(release_wording.yes_button(view))

    def leaving_alone(self) -> Steps:
        """A pupil who may leave alone signs out; `returning` brings them back."""
        pupil = self._arriving_pupil(LEAVING_ALONE)
        yield from self._touch(_labelled(_("I’m leaving")))
        yield from self._find(pupil)
        for view in (ReasonView, BackAtView):
            yield self._shows(view)
            yield from self._choose()
        yield self._shows(LeftView)
        self._out.append(pupil)
        yield from self._touch(_labelled(_("Done")))
        yield self._shows(HomeView)

    def giving_up(self) -> Steps:
        """An adult starts to collect a pupil and goes back to the home screen."""
        yield from self._touch(_labelled(_("Collecting a pupil")))
        yield from self._find(self._arriving_pupil())
        yield self._shows(NameView)
        yield from self._touch(_labelled(_("Back")))
        yield self._shows(FindView)
        yield from self._touch(_labelled(_("Back")))
        yield self._shows(HomeView)

    # --- the rest --------------------------------------------------------------------------------

    def staff(self) -> Steps:
        """A member of staff looks at who is on site and takes the last entry back."""
        from kiosk.screens.staff.staff import EntryLineRow
        from kiosk.screens.staff.staff_tile import StaffTile

        self._open_staff()
        yield from self._pin(PIN)
        yield self._shows(StaffView)
        yield from self._touch(_labelled(_("Who is on site")))
        yield self._shows(PresenceView)
        yield from self._touch(_labelled(_("Back")))
        yield self._shows(StaffView)
        newest = self._view.lines[0] if isinstance(self._view, StaffView) else None
        yield from self._touch(
            lambda tile: isinstance(tile.parent, EntryLineRow) and tile.parent.line == newest
        )
        yield self._shows(ConfirmView)
        yield from self._touch(lambda tile: isinstance(tile, StaffTile) and label(tile) != _("No, go back"))
        yield lambda: isinstance(view := self._view, StaffView) and view.lines[0].undone
        self._out.pop()  # the sign-out that was taken back
        yield from self._touch(_labelled(_("Lock")))
        yield self._shows(HomeView)

    def problem(self) -> Steps:
        """An unknown card."""
        self._backend.journey.card(["em4100:00000001"], self._backend.clock.reading())
        yield from self._ok()

    def choosing_language(self) -> Steps:
        """A late pupil chooses a language, signs in and walks away."""
        tag = self._rng.choice([tag for tag in LANGUAGES if tag != "en"])
        yield from self._touch(_labelled("languages"))
        yield from self._touch(_labelled(LANGUAGES[tag]))
        yield from self.late_by_name()
        yield from self._idle()

    def changing_appearance(self) -> Steps:
        """A late pupil chooses larger text and high contrast, signs in by card and walks away."""
        yield from self._touch(_labelled("appearance"))
        yield from self._touch(_labelled(_("Larger text")))
        yield from self._touch(_labelled(_("High contrast")))
        yield from self.late_by_card()
        yield from self._idle()

    # --- steps -----------------------------------------------------------------------------------

    def _touch(self, which: TileFilter) -> Steps:
        """Wait until the tile is at rest, then touch it."""
        finger, place = self._finger, None

        def at_rest() -> bool:
            nonlocal place
            before, place = place, finger.place_of(which)
            return place is not None and place == before

        yield at_rest
        if place is not None:
            finger.touch(place)
        yield _at_once

    def _key(self, name: str) -> Steps:
        yield from self._touch(_labelled(name))

    def _choose(self) -> Steps:
        """Choose one of the answers at random."""
        from kiosk.screens.kit.choice import ChoiceTile

        answers = [tile for tile in self._finger.tiles() if isinstance(tile, ChoiceTile)]
        choice = self._rng.choice(answers)
        yield from self._touch(lambda tile: tile is choice)

    def _find(self, pupil: Pupil) -> Steps:
        """Type until the pupil is listed, then touch the name."""
        from kiosk.screens.arriving.find import PupilTile

        def listed() -> bool:
            view = self._view
            return isinstance(view, FindView) and any(one.id == pupil.id for one in view.matches)

        yield self._shows(FindView)
        for letter in plain_letters(pupil.first) + plain_letters(pupil.last):
            if listed():
                break
            yield from self._key(letter)
        yield from self._touch(
            lambda tile: isinstance(tile, PupilTile) and tile.pupil is not None and tile.pupil.id == pupil.id
        )

    def _pin(self, figures: str) -> Steps:
        yield self._shows(PinView)
        for figure in figures:
            yield from self._key(figure)
        yield from self._touch(_labelled(_("OK")))

    def _reason_and_done(self) -> Steps:
        yield self._shows(ReasonView, DoneView)
        if isinstance(self._view, ReasonView):  # a pupil with an appointment is not asked
            yield from self._choose()
        yield from self._done()

    def _done(self) -> Steps:
        """Touch Done, or leave the result until it closes by itself."""
        yield self._shows(DoneView)
        if self._rng.random() < 0.5:
            yield from self._touch(_labelled(_("Done")))
        else:
            self._backend.wait(READ_S)
        yield self._shows(HomeView)

    def _ok(self) -> Steps:
        yield self._shows(ProblemView)
        yield from self._touch(_labelled(_("OK")))
        yield self._shows(HomeView)

    def _idle(self) -> Steps:
        """Walk away; the kiosk forgets language and appearance."""
        self._backend.wait(IDLE_S)
        yield self._shows(HomeView)
        self._backend.wait(IDLE_S)
        yield self._shows(HomeView)

    def _shows(self, *views: type[View]) -> Ready:
        return lambda: isinstance(self._view, views)

    @property
    def _view(self) -> View:
        return self._backend.journey.view

    # --- pupils -------------------------------------------------------------------------------------

    def _arriving_pupil(self, years: tuple[str, ...] = ()) -> Pupil:
        """A pupil who has not arrived yet, of `years` or of any year."""
        candidates = [pupil for pupil in self._here if not years or pupil.year in years]
        pupil = self._rng.choice(candidates)
        self._here.remove(pupil)
        return pupil

    def _returning_pupil(self) -> Pupil | None:
        return self._out.pop(0) if self._out else None


def _at_once() -> bool:
    return True
