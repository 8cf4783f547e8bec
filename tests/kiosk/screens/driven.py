"""A kiosk window that takes commands on standard input; the tests run it as a process."""

import gc
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import structlog

from bench.finger import as_string, label, tiles, visible
from kiosk.screens.window import setup
from kiosk.views.touches import Touch

PATIENCE = 30.0
"""Seconds to wait for an expected touch."""
SETTLED = 8
"""Layout passes after which a newly built screen in another language has its final sizes."""
POLL_S = 0.005
"""Seconds between checks of a condition."""
MOMENT = 0.3
"""Seconds to wait before concluding that no touch comes."""


class Recording:
    """Records every touch as its name and values, and runs the reaction set for it."""

    def __init__(self) -> None:
        self.touched: list[list[Any]] = []
        self.follows: dict[str, Callable[[], None]] = {}

    def __call__(self, touch: Touch) -> None:
        name = type(touch).__name__
        self.touched.append([name, *(getattr(touch, field.name) for field in fields(touch))])
        self.follows.pop(name, lambda: None)()


def strings(data: Any) -> Iterator[str]:
    """Every string in a frame, at any depth."""
    if isinstance(data, str):
        yield data
    elif is_dataclass(data):
        for field in fields(data):
            yield from strings(getattr(data, field.name))
    elif isinstance(data, tuple | list | frozenset):
        for each in data:
            yield from strings(each)


def main(size: tuple[int, int], home: Path) -> None:
    """Open the window, then answer commands one at a time."""
    setup.prepare(home, size)
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr)
    )  # standard output is for answers
    from kivy.config import Config

    Config.set("graphics", "maxfps", "200")  # at the kiosk's own rate, every check would take longer
    from kivy.clock import Clock
    from kivy.core.window import Window

    from kiosk.screens.window.window import KioskApp

    touches = Recording()
    errors: list[str] = []
    answers: Answers

    def ready(app: KioskApp) -> None:
        nonlocal answers
        answers = Answers(app, touches, errors, played)
        answer({"window": Window.get_window_info().window})
        threading.Thread(target=read, args=(app, Clock, answers), daemon=True).start()

    played: list[str] = []

    def play(sound: StrEnum) -> None:
        played.append(sound.value)

    def failed() -> None:
        errors.append("error")
        if answers.fails_again:
            answers.fails_again = False
            raise LookupError("the problem screen has a fault as well")

    KioskApp(touches, ready, failed, play).run()


def answer(what: dict[str, Any]) -> None:
    """Write an answer as one line."""
    print(json.dumps(what, default=str), flush=True)  # noqa: T201  # the driver's answers


def read(app: Any, clock: Any, answers: "Answers") -> None:
    """Run each command on the window's thread; end the app at the end of the input."""
    for line in sys.stdin:
        words = json.loads(line)
        clock.schedule_once(lambda _seconds, words=words: getattr(answers, words[0])(*words[1:]))
    clock.schedule_once(lambda _seconds: app.stop())


