import pytest

from kiosk.screens.kit.colours import DRAWN, HIGH_CONTRAST, Colours

LEAST = 7.0


def pairs(colours: Colours) -> list[tuple[str, str]]:
    c = colours
    tones = (c.ok, c.late, c.closed, c.info, c.zone_on_time, c.zone_late, c.zone_closed)
    return [
        (c.ink, c.paper),
        (c.ink, c.surface),
        (c.muted, c.paper),
        (c.muted, c.surface),
        (c.primary, c.paper),
        (c.primary, c.surface),
        (c.over_primary, c.primary),
        (c.over_primary_soft, c.primary),
        (c.over_collecting, c.collecting),
        (c.over_person, c.plum),
        (c.over_person, c.navy),
        (c.over_person, c.teal),
        (c.over_collecting_soft, c.collecting),
        *((tone.text, tone.ground) for tone in tones),
    ]


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("text", "ground"), [*pairs(DRAWN), *pairs(HIGH_CONTRAST)])
def test_informative_text_has_enough_contrast(text: str, ground: str) -> None:
    lighter, darker = sorted((luminance(text), luminance(ground)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= LEAST
