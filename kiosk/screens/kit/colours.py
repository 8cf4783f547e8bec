"""Every colour on the kiosk, in two sets. Text that carries information has a contrast of 7:1 or more.

The default set is the design's. Where a text colour of the design fell short of 7:1 (muted grey; green, amber
and red on their tints; white on the collecting green) it is darker here; tests measure the pairs. The
high-contrast set is light on black, with yellow and cyan for what can be pressed: the pairs that people with
low vision tell apart best.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of a tone: `text` on `ground`; `strong` for an icon on paper. `#RRGGBB`."""

    text: str
    ground: str
    strong: str


@dataclass(frozen=True, slots=True)
class Colours:
    """One set of colours, `#RRGGBB` unless noted."""

    paper: str
    surface: str
    line: str
    ink: str
    muted: str
    primary: str
    over_primary: str
    over_primary_soft: str
    collecting: str
    over_collecting: str
    over_collecting_soft: str
    plum: str
    navy: str
    teal: str
    """The colours of the people at the screen, in turn."""
    over_person: str
    key_off: str
    key_off_text: str
    """The letter of a disabled key: meant to recede, so it is the only text below 7:1."""
    veil: str
    """Over the screen below an open menu; `#RRGGBBAA`."""
    dark: str
    """Over everything while the kiosk is idle; `#RRGGBBAA`."""
    ok: Inks
    late: Inks
    closed: Inks
    info: Inks
    zone_on_time: Inks
    zone_late: Inks
    zone_closed: Inks
    classes: tuple[Inks, ...]
    """The tones of six classes."""


DRAWN = Colours(
    paper="#F7F5F0",
    surface="#FFFFFF",
    line="#E4DFD3",
    ink="#16213A",
    muted="#455063",  # drawn as #5B667A, which is 5.3:1 on paper
    primary="#17406D",
    over_primary="#FFFFFF",
    over_primary_soft="#DCE8F5",
    collecting="#0C5D50",  # drawn as #0F6B5C, on which white is 6.4:1
    over_collecting="#FFFFFF",
    over_collecting_soft="#EEF9F6",
    plum="#5B2E68",
    navy="#17406D",
    teal="#0C5D50",
    over_person="#FFFFFF",
    key_off="#EEEBE2",
    key_off_text="#B8B1A1",
    veil="#00000073",
    dark="#000000E0",
    ok=Inks(text="#125430", ground="#E3F4E8", strong="#17693A"),
    late=Inks(text="#7A4104", ground="#FEF1CF", strong="#8A4B06"),
    closed=Inks(text="#841624", ground="#FBE4E4", strong="#9B1C2B"),
    info=Inks(text="#17406D", ground="#E5EDF8", strong="#17406D"),
    zone_on_time=Inks(text="#104D2B", ground="#D0E8D7", strong="#104D2B"),
    zone_late=Inks(text="#6B3A05", ground="#FBE2A6", strong="#6B3A05"),
    zone_closed=Inks(text="#7A1220", ground="#F6CACA", strong="#7A1220"),
    classes=(
        Inks(text="#5A2F04", ground="#FBE2A6", strong="#5A2F04"),
        Inks(text="#3A1F66", ground="#E4DDF6", strong="#3A1F66"),
        Inks(text="#6A220A", ground="#FAD7C4", strong="#6A220A"),
        Inks(text="#6B0F38", ground="#F8D9E8", strong="#6B0F38"),
        Inks(text="#0F4527", ground="#D0E8D7", strong="#0F4527"),
        Inks(text="#08404A", ground="#CFE7EB", strong="#08404A"),
    ),
)

HIGH_CONTRAST = Colours(
    paper="#000000",
    surface="#000000",
    line="#FFFFFF",
    ink="#FFFFFF",
    muted="#F0F0F0",
    primary="#FFE600",
    over_primary="#000000",
    over_primary_soft="#000000",
    collecting="#5CF2FF",
    over_collecting="#000000",
    over_collecting_soft="#000000",
    plum="#F0B8FF",
    navy="#A8CDFF",
    teal="#5CF2FF",
    over_person="#000000",
    key_off="#000000",
    key_off_text="#7A7A7A",
    veil="#00000073",
    dark="#000000E0",
    ok=Inks(text="#A6FFC4", ground="#00331A", strong="#A6FFC4"),
    late=Inks(text="#FFE08A", ground="#3A2A00", strong="#FFE08A"),
    closed=Inks(text="#FFD0D0", ground="#4A000C", strong="#FFB3B3"),
    info=Inks(text="#D6E9FF", ground="#002447", strong="#B8DAFF"),
    zone_on_time=Inks(text="#A6FFC4", ground="#00331A", strong="#A6FFC4"),
    zone_late=Inks(text="#FFE08A", ground="#3A2A00", strong="#FFE08A"),
    zone_closed=Inks(text="#FFD0D0", ground="#4A000C", strong="#FFB3B3"),
    classes=(
        Inks(text="#FFE08A", ground="#3A2A00", strong="#FFE08A"),
        Inks(text="#E2D6FF", ground="#21104A", strong="#E2D6FF"),
        Inks(text="#FFD9C7", ground="#451500", strong="#FFD9C7"),
        Inks(text="#FFD3E6", ground="#45001F", strong="#FFD3E6"),
        Inks(text="#A6FFC4", ground="#00331A", strong="#A6FFC4"),
        Inks(text="#B8F4FF", ground="#00313A", strong="#B8F4FF"),
    ),
)
