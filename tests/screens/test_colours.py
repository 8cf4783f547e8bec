import pytest

from kiosk.screens import colours

LEAST = 7.0
PAIRS = [
    (colours.INK, colours.PAPER),
    (colours.INK, colours.SURFACE),
    (colours.MUTED, colours.PAPER),
    (colours.MUTED, colours.SURFACE),
    (colours.PRIMARY, colours.PAPER),
    (colours.PRIMARY, colours.SURFACE),
    (colours.ON_PRIMARY, colours.PRIMARY),
    (colours.ON_PRIMARY_SOFT, colours.PRIMARY),
    (colours.ON_COLLECTING, colours.COLLECTING),
    (colours.ON_COLLECTING_SOFT, colours.COLLECTING),
    *(
        (tone.text, tone.ground)
        for tone in (
            colours.OK,
            colours.LATE,
            colours.CLOSED,
            colours.INFO,
            colours.ZONE_ON_TIME,
            colours.ZONE_LATE,
            colours.ZONE_CLOSED,
        )
    ),
]


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colours.rgba(colour)[:3]
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_that_tells_somebody_something_is_easy_to_read(text: str, ground: str) -> None:
    lighter, darker = sorted((luminance(text), luminance(ground)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= LEAST
