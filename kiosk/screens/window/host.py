"""The frame around every screen: the bar at the top, and the screen of the moment below it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, cast, runtime_checkable

from kivy.clock import Clock
from kivy.lang import Builder

from kiosk.screens.kit import icons, palette, tile_grid
from kiosk.screens.kit.base import Layered, Widget, anything, boolean, text
from kiosk.screens.kit.look import wear
from kiosk.screens.kit.theme import theme
from kiosk.screens.window import long_press, menu
from kiosk.screens.window.pause import DEAF_S, Pause
from kiosk.screens.window.registry import Screen, screen_of
from kiosk.screens.wording import common
from kiosk.views import CleaningView, ConfirmView, Frame, Link, LinkStatus, Look, SavingView, Sound, View
from kiosk.views.touches import ChooseStaff, OnTouch, Stay, Wake

__all__ = [
    "Host",
    "long_press",
    "tile_grid",
]  # the kv file beside this one builds what is in these

SAVING_IS_SHOWN_AFTER = 0.3
"""Seconds. A commit takes a few milliseconds; a screen that flashes by tells nobody anything."""


PILLS = {
    Link.CONNECTED: (icons.WIFI, palette.OK),
    Link.OFFLINE: (icons.CLOUD_OFF, palette.LATE),
    Link.STARTING: (icons.LOADER, palette.INFO),
    Link.REFUSED: (icons.CIRCLE_ALERT, palette.LATE),
}


@runtime_checkable
class Listing(Protocol):
    """A screen with a list that is turned page by page."""

    def begin(self) -> None:
        """Back to the first page."""


class ScreenArea(Layered):
    """Where the screen of the moment is. While it is `deaf`, no touch reaches it."""

    deaf = boolean(False)

    def on_touch_down(self, touch: Any) -> bool:
        """Swallow a touch that nothing should answer."""
        return True if self.deaf else bool(super().on_touch_down(touch))


class Host(Layered):
    """The root widget. A screen is built once, when it is first shown, and kept: long sessions leaked.

    Args:
        touch: receives every touch.
        play: plays a sound.
        deaf_s: seconds for which a screen that has just come takes no touch.
    """

    school = text("")
    pill_icon = text(icons.LOADER)
    pill_tone = anything(palette.INFO)
    pill_said = anything(())
    aside_icon = text("")
    aside_said = anything(())
    aside_tone = anything(palette.INFO)
    demo_clock = boolean(False)
    look = anything(Look())
    touch: OnTouch | None = anything(None)
    dimmed = boolean(False)
    staff_door = boolean(False)

    def __init__(
        self, touch: OnTouch, play: Callable[[Sound], None], deaf_s: float = DEAF_S, **kwargs: Any
    ) -> None:
        self._touch = touch
        self._play = play
        self._pause = Pause(deaf_s)
        super().__init__(touch=touch, **kwargs)
        self._screens: dict[type[View], Screen] = {}
        self._frame: Frame | None = None
        self._shown: View | None = None
        self._late_saving = Clock.create_trigger(self._show_saving, SAVING_IS_SHOWN_AFTER)
        self.bind(size=self._fit)
        self.ids.menu.bind(which=lambda *_: self._pause.begin())  # it comes and goes under the finger

    def _fit(self, _host: object, size: tuple[float, float]) -> None:
        theme.fit(*size)

    def show(self, frame: Frame) -> None:
        """Show a frame; on the UI thread. Only what differs from the last one is drawn again."""
        if frame.sound is not None:  # before anything is compared: the same card again is to be heard again
            self._play(frame.sound)
            frame = replace(frame, sound=None)
        before, self._frame = self._frame, frame
        if before == frame:
            return
        self.school = frame.school
        self.demo_clock = frame.demo_clock
        self.dimmed, self.staff_door = frame.dimmed, frame.staff_door
        same_look = before is not None and before.look == frame.look
        if not same_look:
            self.look = frame.look
            wear(frame.look)
        self._show_status(frame.status)
        self._show_aside(frame)
        if before is not None and before.view == frame.view and same_look:
            return
        if before is not None and type(before.view) is not type(frame.view):
            self.ids.menu.close()
            self._pause.begin()
        self._late_saving.cancel()
        waits = isinstance(frame.view, SavingView) and before is not None
        self.ids.area.deaf = waits
        if waits:
            self._late_saving()
        else:
            self._show_view(frame.view)

    @property
    def answers(self) -> bool:
        """Whether a touch can choose something now: not while what is shown has only just come, and not
        while the screen is wiped."""
        wiped = self._frame is not None and isinstance(self._frame.view, CleaningView)
        return not (self._pause.lasts or wiped)

    def when_it_answers(self, do: Callable[[], None]) -> None:
        """Do that once what is shown now has been drawn, and is no longer too new to be touched."""
        self._pause.when_over(do)

    def on_touch_down(self, touch: Any) -> bool:
        """A finger, or a mouse's left button; the others, and its wheel, do nothing anywhere.

        The touch that wakes a dimmed screen presses nothing.
        """
        if getattr(touch, "button", "left") != "left":
            return True
        if self.dimmed:
            self._touch(Wake())
            return True
        if self._frame is not None and self._frame.ends_soon:
            self._touch(Stay())
        return not self.answers or bool(super().on_touch_down(touch))

    def open_staff(self) -> None:
        """The school's name was held for long."""
        if self.staff_door:
            self._touch(ChooseStaff())

    def open_languages(self) -> None:
        """The button with the languages was touched."""
        self._open(menu.LANGUAGE)

    def open_appearance(self) -> None:
        """The button for easier reading was touched."""
        self._open(menu.APPEARANCE)

    def _open(self, which: str) -> None:
        if self.answers:  # the screen may have changed since the finger came down
            self.ids.menu.toggle(which)

    def show_at_once(self) -> None:
        """Show what is held back for a moment (a saving that may be over before anybody sees it)."""
        if self._frame is not None:
            self._late_saving.cancel()
            self._show_view(self._frame.view)

    def _show_saving(self, _seconds: float) -> None:
        self.show_at_once()

    def _show_status(self, status: LinkStatus) -> None:
        self.pill_icon, self.pill_tone = PILLS[status.link]
        self.pill_said = common.status(status)

    def _show_aside(self, frame: Frame) -> None:
        asks = frame.notice is None and frame.ends_soon
        self.aside_said = common.aside(frame)
        self.aside_icon = (icons.TIMER if asks else icons.NFC) if self.aside_said else ""
        self.aside_tone = palette.LATE if asks or frame.notice is not None else palette.INFO

    def screen(self, of: type[View]) -> Screen:
        """The screen for views of that kind, built now if it was not before."""
        screen = self._screens.get(of)
        if screen is None:
            screen = self._screens[of] = screen_of(of)(self._touch)
        return screen

    def _show_view(self, view: View) -> None:
        screen = self.screen(type(view))
        screen.show(view)
        area = self.ids.area
        if area.children != [screen]:
            # The answer to a question leads back to where it was asked; else a list begins at its top.
            if isinstance(screen, Listing) and not isinstance(self._shown, ConfirmView):
                screen.begin()
            area.clear_widgets()
            area.add_widget(cast(Widget, screen))
        self._shown = view


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
