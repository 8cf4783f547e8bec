"""The symbols and colours of classes, for children who cannot read yet."""

from typing import NamedTuple

from kiosk.screens.kit import icons, palette


class Symbol(NamedTuple):
    """An animal and a colour."""

    icon: str
    tone: palette.Tone


ICONS = {
    "rabbit": icons.RABBIT,
    "bird": icons.BIRD,
    "squirrel": icons.SQUIRREL,
    "fish": icons.FISH,
    "turtle": icons.TURTLE,
    "cat": icons.CAT,
    "snail": icons.SNAIL,
    "dog": icons.DOG,
    "bug": icons.BUG,
}


def symbol_of(animal: str, colour: int) -> Symbol:
    """The symbol of a class by its animal and the number of its colour."""
    return Symbol(ICONS[animal], palette.CLASS_TONES[colour % len(palette.CLASS_TONES)])