class Answers:
    """The commands."""

    def __init__(self, app: Any, touches: Recording, errors: list[str], played: list[str]) -> None:
        from kivy.clock import Clock
        from kivy.core.window import Window

        self._app, self._touches, self._errors = app, touches, errors
        self._clock, self._window = Clock, Window
        self._played = played
        self.fails_again = False
        """Whether showing the problem screen fails once."""

    def _draw(self) -> None:
        from kivy.base import EventLoop

        self._app.host.show_now()
        for _pass in range(4):
            EventLoop.idle()

    def _settle(self) -> None:
        """Draw, and wait until the screen takes touches."""
        from kivy.base import EventLoop

        self._draw()
        answering: list[bool] = []
        self._app.when_touchable(lambda: answering.append(True))
        while not answering:
            EventLoop.idle()

    def _place(self, passes: int = SETTLED) -> None:
        """Lay out without drawing: enough to find the places of widgets, and much faster."""
        self._app.host.show_now()
        for _pass in range(passes):
            self._clock.tick()
            self._clock.tick_draw()

    def show(self, name: str) -> None:
        """Show a sample and forget earlier touches."""
        from kiosk.screens import samples

        self._app.show(samples.frames()[name])
        self._settle()
        self._touches.touched.clear()
        answer({"tiles": {label: place for label, place, _size in self._tiles()}})

    def sound(self, name: str) -> None:
        """Show home with a sound, or with none; answers all sounds played so far."""
        from kiosk.screens import samples
        from kiosk.views import Sound

        self._app.show(replace(samples.frames()["home"], sound=Sound(name) if name else None))
        answer({"played": self._played})

    def newer(self) -> None:
        """Show the staff screen with a new entry above the others."""
        from kiosk.screens import samples
        from kiosk.screens.samples.staff import LINES, entry_line
        from kiosk.views import StaffView

        frame = samples.frames()["staff"]
        assert isinstance(frame.view, StaffView)
        newest = entry_line(10, "10:05", LINES[2].pupil)
        self._app.show(replace(frame, view=replace(frame.view, lines=(newest, *LINES))))
        answer({})

    def texts(self) -> None:
        """All texts below the bar."""
        from kiosk.screens.kit.label import TextBlock

        texts = [
            one.words for one in visible(self._app.host.ids.area) if isinstance(one, TextBlock) and one.words
        ]
        answer({"texts": [as_string(text) for text in texts]})

    def bar(self) -> None:
        """All texts in the bar."""
        from kiosk.screens.kit.label import TextBlock

        below = set(visible(self._app.host.ids.area)) | set(visible(self._app.host.ids.menu))
        texts = [
            one.words for one in visible(self._app.host) if isinstance(one, TextBlock) and one not in below
        ]
        answer({"texts": [as_string(text) for text in texts if text]})

    def menu_stays(self) -> None:
        """The idle time of an open menu, and how much of it is left, in seconds."""
        idle = self._app.host.ids.menu.idle
        answer({"stays": idle.timeout, "left": idle._last_dt + idle.timeout - self._clock.time()})

    def menu_waits_no_longer(self) -> None:
        """Let the idle time of the open menu pass."""
        idle = self._app.host.ids.menu.idle
        idle._last_dt -= idle.timeout
        answer({})

    def kinds(self) -> None:
        """Show every sample; answers which screen drew each kind of view."""
        from kiosk.screens import samples

        drawn: dict[str, str] = {}
        for frame in samples.frames().values():
            self._app.show(frame)
            self._app.host.show_now()
            [screen] = self._app.host.ids.area.children
            drawn[type(frame.view).__name__] = type(screen).__name__
        answer({"kinds": drawn})

    def tiles(self) -> None:
        """The visible tiles."""
        self._settle()
        answer({"tiles": {label: place for label, place, _size in self._tiles()}})

    def pause(self, seconds: str) -> None:
        """Change for how long new screens ignore touches; answers the previous time."""
        end = self._app.host._pause._end
        before, end.timeout = end.timeout, float(seconds)
        answer({"before": before})

    def hold(self, name: str) -> None:
        """Show a sample as the journey would, without forcing a delayed saving screen."""
        from kiosk.screens import samples

        self._app.show(samples.frames()[name])
        answer({})

    def follow(self, touch: str, name: str) -> None:
        """Show a sample as the reaction to the next touch of a kind."""
        from kiosk.screens import samples

        self._touches.follows[touch] = lambda: self._app.show(samples.frames()[name])
        answer({})

    def pressed(self) -> None:
        """Answer when a tile is pressed, or after the wait."""
        left = {"seconds": PATIENCE}

        def look(seconds: float) -> bool:
            left["seconds"] -= seconds
            pressed = any(tile.state == "down" for tile in tiles(self._app.host))
            if pressed or left["seconds"] <= 0:
                answer({"pressed": pressed})
            return not pressed and left["seconds"] > 0

        self._clock.schedule_interval(look, POLL_S)

    def slow(self, frame_s: str) -> None:
        """Draw frames `frame_s` apart until a tile is pressed; then answer again with the seconds."""
        clock, window, looked_at = self._clock, self._window, list(tiles(self._app.host))
        pace, clock._max_fps = clock._max_fps, 1 / float(frame_s)  # Kivy reads its setting at the start
        began: list[float] = []

        def finger(*_: object) -> None:
            began.append(time.perf_counter())

        def pressed(_tile: Any, state: str) -> None:
            if state == "down":
                waited = time.perf_counter() - began[0]
                clock._max_fps = pace
                window.unbind(on_mouse_down=finger)
                for tile in looked_at:
                    tile.unbind(state=pressed)
                answer({"waited": waited})

        window.bind(on_mouse_down=finger)
        for tile in looked_at:
            tile.bind(state=pressed)
        answer({})

    def touched(self, how_many: str, patience: str = "") -> None:
        """Answer after `how_many` touches, or after `patience` seconds; for 0, after a moment."""
        left = {"seconds": float(patience) if patience else PATIENCE if int(how_many) else MOMENT}

        def look(seconds: float) -> bool:
            left["seconds"] -= seconds
            enough = int(how_many) and len(self._touches.touched) >= int(how_many)
            if enough or left["seconds"] <= 0:
                answer({"touched": self._touches.touched})
                return False
            return True

        self._clock.schedule_interval(look, POLL_S)

    def state(self) -> None:
        """The window's size, its top widgets, and the errors so far."""
        on_top = [type(child).__name__ for child in self._window.children]
        answer({"size": list(self._window.size), "on_top": on_top, "errors": self._errors})

    def close_request(self) -> None:
        """Request to close the window, as a window manager does."""
        refused = self._window.dispatch("on_request_close")
        answer({"refused": bool(refused)})

    def again(self, name: str) -> None:
        """Show a sample twice; answers whether the second time redrew anything."""
        from kiosk.screens import samples

        self._app.show(samples.frames()[name])
        self._settle()
        self._window.dispatch("on_draw")
        self._app.show(samples.frames()[name])
        self._draw()
        answer({"redrawn": bool(self._window.canvas.needs_redraw)})

    def _by_look(self) -> Iterator[tuple[str, Any]]:
        """Every sample, by look: changing the look takes longer than showing ten samples."""
        from kiosk.screens import samples

        yield from sorted(samples.frames().items(), key=lambda pair: repr(pair[1].look))

    def _one_of_each(self) -> dict[str, Any]:
        """For each kind of screen, its first sample in the usual look: the quick form of showing them all."""
        from kiosk.screens import samples
        from kiosk.views import Look

        first: dict[type, tuple[str, Any]] = {}
        for name, frame in samples.frames().items():
            if frame.look == Look():
                first.setdefault(type(frame.view), (name, frame))
        return dict(first.values())

    def widgets(self) -> None:
        """Show every sample; answers how many widgets exist then."""
        from kivy.uix.widget import Widget as KivyWidget

        for _name, frame in self._by_look():
            self._app.show(frame)
            self._place(1)
        gc.collect()
        answer({"widgets": sum(issubclass(type(one), KivyWidget) for one in gc.get_objects())})

    def fail(self, again: str = "") -> None:
        """Raise in the main loop, as a faulty screen would; with `again`, also in the problem screen."""
        self.fails_again = bool(again)
        self._clock.schedule_once(lambda _seconds: 1 / 0)
        self._clock.schedule_once(lambda _seconds: answer({}), 0.2)

    def words(self, language: str, few: str = "") -> None:
        """Show every sample in English and in a language; each kind of screen changes in both directions.

        Answers the texts of each sample in both languages, without those that come from its data.
        With `few`, one sample of each kind of screen.
        """
        from kiosk.screens import samples
        from kiosk.views import Look

        plain = {name: frame for name, frame in samples.frames().items() if frame.look == Look()}
        if few:
            plain = self._one_of_each()
        samples_of = Counter(type(frame.view) for frame in plain.values())
        # The languages from which a screen of that kind has not been changed yet.
        left = {kind: ["en", language] for kind in samples_of}
        found: dict[str, list[list[str]]] = {}
        spoken = "en"
        for name, frame in plain.items():
            kind, given = type(frame.view), set(strings(frame))
            begins = left[kind][: 2 if samples_of[kind] == 1 else 1]
            del left[kind][: len(begins)]
            found[name] = [[], []]
            for first in begins or [spoken]:
                second = language if first == "en" else "en"
                shown_texts = {tag: self._texts_in(frame, tag) for tag in (first, second)}
                for texts, tag in zip(found[name], ("en", language), strict=True):
                    texts += [text for text in shown_texts[tag] if text not in given]
                spoken = second
        answer({"words": found})

    def _texts_in(self, frame: Any, language: str) -> list[str]:
        from kiosk.screens.arriving.timebar import TimeBar
        from kiosk.screens.kit.label import TextBlock

        self._app.show(replace(frame, look=replace(frame.look, language=language)))
        self._app.host.show_now()
        self._clock.tick()  # texts need no drawing
        texts: list[str] = []
        for widget in visible(self._app.host):
            if isinstance(widget, TimeBar):
                texts += widget.drawn_labels
            elif isinstance(widget, TextBlock) and isinstance(widget.words, str):
                texts.append(widget.words)
            elif isinstance(widget, TextBlock):
                texts += [part.text for part in widget.words or () if not part.is_value]
        return [text for text in texts if text.strip()]

    def misfits(self, least: str, language: str = "", large: str = "", few: str = "") -> None:
        """Show every sample; answers what does not fit, and which tiles are too small for a finger.

        With a language, in that language, without the samples of another; with `large`, in large text; with
        `few`, one sample of each kind of screen.
        """
        found: list[str] = []
        for name, sample in self._one_of_each().items() if few else self._by_look():
            frame = sample
            if language:
                if sample.look.language != "en":
                    continue
                look = replace(sample.look, language=language, large=bool(large) or sample.look.large)
                frame = replace(sample, look=look)
            self._app.show(frame)
            self._place()
            found += [f"{name}: {text}" for text in self._misfits()]
            found += [
                f"{name}: the tile {label} is {size}"
                for label, _place, size in self._tiles()
                if min(size) < float(least)
            ]
        answer({"misfits": found})

    def _misfits(self) -> Iterator[str]:
        yield from self._out_of_place()
        yield from self._beside_their_tiles()

    def _beside_their_tiles(self) -> Iterator[str]:
        """Icons alone on a tile that are off its centre: fingers aim at the icon."""
        from kivy.uix.widget import Widget

        from kiosk.screens.kit.tile import Icon

        for tile in tiles(self._app.host):
            inner = [child for child in tile.children if type(child) is not Widget]
            if len(inner) == 1 and isinstance(inner[0], Icon):
                off = abs(inner[0].center_x - tile.center_x), abs(inner[0].center_y - tile.center_y)
                if max(off) > 1:
                    yield f"the icon {inner[0].text} is {off} beside the middle of {label(tile)}"

    def _out_of_place(self) -> Iterator[str]:
        from kiosk.screens.kit.label import TextBlock
        from kiosk.screens.kit.tile import Icon

        area = self._app.host.ids.area
        below = set(visible(area))
        for widget in visible(self._app.host):
            box = (*widget.to_window(widget.x, widget.y), *widget.to_window(widget.right, widget.top))
            if isinstance(widget, TextBlock):
                width, height = widget.drawn_size
                if width > widget.width + 1 or height > widget.height + 1:
                    yield f"{widget.words} covers {widget.drawn_size} of {widget.size}"
                if widget.words and not width:
                    yield f"{widget.words} is not drawn"
            elif not isinstance(widget, Icon) or not widget.text:
                continue
            if not self._inside(box):
                text = widget.words if isinstance(widget, TextBlock) else widget.text
                yield f"{text} leaves the window: {box}"
            elif widget in below and widget.height and box[3] > area.top + 1:
                text = widget.words if isinstance(widget, TextBlock) else widget.text
                yield f"{text} lies over the bar: {box}"

    def _inside(self, box: tuple[float, ...]) -> bool:
        width, height = self._window.size
        return box[0] >= -1 and box[1] >= -1 and box[2] <= width + 1 and box[3] <= height + 1

    def _tiles(self) -> Iterator[tuple[str, list[int], list[int]]]:
        for tile in tiles(self._app.host):
            x, y = tile.to_window(*tile.center)
            yield label(tile), [round(x), round(self._window.height - y)], list(map(round, tile.size))


if __name__ == "__main__":
    width, height = sys.argv[1].split("x")
    main((int(width), int(height)), Path(sys.argv[2]))
