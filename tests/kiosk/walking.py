"""Journeys as lists of choices, each with the screen that is expected after it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

from attendance.reasons import Reason
from kiosk.views import (
    BackAtView,
    Evidence,
    EvidenceView,
    FindView,
    NameView,
    ProblemView,
    PupilLabel,
    ReasonView,
    Relationship,
    RelationshipView,
    ReleaseView,
    StaffView,
    Trouble,
)
from kiosk.views.touches import (
    AddPupil,
    ChooseCollecting,
    ChooseEvidence,
    ChoosePupil,
    ChooseReason,
    ChooseRelationship,
    ChooseReturnTime,
    ChooseStaff,
    ConfirmName,
    Touch,
)
from sync.wire import Bundle, Entry
from tests.kiosk.reception import Reception, bundle, reception

ValueT = TypeVar("ValueT")
Choice = Touch | str | tuple[Any, ...]
"""A touch; or a method of the journey, the reception or the office by its name, with its arguments."""


@dataclass(frozen=True)
class Sees:
    """A screen with some attributes."""

    screen: type
    attributes: dict[str, object]


def sees(screen: type, **attributes: object) -> Sees:
    """That screen with these attributes: `decision__code` is `decision.code`, `frame__sound` the frame's.
    Pupils are given by their ids, and times as `09:07`."""
    return Sees(screen, attributes)


Expected = type | Trouble | ProblemView | Sees | None
"""The screen after a choice; `None` for the same view as before."""
Step = tuple[Choice, Expected]
Steps = list[Step]


class WrongScreenError(AssertionError):
    """A choice led to another screen than it should."""


def walk(desk: Reception, steps: Iterable[Step]) -> None:
    """Make the choices one after the other, and check the screen after each.

    Raises:
        WrongScreenError: another screen is shown than expected.
    """
    for number, (choice, expected) in enumerate(steps, 1):
        before = desk.journey.view
        choose(desk, choice)
        if not _is(desk, before if expected is None else expected):
            raise WrongScreenError(f"step {number}, {choice}: {desk.frames[-1]}, not {expected}")


def choose(desk: Reception, choice: Choice) -> None:
    """Make one choice.

    Raises:
        LookupError: there is no such method.
    """
    if not isinstance(choice, str | tuple):
        desk.journey.handle(choice)
        return
    name, *arguments = (choice,) if isinstance(choice, str) else choice
    for holder in (desk.journey, desk, desk.office):
        if hasattr(holder, name):
            getattr(holder, name)(*arguments)
            return
    raise LookupError(f"there is no choice {name!r}")


def present(value: ValueT | None) -> ValueT:
    """The value, which must not be `None`."""
    assert value is not None
    return value


def _is(desk: Reception, expected: object) -> bool:
    view = desk.journey.view
    if isinstance(expected, Trouble):
        return isinstance(view, ProblemView) and view.trouble is expected
    if isinstance(expected, Sees):
        shows = all(_shown(desk, name) == wanted for name, wanted in expected.attributes.items())
        return isinstance(view, expected.screen) and shows
    return isinstance(view, expected) if isinstance(expected, type) else view == expected


def _shown(desk: Reception, name: str) -> object:
    holder, *names = name.split("__")
    if holder == "frame":
        return _plain(reduce(getattr, names, desk.frames[-1]))
    return _plain(reduce(getattr, [holder, *names], desk.journey.view))


def _plain(value: object) -> object:
    """A value as it is written in a list of steps."""
    if isinstance(value, datetime | time):
        return value.strftime("%H:%M")
    if isinstance(value, PupilLabel):
        return value.id
    if isinstance(value, tuple):
        return tuple(_plain(each) for each in value)
    return value


# --- Whole journeys ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """A journey from home, and the entries in the journal after it."""

    steps: Steps
    recorded: list[str] = field(default_factory=list)
    """Each entry as `written` puts it."""
    at: str = "09:07"
    school: Bundle = field(default_factory=bundle)
    trust: str = "synced"


def go(folder: Path, way: Way) -> None:
    """Go the way, and compare the entries in the journal once the disk has answered."""
    with reception(folder, at=way.at, school=way.school, trust=way.trust) as desk:
        walk(desk, way.steps)
        there = [written(each) for each in all_entries(desk)]
        assert there == way.recorded, there


def written(entry: Entry) -> str:
    """An entry in a few words: `arrival P1 traffic L`; `-` stands for a missing value."""
    return f"{entry.kind} {entry.pupil} {entry.reason or '-'} {entry.decision.code or '-'}"


def all_entries(desk: Reception) -> list[Entry]:
    """All entries in the journal, of any day."""
    return [record.entry for record in desk.journal.newest(1000).result(5)]


# --- Parts of journeys ---------------------------------------------------------------------------


def by_name(purpose: Touch, letters: str, pupil: str) -> Steps:
    """From home to the choice of a pupil by name."""
    return [(purpose, FindView), (("type", letters), FindView), (ChoosePupil(pupil), object)]


def collecting(pupil: str = "P5", letters: str = "TO", adult: str = "RUTH OKAFOR") -> Steps:
    """An adult collects a pupil, up to the wait for the office."""
    return [
        (ChooseCollecting(), FindView),
        (("type", letters), FindView),
        (ChoosePupil(pupil), NameView),
        (("type", adult), NameView),
        (ConfirmName(), RelationshipView),
        (ChooseRelationship(Relationship.MOTHER), ReasonView),
        (ChooseReason(Reason.MEDICAL), BackAtView),
        (ChooseReturnTime(time(11, 30)), EvidenceView),
        (ChooseEvidence(Evidence.LETTER), ReleaseView),
    ]


def collecting_two() -> Steps:
    """The same for two pupils of a family, P5 and P3."""
    return [
        *collecting()[:-1],
        (AddPupil(), FindView),
        (("type", "ZO"), FindView),
        (ChoosePupil("P3"), EvidenceView),
        (ChooseEvidence(None), ReleaseView),
    ]


def to_staff(pin: str = "4711") -> Steps:
    """From home to the staff screen."""
    return [(ChooseStaff(), object), (("pin", pin), StaffView)]
