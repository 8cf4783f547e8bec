"""The frame around every screen: the bar at the top, and the current screen below it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any, Protocol, cast, runtime_checkable

from kivy.animation import Animation
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.lang import Builder

from kiosk.screens.kit import icons, palette, tile_grid
from kiosk.screens.kit.at_screen import person
from kiosk.screens.kit.base import Layered, Widget, anything, boolean, number, reading, text
from kiosk.screens.kit.header import Header
from kiosk.screens.kit.look import apply_look
from kiosk.screens.kit.theme import theme
from kiosk.screens.window import long_press, menu, still_there
from kiosk.screens.window.pause import PAUSE_S, PERSON_PAUSE_S, Pause
from kiosk.screens.window.registry import Screen, screen_class
from kiosk.screens.wording import common as common_wording
from kiosk.screens.wording import help as help_wording
from kiosk.views import (
    CleaningView,
    ConfirmView,
    Frame,
    HomeView,
    Link,
    LinkStatus,
    Look,
    SavingView,
    Sound,
    View,
)
from kiosk.views.touches import ChooseStaff, GoBack, OnTouch, OpenHelp, Stay, Wake

__all__ = [
    "Host",
    "long_press",
    "still_there",
    "tile_grid",
]  # used by the kv file

SAVING_DELAY_S = 0.3
"""Seconds. A commit usually takes a few milliseconds; a screen that flashes by only confuses."""

SLIDE_S = 0.3
"""Seconds that the screen of another person takes to slide in."""
SLIDE_SHARE = 0.3
"""How far it slides, in widths of the screen."""

PILLS = {
    Link.CONNECTED: (icons.WIFI, palette.OK),
    Link.OFFLINE: (icons.CLOUD_OFF, palette.LATE),
    Link.STARTING: (icons.LOADER, palette.INFO),
    Link.REFUSED: (icons.CIRCLE_ALERT, palette.LATE),
}


@runtime_checkable
class PagedScreen(Protocol):
    """A screen with a list in pages."""

    def begin(self) -> None:
        """Return to the first page."""


@runtime_checkable
class Held(Protocol):
    """A widget under a finger."""

    def let_go(self) -> None:
        """Forget the finger: lifting it chooses nothing."""


class ScreenArea(Layered):
    """Holds the current screen; no touch reaches it while `ignores_touches` is set."""

    ignores_touches = boolean(False)
    slide = number(0)
    """How far the screen is drawn beside its place, in pixels."""

    def do_layout(self, *args: object, **kwargs: object) -> None:
        """Keep the screen in its place when the area moves."""
        super().do_layout(*args, **kwargs)
        for child in self.children:
            child.pos = self.pos

    def slide_in(self) -> None:
        """Let the screen slide in from where reading ends, so that a change of person is seen."""
        Animation.cancel_all(self)
        self.slide = SLIDE_SHARE * self.width * (-1 if reading.right_to_left else 1)
        Animation(slide=0, d=SLIDE_S, t="out_cubic").start(self)

    def on_touch_down(self, touch: Any) -> bool:
        """Consume the touch while touches are ignored."""
        return True if self.ignores_touches else bool(super().on_touch_down(touch))


def _moves_choices(before: View, view: View) -> bool:
    """Whether home offers other choices than before, or the same in other places."""
    return isinstance(before, HomeView) and isinstance(view, HomeView) and before.offers != view.offers


class Host(Layered):
    """The root widget. A screen is built when it is first shown, and kept: rebuilding screens leaked memory.

    Args:
        touch: receives every touch.
        play: plays a sound.
        now: seconds of a clock that never goes back; a new screen ignores touches for a while (see `pause`).
    """

    school = text("")
    pill_icon = text(icons.LOADER)
    pill_tone = anything(palette.INFO)
    pill_words = anything(())
    notice_icon = text("")
    notice_words = anything(())
    notice_tone = anything(palette.INFO)
    demo_clock = boolean(False)
    look = anything(Look())
    touch: OnTouch | None = anything(None)
    dimmed = boolean(False)
    goes_back = boolean(False)
    """Whether the screen has a Back; with `cancels`, it says “Cancel”."""
    cancels = boolean(False)
    seconds_left: int | None = anything(None)
    """Seconds until the visit ends, while “Are you still there?” is shown."""
    staff_can_enter = boolean(False)

    def __init__(
        self,
        touch: OnTouch,
        play: Callable[[Sound], None],
        now: Callable[[], float] = monotonic,
        **kwargs: Any,
    ) -> None:
        self._touch = touch
        self._play = play
        self._pause = Pause(now)
        super().__init__(touch=touch, **kwargs)
        self._screens: dict[type[View], Screen] = {}
        self._headers: dict[Screen, Header | None] = {}
        self._school = self.ids.school.__self__  # keeps it alive while a header stands in its place
        self._frame: Frame | None = None
        self._view: View | None = None
        self._is_new_person = False
        """Another person stands here than on the screen with the current colour."""
        self._delayed_saving = Clock.create_trigger(self._show_saving, SAVING_DELAY_S)
        self.bind(size=self._fit)
        # The menu opens and closes under the finger.
        self.ids.menu.bind(which=lambda *_: self._pause.begin(PAUSE_S))

    def _fit(self, _host: object, size: tuple[float, float]) -> None:
        theme.fit(*size)

    def show(self, frame: Frame) -> None:
        """Show a frame, on the UI thread; only what differs from the last frame is drawn."""
        if frame.sound is not None:  # before the comparison: each tap of the same card must be heard
            self._play(frame.sound)
            frame = replace(frame, sound=None)
        before, self._frame = self._frame, frame
        if before == frame:
            return
        self.school = frame.school
        self.demo_clock = frame.demo_clock
        self.dimmed, self.staff_can_enter = frame.dimmed, frame.staff_can_enter
        same_look = before is not None and before.look == frame.look
        if not same_look:
            self.look = frame.look
            apply_look(frame.look)
        if before is not None and before.person != frame.person:
            self._change_person()
        person.next_pupils = frame.next_pupils
        self.seconds_left = frame.seconds_left
        person.count(frame.closes_in)
        if frame.seconds_left is not None:
            self.ids.menu.close()  # the question lies below it
        self._show_status(frame.status)
        self._show_notice(frame)
        if before is not None and before.view == frame.view and same_look:
            return
        if before is not None and type(before.view) is not type(frame.view):
            self.ids.menu.close()
            self._pause.begin(PAUSE_S)
        elif before is not None and _moves_choices(before.view, frame.view):
            self._pause.begin(PAUSE_S)  # another choice lies under the finger
        self._delayed_saving.cancel()
        waits = isinstance(frame.view, SavingView) and before is not None
        self.ids.area.ignores_touches = waits
        if waits:
            self._delayed_saving()
        else:
            self._show_view(frame.view)

    def _change_person(self) -> None:
        """Let no touch of the last person count for the next one, and let the change be seen."""
        self._is_new_person = True
        self.ids.menu.close()
        for touch in list(EventLoop.touches):
            for reference in list(touch.grab_list):
                widget = reference()
                touch.ungrab(widget)
                if isinstance(widget, Held):
                    widget.let_go()
        self._pause.begin(PERSON_PAUSE_S)

    @property
    def touchable(self) -> bool:
        """Whether a touch can choose something: not on a screen that has only just appeared, nor while the
        display is being cleaned."""
        wiped = self._frame is not None and isinstance(self._frame.view, CleaningView)
        return not (self._pause.is_active or wiped)

    def when_touchable(self, do: Callable[[], None]) -> None:
        """Call `do` once the current screen has been drawn and takes touches."""
        self._pause.when_over(do)

    def on_touch_down(self, touch: Any) -> bool:
        """Accept a finger or a left click; ignore other buttons and the wheel.

        The touch that wakes a dimmed screen presses nothing.
        """
        if getattr(touch, "button", "left") != "left":
            return True
        if self.dimmed:
            self._touch(Wake())
            return True
        return not self.touchable or bool(super().on_touch_down(touch))

    def stay(self) -> None:
        """Report that the user is still there."""
        self._touch(Stay())

    def go_back(self) -> None:
        """Report a touch on the Back of a portrait display."""
        self._touch(GoBack())

    def open_staff(self) -> None:
        """Report a long press on the school's name."""
        if self.staff_can_enter:
            self._touch(ChooseStaff())

    def open_languages(self) -> None:
        """Open or close the language menu."""
        self._open(menu.LANGUAGE)

    def open_appearance(self) -> None:
        """Open or close the menu for easier reading."""
        self._open(menu.APPEARANCE)

    def open_help(self) -> None:
        """Open or close help with the screen. The visit waits while it is read, and a card still counts."""
        if self.touchable and self._frame is not None:
            self.ids.menu.explain(help_wording.help_lines(self._frame.view))
            self._touch(OpenHelp())

    def _open(self, which: str) -> None:
        if self.touchable:  # the screen may have changed since the finger came down
            self.ids.menu.toggle(which)

    def show_now(self) -> None:
        """Show a delayed saving screen without waiting."""
        if self._frame is not None:
            self._delayed_saving.cancel()
            self._show_view(self._frame.view)

    def _show_saving(self, _seconds: float) -> None:
        self.show_now()

    def _show_status(self, status: LinkStatus) -> None:
        self.pill_icon, self.pill_tone = PILLS[status.link]
        self.pill_words = common_wording.status(status)

    def _show_notice(self, frame: Frame) -> None:
        self.notice_words = common_wording.notice(frame)
        self.notice_icon = icons.NFC if self.notice_words else ""
        self.notice_tone = palette.LATE if frame.notice is not None else palette.INFO

    def _place_header(self, screen: Screen) -> None:
        """Show the screen's header in the bar instead of the school's name; a portrait display keeps both."""
        header = self._headers.get(screen)
        shown = self._school if header is None or theme.portrait else header
        start = self.ids.start
        if start.children != [shown]:
            start.clear_widgets()
            if shown.parent is not None:
                shown.parent.remove_widget(shown)
            start.add_widget(shown)
        self.goes_back = header is not None
        self.cancels = header is not None and header.cancels

    def screen(self, of: type[View]) -> Screen:
        """The screen for a kind of view, built on first use."""
        screen = self._screens.get(of)
        if screen is None:
            screen = self._screens[of] = screen_class(of)(self._touch)
            children = cast(Widget, screen).children
            self._headers[screen] = next((each for each in children if isinstance(each, Header)), None)
        return screen

    def _show_view(self, view: View) -> None:
        if self._is_new_person and not isinstance(view, HomeView):
            self._is_new_person = False
            person.change()
            self.ids.area.slide_in()
        screen = self.screen(type(view))
        screen.show(view)
        area = self.ids.area
        if area.children != [screen]:
            # A confirmation returns to the page that it came from; otherwise a list starts at its first page.
            if isinstance(screen, PagedScreen) and not isinstance(self._view, ConfirmView):
                screen.begin()
            area.clear_widgets()
            area.add_widget(cast(Widget, screen))
            self._place_header(screen)
        self._view = view


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
