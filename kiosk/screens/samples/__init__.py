"""Sample frames for pictures and tests: every screen in every important state. All people are fictional."""

from attendance.languages import ENGLISH, LANGUAGES
from kiosk.screens.samples import arriving, bringing, bus, leaving, staff, youngest
from kiosk.screens.samples.arriving import decision_at, done, find, home, unlisted
from kiosk.screens.samples.common import (
    AFTERNOON,
    AMELIA,
    CONNECTED,
    FOUND,
    LONG_LATE,
    MORNING,
    SCHOOL,
    SIX,
    at,
    frame,
)
from kiosk.views import Frame, Look, ProblemView, Trouble, View

__all__ = [
    "AFTERNOON",
    "AMELIA",
    "FOUND",
    "LONG_LATE",
    "MORNING",
    "SIX",
    "at",
    "decision_at",
    "done",
    "find",
    "frames",
    "home",
    "unlisted",
]


def _problems() -> dict[str, Frame]:
    detail = {Trouble.CLOSED_DAY: "Staff training day"}
    return {
        f"problem-{trouble.value.replace('_', '-')}": frame(ProblemView(trouble, detail.get(trouble)))
        for trouble in Trouble
    }


def _looks() -> dict[str, Frame]:
    views: dict[str, View] = {
        "home": home("09:07"),
        "find": find("AME", "RLN", FOUND),
        "done": done("09:31", decision_at("09:31")),
    }
    looks = {
        "large": Look(large=True),
        "contrast": Look(contrast=True),
        "large-contrast": Look(large=True, contrast=True),
        **{tag: Look(language=tag) for tag in LANGUAGES if tag != ENGLISH},
    }
    harder = {name: looks[name] for name in ("large", "large-contrast", "ur")}
    return {
        f"{screen}-look-{name}": Frame(SCHOOL, CONNECTED, view, look=look)
        for screens, screen_looks in (
            (views, looks),
            (leaving.in_every_look(), harder),
            (bringing.in_every_look(), harder),
        )
        for screen, view in screens.items()
        for name, look in screen_looks.items()
    }


def frames() -> dict[str, Frame]:
    """Every sample by name, in the order of a visit."""
    return {
        **arriving.frames(),
        **bringing.frames(),
        **youngest.frames(),
        **leaving.frames(),
        **staff.frames(),
        **bus.frames(),
        **_problems(),
        **_looks(),
    }
