"""The symbols and colours of classes, for children who cannot read yet."""

from typing import NamedTuple

from kiosk.screens.kit import icons, palette


class Symbol(NamedTuple):
    """An animal and a colour."""

    icon: str
    tone: palette.Tone


ANIMALS = (
    icons.RABBIT,
    icons.BIRD,
    icons.SQUIRREL,
    icons.FISH,
    icons.TURTLE,
    icons.CAT,
    icons.SNAIL,
    icons.DOG,
    icons.BUG,
)
BY_NAME = {
    "rabbit": icons.RABBIT,
    "bunn": icons.RABBIT,
    "hare": icons.RABBIT,
    "owl": icons.BIRD,
    "bird": icons.BIRD,
    "robin": icons.BIRD,
    "squirrel": icons.SQUIRREL,
    "fish": icons.FISH,
    "turtle": icons.TURTLE,
    "tortoise": icons.TURTLE,
    "cat": icons.CAT,
    "kitten": icons.CAT,
    "snail": icons.SNAIL,
    "dog": icons.DOG,
    "pupp": icons.DOG,
    "bug": icons.BUG,
    "ladybird": icons.BUG,
    "beetle": icons.BUG,
}
"""Symbols of classes that have an animal's name in English."""


def symbol_of(number: int, form: str) -> Symbol:
    """The symbol of a class: its own animal if its name is one, otherwise one by its number.

    After nine classes the animals repeat, each with another colour.
    """
    named = next((icon for name, icon in BY_NAME.items() if form.casefold().startswith(name)), None)
    tones = palette.CLASS_TONES
    return Symbol(named or ANIMALS[number % len(ANIMALS)], tones[number % len(tones)])
