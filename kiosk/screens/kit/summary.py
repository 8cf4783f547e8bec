"""A card with a few facts side by side, each a label above a value."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit.base import Stack, anything, boolean, number

MOST_FACTS = 4


class SummaryFact(Stack):
    """One fact: a small label and its value."""

    label = anything("")
    value = anything("")
    needed_width = number(0)
    longest_word = number(0)
    squeezed = boolean(False)
    """The facts do not all fit: each gets a share of the width by its longest word, and wraps."""

    def measure_words(self) -> None:
        """Measure the longest word again."""
        self.longest_word = max(self.ids.label.longest_word(), self.ids.value.longest_word())


class Summary(Stack):
    """Shows `facts`, pairs of a label and a value, as wide as they need and at most `widest`."""

    facts = anything(())
    widest = number(0)
    needed_width = number(0)
    tallest = number(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._facts = [SummaryFact() for _number in range(MOST_FACTS)]
        for fact in self._facts:
            fact.fbind("needed_width", self._measure)
            fact.fbind("minimum_height", self._measure)
        self.fbind("facts", self._show)
        self.fbind("widest", self._measure)
        self._show()

    def _show(self, *_: object) -> None:
        used = self._facts[: len(self.facts)]
        for fact, (label, value) in zip(used, self.facts, strict=True):
            fact.label, fact.value = label, value
        if len(self.children) != len(used):
            self.clear_widgets()
            for fact in used:
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
