"""The frame around every screen: the bar at the top, and the screen of the moment below it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, cast

from kivy.clock import Clock
from kivy.lang import Builder

from kiosk.screens import door, icons, menu, mosaic, palette, words
from kiosk.screens.back_at import BackAtScreen
from kiosk.screens.base import Layered, Widget, anything, boolean, text
from kiosk.screens.card import CardScreen
from kiosk.screens.cleaning import CleaningScreen
from kiosk.screens.confirm import ConfirmScreen
from kiosk.screens.done import DoneScreen
from kiosk.screens.evidence import EvidenceScreen
from kiosk.screens.find import FindScreen
from kiosk.screens.home import HomeScreen
from kiosk.screens.left import LeftScreen
from kiosk.screens.look import wear
from kiosk.screens.name import NameScreen
from kiosk.screens.pin import PinScreen
from kiosk.screens.presence import PresenceScreen
from kiosk.screens.problem import ProblemScreen
from kiosk.screens.reason import ReasonScreen
from kiosk.screens.relationship import RelationshipScreen
from kiosk.screens.release import ReleaseScreen
from kiosk.screens.saving import SavingScreen
from kiosk.screens.staff import StaffScreen
from kiosk.screens.theme import theme
from kiosk.screens.touches import Touches
from kiosk.screens.year import YearScreen
from kiosk.views import (
    BackAtView,
    CardView,
    CleaningView,
    ConfirmView,
    DoneView,
    EvidenceView,
    FindView,
    Frame,
    HomeView,
    LeftView,
    Link,
    Look,
    NameView,
    PinView,
    PresenceView,
    ProblemView,
    ReasonView,
    RelationshipView,
    ReleaseView,
    SavingView,
    Sound,
    StaffView,
    Status,
    View,
    YearView,
)

__all__ = ["Host", "Touches", "door", "mosaic"]  # the kv file beside this one builds what is in these

SAVING_IS_SHOWN_AFTER = 0.3
"""Seconds. A commit takes a few milliseconds; a screen that flashes by tells nobody anything."""


class Screen(Protocol):
    """What every screen is."""

    def show(self, view: Any) -> None:
        """Draw what has changed."""


SCREENS: dict[type[View], Callable[[Touches], Screen]] = {
    HomeView: HomeScreen,
    FindView: FindScreen,
    ReasonView: ReasonScreen,
    SavingView: SavingScreen,
    DoneView: DoneScreen,
    YearView: YearScreen,
    NameView: NameScreen,
    RelationshipView: RelationshipScreen,
    BackAtView: BackAtScreen,
    EvidenceView: EvidenceScreen,
    ReleaseView: ReleaseScreen,
    LeftView: LeftScreen,
    ProblemView: ProblemScreen,
    PinView: PinScreen,
    StaffView: StaffScreen,
    ConfirmView: ConfirmScreen,
    PresenceView: PresenceScreen,
    CleaningView: CleaningScreen,
    CardView: CardScreen,
}

PILLS = {
    Link.CONNECTED: (icons.WIFI, palette.OK),
    Link.OFFLINE: (icons.CLOUD_OFF, palette.LATE),
    Link.STARTING: (icons.LOADER, palette.INFO),
    Link.REFUSED: (icons.CIRCLE_ALERT, palette.LATE),
}


class ScreenArea(Layered):
    """Where the screen of the moment is. While it is `deaf`, no touch reaches it."""

    deaf = boolean(False)

    def on_touch_down(self, touch: Any) -> bool:
        """Swallow a touch that nothing should answer."""
        return True if self.deaf else bool(super().on_touch_down(touch))


class Host(Layered):
    """The root widget. A screen is built once, when it is first shown, and kept: long sessions leaked."""

    school = text("")
    pill_icon = text(icons.LOADER)
    pill_tone = anything(palette.INFO)
    pill_said = anything(())
    demo_clock = boolean(False)
    look = anything(Look())
    touches: Touches | None = anything(None)
    dimmed = boolean(False)
    staff_door = boolean(False)

    def __init__(self, touches: Touches, play: Callable[[Sound], None], **kwargs: Any) -> None:
        self._touches = touches
        self._play = play
        super().__init__(touches=touches, **kwargs)
        self._screens: dict[type[View], Screen] = {}
        self._frame: Frame | None = None
        self._late_saving = Clock.create_trigger(self._show_saving, SAVING_IS_SHOWN_AFTER)
        self.bind(size=self._fit)

    def _fit(self, _host: object, size: tuple[float, float]) -> None:
        theme.fit(*size)

    def show(self, frame: Frame) -> None:
        """Show a frame; on the UI thread. Only what differs from the last one is drawn again."""
        before, self._frame = self._frame, frame
        if before == frame:
            return
        self.school = frame.school
        self.demo_clock = frame.demo_clock
        self.dimmed, self.staff_door = frame.dimmed, frame.staff_door
        if frame.sound is not None:
            self._play(frame.sound)
        same_look = before is not None and before.look == frame.look
        if not same_look:
            self.look = frame.look
            wear(frame.look)
        self._show_status(frame.status)
        if before is not None and before.view == frame.view and same_look:
            return
        if before is not None and type(before.view) is not type(frame.view):
            self.ids.menu.close()
        self._late_saving.cancel()
        waits = isinstance(frame.view, SavingView) and before is not None
        self.ids.area.deaf = waits
        if waits:
            self._late_saving()
        else:
            self._show_view(frame.view)

    def on_touch_down(self, touch: Any) -> bool:
        """The touch that wakes a dimmed screen presses nothing."""
        if self.dimmed:
            self._touches.wake()
            return True
        return bool(super().on_touch_down(touch))

    def open_staff(self) -> None:
        """The school's name was held for long."""
        if self.staff_door:
            self._touches.choose_staff()

    def open_languages(self) -> None:
        """The button with the languages was touched."""
        self.ids.menu.toggle(menu.LANGUAGE)

    def open_appearance(self) -> None:
        """The button for easier reading was touched."""
        self.ids.menu.toggle(menu.APPEARANCE)

    def show_at_once(self) -> None:
        """Show what is held back for a moment (a saving that may be over before anybody sees it)."""
        if self._frame is not None:
            self._late_saving.cancel()
            self._show_view(self._frame.view)

    def _show_saving(self, _seconds: float) -> None:
        self.show_at_once()

    def _show_status(self, status: Status) -> None:
        self.pill_icon, self.pill_tone = PILLS[status.link]
        self.pill_said = words.status(status)

    def _show_view(self, view: View) -> None:
        screen = self._screens.get(type(view))
        if screen is None:
            screen = self._screens[type(view)] = SCREENS[type(view)](self._touches)
        screen.show(view)
        area = self.ids.area
        if area.children != [screen]:
            area.clear_widgets()
            area.add_widget(cast(Widget, screen))


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
