"""The current colours, as properties that kv rules follow: switching the set recolours everything."""

from dataclasses import asdict

from kiosk.screens.kit.base import EventDispatcher, colour
from kiosk.screens.kit.colours import DRAWN, Colours


class Tone(EventDispatcher):
    """The current colours of a tone; kv rules follow a change of the set."""

    text = colour()
    ground = colour()
    strong = colour()


class Palette(EventDispatcher):
    """The current colours."""

    paper = colour()
    surface = colour()
    line = colour()
    ink = colour()
    muted = colour()
    primary = colour()
    over_primary = colour()
    over_primary_soft = colour()
    collecting = colour()
    over_collecting = colour()
    over_collecting_soft = colour()
    plum = colour()
    navy = colour()
    teal = colour()
    over_person = colour()
    key_off = colour()
    key_off_text = colour()
    veil = colour()
    dark = colour()


colours = Palette()
"""The palette of the window; a process has one."""

OK, LATE, CLOSED, INFO = Tone(), Tone(), Tone(), Tone()
ZONE_ON_TIME, ZONE_LATE, ZONE_CLOSED = Tone(), Tone(), Tone()

CLASS_TONES = (Tone(), Tone(), Tone(), Tone(), Tone(), Tone())
"""The tones of classes, for children who cannot read yet."""

_TONES = {
    "ok": OK,
    "late": LATE,
    "closed": CLOSED,
    "info": INFO,
    "zone_on_time": ZONE_ON_TIME,
    "zone_late": ZONE_LATE,
    "zone_closed": ZONE_CLOSED,
}


def use(colour_set: Colours) -> None:
    """Switch to a set of colours."""
    for name, value in asdict(colour_set).items():
        if name == "classes":
            for tone, inks in zip(CLASS_TONES, value, strict=True):
                for part, ink in inks.items():
                    setattr(tone, part, ink)
        elif name in _TONES:
            for part, ink in value.items():
                setattr(_TONES[name], part, ink)
        else:
            setattr(colours, name, value)


use(DRAWN)


def pressed_colour(colour: tuple[float, ...], by: float = 0.13) -> tuple[float, float, float, float]:
    """A colour while pressed: mixed with this share of the ink."""
    red, green, blue = (
        part * (1 - by) + ink * by for part, ink in zip(colour[:3], colours.ink[:3], strict=True)
    )
    return (red, green, blue, 1.0)
