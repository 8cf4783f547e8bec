"""Journeys as lists of (choice, expected screen)."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from kiosk.attendance.reasons import Reason
from kiosk.views import (
    BackAtView,
    Evidence,
    EvidenceView,
    FindView,
    NameView,
    ProblemView,
    ReasonView,
    Relationship,
    RelationshipView,
    ReleaseView,
    StaffView,
    Trouble,
)

Choice = str | tuple[Any, ...]
"""What is touched or happens, by its name on the journey, the reception or the office, and with what."""
Expected = type | Trouble | None
"""The screen after it; None: the same one as before, untouched."""


class WrongScreenError(AssertionError):
    """A choice led to another screen than it should."""


def walk(desk: Any, steps: Iterable[tuple[Choice, Expected]]) -> None:
    """Go a way step by step.

    Raises:
        WrongScreenError: a choice led elsewhere.
    """
    for number, (choice, expected) in enumerate(steps, 1):
        name, *given = (choice,) if isinstance(choice, str) else choice
        before = desk.journey.view
        for holder in (desk.journey, desk, desk.office):
            if hasattr(holder, name):
                getattr(holder, name)(*given)
                break
        else:
            raise LookupError(f"there is no choice {name!r}")
        if not _is(desk.journey.view, before if expected is None else expected):
            raise WrongScreenError(f"step {number}, {choice}: {desk.journey.view}, not {expected}")


def _is(view: object, expected: object) -> bool:
    if isinstance(expected, Trouble):
        return isinstance(view, ProblemView) and view.trouble is expected
    return isinstance(view, expected) if isinstance(expected, type) else view == expected


def collecting(pupil: str = "P5", letters: str = "TO", adult: str = "RUTH OKAFOR") -> list:
    """The way of an adult who collects a pupil, up to the wait for the office."""
    return [
        ("choose_collecting", FindView),
        (("type", letters), FindView),
        (("choose_pupil", pupil), NameView),
        (("type", adult), NameView),
        ("name_done", RelationshipView),
        (("choose_relationship", Relationship.MOTHER), ReasonView),
        (("choose_reason", Reason.MEDICAL), BackAtView),
        (("choose_back_at", time(11, 30)), EvidenceView),
        (("choose_evidence", Evidence.LETTER), ReleaseView),
    ]


def to_staff(figures: str = "4711") -> list:
    """The way to the staff screen."""
    return [("choose_staff", object), (("pin", figures), StaffView)]
