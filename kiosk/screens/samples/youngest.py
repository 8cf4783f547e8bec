"""Samples of the screens for the youngest."""

from kiosk.screens.samples.common import AMELIA, at, frame
from kiosk.views import AskedChildView, ChildName, ClassesView, ClassLabel, ClassNamesView, Frame

CLASSES = tuple(
    ClassLabel(year, form, animal, colour)
    for colour, (year, form, animal) in enumerate(
        (
            ("R", "Hedgehogs", "fish"),
            ("R", "Owls", "bird"),
            ("1", "Foxes", "cat"),
            ("1", "Rabbits", "rabbit"),
            ("2", "Squirrels", "squirrel"),
            ("2", "Turtles", "turtle"),
            ("N", "Ladybirds", "bug"),
            ("1", "1C", "snail"),
            ("2", "2C", "dog"),
            ("2", "", "fish"),
        )
    )
)
FIRST_NAMES = ("Ada", "Aisha", "Alfie", "Arjun", "Ben", "Bella", "Charlie T.", "Chloé")


def _names(count: int = len(FIRST_NAMES)) -> tuple[ChildName, ...]:
    return tuple(ChildName(f"C{number}", name) for number, name in enumerate(FIRST_NAMES[:count]))


def frames() -> dict[str, Frame]:
    """Every state of the screens."""
    groups = ("A – C", "D – G", "H – L", "M – R", "S – Z")
    now, foxes = at("09:07"), CLASSES[2]
    return {
        "youngest-classes": frame(ClassesView(now, CLASSES[:6])),
        "youngest-classes-few": frame(ClassesView(now, CLASSES[:2])),
        "youngest-classes-many": frame(ClassesView(now, CLASSES)),
        "youngest-names": frame(ClassNamesView(now, foxes, groups, 0, _names())),
        "youngest-names-few": frame(ClassNamesView(now, foxes, ("A",), 0, _names(3))),
        "youngest-asked": frame(AskedChildView(now, foxes, AMELIA, "Amelia")),
        "youngest-asked-long": frame(AskedChildView(now, foxes, AMELIA, "Anne-Marie Wo.")),
    }
