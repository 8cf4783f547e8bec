"""A card with a few facts side by side: what each is, and under it the fact."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit.base import Box, anything, boolean, number

MOST_FACTS = 4


class Fact(Box):
    """What it is, small, and the fact."""

    label = anything("")
    value = anything("")
    needed_width = number(0)
    longest_word = number(0)
    squeezed = boolean(False)
    """There is not the room that all need: each has its share by its longest word, and the rest wraps."""

    def measure_words(self) -> None:
        """Look again at what is written."""
        self.longest_word = max(self.ids.label.longest_word(), self.ids.value.longest_word())


class Summary(Box):
    """Shows `facts`, pairs of a label and a value. As wide as they need, but no more than `widest`."""

    facts = anything(())
    widest = number(0)
    needed_width = number(0)
    tallest = number(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._facts = [Fact() for _number in range(MOST_FACTS)]
        for fact in self._facts:
            fact.fbind("needed_width", self._measure)
            fact.fbind("minimum_height", self._measure)
        self.fbind("facts", self._show)
        self.fbind("widest", self._measure)
        self._show()

    def _show(self, *_: object) -> None:
        lent = self._facts[: len(self.facts)]
        for fact, (label, value) in zip(lent, self.facts, strict=True):
            fact.label, fact.value = label, value
        if len(self.children) != len(lent):
            self.clear_widgets()
            for fact in lent:
                self.add_widget(fact)
        self._measure()

    def _measure(self, *_: object) -> None:
        self.needed_width = sum(fact.needed_width for fact in self.children)
        room = self.widest - 2 * self.padding[0] - (len(self.children) - 1) * self.spacing
        for fact in self.children:
            fact.measure_words()
            fact.squeezed = self.needed_width > room
        self.tallest = max((fact.minimum_height for fact in self.children), default=0)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
