"""The steps of collecting, as chips: done, current and later ones."""

from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.lang import Builder

from kiosk.screens.kit.base import Stack, boolean, colour, number, text
from kiosk.screens.kit.look import tr
from kiosk.screens.wording.steps import collecting_steps

STEPS = 5
DONE, NOW, LATER = "done", "now", "later"


class Step(Stack):
    """The chip of one step: its number and its name."""

    figure = text("")
    word = text("")
    state = text(LATER)
    brief = boolean(False)
    """Shows only the number, for lack of room."""
    absent = boolean(False)
    brief_width = number(0)
    whole_width = number(0)
    side = number(0)
    ink = colour()
    ground = colour()


class Steps(Stack):
    """`at` is the current step, 1 to 5; with 0 the widget is empty but keeps its place.

    When the names do not all fit, the other steps show only their number, or nothing; in the last resort
    the current step, too, shows only its number.
    """

    at = number(0)
    gap = number(8)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._refit = Clock.create_trigger(self._fit, -1)
        self._chips = [Step(figure=str(place)) for place in range(1, STEPS + 1)]
        for chip in self._chips:
            self.add_widget(chip)
            chip.fbind("whole_width", self._refit)
        for name in ("at", "gap", "width"):
            self.fbind(name, self._refit)
        tr.fbind("_", self._refit)
        self._refit()

    def _fit(self, *_: object) -> None:
        self.opacity = 1 if self.at else 0
        for place, (chip, word) in enumerate(zip(self._chips, collecting_steps(), strict=True), 1):
            chip.word = word
            chip.state = NOW if place == self.at else DONE if place < self.at else LATER
        now = [chip for chip in self._chips if chip.state == NOW]
        others = [chip for chip in self._chips if chip.state != NOW]
        whole = sum(chip.whole_width for chip in now)
        room = self.width - (STEPS - 1) * self.gap - whole
        brief = sum(chip.whole_width for chip in others) > room
        alone = sum(chip.brief_width for chip in others) > room
        self.spacing = 0 if alone else self.gap
        for chip in self._chips:
            chip.brief = whole > self.width or (brief and chip in others)
            chip.absent = not self.at or (alone and chip in others)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
