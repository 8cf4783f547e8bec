"""The five steps of collecting, as chips: those that are done, the one of now, those to come."""

from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.lang import Builder

from kiosk.screens.kit.base import Box, boolean, colour, number, text
from kiosk.screens.kit.look import tr
from kiosk.screens.wording import leaving

STEPS = 5
DONE, NOW, LATER = "done", "now", "later"


class Step(Box):
    """One chip: its number and its word."""

    figure = text("")
    word = text("")
    state = text(LATER)
    brief = boolean(False)
    """Only the number: there is no room for the word."""
    absent = boolean(False)
    brief_width = number(0)
    whole_width = number(0)
    side = number(0)
    ink = colour()
    ground = colour()


class Steps(Box):
    """`at` is the step of now, 1 to 5; 0: nothing is shown, and the widget only takes its room.

    Where not every word has its place, the others show their number only, and at the last only the step of
    now is there.
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
        for place, (chip, word) in enumerate(zip(self._chips, leaving.steps(), strict=True), 1):
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
            chip.brief = brief and chip in others
            chip.absent = not self.at or (alone and chip in others)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
