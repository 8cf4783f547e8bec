"""Commands of the window process that show every sample, to check its screen, widgets, texts or layout."""

import gc
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from bench.finger import visible
from tests.kiosk.screens.misfits import misfits, tile_places, too_small

LAYOUT_PASSES = 8
"""Layout passes after which a newly built screen in another language has its final sizes."""


def answer(what: dict[str, Any]) -> None:
    """Write an answer as one line."""
    print(json.dumps(what, default=str), flush=True)  # noqa: T201  # the driver's answers


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


class SampleChecks:
    """The commands that show every sample.

    Args:
        app: the `KioskApp`.
    """

    def __init__(self, app: Any) -> None:
        from kivy.clock import Clock
        from kivy.core.window import Window

        self._app = app
        self._clock, self._window = Clock, Window

    def _place(self, passes: int = LAYOUT_PASSES) -> None:
        """Lay out without drawing: enough to find the places of widgets, and much faster."""
        self._app.host.show_now()
        for _pass in range(passes):
            self._clock.tick()
            self._clock.tick_draw()

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
        texts_by_sample: dict[str, list[list[str]]] = {}
        current = "en"
        for name, frame in plain.items():
            kind, sample_texts = type(frame.view), set(strings(frame))
            begins = left[kind][: 2 if samples_of[kind] == 1 else 1]
            del left[kind][: len(begins)]
            texts_by_sample[name] = [[], []]
            for first in begins or [current]:
                second = language if first == "en" else "en"
                shown_texts = {tag: self._texts_in(frame, tag) for tag in (first, second)}
                for texts, tag in zip(texts_by_sample[name], ("en", language), strict=True):
                    texts += [text for text in shown_texts[tag] if text not in sample_texts]
                current = second
        answer({"words": texts_by_sample})

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
        faults: list[str] = []
        for name, sample in self._one_of_each().items() if few else self._by_look():
            frame = sample
            if language:
                if sample.look.language != "en":
                    continue
                look = replace(sample.look, language=language, large=bool(large) or sample.look.large)
                frame = replace(sample, look=look)
            self._app.show(frame)
            self._place()
            faults += [f"{name}: {text}" for text in misfits(self._app.host, self._window.size)]
            faults += [
                f"{name}: the tile {label} is {size}"
                for label, _place, size in tile_places(self._app.host, self._window.height)
                if min(size) < float(least)
            ]
        answer({"misfits": faults})

    def helps(self, least_text: str, least_target: str, language: str = "", large: str = "") -> None:
        """Open Help on each kind of screen; answers its sentences, the tiles below it, and what does not fit
        or is too small."""
        from kiosk.screens.wording.help import help_lines

        menu, helps = self._app.host.ids.menu, {}
        for name, sample in self._one_of_each().items():
            look = replace(sample.look, language=language or "en", large=bool(large))
            self._app.show(replace(sample, look=look))
            self._place()
            below = [label for label, _place, _size in tile_places(self._app.host, self._window.height)]
            menu.explain(help_lines(sample.view))
            self._place()
            faults = list(misfits(menu, self._window.size, menu))
            faults += too_small(menu, float(least_text), float(least_target))
            rows = [row.words for row in reversed(menu.ids.help.children)]
            helps[name] = {
                "kind": type(sample.view).__name__,
                "lines": rows,
                "tiles": below,
                "faults": faults,
            }
            menu.close()
        answer({"helps": helps})

    def sizes(self, least_text: str, least_target: str, few: str = "") -> None:
        """Show every sample; answers which texts and tiles are smaller than these sizes, in pixels.

        With `few`, one sample of each kind of screen.
        """
        faults: list[str] = []
        for name, sample in self._one_of_each().items() if few else self._by_look():
            self._app.show(sample)
            self._place()
            small = too_small(self._app.host, float(least_text), float(least_target))
            faults += [f"{name}: {fault}" for fault in small]
        answer({"faults": faults})
